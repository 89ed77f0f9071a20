// robots.txt in the life of a crawl: asked for before an origin's first page, once for all crawls
// that wait for it, and under the same politeness as any page. What holds for all must not hang on
// one of them: it is fetched in the service's own name, with its own patience, and without the
// headers and credentials of any crawl.
#include <algorithm>

#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_robots_redirects = 5;  // RFC 9309 section 2.3.1.2

// What keeps the whole host from being reached: its pages end as this too.
bool is_of_the_host(outcome code) {
  return (code >= outcome::dns_nxdomain && code < outcome::send_failed) ||
         (code >= outcome::proxy_refused && code <= outcome::host_unreachable);
}

// What an answer says of the file; nothing where another attempt may say more.
std::optional<robots_book::standing> standing_of(const fetch_report& report,
                                                 const std::string& agent) {
  const bool answered = report.code == outcome::fetched;
  if (answered && report.status >= 200 && report.status < 300)
    return robots_book::standing{
        .rules = std::make_shared<const robots_rules>(parse_robots(report.body, agent))};
  // 4xx: there is no such file. Redirects to nowhere, or beyond the fifth, count as one (section
  // 2.3.1.2).
  if ((answered && report.status >= 300 && report.status < 500 && report.status != 429) ||
      report.code == outcome::bad_redirect)
    return robots_book::standing{.rules = std::make_shared<const robots_rules>()};
  return std::nullopt;
}

// Of a file that no attempt has brought.
robots_book::standing unreachable_by(fetch_report& report) {
  if (is_of_the_host(report.code))
    return {.refusal = report.code, .detail = std::move(report.detail)};
  return {.refusal = outcome::robots_unreachable,
          .detail = "robots.txt: " + (report.code == outcome::fetched
                                          ? "HTTP " + std::to_string(report.status)
                                          : std::string(info(report.code).description))};
}

}  // namespace

robots_book::file engine::impl::file_of(const fetch_profile& profile, std::string_view origin) {
  return {std::string(origin), profile.agent_token,
          profile.proxy + (profile.spec->tls_verify ? "" : " unverified")};
}

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
  reason = verdict.reason();
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
  if (robots_.wait(which, j.key)) fetch_robots(which, j);
}

void engine::impl::apply_crawl_delay(job& j, std::string_view origin,
                                     const robots_book::standing& known) {
  if (!known.rules) return;
  const auto delay = known.rules->crawl_delay().value_or(seconds_f{});
  frontier_.set_crawl_delay(j.key, origin, std::chrono::duration_cast<clock::duration>(delay));
  const auto file = [&] { return std::string(origin) + "/robots.txt"; };
  if (known.rules->crawl_delay_clamped())
    j.warn(file() + " asks for a longer Crawl-delay than " +
           std::to_string(static_cast<int>(max_crawl_delay.count())) + " s: that is kept to.");
  if (known.rules->truncated()) j.warn(file() + " is too long: its end is not read.");
}

void engine::impl::fetch_robots(const robots_book::file& which, job& asker) {
  if (!asker.robots_profile) {
    const fetch_profile& own = *asker.profile;
    auto spec = std::make_shared<crawl_spec>();
    spec->user_agent = own.user_agent;
    spec->tls_verify = own.spec->tls_verify;
    spec->proxy = own.spec->proxy;
    asker.robots_profile = std::make_shared<const fetch_profile>(std::move(spec), "");
  }
  frontier_entry entry;
  entry.kind = entry_kind::robots;
  entry.url = which.origin + "/robots.txt";
  entry.id = ++last_robots_order_;
  robots_orders_.emplace(entry.id, robots_order{which, asker.robots_profile});
  push_robots(std::move(entry), clock::time_point{});
}

// Any number of sites may redirect to one host that no crawl is at: it has a pace all the same.
void engine::impl::push_robots(frontier_entry entry, clock::time_point not_before) {
  url where;
  where.assign(entry.url);
  const frontier::crawl_key owner = entry.redirects ? robots_hops_ : robots_crawl_;
  if (not_before == clock::time_point{}) {
    frontier_.push(owner, where.origin(), where.hostname(), std::move(entry), turn::soon);
  } else {
    frontier_.push_at(not_before, owner, where.origin(), where.hostname(), std::move(entry));
  }
}

// The crawls that waited may be gone by the time it could start.
void engine::impl::start_robots(frontier::start begun) {
  const robots_order& order = robots_orders_.at(begun.entry.id);
  if (begun.given_up) {
    frontier_.finished(begun.held, clock::now(), false);
    settle_robots(begun.entry.id,
                  {.refusal = outcome::host_unreachable, .detail = std::string(no_longer_tried)});
    return;
  }
  if (robots_.awaited(order.which) && parsed_.assign(begun.entry.url)) {
    fly(std::move(begun), order.profile, {});
    return;
  }
  robots_.give_up(order.which);
  robots_orders_.erase(begun.entry.id);
  frontier_.finished(begun.held, clock::now(), false);
}

void engine::impl::robots_landed(fetch_report& report) {
  frontier_entry& entry = report.entry;
  const robots_book::file& which = robots_orders_.at(entry.id).which;
  if (report.code == outcome::cancelled) {  // nobody waited any more, or the service stops
    if (robots_.awaited(which) && !draining_) {
      push_robots(std::move(entry), clock::time_point{});
    } else {
      robots_.give_up(which);
      robots_orders_.erase(entry.id);
    }
    return;
  }
  const bool answered = report.code == outcome::fetched;
  if (answered && follow_redirect(report, max_robots_redirects)) {
    push_robots(std::move(entry), clock::time_point{});
    return;
  }
  if (auto known = standing_of(report, which.agent)) {
    settle_robots(entry.id, std::move(*known));
    return;
  }
  const bool postponed = postpone(report);
  const auto pause = pause_after(report);
  if (postponed) {
    ++entry.postponed;
    push_robots(std::move(entry), clock::now() + pause);
    return;
  }
  if ((answered || is_transient(report.code)) && entry.attempts < settings_.robots_retries) {
    ++entry.attempts;
    push_robots(std::move(entry), clock::now() + pause);
    return;
  }
  settle_robots(entry.id, unreachable_by(report));
}

// What nobody else waits for is not fetched to its end.
void engine::impl::forget_robots_of(frontier::crawl_key gone) {
  robots_.forget_crawl(gone);
  for (const flight& f : flights_)
    if (f.ticket != 0 && f.kind == entry_kind::robots &&
        !robots_.awaited(robots_orders_.at(f.robots_order).which))
      abort(f);
}

void engine::impl::settle_robots(url_id order, robots_book::standing result) {
  const auto now = clock::now();
  const robots_book::file which = std::move(robots_orders_.extract(order).mapped().which);
  const auto waited = robots_.settle(which, std::move(result), now);
  const auto* known = robots_.find(which, now);
  for (const frontier::crawl_key key : waited) {
    job* j = find(key);
    if (!j) continue;
    apply_crawl_delay(*j, which.origin, *known);
    frontier_.release(key, which.origin);
    if (known->rules) fetch_sitemaps(*j, which.origin, known->rules.get());
    j->place_settled(which.origin);
    finish_if_done(*j);
  }
}

}  // namespace orbweaver
