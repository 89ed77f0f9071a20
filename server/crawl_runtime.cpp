#include "server/crawl_runtime.hpp"

#include "common/log.hpp"

namespace orbweaver {
namespace {

resolver_settings names_with(const settings& s) {
  resolver_settings out;
  out.servers = s.dns_servers;
  return out;
}

// How the memory is divided: see docs/architecture.md.
engine_settings engine_with(const settings& s, account_book& accounts) {
  engine_settings out;
  out.user_agent = s.user_agent;
  out.max_concurrency = s.max_concurrency;
  out.max_connections = s.max_connections;
  out.max_unfinished_crawls = s.max_crawls;
  out.compute_threads = s.threads;
  out.ca_file = s.ca_file;
  out.max_body_memory = s.memory_budget / 8 * 3;
  out.seen_memory = s.memory_budget / 8;
  out.queue_memory = s.memory_budget / 8;
  out.accounts = &accounts;
  return out;
}

// docs/architecture.md says what the rest of the budget is for.
store_options store_with(const settings& s, bool for_archive) {
  if (s.store == store_kind::memory) return {.directory = {}, .keep_exchanges = for_archive};
  return {.directory = s.data_dir, .memory = s.memory_budget / 4, .min_free_disk = s.min_free_disk};
}

}  // namespace

crawl_runtime::crawl_runtime(const settings& with, bool for_archive)
    : thread_count_(with.threads),
      context_(static_cast<int>(with.threads)),
      deadlines_(context_),
      names_(context_, names_with(with)),
      policy_(with.allow_net),
      store_(open_store(context_, store_with(with, for_archive))),
      engine_(context_, *store_, names_, deadlines_, policy_, engine_with(with, accounts_)),
      work_(context_.get_executor()) {}

crawl_runtime::~crawl_runtime() {
  try {
    stop(clock::duration::zero());
  } catch (const std::exception& e) {
    log_error("stopping failed", {{"what", e.what()}});
    context_.stop();  // nothing ends in order any more, but it ends
  }
  work_.reset();
  for (auto& thread : threads_) thread.join();
}

// On this thread, so that nothing else happens before.
void crawl_runtime::recover() {
  std::exception_ptr failure;
  bool done = false;
  asio::co_spawn(asio::make_strand(context_), engine_.recover(), [&](std::exception_ptr e) {
    failure = e;
    done = true;
  });
  while (!done) context_.run_one();
  if (failure) std::rethrow_exception(failure);
}

void crawl_runtime::start() {
  threads_.reserve(thread_count_);
  for (std::uint32_t i = 0; i < thread_count_; ++i)
    threads_.emplace_back([this] { context_.run(); });
}

void crawl_runtime::stop(clock::duration grace) {
  if (threads_.empty() || std::exchange(stopped_, true)) return;
  auto drained =
      asio::co_spawn(asio::make_strand(context_), engine_.drain(grace), asio::use_future);
  // A look-up cannot be told to stop alone; once the grace is over they all may.
  if (drained.wait_for(grace + deadline_service::resolution) != std::future_status::ready)
    call(names_.close());
  drained.get();
  call(names_.close());
  call(store_->flush());
  store_->give_up();
  deadlines_.stop();
}

}  // namespace orbweaver
