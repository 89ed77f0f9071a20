#include "server/http/session.hpp"

#include <array>
#include <cstdio>
#include <random>

#include "common/log.hpp"
#include "crawler/fetch/http_date.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string random_digits() {
  std::random_device source;
  std::array<char, 17> out;
  std::snprintf(out.data(), out.size(), "%08x%08x", source(), source());
  return out.data();
}

asio::ip::address address_of(const tcp_socket& socket) {
  error_code gone;  // already: then it is nobody's
  return socket.remote_endpoint(gone).address();
}

std::unique_ptr<stream> stream_over(tcp_socket socket, tls_server* tls, tls_stream*& secure) {
  if (tls == nullptr) return std::make_unique<stream>(std::move(socket));
  std::unique_ptr<tls_stream> out = tls->accept(std::move(socket));
  secure = out.get();
  return out;
}

}  // namespace

http_shared::http_shared(const router& r, const http_limits& l, deadline_service& d, tls_server* t)
    : routes(r), limits(l), deadlines(d), tls(t), bodies(l.bodies), run_(random_digits()) {}

std::string http_shared::next_request_id() { return run_ + "-" + std::to_string(++requests_); }

http_session::http_session(tcp_socket connection, http_shared& shared)
    : shared_(shared),
      stream_(stream_over(std::move(connection), shared.tls, tls_)),
      client_{address_of(stream_->socket()), shared.tls != nullptr},
      buffer_(shared.limits.header_bytes),
      deadline_(shared.deadlines, where(), [this] { expire(); }),
      scope_(where()) {
  error_code ignored;
  socket().native_non_blocking(true, ignored);
  socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  socket().set_option(asio::socket_base::keep_alive(true), ignored);
}

task<> http_session::run() {
  begin_waiting({});
  bool more = co_await shake_hands();
  while (more) {
    more = co_await serve_one();
    served_ = true;
    // Where nothing had to be waited for, others have their turn all the same.
    co_await asio::post(use_task);
  }
  co_await close();
}

// As far as TLS comes before HTTP. false: there is nobody to talk to.
task<bool> http_session::shake_hands() {
  if (tls_ == nullptr) co_return true;
  deadline_.expires_after(shared_.limits.handshake);
  io_result step = tls_->handshake();
  while (step.status != io_status::ok) {
    const bool ready = co_await wait(step.status);
    if (!ready) {
      log_debug("a TLS handshake failed", {{"client", client_.address}});
      co_return false;
    }
    step = tls_->handshake();
  }
  deadline_.clear();
  co_return true;
}

std::string http_session::head_for(const reply& answer, std::string_view id, bool http_1_1,
                                   bool keep_alive) {
  const std::string date =
      format_http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  const reply_context context{id, date, http_1_1, keep_alive};
  return head_of(answer, context);
}

void http_session::end() {
  error_code ignored;
  if (idle_) socket().cancel(ignored);
}

void http_session::begin_waiting(clock::duration patience) {
  waiting_ = true;
  may_go_since_.store((clock::now() + patience).time_since_epoch().count());
}

void http_session::end_waiting() {
  waiting_ = false;
  may_go_since_.store(0);
}

// Reset, for what a slow reader has not taken would stay in the kernel's memory else.
void http_session::yield_place() {
  if (!waiting_) return;
  error_code ignored;
  socket().set_option(asio::socket_base::linger(true, 0), ignored);
  abort();
}

void http_session::abort() {
  aborted_ = true;
  error_code ignored;
  socket().close(ignored);
}

void http_session::expire() {
  error_code ignored;
  socket().cancel(ignored);
}

// One request and its answer. false: no other follows.
task<bool> http_session::serve_one() {
  request_parser parser(shared_.limits);
  key_.reset();
  if (served_) begin_waiting({});
  const bool asked = co_await read_head(parser);
  end_waiting();
  if (!asked || aborted_) co_return false;
  co_return co_await respond(parser);
}

