// What becomes of what a fetch brings: an end, another attempt, the next hop.
#include <algorithm>

#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::chrono::seconds first_backoff{1};
constexpr std::chrono::seconds longest_backoff{60};
// A URL is postponed for about ten minutes in all before it fails.
constexpr std::uint16_t max_postponements = 600;

// Answers that mean "not now" (RFC 9110 sections 15.5.9, 15.5.21 and 15.6).
bool is_transient_status(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
         status == 503 || status == 504;
}

// What an answer, or none, says about its host.
host_pace::sign sign_of(const fetch_report& report) {
  using enum host_pace::sign;
  switch (report.status) {
    case 0: break;
    case 429:
    case 502:
    case 503:
    case 504: return pushed_back;
    default:
      if (report.code != outcome::fetched) break;
      return report.status >= 500 ? erred : answered;
  }
  switch (report.code) {
    case outcome::dns_failed:
    case outcome::dns_timeout:
    case outcome::connect_refused:
    case outcome::connect_timeout:
    case outcome::connect_unreachable:
    case outcome::connect_failed:
    case outcome::tls_handshake_failed:
    case outcome::tls_timeout:
    case outcome::send_failed:
    case outcome::first_byte_timeout:
    case outcome::connection_reset:
    case outcome::connection_closed: return failed;
    case outcome::total_timeout:
      return report.timings.first_byte == clock::duration{} ? failed : pushed_back;
    case outcome::too_slow: return pushed_back;
    case outcome::body_incomplete: return erred;
    default: return report.status == 0 ? nothing : answered;
  }
}

}  // namespace

void engine::impl::landed(std::size_t slot, std::unique_ptr<fetch_report> report) {
  flight f = std::exchange(flights_[slot], {});
  free_flights_.push_back(slot);
  const auto now = clock::now();
  ++totals_.fetches;
  totals_.bytes_on_wire += report->bytes_on_wire;
  add(totals_.latency, in_seconds(report->timings));
  if (report->code == outcome::out_of_resources) {
    heed_shortage(now);
    pool_.expire(now);  // idle connections hold what is missing
  }
  const auto sign = postpone(*report) ? host_pace::sign::nothing : sign_of(*report);
  frontier_.observe(f.held, sign, report->timings.first_byte, now);
  frontier_.finished(f.held, now);
  if (report->keep_connection && !draining_) {
    pool_.put(std::move(f.place), std::move(f.through), now);
  } else {
    pool_.closed(f.place.host);
  }
  if (job* j = find(f.crawl)) {
    j->add_wire_bytes(report->bytes_on_wire);
    charge(*j, 0, report->bytes_on_wire);
    if (!report->set_cookies.empty() && parsed_.assign(report->entry.url))
      j->take_cookies(parsed_, report->set_cookies, wall_clock::now());
    if (draining_ && report->code == outcome::cancelled && j->listed) {
      if (f.kind == entry_kind::page) j->requeued();
      j->interrupted = true;
    } else {
      if (f.kind == entry_kind::page) page_landed(*j, std::move(report));
      if (f.kind == entry_kind::sitemap) sitemap_landed(*j, std::move(report));
    }
  }
  if (f.kind == entry_kind::robots) robots_landed(*report);
  if (job* j = find(f.crawl)) finish_if_done(*j);
  hold_overdrawn();
  if (draining_) changed_.cancel();
  pump_soon();
}

void engine::impl::page_landed(job& j, std::unique_ptr<fetch_report> report) {
  if (!retry(j, *report) && !ask_first(j, report)) book(j, *report);
}

// Everything that has to be known of what it brings is known.
void engine::impl::book(job& j, fetch_report& report) {
  if (report.earlier_unknown)
    j.warn(
        "The crawl named in since was deleted, or could not be read: pages fetched since then are "
        "not compared with it.");
  if (report.entry.kind == entry_kind::sitemap) {
    read_sitemap(j, report);
    j.sitemap_done();
  } else if (report.code == outcome::fetched && report.location) {
    redirected(j, report);
  } else {
    end_url(j, report.entry, report.code, std::move(report.detail), &report);
  }
}

