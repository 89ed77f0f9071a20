#include "crawler/fetch/proxy_handshake.hpp"

#include <algorithm>

#include "crawler/fetch/basic_credentials.hpp"

namespace orbweaver {
namespace {

using asio_address = boost::asio::ip::address;

class http_connect final : public proxy_handshake {
 public:
  http_connect(const proxy_server& proxy, const asio_address& target, std::uint16_t port) {
    const std::string host = target.is_v6() ? "[" + target.to_string() + "]" : target.to_string();
    const std::string authority = host + ":" + std::to_string(port);
    output_ = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!proxy.username.empty() || !proxy.password.empty())
      output_ +=
          "Proxy-Authorization: " + basic_credentials(proxy.username, proxy.password) + "\r\n";
    output_ += "\r\n";
  }

 private:
  state step() override {
    for (;;) {
      const std::size_t end = end_of_head();
      if (std::max(end, scanned_) > max_head_bytes)
        return fail(outcome::proxy_failed, "The proxy's answer is too long.");
      if (end == 0) return state::talking;
      const int status = status_of(input_);
      const std::string line = input_.substr(0, input_.find_first_of("\r\n"));
      input_.erase(0, end);
      if (status >= 200 && status < 300) return state::open;
      const bool interim = status >= 100 && status < 200 && status != 101;
      if (!interim || ++interims_ > max_interims)
        return fail(outcome_of(status), "The proxy answered: " + line.substr(0, 100));
    }
  }

  // Where the head ends: behind the first empty line, whatever its line ends are. 0: not yet.
  std::size_t end_of_head() {
    for (; scanned_ < input_.size(); ++scanned_) {
      if (input_[scanned_] == '\n') {
        if (line_is_empty_) {
          const std::size_t end = scanned_ + 1;
          scanned_ = 0;
          line_is_empty_ = true;
          return end;
        }
        line_is_empty_ = true;
      } else if (input_[scanned_] != '\r') {
        line_is_empty_ = false;
      }
    }
    return 0;
  }

  // RFC 9112 section 4; -1: this is no status line.
  static int status_of(std::string_view head) {
    if (!head.starts_with("HTTP/1.") || head.size() < 12 || head[8] != ' ') return -1;
    int status = 0;
    for (const char c : head.substr(9, 3)) {
      if (c < '0' || c > '9') return -1;
      status = status * 10 + (c - '0');
    }
    return status;
  }

  static outcome outcome_of(int status) {
    switch (status) {
      case 407: return outcome::proxy_auth;
      case 502:
      case 503: return outcome::connect_failed;
      case 504: return outcome::connect_timeout;
      default: return status >= 400 ? outcome::proxy_refused : outcome::proxy_failed;
    }
  }

  static constexpr int max_interims = 16;  // 1xx answers before the final one

  std::size_t scanned_ = 0;
  int interims_ = 0;
  bool line_is_empty_ = true;
};

class socks5_connect final : public proxy_handshake {
 public:
  socks5_connect(const proxy_server& proxy, const asio_address& target, std::uint16_t port)
      : proxy_(proxy) {
    // RFC 1928 section 3: no authentication, and user name and password where there are any.
    output_ =
        with_credentials() ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
    // Section 4: CONNECT.
    request_.assign("\x05\x01\x00", 3);
    const auto append = [this](const auto& bytes) {
      for (const unsigned char b : bytes) request_ += static_cast<char>(b);
    };
    request_ += static_cast<char>(target.is_v6() ? address_v6 : address_v4);
    if (target.is_v6()) {
      append(target.to_v6().to_bytes());
    } else {
      append(target.to_v4().to_bytes());
    }
    request_ += static_cast<char>(port >> 8);
    request_ += static_cast<char>(port & 0xff);
  }

 private:
  enum class phase : std::uint8_t { method, credentials, reply };
  static constexpr unsigned char address_v4 = 1, address_name = 3, address_v6 = 4;
  static constexpr unsigned char no_authentication = 0, by_password = 2;

  bool with_credentials() const { return !proxy_.username.empty() || !proxy_.password.empty(); }
  unsigned char at(std::size_t i) const { return static_cast<unsigned char>(input_[i]); }

  state step() override {
    switch (phase_) {
      case phase::method: return read_method();
      case phase::credentials: return read_verdict();
      case phase::reply: return read_reply();
    }
    return state::failed;
  }

  // Section 3.
  state read_method() {
    if (input_.size() < 2) return state::talking;
    const unsigned char version = at(0), method = at(1);
    input_.erase(0, 2);
    if (version != 5) return fail(outcome::proxy_failed, "The proxy does not speak SOCKS 5.");
    if (method == no_authentication) return ask();
    if (method != by_password || !with_credentials())
      return fail(outcome::proxy_auth, "The proxy wants another way of authentication.");
    // RFC 1929 section 2.
    output_.assign(1, '\x01');
    for (const std::string& part : {proxy_.username, proxy_.password})
      output_.append(1, static_cast<char>(part.size())).append(part);
    phase_ = phase::credentials;
    return step();
  }

  state read_verdict() {
    if (input_.size() < 2) return state::talking;
    const bool accepted = at(1) == 0;
    input_.erase(0, 2);
    if (!accepted)
      return fail(outcome::proxy_auth, "The proxy does not accept the user name and password.");
    return ask();
  }

  state ask() {
    output_ += request_;
    phase_ = phase::reply;
    return step();
  }

  // RFC 1928 section 6.
  state read_reply() {
    if (input_.size() < 2) return state::talking;
    if (at(0) != 5) return fail(outcome::proxy_failed, "The proxy does not speak SOCKS 5.");
    if (at(1) != 0) return refused(at(1));
    if (input_.size() < 5) return state::talking;
    std::size_t size = 6;  // but for the address
    switch (at(3)) {
      case address_v4: size += 4; break;
      case address_v6: size += 16; break;
      case address_name: size += 1U + at(4); break;
      default: return fail(outcome::proxy_failed, "The proxy's answer is not SOCKS 5.");
    }
    if (input_.size() < size) return state::talking;
    input_.erase(0, size);
    return state::open;
  }

  state refused(unsigned char reply) {
    switch (reply) {
      case 2: return fail(outcome::proxy_refused, "The proxy's rules do not allow the connection.");
      case 3: return fail(outcome::connect_unreachable, "The proxy cannot reach the network.");
      case 4: return fail(outcome::connect_unreachable, "The proxy cannot reach the host.");
      case 5: return fail(outcome::connect_refused, "The server refused the proxy's connection.");
      case 6: return fail(outcome::connect_unreachable, "The proxy's packets expired.");
      default:
        return fail(outcome::proxy_failed,
                    "The proxy failed with code " + std::to_string(reply) + ".");
    }
  }

  proxy_server proxy_;
  std::string request_;
  phase phase_ = phase::method;
};

}  // namespace

std::unique_ptr<proxy_handshake> proxy_handshake::make(const proxy_server& proxy,
                                                       const asio_address& target,
                                                       std::uint16_t port) {
  if (proxy.kind == proxy_kind::http) return std::make_unique<http_connect>(proxy, target, port);
  return std::make_unique<socks5_connect>(proxy, target, port);
}

proxy_handshake::state proxy_handshake::feed(std::string_view bytes) {
  input_ += bytes;
  const state now = step();
  if (now == state::open && !input_.empty())
    return fail(outcome::proxy_failed, "The proxy sent more than its answer.");
  return now;
}

proxy_handshake::state proxy_handshake::fail(outcome why, std::string detail) {
  error_ = why;
  detail_ = std::move(detail);
  return state::failed;
}

}  // namespace orbweaver
