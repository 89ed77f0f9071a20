#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/async/task.hpp"
#include "server/api/problem.hpp"

namespace orbweaver {

// Sends the body of an answer whose length is not known when it begins.
class body_writer {
 public:
  virtual ~body_writer() = default;

  // Comes back when the client's connection has taken the bytes, so that a slow reader holds its
  // producer back. false: nobody reads any more, and nothing further will be sent.
  virtual task<bool> write(std::string_view bytes) = 0;
  // The client has gone. Worth a look wherever the producer waits for something else.
  virtual bool gone() const noexcept = 0;
  // The server is going down: whoever follows something should come to an end.
  virtual bool ending() const noexcept = 0;
};

// Writes a whole body. false: it stays incomplete, and the client shall notice that it does.
using body_producer = std::function<task<bool>(body_writer&)>;

struct reply {
  std::uint16_t status = 200;
  std::string content_type;  // empty where there is no body
  std::string body;
  // Cache-Control is no-store unless it is among them.
  std::vector<std::pair<std::string, std::string>> headers;
  body_producer produce;         // instead of `body`
  std::string_view refused_for;  // problem_info::name, for the log; empty: it is none

  static reply json(std::uint16_t status, std::string body);
  // With Retry-After where another try is worth it.
  static reply from(const problem& problem, std::string_view request_id);
  static reply refusal(problem_code code, std::string detail, std::string_view request_id);
};

// What the session knows of an answer beside the reply itself.
struct reply_context {
  std::string_view request_id;
  std::string_view date;  // IMF-fixdate
  bool http_1_1 = true;
  bool keep_alive = true;
};

// The status line and all header fields, up to the empty line.
std::string head_of(const reply& reply, const reply_context& context);

std::string_view reason_phrase(std::uint16_t status) noexcept;

}  // namespace orbweaver
