#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver::test {

struct http_answer {
  unsigned status = 0;                        // 0: the connection ended before a header
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
  bool whole = false;  // the body ended as its framing says
};

// One connection to a server on this machine, with blocking calls. Whatever it waits for has to
// come within `patience`; tests expect that it does, and say nothing of how fast.
class http_client {
 public:
  explicit http_client(std::uint16_t port);
  ~http_client();
  http_client(http_client&& other) noexcept;
  http_client& operator=(http_client&&) = delete;

  // false: the server has closed.
  bool send(std::string_view bytes);
  // Ends the sending direction.
  void finish_sending();
  // The next answer but 100 Continue; interim ones are counted. `to_head`: its request was HEAD.
  http_answer read(bool to_head = false);
  // At least one byte of whatever comes next; empty at the end of the connection.
  std::string read_some();
  // All bytes up to the end of the connection.
  std::string read_all();
  int interim_answers() const noexcept { return interim_; }

  // One request with Host, and with Content-Type JSON and Content-Length if there is a body.
  http_answer request(std::string_view method, std::string_view target, std::string_view body = "",
                      std::string_view more_fields = "");

 private:
  static constexpr int patience_ms = 30'000;

  bool fill();

  int fd_ = -1;
  int interim_ = 0;
  std::string buffer_;
};

}  // namespace orbweaver::test
