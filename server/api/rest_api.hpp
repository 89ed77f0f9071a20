#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/engine.hpp"
#include "crawler/fetch/decode_codings.hpp"
#include "crawler/job/account_book.hpp"
#include "crawler/store/store.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/idempotency.hpp"
#include "server/http/router.hpp"

namespace orbweaver {

class webhooks;

// Calls of POST /v1/fetch at work at one time: each holds a connection until its page is there, and
// the others are for everybody else.
inline constexpr std::size_t max_page_fetches = 256;
static_assert(max_page_fetches < http_limits{}.connections);

// Bodies decoded at one time for clients that cannot; each may be as large as the largest page.
inline constexpr std::size_t max_body_decodings = 64;

// The REST API over one engine and one store. Its handlers run on their sessions' strands.
class rest_api {
 public:
  // `max_body`: of a request that has one, bytes.
  // `metrics`: what GET /metrics answers.
  rest_api(engine& crawls, store& records, account_book& accounts, webhooks& hooks,
           std::function<task<std::string>()> metrics, std::size_t max_body, request_caps caps);
  rest_api(const rest_api&) = delete;
  rest_api& operator=(const rest_api&) = delete;

  // The routing table. Refers to this object.
  std::vector<route> routes();

  // Learns from the store which requests must not be repeated. Once, before the first request.
  task<> recall_requests();

  // From now on new work is refused, and the service says that it is not ready.
  void begin_drain() noexcept { draining_.store(true); }

 private:
  // crawls.cpp
  task<reply> create_crawl(request_context& request);
  task<reply> make_once(request_context& request, const crawl_client& client);
  task<reply> make_crawl(request_context& request, const crawl_client& client);
  void know_account(const request_context& request);
  task<reply> list_crawls(request_context& request);
  task<reply> show_crawl(request_context& request);
  task<reply> delete_crawl(request_context& request);
  using engine_call = task<result<crawl_status>> (engine::*)(crawl_id);
  task<reply> change_crawl(request_context& request, engine_call call);
  // results.cpp
  task<reply> show_results(request_context& request);
  task<reply> page_of_results(request_context& request, crawl_id id, results_query query);
  // archive.cpp
  task<reply> archive_of(request_context& request, crawl_id id, bool index, bool follow);
  // bodies.cpp
  task<reply> show_body(request_context& request);
  task<reply> unchanged_body(request_context& request, const stored_exchange& one);
  task<reply> headless_body(request_context& request, const stored_exchange& one);
  task<reply> body_of(request_context& request, const http_exchange& exchange,
                      std::string_view response_head);
  task<reply> as_it_came(request_context& request, const http_exchange& exchange, reply out);
  // Makes a body of what came; false when it is none that can be decoded.
  using undoing = std::function<bool(const std::string& wire, std::string& body)>;
  // `codings`: what it is called when it cannot be decoded.
  task<reply> decoded(request_context& request, const http_exchange& exchange, undoing undo,
                      std::string codings, reply out);
  // Patterns in a request take time to compile: it is read off the loop.
  task<parsed_request> read_request(const request_context& request,
                                    parsed_request (*parse)(std::string_view, const request_caps&));
  // ledger.cpp
  task<reply> show_ledger(request_context& request);
  // fetch_page.cpp
  task<reply> fetch_page(request_context& request);

  // events.cpp
  task<reply> show_events(request_context& request);
  task<reply> show_statistics(request_context& request);
  // about.cpp
  task<reply> show_about(request_context& request);

  // rest_api.cpp
  task<reply> show_health(request_context& request);
  task<reply> show_readiness(request_context& request);
  task<reply> show_metrics(request_context& request);
  task<reply> show_description(request_context& request);

  engine& crawls_;
  store& records_;
  account_book& accounts_;
  idempotency_table requests_;
  webhooks& webhooks_;
  std::function<task<std::string>()> metrics_;
  std::size_t max_body_;
  request_caps caps_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> fetches_{0};
  std::atomic<std::size_t> body_decodings_{0};
};

}  // namespace orbweaver
