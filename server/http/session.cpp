#include "server/http/session.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <cstdio>

#include "common/log.hpp"
#include "crawler/fetch/http_date.hpp"
#include "crawler/model.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t read_bytes = 16 << 10;  // one read at most
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t write_bytes = 64 << 10;  // one slice: the client has limits.write for it

std::string next_request_id(http_shared& shared) {
  static const crawl_id run = crawl_id::random();
  return run.to_string().substr(16) + "-" + std::to_string(++shared.requests);
}

reply refusal(problem_code code, std::string detail, std::string_view id) {
  const problem p{code, std::move(detail), {}};
  return reply::from(p, id);
}

std::string head_for(const reply& answer, std::string_view id, bool http_1_1, bool keep_alive) {
  const std::string date =
      format_http_date(std::chrono::floor<std::chrono::seconds>(wall_clock::now()));
  const reply_context context{id, date, http_1_1, keep_alive};
  return head_of(answer, context);
}

}  // namespace

// Sends each piece as one chunk (RFC 9112 section 7.1), or as it is where the client knows none.
class http_session::chunk_writer final : public body_writer {
 public:
  chunk_writer(http_session& session, bool chunked) : session_(session), chunked_(chunked) {}

  task<bool> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view slice = bytes.substr(0, write_bytes);
      bytes.remove_prefix(slice.size());
      if (gone()) co_return false;
      const bool sent = co_await write_slice(slice);
      if (!sent) co_return false;
    }
    co_return !gone();
  }

  task<bool> finish() {
    if (!chunked_) co_return true;
    co_return co_await session_.write("0\r\n\r\n");
  }

  bool gone() const noexcept override { return session_.gone_ || session_.aborted_; }
  bool ending() const noexcept override { return session_.shared_.ending.load(); }

 private:
  task<bool> write_slice(std::string_view slice) {
    if (!chunked_) co_return co_await session_.write(slice);
    std::array<char, 20> size;
    const int n = std::snprintf(size.data(), size.size(), "%zx\r\n", slice.size());
    std::string chunk(size.data(), static_cast<std::size_t>(n));
    chunk.append(slice).append("\r\n");
    co_return co_await session_.write(chunk);
  }

  http_session& session_;
  bool chunked_;
};

http_session::http_session(tcp_socket socket, http_shared& shared)
    : shared_(shared),
      socket_(std::move(socket)),
      buffer_(shared.limits.header_bytes),
      deadline_(shared.deadlines, socket_.get_executor(), [this] { expire(); }),
      scope_(socket_.get_executor()) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
}

task<> http_session::run() {
  bool more = true;
  while (more) {
    more = co_await serve_one();
    served_ = true;
  }
  co_await close();
}

task<> http_session::refuse() {
  const std::string id = next_request_id(shared_);
  reply answer = refusal(problem_code::too_many_connections, "", id);
  answer.headers.emplace_back("Retry-After", "1");
  const std::string text = head_for(answer, id, true, false) + answer.body;
  unread_ = true;
  const bool sent = co_await write(text);
  if (sent) co_await close();
}

void http_session::end() {
  error_code ignored;
  if (idle_) socket_.cancel(ignored);
}

void http_session::abort() {
  aborted_ = true;
  error_code ignored;
  socket_.close(ignored);
}

void http_session::expire() {
  error_code ignored;
  socket_.cancel(ignored);
}

