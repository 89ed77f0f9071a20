#pragma once

#include <unordered_map>

#include "common/async/task_scope.hpp"
#include "server/webhooks/webhook_delivery.hpp"

namespace orbweaver {

// Messages since the start.
struct webhook_counts {
  std::uint64_t delivered = 0;
  std::uint64_t given_up = 0;
};

// Tells the webhooks of all crawls that have one, each on its own, and goes on after a restart
// with what had not been told.
class webhooks {
 public:
  webhooks(asio::io_context& context, engine& crawls, store& records, webhook_settings how);
  webhooks(const webhooks&) = delete;
  webhooks& operator=(const webhooks&) = delete;

  // Goes on with the crawls in the store. Once, before any crawl is made.
  void start();
  // Of a crawl just made. From any strand; nothing for one without a webhook.
  void watch(crawl_id id, std::shared_ptr<const crawl_spec> spec);
  // Comes back when no message is under way any more. Once.
  task<> stop();
  // From any strand.
  task<webhook_counts> counts();

 private:
  // Messages on their way at one time, over all crawls.
  static constexpr std::size_t max_at_once = 64;

  task<> recover();
  task<> tell(crawl_id id, std::shared_ptr<const crawl_spec> spec);

  engine& crawls_;
  store& records_;
  webhook_settings how_;
  strand strand_;
  turnstile gate_;
  std::unordered_map<crawl_id, webhook_delivery*, crawl_id_hash> under_way_;  // on strand_
  webhook_counts counts_;  // on strand_, of those that are told no more
  bool stopping_ = false;
  task_scope scope_;
};

}  // namespace orbweaver
