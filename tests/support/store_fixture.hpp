#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "crawler/store/database.hpp"
#include "crawler/store/memory_store.hpp"
#include "crawler/store/rocksdb_store.hpp"
#include "tests/support/scratch_folder.hpp"

namespace orbweaver::test {

// A store whose coroutines run on this thread, when something is waited for.
class store_fixture : public testing::Test {
 protected:
  template <class T>
  struct pending {
    std::optional<T> value;
    std::exception_ptr failure;
  };
  // A coroutine under way; it moves on while something is waited for.
  template <class T>
  std::shared_ptr<pending<T>> begin(task<T> t) {
    auto out = std::make_shared<pending<T>>();
    asio::co_spawn(asio::make_strand(context), std::move(t), [out](std::exception_ptr e, T v) {
      out->failure = e;
      out->value.emplace(std::move(v));
    });
    return out;
  }
  std::shared_ptr<bool> begin(task<> t) {
    auto out = std::make_shared<bool>(false);
    asio::co_spawn(asio::make_strand(context), std::move(t),
                   [out](std::exception_ptr) { *out = true; });
    return out;
  }
  template <class T>
  T get(task<T> t) {
    const auto p = begin(std::move(t));
    while (!p->value) context.run_one();
    if (p->failure) std::rethrow_exception(p->failure);
    return std::move(*p->value);
  }
  void get(task<> t) {
    const auto done = begin(std::move(t));
    while (!*done) context.run_one();
  }
  // Does all that can be done without waiting for time to pass.
  void settle() {
    get(kept().flush());
    context.poll();
  }

  virtual store& kept() = 0;

  http_exchange exchange_of(const std::string& url, const std::string& payload) {
    http_exchange out{
        .url = url,
        .request_head = "GET / HTTP/1.1\r\n\r\n",
        .response_head = "HTTP/1.1 200 OK\r\n\r\n",
        .address = "192.0.2.1",
        .time = wall_clock::time_point(std::chrono::microseconds(1'700'000'000'000'001)),
        .hash = kept().prints().of(payload),
        .payload_bytes = payload.size()};
    if (!payload.empty()) out.payload = std::make_shared<const kept_body>(payload);
    return out;
  }

  crawl_header header() {
    auto spec = std::make_shared<crawl_spec>();
    spec->urls = {"http://a.example/"};
    return {.id = crawl, .number = number, .spec = std::move(spec), .state = crawl_state::running};
  }
  void open() {
    crawl = crawl_id::random();
    number = ++last_number;
    next = 0;
    kept().open_crawl(header());
  }
  void finish(outcome leftover = outcome::cancelled) {
    crawl_header h = header();
    h.state = crawl_state::completed;
    h.leftover = leftover;
    kept().finish_crawl(std::move(h), nullptr);
  }
  result<results_page> read(results_query query = {}) {
    settle();
    return get(kept().read(crawl, query));
  }
  // Without repetitions that compression could make use of.
  static std::string letters(std::size_t size) {
    std::minstd_rand random;
    std::string out(size, ' ');
    for (char& c : out) c = static_cast<char>('a' + random() % 26);
    return out;
  }
  static fingerprint print_of(url_id id) { return {id + 1ULL, id * 3ULL + 7}; }

  url_id discover(const std::string& url, url_id referrer = no_url) {
    page_commit c{.crawl = crawl,
                  .first_found = next,
                  .found = {{.url = url, .referrer = referrer, .print = print_of(next)}}};
    kept().commit(std::move(c));
    return next++;
  }
  void end(url_id id, const std::string& url, outcome fate, std::size_t size = 10,
           url_id referrer = no_url, url_id duplicate_of = no_url) {
    page_commit c{.crawl = crawl, .url = id, .fate = fate, .origin = origin_key(url)};
    c.record = record_draft{.members = "\"pad\":\"" + letters(size) + '"',
                            .duplicate_of = duplicate_of,
                            .referrer = referrer};
    kept().commit(std::move(c));
  }
  // One more URL, ended at once, with a record of `size` bytes or so.
  void add(const std::string& url, outcome fate = outcome::fetched, std::size_t size = 10,
           url_id referrer = no_url, url_id duplicate_of = no_url) {
    end(discover(url, referrer), url, fate, size, referrer, duplicate_of);
  }

  // The same, with what archives hold.
  void fetched(url_id id, const std::string& url, std::vector<http_exchange> exchanges) {
    page_commit c{.crawl = crawl, .url = id, .fate = outcome::fetched, .origin = origin_key(url)};
    c.record = record_draft{.members = "\"url\":1"};
    c.exchanges = std::move(exchanges);
    kept().commit(std::move(c));
  }
  void fetched(const std::string& url, std::vector<http_exchange> exchanges) {
    const url_id id = discover(url);
    fetched(id, url, std::move(exchanges));
  }
  void fetched(const std::string& url, const std::string& payload) {
    fetched(url, std::vector<http_exchange>{exchange_of(url, payload)});
  }

  asio::io_context context{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard{
      context.get_executor()};
  crawl_id crawl = crawl_id::random();
  std::uint64_t number = 0;
  std::uint64_t last_number = 0;
  url_id next = 0;
};

}  // namespace orbweaver::test