// One request and its answer. false: no other follows.
task<bool> http_session::serve_one() {
  request_parser parser(shared_.limits);
  const bool asked = co_await read_head(parser);
  if (!asked) co_return false;
  const auto begun = clock::now();
  const std::string id = next_request_id(shared_);
  reply answer = co_await answer_to(parser, id);
  deadline_.clear();

  unread_ = parser.where() != request_parser::stage::done;
  const bool http_1_1 = parser.head().http_1_1;
  const bool endless = answer.produce && !http_1_1;  // only its close ends such a body
  const bool keep = !unread_ && parser.keep_alive() && !endless && !shared_.ending.load();
  std::string head = head_for(answer, id, http_1_1 || parser.head().method.empty(), keep);
  const bool body_wanted = parser.head().method != "HEAD";
  const bool sent = co_await send(answer, std::move(head), body_wanted, http_1_1);
  deadline_.clear();
  log_debug("answered", {{"request", id},
                         {"method", parser.head().method},
                         {"target", parser.head().target},
                         {"status", answer.status},
                         {"seconds", clock::now() - begun},
                         {"whole", sent}});
  if (!sent) {
    abort();
    co_return false;
  }
  co_return keep;
}

// false: there is nothing to answer.
task<bool> http_session::read_head(request_parser& parser) {
  if (served_) {
    deadline_.expires_after(shared_.limits.idle);
  } else {
    deadline_.expires_after(shared_.limits.header);
  }
  bool begun = false;
  feed(parser);
  while (parser.where() == request_parser::stage::head) {
    if (!begun && parser.has_begun()) {
      begun = true;
      deadline_.expires_after(shared_.limits.header);
    }
    idle_ = !begun;
    bool more = !idle_ || !shared_.ending.load() || has_input();
    if (more) more = co_await read_more();
    // end() wakes an idle session; a request that had come by then is still served.
    if (!more && idle_ && shared_.ending.load() && has_input()) more = co_await read_more();
    idle_ = false;
    // Too late, but part of a request: answer_to() says so.
    if (!more) co_return begun&& deadline_.expired();
    feed(parser);
  }
  deadline_.clear();
  co_return true;
}

// false: the body is not complete, and parser.failure() or the deadline says why.
task<bool> http_session::read_body(request_parser& parser) {
  if (parser.expects_continue() && buffer_.size() == 0) {
    const bool asked = co_await write(go_on);
    if (!asked) co_return false;
  }
  deadline_.expires_after(shared_.limits.body);
  for (;;) {
    feed(parser);
    if (parser.where() == request_parser::stage::done) co_return true;
    if (parser.where() == request_parser::stage::failed) co_return false;
    const bool more = co_await read_more();
    if (!more) co_return false;
  }
}

// false: nothing came, or there is no room for it.
task<bool> http_session::read_more() {
  const std::size_t room = std::min(buffer_.max_size() - buffer_.size(), read_bytes);
  if (room == 0 || aborted_ || deadline_.expired()) co_return false;
  const auto into = buffer_.prepare(room);
  const auto [ec, n] = co_await socket_.async_read_some(into, as_ec);
  if (ec) co_return false;
  buffer_.commit(n);
  co_return true;
}

bool http_session::has_input() {
  error_code ec;
  return !aborted_ && socket_.available(ec) != 0 && !ec;
}

void http_session::feed(request_parser& parser) {
  for (;;) {
    const auto data = buffer_.cdata();
    const std::size_t used = parser.put({static_cast<const char*>(data.data()), data.size()});
    buffer_.consume(used);
    if (used == 0 || parser.where() != request_parser::stage::body) return;
    if (buffer_.size() == 0) return;
  }
}

