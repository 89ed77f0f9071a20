// How a session comes from a request to its answer.
#include <algorithm>
#include <array>
#include <iterator>

#include "common/log.hpp"
#include "server/http/session.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t logged_target = 256;  // bytes of a refused request's

// No route has this path, or none with this method.
reply answer_unknown(const request_head& head, const route_match& match, std::string_view id) {
  if (match.allow.empty()) return reply::refusal(problem_code::not_found, "", id);
  reply out =
      reply::refusal(problem_code::method_not_allowed, "This path knows " + match.allow + ".", id);
  if (head.method == "OPTIONS") {
    out = reply{};
    out.status = 204;
  }
  out.headers.emplace_back("Allow", match.allow);
  return out;
}

}  // namespace

// Who is turned away, and by what. What is wrong with a request concerns its sender alone.
void http_session::log_refusal(const reply& answer, const request_head& head, std::string_view id) {
  constexpr std::array logged{401, 403, 429, 503};
  if (answer.refused_for.empty() || std::ranges::find(logged, answer.status) == logged.end())
    return;
  if (!log_enabled(log_level::info) || !shared_.refusals.has_room(client_.address, clock::now()))
    return;
  log_info("a request is refused",
           {{"request", id},
            {"client", client_.address},
            {"key", key_id()},
            {"status", answer.status},
            {"code", answer.refused_for},
            {"method", head.method},
            {"target", std::string_view(head.target).substr(0, logged_target)}});
}

task<reply> http_session::answer_to(request_parser& parser, std::string id) {
  using stage = request_parser::stage;
  if (parser.where() == stage::head)
    co_return reply::refusal(problem_code::request_timeout, "", id);
  if (parser.where() == stage::failed) co_return reply::from(parser.failure(), id);
  const request_head& head = parser.head();
  const auto target = parse_target(head.target);
  if (!target) {
    parser.allow_body(0);
    co_return reply::refusal(problem_code::malformed_request, "The request target is not valid.",
                             id);
  }

  const route_match match = shared_.routes.match(head.method, target->path);
  admission admitted = shared_.routes.admit(head, *target, client_, match.found);
  key_ = admitted.key;
  reply out;
  if (admitted.refused) {
    parser.allow_body(0);
    out = reply::from(*admitted.refused, id);
  } else if (!parser.allow_body(match.found ? match.found->body_limit : default_body_limit)) {
    out = reply::from(parser.failure(), id);
  } else if (match.found == nullptr) {
    out = answer_unknown(head, match, id);
  } else {
    out = co_await answer_from(match, parser, *target, id, std::move(admitted.key));
  }
  std::ranges::move(admitted.headers, std::back_inserter(out.headers));
  co_return out;
}

task<reply> http_session::answer_from(const route_match& match, request_parser& parser,
                                      const request_target& target, std::string id,
                                      std::shared_ptr<const api_key> key) {
  body_budget::share held(shared_.bodies);
  auto end = body_end::whole;
  if (parser.where() != request_parser::stage::done) end = co_await read_body(parser, held);
  end_waiting();
  deadline_.clear();
  switch (end) {
    case body_end::whole: break;
    case body_end::failed: co_return reply::from(parser.failure(), id);
    case body_end::late: co_return reply::refusal(problem_code::request_timeout, "", id);
    case body_end::broken_off:
      co_return reply::refusal(problem_code::malformed_request, "The body is broken off.", id);
    case body_end::no_room: {
      const problem why{problem_code::overloaded, "", {}, retry_soon};
      co_return reply::from(why, id);
    }
  }
  request_context context{parser.head(),      target, match.captures,
                          parser.take_body(), id,     std::move(key)};
  co_return co_await run_handler(*match.found, context);
}

task<reply> http_session::run_handler(const route& route, request_context& context) {
  begin_watch(&context);
  reply answer = co_await handle(route, context);
  co_await end_watch();
  co_return answer;
}

task<reply> http_session::handle(const route& route, request_context& context) {
  try {
    co_return co_await route.handle(context);
  } catch (const std::exception& e) {
    log_error("a request's handler threw", {{"request", context.id},
                                            {"method", route.method},
                                            {"path", route.path},
                                            {"what", e.what()}});
  }
  co_return reply::refusal(problem_code::internal_error, "", context.id);
}

void http_session::begin_watch(request_context* handled) {
  watching_ = true;
  gone_ = false;
  scope_.spawn(where(), watch_for_end(handled), "watch of a client");
}

// Handlers and producers may be waiting for something else than the client, whose end shows in
// nothing but a read. What is read is kept for the next request; a client that sends more than
// there is room for meanwhile is not watched any further.
task<> http_session::watch_for_end(request_context* handled) {
  while (watching_ && buffer_.size() < buffer_.max_size()) {
    const auto into = buffer_.prepare(std::min(buffer_.max_size() - buffer_.size(), read_bytes));
    const io_result got = stream_->read_some({static_cast<char*>(into.data()), into.size()});
    if (got.status == io_status::ok) buffer_.commit(got.bytes);
    if (got.status == io_status::ok) continue;
    if (got.status == io_status::want_read || got.status == io_status::want_write) {
      const error_code ec = co_await stream_->wait(got.status);
      if (!ec) continue;
      if (ec == asio::error::operation_aborted && !aborted_) co_return;  // the watch is over
    }
    gone_ = true;
    if (!watching_ || handled == nullptr) co_return;
    handled->client_gone = true;
    if (handled->when_gone) co_await handled->when_gone();
    co_return;
  }
}

task<> http_session::end_watch() {
  watching_ = false;
  error_code ignored;
  socket().cancel(ignored);
  co_await scope_.join();
}

}  // namespace orbweaver
