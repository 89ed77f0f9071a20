#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "common/async/deadline.hpp"
#include "common/net/address_policy.hpp"
#include "common/net/resolver.hpp"
#include "crawler/engine.hpp"
#include "crawler/store/open_store.hpp"

namespace orbweaver::test {

// An engine with a store (in memory, unless told otherwise) on `threads` threads, dialling loopback
// addresses only unless told otherwise.
class running_engine {
 public:
  using store_maker = std::function<std::unique_ptr<orbweaver::store>(asio::io_context&)>;

  explicit running_engine(int threads = 1, engine_settings settings = default_settings(),
                          resolver_settings name_servers = {},
                          std::vector<ip_network> allowed = loopback(),
                          const store_options& place = {})
      : running_engine([&](asio::io_context& on) { return open_store(on, place); }, threads,
                       std::move(settings), std::move(name_servers), std::move(allowed)) {}
  // With a store of another making.
  explicit running_engine(const store_maker& make, int threads = 1,
                          engine_settings settings = default_settings(),
                          resolver_settings name_servers = {},
                          std::vector<ip_network> allowed = loopback())
      : context(threads),
        deadlines(context),
        names(context, std::move(name_servers)),
        policy(std::move(allowed)),
        kept_(make(context)),
        store(*kept_),
        engine(context, store, names, deadlines, policy, std::move(settings)) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { context.run(); });
  }
  ~running_engine() {
    call(engine.drain(std::chrono::seconds(0)));
    call(names.close());
    call(store.flush());
    store.give_up();
    deadlines.stop();
    guard_.reset();
    for (auto& t : threads_) t.join();
  }

  static std::vector<ip_network> loopback() {
    return {*ip_network::parse("127.0.0.0/8"), *ip_network::parse("::1/128")};
  }
  static engine_settings default_settings() {
    engine_settings s;
    s.user_agent = "Orbweaver/test (+http://localhost/)";
    s.robots_retries = 0;
    return s;
  }

  // Runs a coroutine on a strand of its own and waits for it.
  template <class T>
  T call(task<T> t) {
    return asio::co_spawn(asio::make_strand(context), std::move(t), asio::use_future).get();
  }

  crawl_status wait_until_final(crawl_id id) {
    for (std::uint64_t after = 0;;) {
      auto page = call(store.read(id, {.after = after, .limit = 1000}));
      if (!page) throw std::runtime_error("no such crawl");
      after = page->next;
      if (page->finished && !page->more) return *call(engine.status(id));
      if (!page->more) call(store.wait(id, after, std::chrono::seconds(5)));
    }
  }

  // Every line of the crawl's ledger, by URL.
  std::map<std::string, ledger_line> ledger(crawl_id id) {
    std::map<std::string, ledger_line> out;
    for (ledger_query query{.limit = 1000};;) {
      auto page = call(store.urls(id, query));
      if (!page) throw std::runtime_error("no such crawl");
      for (ledger_line& line : page->lines)
        if (!out.emplace(line.url, line).second) throw std::runtime_error("twice: " + line.url);
      if (!page->more) return out;
      query.after = page->next;
    }
  }

  std::vector<nlohmann::json> records(crawl_id id) {
    std::vector<nlohmann::json> out;
    for (results_query query{.limit = 1000};;) {
      auto page = call(store.read(id, query));
      if (!page) throw std::runtime_error("no such crawl");
      for (const auto& record : page->records) out.push_back(nlohmann::json::parse(record.json));
      if (!page->more) return out;
      query.after = page->next;
    }
  }

  // Asks until the engine holds what `wanted` says; fails after ten seconds.
  template <class F>
  testing::AssertionResult wait_for_load(F wanted) {
    engine_load l;
    for (const auto give_up = clock::now() + std::chrono::seconds(10); clock::now() < give_up;) {
      l = call(engine.load());
      if (wanted(l)) return testing::AssertionSuccess();
      std::this_thread::yield();
    }
    return testing::AssertionFailure()
           << l.crawls << " crawls, " << l.in_flight << " fetches, " << l.hosts << " hosts, "
           << l.connections << " connections, " << l.idle_connections << " of them idle";
  }

  struct crawl_result {
    crawl_status status;
    std::vector<nlohmann::json> records;
  };
  crawl_result crawl(crawl_spec spec) {
    const crawl_id id = call(engine.create(std::move(spec)))->id;
    crawl_result out;
    out.status = wait_until_final(id);
    out.records = records(id);
    return out;
  }

  asio::io_context context;
  deadline_service deadlines;
  resolver names;
  address_policy policy;

 private:
  std::unique_ptr<orbweaver::store> kept_;

 public:
  orbweaver::store& store;
  orbweaver::engine engine;

 private:
  asio::executor_work_guard<asio::io_context::executor_type> guard_{context.get_executor()};
  std::vector<std::thread> threads_;
};

// The record of `url`; null if there is none.
inline const nlohmann::json* record_of(const std::vector<nlohmann::json>& records,
                                       const std::string& url) {
  for (const auto& r : records)
    if (r.at("url") == url) return &r;
  return nullptr;
}

// How a record says its URL ended: "fetched", or the code of its error or reason.
inline std::string code_of(const nlohmann::json& record) {
  for (const char* const why : {"error", "reason"})
    if (record.contains(why)) return record.at(why).at("code");
  return record.at("outcome");
}

// A resolver that knows what a hosts file says, and asks nobody.
inline resolver_settings names_of(const std::string& hosts_file) {
  resolver_settings out;
  out.hosts_file = hosts_file;
  return out;
}

// A crawl of these seeds without delays.
inline crawl_spec quick_spec(std::vector<std::string> urls) {
  crawl_spec spec;
  spec.urls = std::move(urls);
  spec.delay = seconds_f(0);
  spec.sitemap = sitemap_policy::skip;
  spec.per_host_concurrency = 8;
  return spec;
}

}  // namespace orbweaver::test