task<reply> http_session::answer_to(request_parser& parser, std::string id) {
  using stage = request_parser::stage;
  if (parser.where() == stage::head) co_return refusal(problem_code::request_timeout, "", id);
  if (parser.where() == stage::failed) co_return reply::from(parser.failure(), id);
  const request_head& head = parser.head();
  const auto target = parse_target(head.target);
  if (!target) {
    parser.allow_body(0);
    co_return refusal(problem_code::malformed_request, "The request target is not valid.", id);
  }

  route_match match = shared_.routes.match(head.method, target->path);
  const std::size_t limit = match.found == nullptr ? default_body_limit : match.found->body_limit;
  if (!parser.allow_body(limit)) co_return reply::from(parser.failure(), id);
  if (match.found == nullptr) {
    if (match.allow.empty()) co_return refusal(problem_code::not_found, "", id);
    reply out =
        refusal(problem_code::method_not_allowed, "This path knows " + match.allow + ".", id);
    if (head.method == "OPTIONS") {
      out = reply{};
      out.status = 204;
    }
    out.headers.emplace_back("Allow", match.allow);
    co_return out;
  }

  bool whole = parser.where() == stage::done;
  if (!whole) whole = co_await read_body(parser);
  if (!whole) {
    if (parser.where() == stage::failed) co_return reply::from(parser.failure(), id);
    if (deadline_.expired()) co_return refusal(problem_code::request_timeout, "", id);
    co_return refusal(problem_code::malformed_request, "The body is broken off.", id);
  }
  deadline_.clear();
  request_context context{head, *target, std::move(match.captures), parser.take_body(), id};
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
  co_return refusal(problem_code::internal_error, "", context.id);
}

// false: not sent whole.
task<bool> http_session::send(const reply& answer, std::string head, bool body_wanted,
                              bool chunked) {
  if (!body_wanted) co_return co_await write(head);
  if (answer.produce) {
    const bool begun = co_await write(head);
    if (!begun) co_return false;
    co_return co_await stream(answer, chunked);
  }
  if (head.size() + answer.body.size() <= write_bytes) {
    head += answer.body;
    co_return co_await write(head);
  }
  const bool begun = co_await write(head);
  if (!begun) co_return false;
  co_return co_await write(answer.body);
}

task<bool> http_session::stream(const reply& answer, bool chunked) {
  begin_watch(nullptr);
  chunk_writer writer(*this, chunked);
  bool whole = false;
  try {
    whole = co_await answer.produce(writer);
  } catch (const std::exception& e) {
    log_error("a streamed answer's producer threw", {{"what", e.what()}});
  }
  if (whole) whole = co_await writer.finish();
  co_await end_watch();
  co_return whole;
}

void http_session::begin_watch(request_context* handled) {
  watching_ = true;
  gone_ = false;
  scope_.spawn(socket_.get_executor(), watch_for_end(handled), "watch of a client");
}

// Handlers and producers may be waiting for something else than the client, whose end shows in
// nothing but a read. What is read is kept for the next request; a client that sends more than
// there is room for meanwhile is not watched any further.
task<> http_session::watch_for_end(request_context* handled) {
  while (watching_ && buffer_.size() < buffer_.max_size()) {
    const auto into = buffer_.prepare(std::min(buffer_.max_size() - buffer_.size(), read_bytes));
    const auto [ec, n] = co_await socket_.async_read_some(into, as_ec);
    buffer_.commit(n);
    if (!ec) continue;
    if (ec == asio::error::operation_aborted && !aborted_) co_return;  // the watch is over
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
  socket_.cancel(ignored);
  co_await scope_.join();
}

task<bool> http_session::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (aborted_) co_return false;
    const auto slice = asio::buffer(bytes.data(), std::min(bytes.size(), write_bytes));
    deadline_.expires_after(shared_.limits.write);
    const auto [ec, n] = co_await asio::async_write(socket_, slice, as_ec);
    if (ec) co_return false;
    bytes.remove_prefix(n);
  }
  deadline_.clear();
  co_return true;
}

// A close while bytes of the client are unread, or still coming, resets the connection and with
// it the answer on its way (RFC 9112 section 9.6). So they are read for a while, and dropped.
task<> http_session::close() {
  error_code ec;
  socket_.shutdown(tcp_socket::shutdown_send, ec);
  if (unread_ && !ec) {
    deadline_.expires_after(shared_.limits.linger);
    bool more = true;
    while (more) {
      buffer_.consume(buffer_.size());
      more = co_await read_more();
    }
    deadline_.clear();
  }
  socket_.close(ec);
}

}  // namespace orbweaver
