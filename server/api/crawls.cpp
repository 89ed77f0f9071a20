#include <nlohmann/json.hpp>

#include "server/api/answers.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/cursor.hpp"
#include "server/api/json_document.hpp"
#include "server/api/operation.hpp"
#include "server/api/query.hpp"
#include "server/api/render.hpp"
#include "server/api/rest_api.hpp"
#include "server/api/since.hpp"
#include "server/auth/api_key.hpp"
#include "server/http/retry_soon.hpp"
#include "server/webhooks/webhooks.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view idempotency_field = "Idempotency-Key";

template <class F>
class finally {
 public:
  explicit finally(F what) : what_(std::move(what)) {}
  ~finally() { what_(); }
  finally(const finally&) = delete;
  finally& operator=(const finally&) = delete;

 private:
  F what_;
};

reply show(const crawl_status& status, std::uint16_t code) {
  return reply::json(code, json_text(status_as_json(status)));
}

// "name" or "name=value".
label_query label_of(const std::string& text) {
  const auto mark = text.find('=');
  if (mark == std::string::npos) return {text, std::nullopt};
  return {text.substr(0, mark), text.substr(mark + 1)};
}

// The list that a query asks for, or what is wrong with it.
std::variant<list_query, problem> list_query_of(const request_context& request) {
  query_reader query(request.target, operation_named("listCrawls").query);
  list_query out;
  if (const auto state = query.word("state")) out.state = crawl_state_from_name(*state);
  if (const auto label = query.text("label")) out.label = label_of(*label);
  out.limit = query.whole_number("limit");
  const auto cursor = query.text("cursor");
  if (auto wrong = query.finish()) return std::move(*wrong);
  if (!cursor) return out;
  const auto place = read_cursor(request.target.path, *cursor);
  if (!place) return problem{problem_code::bad_cursor, "", {}};
  out.before = *place;
  return out;
}

reply created(const nlohmann::ordered_json& status) {
  reply out = reply::json(201, json_text(status));
  out.headers.emplace_back("Location", "/v1/crawls/" + status.at("id").get<std::string>());
  return out;
}

// What is kept of the answer to a request that may be repeated: all but what the spec says, which
// can be large.
std::string kept_answer(const crawl_status& status) {
  auto out = status_as_json(status);
  out["request"] = nullptr;
  return json_text(out);
}

reply answer_again(const stored_crawl& crawl) {
  const crawl_header& header = crawl.header;
  // Nobody was answered if the service ended between making the crawl and its answer.
  if (header.client.answer.empty()) return created(status_as_json(status_of(crawl)));
  auto out = nlohmann::ordered_json::parse(header.client.answer);
  out["request"] = request_as_json(*header.spec, max_seeds_in_status);
  return created(out);
}

std::string allowed_actions(const crawl_status& status) {
  std::string out = "The crawl is " + std::string(name(status.state)) + "; it allows ";
  const auto actions = available_actions(status.state);
  return out + listed(actions) + ".";
}

}  // namespace

task<parsed_request> rest_api::read_request(const request_context& request,
                                            parsed_request (*parse)(std::string_view,
                                                                    const request_caps&)) {
  auto work = [this, &request, parse] { return parse(request.body, caps_); };
  const auto pool = crawls_.compute().get_executor();
  co_return co_await run_on(pool, std::move(work));
}

task<reply> rest_api::create_crawl(request_context& request) {
  crawl_client client{.account = account_of(request)};
  if (!request.head.has(idempotency_field)) co_return co_await make_crawl(request, client);
  client.request = request.head.list(idempotency_field);
  if (!is_idempotency_key(client.request))
    co_return refuse(request, problem_code::bad_idempotency_key);
  client.request_hash = hex_of(sha256(request.body));
  for (;;) {
    const auto found =
        requests_.begin(client.account, client.request, client.request_hash, wall_clock::now());
    switch (found.what) {
      case idempotency_table::verdict::fresh: co_return co_await make_once(request, client);
      case idempotency_table::verdict::reused:
        co_return refuse(request, problem_code::idempotency_key_reused);
      case idempotency_table::verdict::running: {
        const problem why{problem_code::idempotency_in_progress, "", {}, retry_soon};
        co_return refuse(request, why);
      }
      case idempotency_table::verdict::repeated: break;
    }
    const result<stored_crawl> crawl = co_await records_.describe(found.crawl);
    if (crawl) co_return answer_again(*crawl);
    if (crawl.error() != service_error::not_found) co_return refuse(request, crawl.error());
    requests_.forget(client.account, client.request, found.crawl);  // it was deleted
  }
}