// False when another attempt is of no use, or none is left.
bool engine::impl::retry(job& j, fetch_report& report) {
  frontier_entry& entry = report.entry;
  const bool postponed = postpone(report);
  const bool answered = report.code == outcome::fetched;
  if (!is_transient(report.code) && !(answered && is_transient_status(report.status))) return false;
  const clock::duration pause = pause_after(report);
  if (!parsed_.assign(entry.url)) return false;
  if (!postponed && entry.attempts >= j.spec().retries) return false;
  ++(postponed ? entry.postponed : entry.attempts);
  ++totals_.retries;
  if (entry.kind == entry_kind::page) {
    j.requeued();
    commit_waiting(j, entry, {}, pause);
  }
  frontier_.push_at(clock::now() + pause, j.key, parsed_.origin(), parsed_.hostname(),
                    std::move(entry));
  return true;
}

// Whether the fetch is to be begun again as if it had not been: nothing that this machine lacks
// is charged to a site, nor is, once, a kept connection that was closed. It takes its turn in the
// frontier like any other: the server may have seen the request.
bool engine::impl::postpone(const fetch_report& report) {
  if (report.stale) return report.entry.postponed == 0;
  return report.code == outcome::out_of_resources && report.entry.postponed < max_postponements;
}

// Until the next attempt.
clock::duration engine::impl::pause_after(const fetch_report& report) {
  if (report.stale && postpone(report)) return {};
  const clock::duration pause = backoff(report.entry.attempts);
  if (!report.retry_after || !parsed_.assign(report.entry.url)) return pause;
  const auto asked = std::min<clock::duration>(*report.retry_after, longest_patience);
  leave_alone(parsed_.hostname(), asked);
  return std::max(pause, asked);
}

// By everyone, and by the next start of the service too.
void engine::impl::leave_alone(std::string_view host, clock::duration time) {
  if (time <= clock::duration::zero()) return;
  frontier_.park(host, clock::now() + time);
  store_.save_quiet(
      {.host = std::string(host),
       .until = wall_clock::now() + std::chrono::duration_cast<wall_clock::duration>(time)});
}

// The wall clock may have been set meanwhile.
void engine::impl::leave_quiet_hosts_alone() {
  const auto latest = clock::now() + longest_patience;
  for (const quiet_host& one : store_.quiet_hosts())
    frontier_.park(one.host, std::min(steady_time(one.until), latest));
}

// Doubles with each attempt, and is spread over half to one and a half of that, so that what
// failed together is not tried again together.
clock::duration engine::impl::backoff(unsigned attempts) {
  const auto whole = std::min(longest_backoff, first_backoff * (1 << std::min(attempts, 10U)));
  std::uniform_real_distribution<double> spread(0.5, 1.5);
  return std::chrono::duration_cast<clock::duration>(seconds_f(whole) * spread(random_));
}

void engine::impl::redirected(job& j, fetch_report& report) {
  frontier_entry& entry = report.entry;
  const std::string target = std::move(*report.location);
  auto step = j.redirect(entry, target);
  // Before anything that is found there. What else has changed, such as cookies, waits for tick().
  if (step.widens_scope) save_if_changed(j);
  if (step.end) {
    end_url(j, entry, *step.end, std::move(step.detail), &report, step.known_as);
    return;
  }
  const clock::duration spent =
      report.timings.total + (entry.redirects ? entry.redirects->spent : clock::duration{});
  if (spent >= std::chrono::duration_cast<clock::duration>(j.spec().timeout)) {
    commit_discovery(j, std::move(step.target_row));
    end_url(j, entry, outcome::total_timeout, target, &report);
    return;
  }
  lengthen_chain(report, target);
  j.requeued();
  commit_waiting(j, entry, std::move(step.target_row), std::nullopt);
  enqueue(j, std::move(entry), turn::soon);
}

bool engine::impl::follow_redirect(fetch_report& report, std::size_t most) {
  const redirect_chain* chain = report.entry.redirects.get();
  if (!report.location || (chain && chain->hops.size() >= most)) return false;
  lengthen_chain(report, std::move(*report.location));
  return true;
}

// The limits of one fetch hold for all its hops together.
void engine::impl::lengthen_chain(fetch_report& report, std::string target) {
  frontier_entry& entry = report.entry;
  if (!entry.redirects) entry.redirects = std::make_unique<redirect_chain>();
  redirect_chain& chain = *entry.redirects;
  chain.spent += report.timings.total;
  chain.bytes_on_wire += report.bytes_on_wire;
  chain.head_bytes += report.head_bytes;
  chain.header_fields += report.header_fields;
  entry.postponed = 0;
  if (report.exchange) chain.exchanges.push_back(std::move(*report.exchange));
  chain.hops.push_back(std::exchange(entry.url, std::move(target)));
}

}  // namespace orbweaver
