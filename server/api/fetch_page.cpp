#include "server/api/answers.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

// One of the page fetches that may be under way at once, while it lives.
class place {
 public:
  explicit place(std::atomic<std::size_t>& taken) : taken_(taken), before_(taken.fetch_add(1)) {}
  ~place() { taken_.fetch_sub(1); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  explicit operator bool() const noexcept { return before_ < max_page_fetches; }

 private:
  std::atomic<std::size_t>& taken_;
  std::size_t before_;
};

task<> give_up(engine& crawls, crawl_id id) { co_await crawls.remove(id); }

}  // namespace

task<reply> rest_api::fetch_page(request_context& request) {
  if (draining_.load()) co_return refuse(request, problem_code::shutting_down);
  if (auto wrong = unless_json(request)) co_return std::move(*wrong);
  const place taken(fetches_);
  if (!taken) co_return refuse(request, problem_code::too_many_fetches);
  parsed_request parsed = co_await read_request(request, parse_fetch_request);
  if (auto* errors = std::get_if<std::vector<request_error>>(&parsed))
    co_return refuse_mistakes(request, std::move(*errors));
  crawl_spec spec = std::get<crawl_spec>(std::move(parsed));
  know_account(request);
  const result<crawl_id> id = co_await crawls_.begin_fetch(std::move(spec), account_of(request));
  if (!id) co_return refuse(request, id.error());
  request.when_gone = [this, id = *id] { return give_up(crawls_, id); };
  if (request.client_gone) co_await give_up(crawls_, *id);
  result<std::string> record = co_await crawls_.finish_fetch(*id);
  if (!record) co_return refuse(request, record.error());
  co_return reply::json(200, std::move(*record));
}

}  // namespace orbweaver
