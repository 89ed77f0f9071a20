#include "server/http/listener.hpp"

#include <vector>

#include "common/log.hpp"

namespace orbweaver {
namespace {

constexpr int backlog = 1024;
constexpr std::chrono::milliseconds accept_pause{200};  // when the process is out of descriptors
// Clients that are served although the crawls have taken all other descriptors.
constexpr std::size_t reserved_descriptors = 8;

}  // namespace

http_listener::http_listener(asio::io_context& context, deadline_service& deadlines,
                             const router& routes, http_limits limits, tls_server* tls)
    : strand_(asio::make_strand(context)),
      context_(context),
      shared_(routes, limits, deadlines, tls),
      acceptor_(strand_),
      reserve_(reserved_descriptors),
      patience_(deadlines, strand_, [this] { tell_all(&http_session::abort); }),
      accepting_(strand_),
      sessions_(strand_),
      refusals_(strand_) {}

result<asio::ip::tcp::endpoint> http_listener::start(const asio::ip::tcp::endpoint& at) {
  error_code ec;
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(backlog, ec);
  if (ec) return ec;
  accepting_.spawn(strand_, accept_all(), "listener");
  return acceptor_.local_endpoint();
}

task<> http_listener::accept_all() {
  bool warned = false;
  while (acceptor_.is_open()) {
    const strand where = asio::make_strand(context_);
    auto [ec, socket] = co_await acceptor_.async_accept(where, as_ec);
    if (!ec) {
      warned = false;
      take(std::move(socket));
      reserve_.refill();
      continue;
    }
    if (ec == asio::error::operation_aborted) continue;
    if (ec == asio::error::no_descriptors && reserve_.release()) continue;
    reserve_.refill();
    if (!std::exchange(warned, true)) log_warn("cannot accept connections", {{"why", ec}});
    timer pause(strand_, accept_pause);
    co_await pause.async_wait(as_ec);
  }
}

void http_listener::take(tcp_socket socket) {
  const strand where = socket.get_executor();
  const bool over = !has_place(false);
  if (over && !has_place(true)) return;
  auto session = std::make_shared<http_session>(std::move(socket), shared_);
  add(session, over);
  if (over) {
    refusals_.spawn(where, refuse(std::move(session)), "refused session");
  } else {
    sessions_.spawn(where, serve(std::move(session)), "session");
  }
}

// Whether one more may come in, among those within or over the limit; somebody may have to go.
bool http_listener::has_place(bool over) {
  const std::size_t most = over ? max_refusals + shared_.known_over : shared_.limits.connections;
  const std::size_t now = over ? refusals_.size() : sessions_.size();
  return now < most || (now < most + max_leaving && free_place(over));
}

// While it lives, a session can be told something; after that its address may be another's.
class http_listener::listing {
 public:
  listing(http_listener& in, http_session* session) : in_(in), session_(session) {}
  ~listing() { in_.remove(session_); }
  listing(const listing&) = delete;
  listing& operator=(const listing&) = delete;

 private:
  http_listener& in_;
  http_session* session_;
};

task<> http_listener::serve(session_ptr session) {
  const listing listed(*this, session.get());
  co_await session->run();
}

task<> http_listener::refuse(session_ptr session) {
  const listing listed(*this, session.get());
  co_await session->refuse();
}

void http_listener::add(const session_ptr& session, bool over) {
  const std::scoped_lock lock(mutex_);
  live_.insert_or_assign(session.get(), live_session{session, over});
}

void http_listener::remove(http_session* session) {
  const std::scoped_lock lock(mutex_);
  live_.erase(session);
}

// Whoever connects and then keeps still, sends a request a byte at a time or hardly reads its
// answer does not keep others out: the one that has done so for longest goes. false: there is none.
bool http_listener::free_place(bool over) {
  const std::scoped_lock lock(mutex_);
  session_ptr longest;
  clock::time_point since = clock::now();
  for (const auto& [key, one] : live_) {
    if (one.over != over) continue;
    const session_ptr session = one.session.lock();
    if (!session) continue;
    const auto may_go = session->may_go_since();
    if (may_go == clock::time_point() || may_go > since) continue;
    since = may_go;
    longest = session;
  }
  if (!longest || !longest->claim_place()) return false;
  asio::post(longest->where(), [longest] { longest->yield_place(); });
  return true;
}

void http_listener::tell_all(void (http_session::*what)()) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, one] : live_) {
    const session_ptr session = one.session.lock();
    if (session) asio::post(session->where(), [session, what] { (session.get()->*what)(); });
  }
}

task<> http_listener::stop(clock::duration grace) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  error_code ignored;
  acceptor_.close(ignored);
  co_await accepting_.join();
  shared_.ending.store(true);
  tell_all(&http_session::end);
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  patience_.expires_after(grace);
  co_await sessions_.join();
  co_await refusals_.join();
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  patience_.clear();
  co_await asio::post(use_task);
}

}  // namespace orbweaver
