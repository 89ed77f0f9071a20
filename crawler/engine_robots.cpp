// robots.txt in the life of a crawl: asked for before an origin's first page, once for all who
// wait for it, and under the same politeness as any page.
#include <algorithm>

#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_robots_redirects = 5;  // RFC 9309 section 2.3.1.2

robots_book::file file_of(const fetch_profile& profile, std::string_view origin) {
  return {std::string(origin), profile.agent_token};
}

}  // namespace

engine::impl::robots_judgement engine::impl::judge_by_robots(job& j, const url& target,
                                                             std::string& reason) {
  if (j.spec().robots == robots_policy::ignore) return robots_judgement::go_on;
  const auto* known = robots_.find(file_of(*j.profile, target.origin()), clock::now());
  if (!known) return robots_judgement::ask_first;
  if (known->refusal) {
    refusal_ = *known->refusal;
    reason = known->detail;
    return robots_judgement::refused;
  }
  const auto verdict = known->rules->check(target.request_target());
  if (verdict.allowed) return robots_judgement::go_on;
  refusal_ = outcome::robots_disallowed;
  reason = "line " + std::to_string(verdict.line) + ": " + verdict.rule();
  return robots_judgement::refused;
}

// The queue of a place whose robots.txt is not known is held until it is.
void engine::impl::await_robots(job& j, const url& target) {
  const auto which = file_of(*j.profile, target.origin());
  if (j.spec().robots == robots_policy::ignore) {
    fetch_sitemaps(j, which.origin, nullptr);
    return;
  }
  if (const auto* known = robots_.find(which, clock::now())) {
    apply_crawl_delay(j, target.origin(), *known);
    if (known->rules) fetch_sitemaps(j, which.origin, known->rules.get());
    return;
  }
  frontier_.hold(j.key, target.origin(), target.hostname());
  if (robots_.wait(which, j.key)) fetch_robots(j, which.origin);
}

void engine::impl::apply_crawl_delay(job& j, std::string_view origin,
                                     const robots_book::standing& known) {
  if (!known.rules) return;
  if (const auto delay = known.rules->crawl_delay())
    frontier_.set_crawl_delay(j.key, origin, std::chrono::duration_cast<clock::duration>(*delay));
}

void engine::impl::fetch_robots(job& j, const std::string& origin) {
  frontier_entry entry;
  entry.kind = entry_kind::robots;
  entry.url = origin + "/robots.txt";
  push_robots(j.key, std::move(entry), clock::time_point{});
}

robots_book::file engine::impl::robots_asked_for(const job& j, const frontier_entry& entry) {
  url first;
  first.assign(entry.redirects ? entry.redirects->hops.front() : entry.url);
  return file_of(*j.profile, first.origin());
}

void engine::impl::push_robots(frontier::crawl_key crawl, frontier_entry entry,
                               clock::time_point not_before) {
  url where;
  where.assign(entry.url);
  if (not_before == clock::time_point{}) {
    frontier_.push(crawl, where.origin(), where.hostname(), std::move(entry), turn::robots);
  } else {
    frontier_.push_at(not_before, crawl, where.origin(), where.hostname(), std::move(entry));
  }
}

void engine::impl::robots_landed(const flight& f, fetch_report& report) {
  frontier_entry& entry = report.entry;
  const robots_book::file& which = f.robots;
  const auto fetcher = robots_.fetcher(which);
  // Nobody waits any more; or it was given up for that reason, and who waits now asks again.
  if (!fetcher || report.code == outcome::cancelled) return;
  if (report.code == outcome::fetched &&
      follow_redirect(entry, report.location, max_robots_redirects)) {
    push_robots(*fetcher, std::move(entry), clock::time_point{});
    return;
  }
  const bool answered = report.code == outcome::fetched;
  if (answered && report.status >= 200 && report.status < 300) {
    settle_robots(
        which,
        {.rules = std::make_shared<const robots_rules>(parse_robots(report.body, which.agent))});
  } else if (answered && report.status >= 300 && report.status < 500 && report.status != 429) {
    // 4xx: there is no such file. A redirect beyond the fifth counts as one (section 2.3.1.2).
    settle_robots(which, {.rules = std::make_shared<const robots_rules>()});
  } else if ((answered || is_transient(report.code)) && entry.attempts < f.profile->spec->retries) {
    const auto pause = pause_after(report);
    ++entry.attempts;
    push_robots(*fetcher, std::move(entry), clock::now() + pause);
  } else {
    // A host that cannot be reached at all ends its pages as what is the matter with it.
    settle_robots(which, {.refusal = answered ? outcome::robots_unreachable : report.code,
                          .detail = answered ? "robots.txt: HTTP " + std::to_string(report.status)
                                             : std::move(report.detail)});
  }
}

void engine::impl::settle_robots(const robots_book::file& which, robots_book::standing result) {
  const auto now = clock::now();
  const auto waited = robots_.settle(which, std::move(result), now);
  const auto* known = robots_.find(which, now);
  for (const frontier::crawl_key key : waited) {
    job* j = find(key);
    if (!j) continue;
    apply_crawl_delay(*j, which.origin, *known);
    frontier_.release(key, which.origin);
    if (known->rules) fetch_sitemaps(*j, which.origin, known->rules.get());
  }
}

// The files a vanished crawl was to fetch are left to others that wait for them, unless they are
// being fetched already. What nobody waits for is given up.
void engine::impl::pass_on_robots(frontier::crawl_key gone) {
  for (const auto& [which, heir] : robots_.forget_crawl(gone)) {
    const auto flying = [&which = which](const flight& f) {
      return f.ticket != 0 && f.kind == entry_kind::robots && f.robots == which;
    };
    if (std::ranges::none_of(flights_, flying)) fetch_robots(*find(heir), which.origin);
  }
  for (const flight& f : flights_)
    if (f.kind == entry_kind::robots && !robots_.fetcher(f.robots)) abort(f);
}

}  // namespace orbweaver
