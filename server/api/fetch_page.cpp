#include "server/api/answers.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {

task<reply> rest_api::fetch_page(request_context& request) {
  if (draining_.load()) co_return refuse(request, problem_code::shutting_down);
  if (auto wrong = unless_json(request)) co_return std::move(*wrong);
  parsed_request parsed = parse_fetch_request(request.body);
  if (auto* errors = std::get_if<std::vector<request_error>>(&parsed))
    co_return refuse_mistakes(request, std::move(*errors));
  crawl_spec spec = std::get<crawl_spec>(std::move(parsed));
  result<std::string> record = co_await crawls_.fetch_page(std::move(spec));
  if (!record) co_return refuse(request, record.error());
  co_return reply::json(200, std::move(*record));
}

}  // namespace orbweaver
