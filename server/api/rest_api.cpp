#include "server/api/rest_api.hpp"

#include <nlohmann/json.hpp>

#include "server/api/answers.hpp"
#include "server/api/json_document.hpp"
#include "server/api/openapi/document.hpp"
#include "server/api/operation.hpp"
#include "server/api/query.hpp"

namespace orbweaver {

rest_api::rest_api(engine& crawls, store& records, account_book& accounts, webhooks& hooks,
                   std::function<task<std::string>()> metrics, std::size_t max_body,
                   request_caps caps)
    : crawls_(crawls),
      records_(records),
      accounts_(accounts),
      webhooks_(hooks),
      metrics_(std::move(metrics)),
      max_body_(max_body),
      caps_(caps) {}

namespace {

std::string_view store_state(store_health health) {
  switch (health) {
    case store_health::full: return "full";
    case store_health::failing: return "failing";
    case store_health::well:
    case store_health::congested: break;
  }
  return "well";
}

// For the calls that know no query: parameters are refused there as anywhere else.
request_handler without_query(request_handler handle) {
  return [handle = std::move(handle)](request_context& request) -> task<reply> {
    query_reader query(request.target, {});
    if (const auto wrong = query.finish()) co_return refuse(request, *wrong);
    co_return co_await handle(request);
  };
}

}  // namespace

std::vector<route> rest_api::routes() {
  std::vector<route> out;
  const auto serve = [&](std::string_view id, request_handler handle) {
    const operation& op = operation_named(id);
    if (op.query.empty()) handle = without_query(std::move(handle));
    const bool has_body = op.body != body_kind::none;
    out.push_back({op.method, op.path, std::move(handle), has_body ? max_body_ : default_body_limit,
                   access_of(op), op.vital});
  };
  const auto to = [this](task<reply> (rest_api::*handler)(request_context&)) {
    return [this, handler](request_context& c) { return (this->*handler)(c); };
  };
  const auto change = [this](engine_call call) {
    return [this, call](request_context& c) { return change_crawl(c, call); };
  };
  serve("createCrawl", to(&rest_api::create_crawl));
  serve("listCrawls", to(&rest_api::list_crawls));
  serve("getCrawl", to(&rest_api::show_crawl));
  serve("deleteCrawl", to(&rest_api::delete_crawl));
  serve("pauseCrawl", change(&engine::pause));
  serve("resumeCrawl", change(&engine::resume));
  serve("cancelCrawl", change(&engine::cancel));
  serve("getResults", to(&rest_api::show_results));
  serve("getBody", to(&rest_api::show_body));
  serve("getLedger", to(&rest_api::show_ledger));
  serve("getEvents", to(&rest_api::show_events));
  serve("getStatistics", to(&rest_api::show_statistics));
  serve("fetchPage", to(&rest_api::fetch_page));
  serve("getAbout", to(&rest_api::show_about));
  serve("getHealth", to(&rest_api::show_health));
  serve("getReadiness", to(&rest_api::show_readiness));
  serve("getMetrics", to(&rest_api::show_metrics));
  serve("getDescription", to(&rest_api::show_description));
  if (out.size() != operations().size()) throw std::logic_error("an operation has no handler");
  return out;
}

task<reply> rest_api::show_health(request_context&) {
  co_return reply::json(200, R"({"status":"ok"})");
}

// Whoever waits for the disk is ready all the same: everything can be read, and deleted.
task<reply> rest_api::show_readiness(request_context& request) {
  if (draining_.load()) co_return refuse(request, problem_code::shutting_down);
  nlohmann::ordered_json out{{"status", "ready"}, {"store", store_state(records_.health())}};
  if (const std::string doubt = records_.doubt(); !doubt.empty()) out["doubt"] = doubt;
  co_return reply::json(200, json_text(out));
}

task<reply> rest_api::show_metrics(request_context&) {
  reply out;
  out.content_type = metrics_media_type;
  out.body = co_await metrics_();
  co_return out;
}

// It never changes while the service runs.
task<reply> rest_api::show_description(request_context&) {
  static const std::string document = openapi_document();
  co_return reply::json(200, document);
}

}  // namespace orbweaver
