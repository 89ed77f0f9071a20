#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>
#include <vector>

#include "common/async/deadline.hpp"
#include "common/config/settings.hpp"
#include "common/net/address_policy.hpp"
#include "common/net/resolver.hpp"
#include "crawler/engine.hpp"
#include "crawler/job/account_book.hpp"
#include "crawler/store/open_store.hpp"

namespace orbweaver {

// Everything that crawls within this process, put together in one place: one io_context, run by
// the threads the settings ask for, and the parts that live on it. What is declared first lives
// longest.
class crawl_runtime {
 public:
  // Throws store_refused when the store cannot be opened.
  // `for_archive`: a store in memory keeps exchanges for a reader that trims them.
  explicit crawl_runtime(const settings& with, bool for_archive = false);
  // Stops at once what still runs, and joins the threads.
  ~crawl_runtime();
  crawl_runtime(const crawl_runtime&) = delete;
  crawl_runtime& operator=(const crawl_runtime&) = delete;

  // Goes on with the crawls that the store knows as unfinished. Blocks; before start(), if at all.
  void recover();
  // Throws std::system_error if the system gives it no thread; whatever runs by then, runs.
  void start();
  // In order: no further fetch, those under way get `grace`, then everything ends. Blocks; not to
  // be called on a thread of the runtime. A second call does nothing.
  void stop(clock::duration grace);

  asio::io_context& context() noexcept { return context_; }
  deadline_service& deadlines() noexcept { return deadlines_; }
  store& records() noexcept { return *store_; }
  engine& crawls() noexcept { return engine_; }
  const resolver& names() const noexcept { return names_; }
  account_book& accounts() noexcept { return accounts_; }

  // Runs a coroutine on a strand of its own and waits for it; not on a thread of the runtime.
  template <class T>
  T call(task<T> work) {
    return asio::co_spawn(asio::make_strand(context_), std::move(work), asio::use_future).get();
  }

 private:
  std::uint32_t thread_count_;
  asio::io_context context_;
  deadline_service deadlines_;
  resolver names_;
  address_policy policy_;
  std::unique_ptr<store> store_;
  account_book accounts_;
  engine engine_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
  bool stopped_ = false;
};

}  // namespace orbweaver
