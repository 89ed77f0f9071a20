#include "crawler/frontier/frontier.hpp"

namespace orbweaver {
namespace {

constexpr auto later = [](const auto& a, const auto& b) { return a.time > b.time; };

// One host, whether its name is written with the root's dot or without (RFC 1034 section 3.1).
std::string host_key(std::string_view name) {
  return std::string(name.substr(0, name.size() - name.ends_with('.')));
}

}  // namespace

frontier::frontier(std::uint32_t max_in_flight, const host_pace::settings& pace)
    : pace_(pace), max_in_flight_(max_in_flight) {}
frontier::~frontier() = default;

frontier::crawl_key frontier::add_crawl(crawl_pace pace) {
  auto c = std::make_unique<crawl>();
  c->key = ++last_key_;
  c->pace = pace;
  crawls_.emplace(c->key, std::move(c));
  return last_key_;
}

void frontier::remove_crawl(crawl_key key) {
  crawl* c = find(key);
  if (!c) return;
  c->removed = true;
  c->queued = c->ahead = 0;
  for (auto& [origin, q] : c->queues) {
    for (auto& part : q->entries) part.clear();
    detach_if_idle(*q);
  }
  std::erase_if(delayed_, [key](const delayed& d) { return d.key == key; });
  std::ranges::make_heap(delayed_, later);
  forget_if_done(*c);
}

void frontier::pause(crawl_key key) {
  if (crawl* c = find(key)) c->paused = true;
}

void frontier::resume(crawl_key key) {
  crawl* c = find(key);
  if (!c || !c->paused) return;
  c->paused = false;
  take_turn(*c);
}

void frontier::push(crawl_key key, std::string_view origin, std::string_view host_name,
                    frontier_entry entry, turn when) {
  if (crawl* c = find(key)) enqueue(queue_of(*c, origin, host_name), std::move(entry), when);
}

void frontier::push_at(clock::time_point time, crawl_key key, std::string_view origin,
                       std::string_view host_name, frontier_entry entry) {
  crawl* c = find(key);
  if (!c) return;
  ++c->queued;
  delayed_.push_back({time, key, std::string(origin), std::string(host_name), std::move(entry)});
  std::ranges::push_heap(delayed_, later);
}

void frontier::hold(crawl_key key, std::string_view origin, std::string_view host_name) {
  if (crawl* c = find(key)) queue_of(*c, origin, host_name).held = true;
}

void frontier::release(crawl_key key, std::string_view origin) {
  if (queue* q = find_queue(key, origin)) {
    q->held = false;
    offer(*q);
    drop_queue_if_idle(*q, q->at->last_start);
  }
}

void frontier::set_crawl_delay(crawl_key key, std::string_view origin, clock::duration delay) {
  if (queue* q = find_queue(key, origin)) {
    q->crawl_delay = delay;
    if (q->attached) recompute_pace(*q->at);
  }
}

// It may have been forgotten with its last entry; who comes next is to know all the same.
void frontier::park(std::string_view host_name, clock::time_point until) {
  host& h = host_of(host_name);
  h.next_start = std::max(h.next_start, until);
  if (h.queue_count == 0) wake_at(h, h.next_start);
}

frontier::step frontier::next(clock::time_point now) {
  wake_due(now);
  while (in_flight_ < max_in_flight_ && !turns_.empty()) {
    crawl& c = *turns_.front();
    turns_.pop_front();
    c.in_turn = false;
    if (!c.may_start()) continue;
    queue* q = take_ready(c, now);
    if (!q) continue;
    start s = begin(*q, now);
    if (q->startable()) offer(*q);
    take_turn(c);
    return s;
  }
  clock::time_point earliest = clock::time_point::max();
  if (in_flight_ < max_in_flight_ && !waiting_.empty()) earliest = waiting_.top().time;
  if (!delayed_.empty()) earliest = std::min(earliest, delayed_.front().time);
  if (earliest == clock::time_point::max()) return nothing{};
  return wait_until{earliest};
}

frontier::start frontier::begin(queue& q, clock::time_point now) {
  crawl& c = *q.owner;
  host& h = *q.at;
  const auto from = std::ranges::find_if_not(q.entries, &fifo<frontier_entry>::empty);
  const bool given_up = h.pace.given_up(now);
  if (from != q.entries.begin()) --c.ahead;
  start s{.crawl = c.key,
          .held = {},
          .entry = from->pop(),
          .given_up = given_up,
          .host = h.name,
          .per_host = h.per_host};
  // A robots.txt may ask for a delay itself, which is to hold from this very request on.
  const bool delays = h.delay > clock::duration::zero() || s.entry.kind == entry_kind::robots;
  s.awaits_send = delays && !given_up;
  s.held.from = &q;
  s.held.number = ++last_lease_;
  s.held.began = now;
  --c.queued;
  ++c.in_flight;
  ++q.leases;
  ++h.in_flight;
  ++in_flight_;
  if (s.awaits_send) {
    h.unsent = s.held.number;
  } else if (!given_up) {
    h.last_start = now;
  }
  // The others at this host come first next time.
  const auto mine = std::ranges::find(h.queues, &q);
  std::rotate(mine, mine + 1, h.queues.end());
  ask_if_low(q);
  return s;
}

void frontier::sent(const lease& held, clock::time_point when) {
  host& h = *held.from->at;
  h.last_start = std::max(h.last_start, when);
  h.next_start = std::max(h.next_start, h.last_start + h.delay);
  if (h.unsent == held.number) h.unsent = 0;
  offer_if_startable(h, when);
}

void frontier::observe(const lease& held, host_pace::sign what, clock::duration answer_time,
                       clock::time_point now) {
  host& h = *held.from->at;
  if (h.delay == clock::duration::zero()) return;
  h.pace.take(what, answer_time, now);
  h.next_start = std::max(h.next_start, h.pace.parked_until());
  recompute_pace(h);
}

void frontier::finished(lease held, clock::time_point now, bool asked) {
  queue& q = *held.from;
  crawl& c = *q.owner;
  host& h = *q.at;
  if (h.unsent == held.number) {
    if (asked) sent(held, held.began);
    h.unsent = 0;
  }
  --q.leases;
  --c.in_flight;
  --h.in_flight;
  --in_flight_;
  detach_if_idle(q);
  if (!c.removed) take_turn(c);
  offer_if_startable(h, now);
  if (c.removed) {
    forget_if_done(c);
  } else {
    drop_queue_if_idle(q, now);
  }
}

bool frontier::is_paused(crawl_key key) const {
  const crawl* c = find(key);
  return c && c->paused;
}

std::size_t frontier::queued(crawl_key key) const {
  const crawl* c = find(key);
  return c ? c->queued : 0;
}

std::uint32_t frontier::in_flight(crawl_key key) const {
  const auto it = crawls_.find(key);
  return it == crawls_.end() ? 0 : it->second->in_flight;
}

frontier::crawl* frontier::find(crawl_key key) const {
  const auto it = crawls_.find(key);
  return it == crawls_.end() || it->second->removed ? nullptr : it->second.get();
}

frontier::queue& frontier::queue_of(crawl& c, std::string_view origin, std::string_view host_name) {
  if (c.last && c.last->origin == origin) return *c.last;
  const std::size_t known = c.queues.size();
  queue& q = enter_queue(c, origin, host_name);
  if (c.stored_origins && c.queues.size() != known) {  // only the store may know it
    set_stored(q, true);
    ask_if_low(q);
  }
  return q;
}

frontier::queue& frontier::enter_queue(crawl& c, std::string_view origin,
                                       std::string_view host_name) {
  auto& slot = c.queues[std::string(origin)];
  if (!slot) {
    slot = std::make_unique<queue>();
    slot->owner = &c;
    slot->origin = origin;
    slot->at = &host_of(host_name);
    ++slot->at->queue_count;
  }
  c.last = slot.get();
  return *slot;
}

frontier::host& frontier::host_of(std::string_view name) {
  std::string key = host_key(name);
  auto& slot = hosts_[key];
  if (!slot) {
    slot = std::make_unique<host>(pace_);
    slot->name = std::move(key);
  }
  return *slot;
}

frontier::queue* frontier::find_queue(crawl_key key, std::string_view origin) {
  crawl* c = find(key);
  if (!c) return nullptr;
  const auto it = c->queues.find(std::string(origin));
  return it == c->queues.end() ? nullptr : it->second.get();
}

void frontier::enqueue(queue& q, frontier_entry entry, turn when) {
  q.entries[static_cast<std::size_t>(when)].push(std::move(entry));
  ++q.owner->queued;
  if (when == turn::normal) ++q.owner->ahead;
  attach(q);
  offer(q);
}

// A queue stays known to its host's pace from its first entry to its last lease.
void frontier::attach(queue& q) {
  if (q.attached) return;
  q.attached = true;
  q.at->queues.push_back(&q);
  recompute_pace(*q.at);
}

void frontier::detach_if_idle(queue& q) {
  if (!q.attached || q.leases != 0 || !q.empty()) return;
  q.attached = false;
  std::erase(q.at->queues, &q);
  recompute_pace(*q.at);
}

// A crawl of many hosts is not to remember them all. Its Crawl-delay has been taken into account
// in when the host may be asked again, and is told anew with the next entry.
void frontier::drop_queue_if_idle(queue& q, clock::time_point now) {
  if (q.leases != 0 || !q.empty() || q.held || q.offered || q.alive != 0 || q.stored) return;
  if (q.owner->scanning) return;  // what the store is about to answer may be out of date by now
  crawl& c = *q.owner;
  host& h = *q.at;
  if (c.last == &q) c.last = nullptr;
  c.queues.erase(q.origin);
  --h.queue_count;
  drop_host_if_idle(h, now);
  ask_for_origins(c);
}

void frontier::recompute_pace(host& h) {
  h.delay = {};
  h.per_host = 0xffffffff;
  for (const queue* q : h.queues) {
    h.delay = std::max({h.delay, q->owner->pace.delay, q->crawl_delay});
    h.per_host = std::min(h.per_host, q->owner->pace.per_host);
  }
  if (h.delay != clock::duration::zero()) {
    h.delay = std::max(h.delay, h.pace.delay());
    if (h.pace.in_trouble()) h.per_host = 1;
  }
  if (h.last_start != clock::time_point{})
    h.next_start = std::max(h.next_start, h.last_start + h.delay);
}

void frontier::offer(queue& q) {
  if (q.offered || !q.startable()) return;
  q.offered = true;
  q.owner->ready.push_back(&q);
  take_turn(*q.owner);
}

void frontier::offer_if_startable(host& h, clock::time_point now) {
  if (h.queues.empty() || !may_start(h, now)) return;
  for (queue* q : h.queues) offer(*q);
}

void frontier::take_turn(crawl& c) {
  if (c.in_turn || c.ready.empty() || !c.may_start()) return;
  c.in_turn = true;
  turns_.push_back(&c);
}

// Queues may have been offered for a host that another crawl took since: those are passed over,
// and offered again when the host can start.
frontier::queue* frontier::take_ready(crawl& c, clock::time_point now) {
  while (!c.ready.empty()) {
    queue* q = c.ready.front();
    c.ready.pop_front();
    q->offered = false;
    if (q->startable() && may_start(*q->at, now)) return q;
    drop_queue_if_idle(*q, now);
  }
  return nullptr;
}

// If only time is in the way, the host is woken when it has passed.
bool frontier::may_start(host& h, clock::time_point now) {
  if (h.pace.given_up(now)) return true;
  if (h.in_flight >= h.per_host || h.unsent != 0) return false;
  if (h.next_start <= now) return true;
  wake_at(h, h.next_start);
  return false;
}

void frontier::wake_at(host& h, clock::time_point time) {
  if (h.in_waiting) return;
  h.in_waiting = true;
  waiting_.push({time, &h});
}

void frontier::wake_due(clock::time_point now) {
  while (!waiting_.empty() && waiting_.top().time <= now) {
    host& h = *waiting_.top().who;
    waiting_.pop();
    h.in_waiting = false;
    offer_if_startable(h, now);
    drop_host_if_idle(h, now);
  }
  while (!delayed_.empty() && delayed_.front().time <= now) {
    std::ranges::pop_heap(delayed_, later);
    delayed d = std::move(delayed_.back());
    delayed_.pop_back();
    crawl* c = find(d.key);
    --c->queued;
    enqueue(queue_of(*c, d.origin, d.host), std::move(d.entry), turn::soon);
  }
}

// A host that no crawl knows is kept until its delay has passed: who comes back sooner must wait.
void frontier::drop_host_if_idle(host& h, clock::time_point now) {
  if (h.queue_count != 0 || h.in_waiting) return;
  if (h.next_start > now) {
    wake_at(h, h.next_start);
  } else {
    hosts_.erase(h.name);
  }
}

void frontier::forget_if_done(crawl& c) {
  if (!c.removed || c.in_flight != 0) return;
  if (c.in_turn) std::erase(turns_, &c);
  std::erase_if(low_, [&c](const auto& one) { return one.first == c.key; });
  std::erase(to_scan_, c.key);
  for (auto& [origin, q] : c.queues) {
    --q->at->queue_count;
    drop_host_if_idle(*q->at, q->at->last_start);
  }
  crawls_.erase(c.key);
}

}  // namespace orbweaver
