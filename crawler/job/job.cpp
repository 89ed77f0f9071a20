#include "crawler/job/job.hpp"

#include <algorithm>

#include "crawler/export/statistics_json.hpp"
#include "crawler/job/seen_marks.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_warnings = 20;
// Rates are means over at most this many seconds.
constexpr std::size_t rate_window = 10;
constexpr std::size_t max_sitemaps = 1000;  // files a crawl reads

outcome fate_of(refused_link how) {
  return how == refused_link::nofollow ? outcome::nofollow : outcome::too_deep;
}

void drop_one(std::map<outcome, std::uint64_t>& counts, outcome code) {
  const auto it = counts.find(code);
  if (--it->second == 0) counts.erase(it);
}

double per_second(std::uint64_t amount, clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds > 0 ? static_cast<double>(amount) / seconds : 0;
}

cookie_url cookie_url_of(const url& target) {
  return {target.is_https(), target.hostname(), target.pathname()};
}

ended_page page_of(const fetch_report& report, bool failed) {
  return {failed, report.entry.depth, report.entry.url, report.content_type,
          in_seconds(report.timings)};
}

}  // namespace

job::job(crawl_id crawl, std::shared_ptr<const crawl_spec> request,
         const std::string& service_agent, bool is_listed, wall_clock::time_point now,
         std::uint64_t place, fetch_keeps keeps)
    : id(crawl),
      number(place),
      listed(is_listed),
      profile(std::make_shared<const fetch_profile>(std::move(request), service_agent, keeps)),
      scope_(*profile->spec),
      traps_(*profile->spec) {
  status_.id = id;
  status_.created_at = now;
  status_.request = profile->spec;
  if (spec().robots == robots_policy::ignore)
    warn("robots.txt is not obeyed: the request asks for that.");
  if (spec().store_bodies == true && !keeps.exchanges)
    warn("The pages' bytes are not kept: this store keeps none.");
  if (!spec().tls_verify) warn("TLS certificates are not verified: the request asks for that.");
}

void job::warn(std::string text) {
  if (status_.warnings.size() < max_warnings &&
      std::ranges::find(status_.warnings, text) == status_.warnings.end()) {
    status_.warnings.push_back(std::move(text));
    changed_ = true;
  }
}

void job::warn(sitemap_trouble kind, std::string text) {
  counted_warning& known = sitemap_troubles_[kind];
  if (++known.number == 1) known.first = std::move(text);
  const std::string more =
      known.number == 1 ? "." : " (and " + std::to_string(known.number - 1) + " more).";
  // It may stand there from before a restart, too.
  const auto is_this = [&](std::string_view warning) {
    if (!warning.starts_with(known.first)) return false;
    warning.remove_prefix(known.first.size());
    return warning == "." || warning.starts_with(" (and ");
  };
  const auto shown = std::ranges::find_if(status_.warnings, is_this);
  if (shown == status_.warnings.end()) return warn(known.first + more);
  *shown = known.first + more;
  changed_ = true;
}

void job::add(discovery& to, discovered_url found) {
  ++status_.counts.discovered;
  count(found);
  to.urls.push_back(std::move(found));
  ++next_id_;
}

void job::count(const discovered_url& found) {
  if (found.fate) {
    ++status_.counts.skipped;
    ++status_.by_outcome[*found.fate];
  } else {
    ++status_.counts.queued;
  }
}

// Precondition: parsed_ holds found.url.
void job::judge(discovered_url& found) {
  auto verdict = scope_.check(parsed_, found.depth);
  found.fate = verdict.fate;
  found.reason = std::move(verdict.reason);
  if (found.fate) return;
  auto trap = traps_.check(parsed_);
  found.fate = trap.fate;
  found.reason = std::move(trap.reason);
  if (!found.fate) traps_.add(parsed_);
}

// A seed was asked for, whatever it looks like.
void job::judge_seed(discovered_url& found) {
  auto verdict = scope_.check(parsed_, 0);
  found.fate = verdict.fate;
  found.reason = std::move(verdict.reason);
  if (!found.fate) traps_.add(parsed_);
}

job::discovery job::discover_seeds() {
  discovery out{.first = next_id_, .urls = {}, .revived = {}};
  for (const std::string& seed : spec().urls) {
    if (!parsed_.assign(seed)) continue;  // the request was checked; nothing else comes here
    const fingerprint print = profile->keeps.prints.of(profile->canonical.key(parsed_, key_));
    if (!seen_.insert(print, next_id_).fresh) continue;
    discovered_url found{.url = std::string(parsed_.href_without_fragment()), .print = print};
    judge_seed(found);
    seed_origins_.emplace(parsed_.origin());
    add(out, std::move(found));
  }
  return out;
}

