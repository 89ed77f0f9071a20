#pragma once

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "common/async/deadline.hpp"
#include "common/async/task.hpp"
#include "common/async/task_scope.hpp"
#include "common/net/tls_server.hpp"
#include "server/http/answer_counts.hpp"
#include "server/http/body_budget.hpp"
#include "server/http/limits.hpp"
#include "server/http/refusal_log.hpp"
#include "server/http/retry_soon.hpp"
#include "server/http/router.hpp"

namespace orbweaver {

// Requests with a right key that are answered at one time over the limit of connections.
inline constexpr std::size_t max_known_over = 256;

// What the sessions of one listener have in common.
struct http_shared {
  // `tls`: over which everybody speaks; null: over none.
  http_shared(const router& routes, const http_limits& limits, deadline_service& deadlines,
              tls_server* tls);

  const router& routes;
  const http_limits limits;
  deadline_service& deadlines;
  tls_server* const tls;
  body_budget bodies;
  answer_counts answers;
  refusal_log refusals;
  std::atomic<std::size_t> known_over{
      0};                           // requests with a right key being answered over the limit
  std::atomic<bool> ending{false};  // answers close their connection, follow streams end

  // Unlike that of any other request, of an earlier process as well.
  std::string next_request_id();

 private:
  const std::string run_;  // names this process
  std::atomic<std::uint64_t> requests_{0};
};

// One connection: reads requests one after the other and answers each before the next. All calls
// on the strand of its socket.
class http_session {
 public:
  http_session(tcp_socket connection, http_shared& shared);
  http_session(const http_session&) = delete;
  http_session& operator=(const http_session&) = delete;

  // Until the connection has ended. Called once.
  task<> run();
  // For a connection too many: one request, and if neither a vital route is asked for nor a right
  // key comes with it, it is answered 503.
  task<> refuse();

  // The request at work is still answered; without one, the connection closes.
  void end();
  // Closes the connection now.
  void abort();

  // Since when its place is another's who wants it, for it waits for its client; may lie ahead. The
  // epoch: it does not wait, or for a client with a right key. From any thread.
  clock::time_point may_go_since() const noexcept {
    return clock::time_point(clock::duration(may_go_since_.load()));
  }
  // Tells it to make room for another connection, unless its wait is over by then. false: somebody
  // else has told it. From any thread; what follows happens on its strand.
  bool claim_place() noexcept { return may_go_since_.exchange(0) != 0; }
  void yield_place();

  strand where() { return socket().get_executor(); }

 private:
  class chunk_writer;
  static constexpr std::size_t read_bytes = 16 << 10;  // one read at most

  tcp_socket& socket() noexcept { return stream_->socket(); }
  task<bool> shake_hands();
  task<bool> serve_one();
  task<bool> respond(request_parser& parser);
  task<bool> read_head(request_parser& parser);
  void begin_waiting(clock::duration patience);
  void end_waiting();
  enum class standing : std::uint8_t { vital, known, neither };
  standing standing_of(const request_parser& parser) const;
  enum class body_end : std::uint8_t { whole, failed, late, broken_off, no_room };
  task<body_end> read_body(request_parser& parser, body_budget::share& held);
  task<bool> read_more();
  bool has_input();
  void feed(request_parser& parser);
  task<reply> answer_to(request_parser& parser, std::string id);
  task<reply> answer_from(const route_match& match, request_parser& parser,
                          const request_target& target, std::string id,
                          std::shared_ptr<const api_key> key);
  task<reply> run_handler(const route& route, request_context& context);
  static task<reply> handle(const route& route, request_context& context);

  static std::string head_for(const reply& answer, std::string_view id, bool http_1_1,
                              bool keep_alive);
  void log_refusal(const reply& answer, const request_head& head, std::string_view id);
  std::string_view key_id() const noexcept { return key_ ? std::string_view(key_->id) : "none"; }

  task<bool> send(const reply& answer, std::string head, bool body_wanted, bool chunked);
  task<bool> send_stream(const reply& answer, bool chunked);
  task<bool> write(std::string_view bytes);
  task<bool> write_slice(std::string_view slice);
  // false: the other end has closed, or the wait was ended by the deadline or by abort().
  task<bool> wait(io_status want);
  void begin_watch(request_context* handled);
  task<> watch_for_end(request_context* handled);
  task<> end_watch();
  task<> close();
  void expire();

  http_shared& shared_;
  tls_stream* tls_ = nullptr;  // of stream_
  std::unique_ptr<stream> stream_;
  client_info client_;
  std::string request_id_;  // of the request at work
  boost::beast::flat_buffer buffer_;
  deadline deadline_;
  std::shared_ptr<const api_key> key_;  // that the request at work came with, if it is right
  std::atomic<clock::rep> may_go_since_{0};
  bool waiting_ = false;  // likewise, but for who has claimed its place
  bool served_ = false;   // a request was answered on this connection
  bool idle_ = false;     // between two requests
  bool unread_ = false;   // the client may be sending what nobody will read
  bool aborted_ = false;
  bool refusing_ = false;  // one connection too many
  bool gone_ = false;      // the client has closed while a request is worked on
  bool watching_ = false;  // for that
  task_scope scope_;
};

}  // namespace orbweaver
