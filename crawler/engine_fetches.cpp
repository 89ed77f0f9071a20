// One URL's way from the frontier to a connection.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "crawler/engine_impl.hpp"
#include "crawler/fetch/receive_buffer.hpp"

namespace orbweaver {
namespace {

// Until a store that cannot take more is looked at again.
constexpr std::chrono::milliseconds storage_patience{20};
// Pages whose links are being looked up: with more of them, or more in them, nothing is started.
constexpr std::size_t max_look_ups = 256;
constexpr std::size_t max_look_up_bytes = 16 << 20;
// Fetches begun in one turn of the loop, at some 50 us each. What the first of thousands bring is
// not to wait until the last has been begun, nor is anything else.
constexpr int starts_at_once = 32;

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
  int left = starts_at_once;
  while (auto* const begun = std::get_if<frontier::start>(&step)) {
    start(std::move(*begun));
    if (--left == 0) break;
    step = frontier_.next(clock::now());
  }
  if (left == 0) pump_soon();
  pumping_ = false;
  ask_for_entries();
  if (auto* until = std::get_if<frontier::wait_until>(&step)) wake_at(until->time);
}

// One pump for all that lands in a turn of the loop: of requests that go out one after the other
// only the first may have to wake the server, which costs more than to send them.
void engine::impl::pump_soon() {
  if (std::exchange(pump_due_, true)) return;
  asio::post(strand_, [this] {
    pump_due_ = false;
    pump();
  });
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
  std::string reason;
  switch (judge_by_robots(j, parsed_, reason)) {
    case robots_judgement::go_on: break;
    case robots_judgement::ask_first:
      enqueue(j, std::move(entry), turn::soon);
      give_back();
      return;
    case robots_judgement::refused:
      give_back();
      refused_by_robots(j, entry, std::move(reason));
      return;
  }
  if (entry.kind == entry_kind::page) {
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
    end_unasked_sitemap(j, entry, no_longer_tried);
  }
}

// RFC 9309 section 2.2.2: all of a site falls under its rules but for robots.txt itself.
void engine::impl::refused_by_robots(job& j, frontier_entry& entry, std::string reason) {
  if (entry.kind == entry_kind::page) {
    end_unasked(j, entry, refusal_, std::move(reason));
  } else {
    end_unasked_sitemap(j, entry, info(refusal_).description, reason);
  }
}

void engine::impl::end_unasked_sitemap(job& j, const frontier_entry& entry, std::string_view why,
                                       std::string_view detail) {
  sitemap_failed(j, entry, why, detail);
  j.sitemap_done();
  finish_if_done(j);
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
