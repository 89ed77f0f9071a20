#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/api/problem.hpp"
#include "server/http/limits.hpp"

namespace orbweaver {

struct request_head {
  std::string method;
  std::string target;  // as sent
  bool http_1_1 = false;
  std::vector<std::pair<std::string, std::string>> fields;

  // The value of the first field of this name, in any case; empty if there is none.
  std::string_view field(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept;
  // The values of all fields of this name as one list (RFC 9110 section 5.3).
  std::string list(std::string_view name) const;
};

// Reads one HTTP/1.x request from bytes that are handed to it: no socket, no clock. Stricter than
// RFC 9112 wherever leniency would let two readers see two different requests.
class request_parser {
 public:
  enum class stage : std::uint8_t {
    head,    // wants more bytes of the header
    body,    // the header is complete: see allow_body(), then put() the rest
    done,    // the request is complete
    failed,  // see failure()
  };

  explicit request_parser(const http_limits& limits);
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  // Takes what it can use of `bytes` and answers how many that were; the rest, with more behind
  // it, is to be put again. Never takes bytes of a next request. Stops after the header
  // until allow_body() was called.
  std::size_t put(std::string_view bytes);

  stage where() const noexcept;
  // A byte of the request has come.
  bool has_begun() const noexcept;
  const problem& failure() const noexcept;

  // From stage::body on, and for the log as far as it was read.
  const request_head& head() const noexcept;
  bool keep_alive() const noexcept;
  // The client waits for 100 Continue before it sends the body (RFC 9110 section 10.1.1).
  bool expects_continue() const noexcept;

  // Sets the largest body accepted, bytes. false (and stage::failed) if the header already
  // announces more: nothing of it needs to be read.
  bool allow_body(std::size_t limit);
  // Bytes of memory that the body takes so far.
  std::size_t body_memory() const noexcept;
  // The body of a request that is done.
  std::string take_body() noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace orbweaver
