// One URL's way: from the frontier to a connection, and what becomes of what it brings.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "crawler/engine_impl.hpp"
#include "crawler/export/record_json.hpp"
#include "crawler/fetch/receive_buffer.hpp"

namespace orbweaver {
namespace {

constexpr std::chrono::seconds first_backoff{1};
constexpr std::chrono::seconds longest_backoff{60};
// A URL is postponed for about ten minutes in all before it fails.
constexpr std::uint16_t max_postponements = 600;
// Until a store that cannot take more is looked at again.
constexpr std::chrono::milliseconds storage_patience{20};
// Pages whose links are being looked up: with more of them, or more in them, nothing is started.
constexpr std::size_t max_look_ups = 256;
constexpr std::size_t max_look_up_bytes = 16 << 20;
// A server may ask for patience, but not for ever.
constexpr std::chrono::seconds longest_patience{3600};

// Answers that mean "not now" (RFC 9110 sections 15.5.9, 15.5.21 and 15.6).
bool is_transient_status(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
         status == 503 || status == 504;
}

// Of a URL that has ended, in their order.
std::vector<http_exchange> exchanges_of(frontier_entry& entry, fetch_report* report) {
  std::vector<http_exchange> out;
  if (entry.redirects) out = std::move(entry.redirects->exchanges);
  if (report && report->exchange) out.push_back(std::move(*report->exchange));
  return out;
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

// A fetch may end within its own start: what it makes possible is started by the loop it came from.
void engine::impl::pump() {
  if (draining_ || pumping_) return;
  if (receive_buffer::bytes_in_use() + kept_body::bytes_in_use() > settings_.max_body_memory)
    heed_shortage(clock::now());
  if (store_.health() != store_health::well) {
    wake_at(clock::now() + storage_patience);
    return;
  }
  if (looking_up_ >= max_look_ups || looking_up_bytes_ >= max_look_up_bytes) return;
  pumping_ = true;
  auto step = frontier_.next(clock::now());
  for (; std::holds_alternative<frontier::start>(step); step = frontier_.next(clock::now()))
    start(std::move(std::get<frontier::start>(step)));
  pumping_ = false;
  ask_for_entries();
  if (auto* until = std::get_if<frontier::wait_until>(&step)) wake_at(until->time);
}

void engine::impl::heed_shortage(clock::time_point now) {
  starts_.shortage(frontier_.in_flight(), now);
  frontier_.set_max_in_flight(starts_.most());
}

void engine::impl::wake_at(clock::time_point time) {
  if (time >= wake_time_) return;
  wake_time_ = time;
  wake_.expires_at(time);
  wake_.async_wait([this](error_code ec) {
    if (ec) return;  // moved to an earlier time, or stopped
    wake_time_ = clock::time_point::max();
    pump();
  });
}

std::size_t engine::impl::free_slot() {
  if (free_flights_.empty()) {
    flights_.emplace_back();
    return flights_.size() - 1;
  }
  const std::size_t slot = free_flights_.back();
  free_flights_.pop_back();
  return slot;
}

void engine::impl::start(frontier::start begun) {
  if (begun.entry.kind == entry_kind::robots) {
    start_robots(std::move(begun));
    return;
  }
  job& j = *find(begun.crawl);
  frontier_entry& entry = begun.entry;
  const auto give_back = [&] { frontier_.finished(begun.held, clock::now(), false); };
  if (!parsed_.assign(entry.url)) throw std::logic_error("the frontier held no URL: " + entry.url);
  if (begun.given_up) {
    give_back();
    host_given_up(j, entry);
    return;
  }
  if (entry.kind == entry_kind::page) {
    std::string reason;
    switch (judge_by_robots(j, parsed_, reason)) {
      case robots_judgement::go_on: break;
      case robots_judgement::ask_first:
        enqueue(j, std::move(entry), turn::soon);
        give_back();
        return;
      case robots_judgement::refused:
        give_back();
        end_unasked(j, entry, refusal_, std::move(reason));
        return;
    }
    if (!j.takes_page(entry)) {
      give_back();
      end_unasked(j, entry, outcome::over_host_limit,
                  "maxPagesPerHost is " + std::to_string(*j.spec().max_pages_per_host));
      return;
    }
    j.started();
    if (j.limit_reached(clock::now()) != finish_reason::none) frontier_.pause(j.key);
  }
  fly(std::move(begun), j.profile, j.cookies_for(parsed_, wall_clock::now()));
}

// Precondition: parsed_ holds the entry's URL.
void engine::impl::fly(frontier::start begun, std::shared_ptr<const fetch_profile> profile,
                       std::string cookies) {
  const crawl_spec& spec = *profile->spec;
  const std::size_t slot = free_slot();
  flight& f = flights_[slot];
  f.ticket = ++last_ticket_;
  f.crawl = begun.crawl;
  f.held = begun.held;
  f.kind = begun.entry.kind;
  f.url = f.kind == entry_kind::page ? begun.entry.id : no_url;
  if (f.kind == entry_kind::robots) f.robots_order = begun.entry.id;
  f.place = {std::string(parsed_.origin()), std::string(begun.host), spec.tls_verify,
             profile->proxy};
  // One that was let down by a kept connection is not given the next.
  if (begun.entry.postponed == 0) f.through = pool_.take(f.place);
  // What these two answer is closed.
  if (f.through) {
    pool_.trim(f.place.host, begun.per_host);
  } else {
    pool_.open(f.place, begun.per_host);
    f.through = make_connection();
  }
  f.profile = std::move(profile);
  fetch_order order{f.ticket, std::move(begun.entry), f.profile, std::move(cookies), {}, {}};
  launch(slot, std::move(order), begun.awaits_send);
}

void engine::impl::host_given_up(job& j, frontier_entry& entry) {
  if (entry.kind == entry_kind::page) {
    end_unasked(j, entry, outcome::host_unreachable, std::string(no_longer_tried));
  } else {
    finish_if_done(j);
  }
}

// The page's turn had come, but it is not asked for.
void engine::impl::end_unasked(job& j, frontier_entry& entry, outcome why, std::string detail) {
  j.started();
  end_url(j, entry, why, std::move(detail), nullptr);
  finish_if_done(j);
}

void engine::impl::launch(std::size_t slot, fetch_order order, bool tell_sent) {
  flight& f = flights_[slot];
  if (tell_sent) {
    order.on_sent = [this, slot, ticket = f.ticket](clock::time_point when) {
      asio::post(strand_, [this, slot, ticket, when] {
        if (flights_[slot].ticket != ticket) return;
        frontier_.sent(flights_[slot].held, when);
        pump();
      });
    };
  }
  connection& c = *f.through;
  asio::co_spawn(c.executor(), c.fetch(std::move(order)),
                 asio::bind_executor(strand_, [this, slot](std::exception_ptr bug,
                                                           std::unique_ptr<fetch_report> report) {
                   if (bug) std::rethrow_exception(bug);  // fetch() lets none out
                   landed(slot, std::move(report));
                 }));
}

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
  pump();
}

void engine::impl::page_landed(job& j, std::unique_ptr<fetch_report> report) {
  if (!retry(j, *report) && !ask_first(j, report)) book(j, *report);
}

// Everything that has to be known of what it brings is known.
void engine::impl::book(job& j, fetch_report& report) {
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

// Until the next attempt. A host that asks for patience is left alone by everyone.
clock::duration engine::impl::pause_after(const fetch_report& report) {
  if (report.stale && postpone(report)) return {};
  const clock::duration pause = backoff(report.entry.attempts);
  if (!report.retry_after || !parsed_.assign(report.entry.url)) return pause;
  const clock::duration asked = std::min(*report.retry_after, longest_patience);
  frontier_.park(parsed_.hostname(), clock::now() + asked);
  return std::max(pause, asked);
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

page_commit engine::impl::commit_of(job& j) {
  return {.crawl = j.id, .bytes_on_wire = j.take_wire_bytes(), .ran_ms = j.ran_ms(clock::now())};
}

void engine::impl::end_url(job& j, frontier_entry& entry, outcome code, std::string detail,
                           fetch_report* report, url_id duplicate_of) {
  page_commit commit = commit_of(j);
  commit.url = entry.id;
  commit.fate = code;
  commit.reason = detail;
  const std::string& home = entry.redirects ? entry.redirects->hops.front() : entry.url;
  commit.origin = origin_key(home);
  commit.line = entry.line;
  if (report) commit.status = static_cast<std::uint16_t>(report->status);
  if (report && duplicate_of == no_url && code == outcome::fetched) {
    duplicate_of = j.content_seen(report->content_hash, entry.id);
    if (duplicate_of == no_url) commit.content_hash = report->content_hash;
  }
  const bool asked_for = report || entry.redirects || entry.attempts != 0;
  if (asked_for && kind(code) == outcome_kind::skipped) j.give_page_back(entry);
  // URLs that were asked for have a record, and so have all seeds.
  if (asked_for || entry.depth == 0) {
    record_draft record{.members = {}, .duplicate_of = duplicate_of, .referrer = entry.referrer};
    if (report) record.members = std::move(report->members);
    if (record.members.empty()) append_unread_record(record.members, entry, report);
    append_outcome(record.members, code, detail, entry.attempts + (report ? 1U : 0U));
    j.add_stored_bytes(record.members.size());
    commit.record = std::move(record);
    if (report && kind(code) == outcome_kind::fetched) commit.page = report->page;
    commit.exchanges = exchanges_of(entry, report);
    for (const http_exchange& one : commit.exchanges) j.add_stored_bytes(stored_bytes(one));
  }
  j.ended(code, report);
  totals_.count(code);
  if (kind(code) != outcome_kind::skipped) charge(j, 1, 0);
  j.forget_passed(entry.id);
  job::discovery found;
  if (report && code == outcome::fetched && j.spec().sitemap != sitemap_policy::only) {
    found = j.discover_links(report->links, report->nofollow_page, entry.id, entry.depth + 1);
    enqueue_found(j, found);
    commit.first_found = found.first;
    commit.found = std::move(found.urls);
    commit.revived = std::move(found.revived);
  }
  store_.commit(std::move(commit));
  frontier_.ended(j.key, origin_in(home), clock::now());
}

void engine::impl::commit_discovery(job& j, job::discovery found) {
  if (found.urls.empty() && found.revived.empty()) return;
  page_commit commit = commit_of(j);
  commit.first_found = found.first;
  commit.found = std::move(found.urls);
  commit.revived = std::move(found.revived);
  store_.commit(std::move(commit));
}

// All seeds have a record, for whoever asked for them.
void engine::impl::record_refused_seeds(job& j, const job::discovery& seeds) {
  for (std::size_t i = 0; i < seeds.urls.size(); ++i) {
    const discovered_url& seed = seeds.urls[i];
    if (!seed.fate) continue;
    frontier_entry entry;
    entry.url = seed.url;
    record_draft record;
    append_unread_record(record.members, entry, nullptr);
    append_outcome(record.members, *seed.fate, seed.reason, 0);
    page_commit commit = commit_of(j);
    commit.url = seeds.first + static_cast<url_id>(i);
    commit.fate = *seed.fate;
    commit.fate_known = true;
    commit.reason = seed.reason;
    commit.record = std::move(record);
    store_.commit(std::move(commit));
  }
}

// `entry` goes back to the queue: at once, or after `pause`.
void engine::impl::commit_waiting(job& j, const frontier_entry& entry, job::discovery found,
                                  std::optional<clock::duration> pause) {
  page_commit commit = commit_of(j);
  commit.first_found = found.first;
  commit.found = std::move(found.urls);
  waiting_url waits{
      .url = entry.id,
      .origin = origin_key(entry.redirects ? entry.redirects->hops.front() : entry.url),
      .line = entry.line,
      .attempts = entry.attempts,
      .not_before = std::nullopt,
      .passed = j.passed_by(entry.id)};
  if (pause)
    waits.not_before = wall_clock::now() + std::chrono::duration_cast<wall_clock::duration>(*pause);
  commit.waits = std::move(waits);
  store_.commit(std::move(commit));
}

void engine::impl::enqueue_found(job& j, const job::discovery& found) {
  for (std::size_t i = 0; i < found.urls.size(); ++i)
    enqueue_new(j, found.first + static_cast<url_id>(i), no_url, found.urls[i]);
  for (const revived_url& one : found.revived) enqueue_new(j, one.id, one.line, one.found);
}

void engine::impl::enqueue_new(job& j, url_id id, url_id line, const discovered_url& found) {
  if (found.fate) return;
  if (!parsed_.assign(found.url)) throw std::logic_error("no URL to queue: " + found.url);
  if (!frontier_.admit(j.key, parsed_.origin(), parsed_.hostname())) return;  // the store has it
  frontier_entry entry;
  entry.url = found.url;
  entry.id = id;
  entry.line = line;
  entry.referrer = found.referrer;
  entry.depth = found.depth;
  frontier_.push_new(j.key, parsed_.origin(), parsed_.hostname(), std::move(entry));
  await_robots(j, parsed_);
}

void engine::impl::enqueue(job& j, frontier_entry entry, turn when) {
  if (!parsed_.assign(entry.url)) throw std::logic_error("no URL to queue: " + entry.url);
  frontier_.push(j.key, parsed_.origin(), parsed_.hostname(), std::move(entry), when);
  await_robots(j, parsed_);
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

void engine::impl::abort(const flight& f) {
  if (f.ticket == 0) return;
  asio::post(f.through->executor(),
             [through = f.through, ticket = f.ticket] { through->abort(ticket); });
}

void engine::impl::abort_flights(frontier::crawl_key crawl) {
  for (const flight& f : flights_)
    if (f.crawl == crawl) abort(f);
}

}  // namespace orbweaver
