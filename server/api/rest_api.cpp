#include "server/api/rest_api.hpp"

#include "server/api/answers.hpp"

namespace orbweaver {

rest_api::rest_api(engine& crawls, store& records, std::size_t max_body)
    : crawls_(crawls), records_(records), max_body_(max_body) {}

std::vector<route> rest_api::routes() {
  using context = request_context;
  const auto to = [this](task<reply> (rest_api::*handler)(context&)) {
    return [this, handler](context& c) { return (this->*handler)(c); };
  };
  const auto change = [this](engine_call call) {
    return [this, call](context& c) { return change_crawl(c, call); };
  };
  const auto health = [this](context&) -> task<reply> { co_return show_health("ok"); };
  const auto readiness = [this](context& c) -> task<reply> { co_return show_readiness(c); };
  return {
      {"POST", "/v1/crawls", to(&rest_api::create_crawl), max_body_},
      {"GET", "/v1/crawls", to(&rest_api::list_crawls)},
      {"GET", "/v1/crawls/{id}", to(&rest_api::show_crawl)},
      {"DELETE", "/v1/crawls/{id}", to(&rest_api::delete_crawl)},
      {"POST", "/v1/crawls/{id}/pause", change(&engine::pause)},
      {"POST", "/v1/crawls/{id}/resume", change(&engine::resume)},
      {"POST", "/v1/crawls/{id}/cancel", change(&engine::cancel)},
      {"GET", "/v1/crawls/{id}/results", to(&rest_api::show_results)},
      {"POST", "/v1/fetch", to(&rest_api::fetch_page)},
      {"GET", "/healthz", health},
      {"GET", "/readyz", readiness},
  };
}

reply rest_api::show_health(std::string_view state) const {
  return reply::json(200, "{\"status\":\"" + std::string(state) + "\"}");
}

reply rest_api::show_readiness(const request_context& request) const {
  if (draining_.load()) return refuse(request, problem_code::shutting_down);
  return show_health("ready");
}

}  // namespace orbweaver