job::discovery job::discover_links(const link_batch& links, url_id from, std::uint32_t depth) {
  discovery out{.first = next_id_, .urls = {}, .revived = {}};
  for (const link_batch::link& link : links.links) {
    const auto known = seen_.insert(link.print, next_id_);
    const auto refused = static_cast<refused_link>(known.mark);
    if (!known.fresh && refused == refused_link::no) continue;
    discovered_url found{
        .url = std::string(links.url(link)), .referrer = from, .depth = depth, .print = link.print};
    if (!parsed_.assign(found.url)) {
      found.fate = outcome::bad_url;
    } else if (spec().respect_nofollow && link.nofollow != nofollow_by::nothing) {
      found.fate = outcome::nofollow;
      found.reason = in_words(link.nofollow);
    } else {
      judge(found);
    }
    const refused_link now = refusal_of(found.fate);
    if (!known.fresh && now != refused_link::no) continue;
    if (now != refused) seen_.mark(link.print, static_cast<std::uint8_t>(now));
    if (known.fresh) {
      add(out, std::move(found));
      continue;
    }
    --status_.counts.skipped;
    drop_one(status_.by_outcome, fate_of(refused));
    count(found);
    out.revived.push_back({known.id, fate_of(refused), std::move(found)});
  }
  for (revived_url& one : out.revived) one.line = next_id_;
  return out;
}

bool job::takes_sitemaps_of(std::string_view origin) {
  if (spec().sitemap == sitemap_policy::skip || spec().scope == scope_kind::list) return false;
  return seed_origins_.erase(std::string(origin)) != 0;
}

bool job::takes_sitemap(const std::string& address, bool named) {
  if (sitemaps_.size() == max_sitemaps) {
    warn("Only the first " + std::to_string(max_sitemaps) + " sitemaps are read.");
    return false;
  }
  const auto [known, fresh] = sitemaps_.try_emplace(address, named);
  known->second |= named;
  if (!fresh) return false;
  ++sitemaps_under_way_;
  return true;
}

bool job::names_sitemap(const std::string& address) const {
  const auto known = sitemaps_.find(address);
  return known != sitemaps_.end() && known->second;
}

void job::sitemap_done() {
  if (--sitemaps_under_way_ != 0 || !seed_origins_.empty()) return;
  sitemaps_read_ = changed_ = true;
}

std::string job::cookies_for(const url& target, wall_clock::time_point now) {
  if (cookies_.empty()) return {};
  return cookies_.cookie_header(cookie_url_of(target),
                                std::chrono::floor<std::chrono::seconds>(now));
}

void job::take_cookies(const url& target, const std::vector<std::string>& fields,
                       wall_clock::time_point now) {
  for (const std::string& field : fields)
    cookies_.store(cookie_url_of(target), field, std::chrono::floor<std::chrono::seconds>(now));
  changed_ = true;
}

bool job::takes_page(const frontier_entry& entry) {
  if (entry.attempts != 0 || entry.postponed != 0 || entry.redirects)
    return true;  // counted before
  return !spec().max_pages_per_host ||
         (parsed_.assign(entry.url) && traps_.takes_page(parsed_.hostname()));
}

void job::give_page_back(const frontier_entry& entry) {
  const std::string& first = entry.redirects ? entry.redirects->hops.front() : entry.url;
  if (spec().max_pages_per_host && parsed_.assign(first)) traps_.give_back(parsed_.hostname());
}

void job::started() {
  --status_.counts.queued;
  ++status_.counts.in_flight;
}

void job::requeued() {
  --status_.counts.in_flight;
  ++status_.counts.queued;
}

void job::ended(outcome code, const fetch_report* report) {
  crawl_counts& n = status_.counts;
  --n.in_flight;
  switch (kind(code)) {
    case outcome_kind::fetched: ++n.fetched; break;
    case outcome_kind::failed: ++n.failed; break;
    case outcome_kind::skipped: ++n.skipped; break;
  }
  ++status_.by_outcome[code];
  if (report && report->status != 0)
    ++status_.by_status[static_cast<std::uint16_t>(report->status)];
  if (report && kind(code) != outcome_kind::skipped)
    statistics_.add(page_of(*report, kind(code) == outcome_kind::failed));
}

url_id job::content_seen(std::uint64_t hash, url_id page) {
  if (hash == 0) return no_url;
  const auto known = contents_.insert(print_of_content(hash), page);
  if (known.fresh || known.id == page) return no_url;
  ++status_.counts.duplicates;
  return known.id;
}

