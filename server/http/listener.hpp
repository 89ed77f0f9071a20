#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "common/async/task_scope.hpp"
#include "common/error.hpp"
#include "server/http/descriptor_reserve.hpp"
#include "server/http/session.hpp"

namespace orbweaver {

// Connections over the limit that are answered at one time, beside those with a right key. A
// further one takes the place of the one that has waited longest for its client: to say what it
// wants, or to go when it has its answer.
inline constexpr std::size_t max_refusals = 128;
// Connections that are on their way out to make room for others, of each kind.
inline constexpr std::size_t max_leaving = 128;

// Accepts connections and owns their sessions.
class http_listener {
 public:
  // `tls`: over which clients speak; null: over plain TCP.
  http_listener(asio::io_context& context, deadline_service& deadlines, const router& routes,
                http_limits limits, tls_server* tls = nullptr);
  http_listener(const http_listener&) = delete;
  http_listener& operator=(const http_listener&) = delete;

  // Binds and begins to accept; port 0 takes any free one. Called once.
  result<asio::ip::tcp::endpoint> start(const asio::ip::tcp::endpoint& at);

  // Accepts no more, lets requests at work end, closes after `grace` those that have not, and
  // comes back when no session is left.
  task<> stop(clock::duration grace);

  std::size_t connections() const noexcept { return sessions_.size(); }
  answers_by_class answers() const noexcept { return shared_.answers.so_far(); }

 private:
  using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, strand>;
  using session_ptr = std::shared_ptr<http_session>;
  class listing;

  task<> accept_all();
  void take(tcp_socket socket);
  task<> serve(session_ptr session);
  task<> refuse(session_ptr session);
  void add(const session_ptr& session, bool over);
  void remove(http_session* session);
  bool has_place(bool over);
  bool free_place(bool over);
  void tell_all(void (http_session::*what)());

  strand strand_;
  asio::io_context& context_;
  http_shared shared_;
  acceptor acceptor_;
  descriptor_reserve reserve_;
  deadline patience_;  // of stop()
  std::mutex mutex_;   // guards live_
  struct live_session {
    std::weak_ptr<http_session> session;
    bool over;  // the limit
  };
  std::unordered_map<http_session*, live_session> live_;
  task_scope accepting_;
  task_scope sessions_;
  task_scope refusals_;
};

}  // namespace orbweaver