// Whatever becomes of it, a repetition is not told for ever that it is being worked on.
task<reply> rest_api::make_once(request_context& request, const crawl_client& client) {
  const finally given_up([&] { requests_.give_up(client.account, client.request); });
  co_return co_await make_crawl(request, client);
}

task<reply> rest_api::make_crawl(request_context& request, const crawl_client& client) {
  if (draining_.load()) co_return refuse(request, problem_code::shutting_down);
  if (auto wrong = unless_json(request)) co_return std::move(*wrong);
  parsed_request parsed = co_await read_request(request, parse_crawl_request);
  if (auto* errors = std::get_if<std::vector<request_error>>(&parsed))
    co_return refuse_mistakes(request, std::move(*errors));
  crawl_spec spec = std::get<crawl_spec>(std::move(parsed));
  if (auto mistake = co_await settle_since(records_, spec)) {
    std::vector<request_error> errors{{"/since", std::move(*mistake)}};
    co_return refuse_mistakes(request, std::move(errors));
  }
  engine::answer_writer answer;
  if (!client.request.empty()) answer = kept_answer;
  know_account(request);
  crawl_client asker = client;
  const result<crawl_status> made =
      co_await crawls_.create(std::move(spec), std::move(asker), std::move(answer));
  if (!made) co_return refuse(request, made.error());
  webhooks_.watch(made->id, made->request);
  if (!client.request.empty()) requests_.settle(client.account, client.request, made->id);
  co_return created(status_as_json(*made));
}

// Its quota may be newer than what the book was told.
void rest_api::know_account(const request_context& request) {
  if (request.key) accounts_.set_quota(request.key->id, request.key->quota);
}

// The newest first, and none that is older than a repetition may be.
task<> rest_api::recall_requests() {
  constexpr std::size_t crawls_per_read = 100;
  const auto oldest = wall_clock::now() - idempotency_period;
  std::uint64_t before = 0;
  for (bool more = true; more;) {
    const std::vector<stored_crawl> rows =
        (co_await records_.list(before, crawls_per_read)).value();
    for (const stored_crawl& crawl : rows) {
      const crawl_header& header = crawl.header;
      if (header.created_at < oldest) co_return;
      before = header.number;
      if (!header.client.request.empty())
        requests_.restore(header.client.account, header.client.request, header.client.request_hash,
                          header.id, header.created_at);
    }
    more = rows.size() == crawls_per_read && requests_.size() < max_idempotent_requests;
  }
}

task<reply> rest_api::list_crawls(request_context& request) {
  const auto query = list_query_of(request);
  if (const auto* wrong = std::get_if<problem>(&query)) co_return refuse(request, *wrong);
  const result<list_page> page = co_await crawls_.list(std::get<list_query>(query));
  if (!page) co_return refuse(request, page.error());
  std::string items;
  for (const crawl_status& status : page->crawls) {
    if (!items.empty()) items += ',';
    items += json_text(status_as_json(status, max_seeds_in_list));
  }
  std::optional<std::uint64_t> next;
  if (page->next != 0) next = page->next;
  co_return page_of(request, items, next);
}

task<reply> rest_api::show_crawl(request_context& request) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  const result<crawl_status> status = co_await crawls_.status(*id);
  if (!status) co_return refuse(request, status.error());
  if (!status->request->webhook) co_return show(*status, 200);
  const result<std::string> told = co_await records_.delivery(*id);
  if (!told) co_return refuse(request, told.error());
  nlohmann::ordered_json out = status_as_json(*status);
  out["webhook"] = delivery_as_json(read_delivery_state(*told));
  co_return reply::json(200, json_text(out));
}

task<reply> rest_api::delete_crawl(request_context& request) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  const result<> removed = co_await crawls_.remove(*id);
  if (!removed) co_return refuse(request, removed.error());
  reply out;
  out.status = 204;
  co_return out;
}

task<reply> rest_api::change_crawl(request_context& request, engine_call call) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  const result<crawl_status> changed = co_await (crawls_.*call)(*id);
  if (changed) co_return show(*changed, 202);
  if (changed.error() != service_error::wrong_state) co_return refuse(request, changed.error());
  const result<crawl_status> status = co_await crawls_.status(*id);
  if (!status) co_return refuse(request, status.error());
  co_return refuse(request, problem_code::wrong_state, allowed_actions(*status));
}

}  // namespace orbweaver
