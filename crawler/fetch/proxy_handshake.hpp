#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/error.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Opens a way through a proxy to an address, on an open connection to the proxy: HTTP's CONNECT
// (RFC 9110 section 9.3.6) or SOCKS 5 (RFC 1928, RFC 1929). No socket: bytes go in and come out.
class proxy_handshake {
 public:
  // An answer to CONNECT that is longer is refused.
  static constexpr std::size_t max_head_bytes = 16 * 1024;

  // The address is what a name was resolved to, and has passed address_policy: the proxy never
  // gets a name that it could resolve to something else.
  static std::unique_ptr<proxy_handshake> make(const proxy_server& proxy,
                                               const boost::asio::ip::address& target,
                                               std::uint16_t port);
  virtual ~proxy_handshake() = default;

  enum class state : std::uint8_t { talking, open, failed };

  // What is to be sent now; asked once at the start and after each feed().
  std::string take_output() { return std::exchange(output_, {}); }
  // Takes what has come, in pieces of any size. Bytes beyond the proxy's answer are a failure: the
  // target does not speak before it is spoken to.
  state feed(std::string_view bytes);

  // Of a failure: a proxy_* or a connect_* outcome, and in words.
  outcome error() const noexcept { return error_; }
  const std::string& detail() const noexcept { return detail_; }

 protected:
  // Works on input_ and removes what it has used; `talking`: more must come.
  virtual state step() = 0;
  state fail(outcome why, std::string detail);

  std::string input_;
  std::string output_;

 private:
  outcome error_ = outcome::proxy_failed;
  std::string detail_;
};

}  // namespace orbweaver
