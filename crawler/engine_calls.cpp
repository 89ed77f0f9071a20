// What users of the engine ask for: making, listing, pausing and ending crawls.
#include <algorithm>

#include "crawler/engine_impl.hpp"

namespace orbweaver {

result<job*> engine::impl::admit(crawl_spec spec, crawl_client client, bool listed) {
  if (draining_) return make_error_code(service_error::shutting_down);
  if (store_.health() == store_health::full) return make_error_code(service_error::storage_full);
  if (store_.health() == store_health::failing)
    return make_error_code(service_error::storage_failed);
  if (running_.size() >= settings_.max_unfinished_crawls)
    return make_error_code(service_error::too_many_crawls);
  if (const auto why = over_quota(client.account, listed)) return make_error_code(*why);
  auto request = std::make_shared<const crawl_spec>(std::move(spec));
  const fetch_keeps keeps = listed ? kept_of(*request) : fetch_keeps{.prints = store_.prints()};
  job& j = enter(std::make_unique<job>(crawl_id::random(), std::move(request), settings_.user_agent,
                                       listed, wall_clock::now(), ++last_number_, keeps));
  j.client = std::move(client);
  j.run(wall_clock::now(), clock::now());
  store_.open_crawl(j.header());
  discover_seeds(j);
  finish_if_done(j);  // every seed may have been excluded
  pump();
  return &j;
}

result<crawl_status> engine::impl::create(crawl_spec spec, crawl_client client,
                                          const answer_writer& answer) {
  const result<job*> made = admit(std::move(spec), std::move(client), true);
  if (!made) return made.error();
  job& j = **made;
  crawl_status status = status_of_live(j);
  if (answer) {
    j.client.answer = answer(status);
    store_.save_crawl(j.header());
  }
  return status;
}

result<crawl_id> engine::impl::create_fetch(crawl_spec spec, std::string account) {
  spec.scope = scope_kind::list;
  spec.limit = 1;
  crawl_client client{.account = std::move(account)};
  const result<job*> made = admit(std::move(spec), std::move(client), false);
  if (!made) return made.error();
  return (*made)->id;
}

result<crawl_status> engine::impl::status(crawl_id id) const {
  const job* j = find(id);
  if (!j) return make_error_code(service_error::not_found);
  return status_of_live(*j);
}

crawl_status engine::impl::status_of_live(const job& j) const {
  crawl_status out = j.status(clock::now());
  if (is_final(out.state)) return out;
  if (store_.health() == store_health::full)
    out.warnings.emplace_back("The disk is full: nothing is fetched until there is space again.");
  if (store_.health() == store_health::failing)
    out.warnings.emplace_back("The disk fails: nothing is fetched until it can be written again.");
  return out;
}

std::vector<crawl_status> engine::impl::live_status(const std::vector<stored_crawl>& crawls) const {
  std::vector<crawl_status> out;
  out.reserve(crawls.size());
  for (const stored_crawl& crawl : crawls) {
    const job* j = find(crawl.header.id);
    out.push_back(j ? status_of_live(*j) : status_of(crawl));
  }
  return out;
}

result<crawl_status> engine::impl::pause(crawl_id id) {
  job* j = find(id);
  if (!j) return make_error_code(service_error::not_found);
  if (j->state() != crawl_state::running) return make_error_code(service_error::wrong_state);
  frontier_.pause(j->key);
  j->set_state(crawl_state::pausing);
  finish_if_done(*j);
  save_if_changed(*j);
  return status_of_live(*j);
}

result<crawl_status> engine::impl::resume(crawl_id id) {
  job* j = find(id);
  if (!j) return make_error_code(service_error::not_found);
  if (j->state() != crawl_state::pausing && j->state() != crawl_state::paused)
    return make_error_code(service_error::wrong_state);
  if (const auto why = over_quota(j->client.account, false)) return make_error_code(*why);
  j->set_state(crawl_state::running);
  frontier_.resume(j->key);
  finish_if_done(*j);
  save_if_changed(*j);
  pump();
  return status_of_live(*j);
}

result<crawl_status> engine::impl::cancel(crawl_id id) {
  job* j = find(id);
  if (!j) return make_error_code(service_error::not_found);
  if (is_final(j->state())) return make_error_code(service_error::wrong_state);
  finish(*j, crawl_state::cancelled, finish_reason::cancelled, outcome::cancelled);
  pump();
  return status_of_live(*j);
}

void engine::impl::remove(crawl_id id) {
  job* j = find(id);
  if (!j) return;
  // Its records are about to go: readers must not take what they have for the whole.
  if (!is_final(j->state())) stop(*j);
  jobs_.erase(id);
  pump();
}

std::optional<statistics_snapshot> engine::impl::statistics(crawl_id id) const {
  const job* j = find(id);
  if (!j) return std::nullopt;
  return j->statistics();
}

engine_load engine::impl::load() const {
  engine_load out{.crawls = running_.size(),
                  .in_flight = frontier_.in_flight(),
                  .hosts = frontier_.hosts(),
                  .connections = pool_.open_count(),
                  .idle_connections = pool_.idle_count()};
  for (const auto& [key, j] : running_) {
    ++out.by_state[static_cast<std::size_t>(j->state())];
    out.queued += j->queued();
  }
  return out;
}

std::unordered_set<url_id> engine::impl::in_flight(crawl_id id) const {
  std::unordered_set<url_id> out;
  const job* j = find(id);
  if (!j) return out;
  for (const flight& f : flights_)
    if (f.ticket != 0 && f.crawl == j->key && f.url != no_url) out.insert(f.url);
  return out;
}

}  // namespace orbweaver
