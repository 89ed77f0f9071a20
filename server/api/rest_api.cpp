#include "server/api/rest_api.hpp"

#include "server/api/answers.hpp"
#include "server/api/query.hpp"

namespace orbweaver {

rest_api::rest_api(engine& crawls, store& records, std::size_t max_body, request_caps caps)
    : crawls_(crawls), records_(records), max_body_(max_body), caps_(caps) {}

namespace {

// For the routes that know no query: parameters are refused there as anywhere else.
request_handler without_query(request_handler handle) {
  return [handle = std::move(handle)](request_context& request) -> task<reply> {
    query_reader query(request.target);
    if (const auto wrong = query.finish()) co_return refuse(request, *wrong);
    co_return co_await handle(request);
  };
}

}  // namespace

std::vector<route> rest_api::routes() {
  using context = request_context;
  const auto to = [this](task<reply> (rest_api::*handler)(context&)) {
    return [this, handler](context& c) { return (this->*handler)(c); };
  };
  const auto plain = [to](task<reply> (rest_api::*handler)(context&)) {
    return without_query(to(handler));
  };
  const auto change = [this](engine_call call) {
    return without_query([this, call](context& c) { return change_crawl(c, call); });
  };
  return {
      {"POST", "/v1/crawls", plain(&rest_api::create_crawl), max_body_},
      {"GET", "/v1/crawls", to(&rest_api::list_crawls)},
      {"GET", "/v1/crawls/{id}", plain(&rest_api::show_crawl)},
      {"DELETE", "/v1/crawls/{id}", plain(&rest_api::delete_crawl)},
      {"POST", "/v1/crawls/{id}/pause", change(&engine::pause)},
      {"POST", "/v1/crawls/{id}/resume", change(&engine::resume)},
      {"POST", "/v1/crawls/{id}/cancel", change(&engine::cancel)},
      {"GET", "/v1/crawls/{id}/results", to(&rest_api::show_results)},
      {"GET", "/v1/crawls/{id}/urls", to(&rest_api::show_ledger)},
      {"POST", "/v1/fetch", plain(&rest_api::fetch_page), max_body_},
      {"GET", "/healthz", plain(&rest_api::show_health)},
      {"GET", "/readyz", plain(&rest_api::show_readiness)},
  };
}

task<reply> rest_api::show_health(request_context&) {
  co_return reply::json(200, R"({"status":"ok"})");
}

task<reply> rest_api::show_readiness(request_context& request) {
  if (draining_.load()) co_return refuse(request, problem_code::shutting_down);
  co_return reply::json(200, R"({"status":"ready"})");
}

}  // namespace orbweaver
