#include "server/webhooks/webhooks.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t crawls_per_read = 100;

void add(webhook_counts& to, const webhook_delivery& from) {
  to.delivered += from.delivered();
  to.given_up += from.given_up();
}

}  // namespace

webhooks::webhooks(asio::io_context& context, engine& crawls, store& records, webhook_settings how)
    : crawls_(crawls),
      records_(records),
      how_(std::move(how)),
      strand_(asio::make_strand(context)),
      gate_(strand_, max_at_once),
      scope_(strand_) {}

void webhooks::start() { scope_.spawn(strand_, recover(), "webhooks"); }

void webhooks::watch(crawl_id id, std::shared_ptr<const crawl_spec> spec) {
  if (spec->webhook) scope_.spawn(strand_, tell(id, std::move(spec)), "webhook");
}

task<> webhooks::stop() {
  auto end = [this] {
    stopping_ = true;
    for (const auto& [id, delivery] : under_way_) delivery->stop();
  };
  co_await run_on(strand_, std::move(end));
  co_await scope_.join();
}

task<webhook_counts> webhooks::counts() {
  auto sum = [this] {
    webhook_counts out = counts_;
    for (const auto& [id, delivery] : under_way_) add(out, *delivery);
    return out;
  };
  co_return co_await run_on(strand_, std::move(sum));
}

// A crawl made meanwhile is told of by both; the first one to come is the one.
task<> webhooks::recover() {
  std::uint64_t before = 0;
  for (bool more = true; more && !stopping_;) {
    const std::vector<stored_crawl> rows =
        (co_await records_.list(before, crawls_per_read)).value();
    for (const stored_crawl& crawl : rows) {
      before = crawl.header.number;
      watch(crawl.header.id, crawl.header.spec);
    }
    more = rows.size() == crawls_per_read;
  }
}

task<> webhooks::tell(crawl_id id, std::shared_ptr<const crawl_spec> spec) {
  if (stopping_ || under_way_.contains(id)) co_return;
  webhook_delivery delivery(strand_, crawls_, records_, id, std::move(spec), how_, gate_);
  under_way_.emplace(id, &delivery);
  co_await delivery.run();
  add(counts_, delivery);
  under_way_.erase(id);
}

}  // namespace orbweaver
