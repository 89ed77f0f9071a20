#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/async/task.hpp"
#include "server/auth/api_key.hpp"
#include "server/http/access_level.hpp"
#include "server/http/reply.hpp"
#include "server/http/request_parser.hpp"
#include "server/http/target.hpp"

namespace orbweaver {

// One request on its way through a handler. Lives until the answer has been sent.
struct request_context {
  const request_head& head;
  const request_target& target;
  std::vector<std::string_view> captures;  // of the path, in order
  std::string body;
  std::string id;                      // of this request, for answers and log lines
  std::shared_ptr<const api_key> key;  // that it came with; null where none is asked for

  // The client has gone while the handler works. A client that has only ended its own sending
  // counts as gone, for from here it looks the same; an answer is sent all the same, but nothing
  // is waited for.
  bool client_gone = false;
  // What to do, once, when that happens: end what is done for this client alone. Set it, and look
  // at client_gone first, on the session's strand.
  std::function<task<>()> when_gone;
};

using request_handler = std::function<task<reply>(request_context&)>;

// Bodies nobody reads are accepted up to this, bytes.
inline constexpr std::size_t default_body_limit = 64 << 10;

// Who sends a request, as its connection knows.
struct client_info {
  asio::ip::address address;
  bool secure = false;  // over TLS
};

struct route {
  std::string_view method;
  std::string_view path;  // "/v1/crawls/{id}/pause": a part in braces captures any one part
  request_handler handle;
  std::size_t body_limit = default_body_limit;
  access_level access = access_level::open;
  bool vital = false;  // answered as well when there are too many connections
};

struct route_match {
  const route* found = nullptr;            // null: see allow
  std::vector<std::string_view> captures;  // parts of the path that was given
  std::string allow;                       // the methods this path has; empty: it is unknown
};

// Whether a request may come in.
struct admission {
  std::optional<problem> refused;
  std::vector<std::pair<std::string, std::string>> headers;  // of the answer, whichever it is
  std::shared_ptr<const api_key> key;  // whose request it is; null where no key is asked for
};

// Looks at every request before its body is read. `found` is null where no route has its path and
// method.
using request_guard = std::function<admission(const request_head&, const request_target&,
                                              const client_info&, const route* found)>;

class router {
 public:
  explicit router(std::vector<route> routes, request_guard guard = {})
      : routes_(std::move(routes)), guard_(std::move(guard)) {}

  admission admit(const request_head& head, const request_target& target, const client_info& client,
                  const route* found) const {
    return guard_ ? guard_(head, target, client, found) : admission{};
  }

  // HEAD is answered by GET's route; OPTIONS of "*" knows every method there is. The captures point
  // into `path`.
  route_match match(std::string_view method, std::string_view path) const;
  std::span<const route> routes() const noexcept { return routes_; }

 private:
  std::vector<route> routes_;
  request_guard guard_;
};

}  // namespace orbweaver