finish_reason job::limit_reached(clock::time_point now) const {
  const crawl_counts& n = status_.counts;
  if (pages_done() + n.in_flight >= spec().limit) return finish_reason::limit;
  if (spec().max_bytes && n.bytes_on_wire >= *spec().max_bytes) return finish_reason::bytes;
  if (spec().max_duration && began_ != clock::time_point{} &&
      seconds_f(std::chrono::milliseconds(ran_ms(now))) >= *spec().max_duration)
    return finish_reason::duration;
  return finish_reason::none;
}

void job::run(wall_clock::time_point now, clock::time_point steady) {
  status_.state = crawl_state::running;
  if (status_.started_at) return;
  status_.started_at = now;
  began_ = steady;
  sample(steady);
}

void job::set_state(crawl_state state) {
  status_.state = state;
  changed_ = true;
}

std::uint64_t job::ran_ms(clock::time_point now) const {
  if (began_ == clock::time_point{}) return ran_before_ms_;
  const auto here = (is_final(status_.state) ? ended_ : now) - began_;
  return ran_before_ms_ + static_cast<std::uint64_t>(
                              std::chrono::duration_cast<std::chrono::milliseconds>(here).count());
}

std::uint64_t job::take_wire_bytes() {
  return status_.counts.bytes_on_wire -
         std::exchange(wire_bytes_taken_, status_.counts.bytes_on_wire);
}

crawl_header job::header() const {
  return {.id = id,
          .number = number,
          .listed = listed,
          .spec = profile->spec,
          .state = status_.state,
          .reason = status_.reason,
          .created_at = status_.created_at,
          .started_at = status_.started_at,
          .finished_at = status_.finished_at,
          .leftover = leftover_,
          .warnings = status_.warnings,
          .followed_seeds = followed_seeds_,
          .sitemaps_read = sitemaps_read_,
          .cookies = cookies_.empty() ? "" : cookies_.serialize(),
          .statistics = pages_done() == 0 ? "" : statistics_as_json(statistics()),
          .client = client};
}

void job::finish(crawl_state state, finish_reason reason, outcome leftover,
                 wall_clock::time_point now, clock::time_point steady) {
  crawl_counts& n = status_.counts;
  const std::uint64_t rest = n.queued + n.in_flight;
  n.skipped += rest;
  if (rest != 0) status_.by_outcome[leftover] += rest;
  n.queued = n.in_flight = 0;
  status_.state = state;
  status_.reason = reason;
  status_.finished_at = now;
  leftover_ = leftover;
  ended_ = steady;
  statistics_.finish(sums(steady));
  seen_ = {};
  contents_ = {};
  seed_origins_.clear();
  sitemaps_.clear();
  cookies_ = cookie_jar();
  traps_ = trap_guard(spec());
  passed_.clear();
  samples_.clear();
}

timeline_point job::sums(clock::time_point now) const {
  return {std::chrono::duration<double>(std::chrono::milliseconds(ran_ms(now))).count(),
          status_.counts.fetched, status_.counts.failed, status_.counts.bytes_on_wire};
}

void job::sample(clock::time_point now) {
  samples_.push_back({now, status_.counts.fetched, pages_done(), status_.counts.bytes_on_wire});
  if (samples_.size() > rate_window) samples_.pop_front();
  statistics_.sample(sums(now));
}

crawl_status job::status(clock::time_point now) const {
  crawl_status out = status_;
  const bool over = is_final(out.state);
  const rate_sample since = over || samples_.empty() ? rate_sample{} : samples_.front();
  double done_per_second = 0;
  if (began_ != clock::time_point{}) {
    const clock::duration time =
        over || samples_.empty() ? std::chrono::milliseconds(ran_ms(now)) : now - since.time;
    done_per_second = per_second(pages_done() - since.done, time);
    out.pages_per_second = per_second(out.counts.fetched - since.fetched, time);
    out.bytes_per_second = per_second(out.counts.bytes_on_wire - since.bytes, time);
  }
  const std::uint64_t done = pages_done();
  const std::uint64_t total =
      std::min(done + out.counts.queued + out.counts.in_flight, spec().limit);
  if (over) {
    out.progress = 1;
  } else if (total != 0) {
    out.progress = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    if (done_per_second > 0 && out.state == crawl_state::running)
      out.eta = seconds_f(static_cast<double>(total - std::min(done, total)) / done_per_second);
  }
  return out;
}

}  // namespace orbweaver