// false: no other request follows.
task<bool> http_session::respond(request_parser& parser) {
  const auto begun = clock::now();
  const std::string id = shared_.next_request_id();
  request_id_ = id;
  const reply out = co_await answer_to(parser, id);
  shared_.answers.count(out.status);
  log_refusal(out, parser.head(), id);
  deadline_.clear();

  unread_ = parser.where() != request_parser::stage::done;
  const bool http_1_1 = parser.head().http_1_1;
  const bool endless = out.produce && !http_1_1;  // only its close ends such a body
  const bool keep =
      !unread_ && !refusing_ && parser.keep_alive() && !endless && !shared_.ending.load();
  std::string head = head_for(out, id, http_1_1 || parser.head().method.empty(), keep);
  const bool body_wanted = parser.head().method != "HEAD";
  const bool sent = co_await send(out, std::move(head), body_wanted, http_1_1);
  deadline_.clear();
  log_debug("answered", {{"request", id},
                         {"client", client_.address},
                         {"key", key_id()},
                         {"method", parser.head().method},
                         {"target", parser.head().target},
                         {"status", out.status},
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
    const bool late = begun && deadline_.expired();
    if (!more) co_return late;
    feed(parser);
  }
  deadline_.clear();
  co_return true;
}

task<http_session::body_end> http_session::read_body(request_parser& parser,
                                                     body_budget::share& held) {
  if (parser.expects_continue() && buffer_.size() == 0) {
    const bool asked = co_await write(go_on);
    if (!asked) co_return body_end::broken_off;
  }
  if (!key_) begin_waiting(shared_.limits.patience);
  const auto begun = clock::now();
  for (std::size_t came = 0;;) {
    came += buffer_.size();
    feed(parser);
    if (!held.grow_to(parser.body_memory())) co_return body_end::no_room;
    if (parser.where() == request_parser::stage::done) co_return body_end::whole;
    if (parser.where() == request_parser::stage::failed) co_return body_end::failed;
    const std::chrono::milliseconds earned(came * 1000 / shared_.limits.body_rate);
    deadline_.expires_at(begun + shared_.limits.body + earned);
    const bool more = co_await read_more();
    if (!more) co_return deadline_.expired() ? body_end::late : body_end::broken_off;
  }
}

// false: nothing came, or there is no room for it.
task<bool> http_session::read_more() {
  const std::size_t room = std::min(buffer_.max_size() - buffer_.size(), read_bytes);
  if (room == 0 || aborted_ || deadline_.expired()) co_return false;
  for (;;) {
    const auto into = buffer_.prepare(room);
    const io_result got = stream_->read_some({static_cast<char*>(into.data()), into.size()});
    if (got.status == io_status::ok) {
      buffer_.commit(got.bytes);
      co_return true;
    }
    const bool ready = co_await wait(got.status);
    if (!ready) co_return false;
  }
}

task<bool> http_session::wait(io_status want) {
  if (want != io_status::want_read && want != io_status::want_write) co_return false;
  if (aborted_ || deadline_.expired()) co_return false;
  const bool by_itself = !waiting_ && !key_;
  if (by_itself) begin_waiting(shared_.limits.patience);
  const error_code ec = co_await stream_->wait(want);
  if (by_itself) end_waiting();
  co_return !ec && !aborted_;
}

bool http_session::has_input() { return !aborted_ && !stream_->is_quiet(); }

void http_session::feed(request_parser& parser) {
  for (;;) {
    const auto data = buffer_.cdata();
    const std::size_t used = parser.put({static_cast<const char*>(data.data()), data.size()});
    buffer_.consume(used);
    if (used == 0 || parser.where() != request_parser::stage::body) return;
    if (buffer_.size() == 0) return;
  }
}

// A close while bytes of the client are unread, or still coming, resets the connection and with
// it the answer on its way (RFC 9112 section 9.6). So they are read for a while, and dropped.
task<> http_session::close() {
  if (aborted_) co_return;
  stream_->end_sending();
  if (unread_) {
    begin_waiting({});
    deadline_.expires_after(shared_.limits.linger);
    bool more = true;
    while (more) {
      buffer_.consume(buffer_.size());
      more = co_await read_more();
    }
    deadline_.clear();
  }
  error_code ignored;
  socket().close(ignored);
}

}  // namespace orbweaver
