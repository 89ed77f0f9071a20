// What a frontier keeps in memory of crawls that have a window, and what it asks the store for.
#include "crawler/frontier/frontier.hpp"

namespace orbweaver {

void frontier::set_window(crawl_key key, const frontier_window& window) {
  if (crawl* c = find(key)) c->window = window;
}

void frontier::expect_stored(crawl_key key) {
  crawl* c = find(key);
  if (!c) return;
  c->stored_origins = true;
  for (auto& [origin, q] : c->queues) {
    set_stored(*q, true);
    ask_if_low(*q);
  }
  ask_for_origins(*c);
}

bool frontier::admit(crawl_key key, std::string_view origin, std::string_view host_name) {
  crawl* c = find(key);
  if (!c || !c->window) return c != nullptr;
  if (c->queues.size() >= c->window->queues && !find_queue(key, origin)) {
    c->stored_origins = c->scan_grown = true;
    ask_for_origins(*c);
    return false;
  }
  queue& q = queue_of(*c, origin, host_name);
  if (!q.stored && room(q) != 0) return true;
  set_stored(q, true);
  q.grown = true;
  ask_if_low(q);
  return false;
}

void frontier::push_new(crawl_key key, std::string_view origin, std::string_view host_name,
                        frontier_entry entry) {
  crawl* c = find(key);
  if (!c) return;
  queue& q = queue_of(*c, origin, host_name);
  if (c->window) {
    q.last = position_of(entry.id, entry.line);
    ++q.alive;
  }
  enqueue(q, std::move(entry), turn::normal);
}

std::vector<frontier::refill> frontier::take_refills() {
  std::vector<refill> out;
  for (auto& [key, origin] : low_) {
    queue* const q = find_queue(key, origin);
    if (!q) continue;  // its crawl has been removed
    q->grown = false;
    out.push_back({key, std::move(origin), q->last, std::max(room(*q), std::size_t{1})});
  }
  low_.clear();
  return out;
}

void frontier::refilled(crawl_key key, std::string_view origin, std::vector<stored_entry> entries,
                        bool more) {
  queue* const q = find_queue(key, origin);
  if (!q) return;
  q->asked = false;
  set_stored(*q, more || q->grown);
  bring(*q, std::move(entries));
  ask_if_low(*q);
  drop_queue_if_idle(*q, q->at->last_start);
}

std::vector<frontier::scan> frontier::take_scans() {
  std::vector<scan> out;
  for (const crawl_key key : to_scan_) {
    crawl* const c = find(key);
    if (!c) continue;
    c->scan_grown = false;
    const std::size_t known = c->queues.size();
    scan& one = out.emplace_back();
    one.crawl = key;
    one.from = c->scan_from;
    one.limit = std::max(c->window->queues, known + 1) - known;
    one.entries_each = c->window->least;
    one.without.reserve(known);
    for (const auto& [origin, q] : c->queues) one.without.push_back(origin);
  }
  to_scan_.clear();
  return out;
}

void frontier::adopt(crawl_key key, std::string_view origin, std::string_view host_name,
                     std::vector<stored_entry> entries, bool more) {
  crawl* const c = find(key);
  if (!c) return;
  queue& q = enter_queue(*c, origin, host_name);
  set_stored(q, more || c->scan_grown);  // it may be this one that has grown since
  bring(q, std::move(entries));
  ask_if_low(q);
}

void frontier::scanned(crawl_key key, std::optional<std::uint64_t> next, clock::time_point now) {
  crawl* const c = find(key);
  if (!c) return;
  c->scanning = false;
  // Only one that began at the beginning says that there are no others.
  c->stored_origins = next || c->scan_from != 0 || c->scan_grown;
  c->scan_from = next.value_or(0);
  std::vector<queue*> all;
  for (auto& [origin, q] : c->queues) all.push_back(q.get());
  for (queue* q : all) drop_queue_if_idle(*q, now);
  ask_for_origins(*c);
}

void frontier::ended(crawl_key key, std::string_view origin, clock::time_point now) {
  queue* const q = find_queue(key, origin);
  if (!q || q->alive == 0) return;
  --q->alive;
  drop_queue_if_idle(*q, now);
}

bool frontier::has_stored(crawl_key key) const {
  const crawl* c = find(key);
  return c && (c->stored_queues != 0 || c->stored_origins || c->scanning);
}

void frontier::bring(queue& q, std::vector<stored_entry> entries) {
  crawl& c = *q.owner;
  for (stored_entry& one : entries) {
    q.last = position_of(one.entry.id, one.entry.line);
    ++q.alive;
    if (one.not_before != clock::time_point{}) {
      push_at(one.not_before, c.key, q.origin, q.at->name, std::move(one.entry));
    } else {
      enqueue(q, std::move(one.entry), turn::normal);
    }
  }
}

void frontier::set_stored(queue& q, bool stored) {
  if (q.stored == stored) return;
  q.stored = stored;
  if (stored) {
    ++q.owner->stored_queues;
  } else {
    --q.owner->stored_queues;
  }
}

// How many more entries the queue may have in memory.
std::size_t frontier::room(const queue& q) {
  const frontier_window& w = *q.owner->window;
  const auto left = [](std::size_t most, std::size_t used) { return most - std::min(most, used); };
  return std::max(left(w.least, q.ahead()),
                  std::min(left(w.most, q.ahead()), left(w.entries, q.owner->ahead)));
}

// Early enough that the answer comes before the last entry has started, and late enough that it
// brings a good many.
void frontier::ask_if_low(queue& q) {
  if (!q.stored || q.asked) return;
  const frontier_window& w = *q.owner->window;
  const bool roomy = q.owner->ahead < w.entries / 4 * 3;
  if (q.ahead() > (roomy ? w.most / 4 : w.least / 2)) return;
  q.asked = true;
  low_.emplace_back(q.owner->key, q.origin);
}

void frontier::ask_for_origins(crawl& c) {
  if (!c.stored_origins || c.scanning || c.removed) return;
  if (c.queues.size() > c.window->queues / 4 * 3) return;
  c.scanning = true;
  to_scan_.push_back(c.key);
}

}  // namespace orbweaver
