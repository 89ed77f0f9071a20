#include "tests/support/tls_site.hpp"

#include <boost/asio/ip/address.hpp>
#include <csignal>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "tests/support/tls_context.hpp"

namespace orbweaver::test {

using boost::asio::ip::tcp;

struct tls_site::client {
  explicit client(tcp::socket s) : socket(std::move(s)) {}
  tcp::socket socket;
  std::thread thread;
};

tls_site::tls_site(const identity& who, answer make_answer, options how)
    : answer_(std::move(make_answer)),
      options_(std::move(how)),
      context_(new_server_context(who, options_.max_version)),
      acceptor_(io_, tcp::endpoint(boost::asio::ip::make_address(options_.address), 0)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  thread_ = std::thread([this] { accept(); });
}

tls_site::~tls_site() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    // Wakes the thread in accept() and those that read; what they use is closed after them.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    for (const auto& c : clients_) ::shutdown(c->socket.native_handle(), SHUT_RDWR);
  }
  thread_.join();
  for (const auto& c : clients_) c->thread.join();
}

void tls_site::accept() {
  for (;;) {
    boost::system::error_code ec;
    tcp::socket socket = acceptor_.accept(ec);
    const std::scoped_lock lock(mutex_);
    if (ec || closing_) return;
    client& c = *clients_.emplace_back(std::make_unique<client>(std::move(socket)));
    c.thread = std::thread([this, &c] { serve(c); });
  }
}

void tls_site::serve(client& c) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(ssl.get(), c.socket.native_handle());
  if (SSL_accept(ssl.get()) == 1) {
    {
      const char* const sni = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name);
      const std::scoped_lock lock(mutex_);
      handshakes_.push_back({sni ? sni : "", SSL_session_reused(ssl.get()) == 1});
    }
    for (std::string input; exchange(ssl.get(), input);) {
    }
  }
  ::shutdown(c.socket.native_handle(), SHUT_RDWR);
}

// One request and its answer. False when the connection has come to its end.
bool tls_site::exchange(SSL* ssl, std::string& input) {
  std::size_t end;
  while ((end = input.find("\r\n\r\n")) == input.npos) {
    char piece[4096];
    const int n = SSL_read(ssl, piece, sizeof piece);
    if (n <= 0) return false;
    input.append(piece, static_cast<std::size_t>(n));
  }
  const auto from = input.find(' ') + 1;
  const std::string target = input.substr(from, input.find(' ', from) - from);
  input.erase(0, end + 4);
  {
    const std::scoped_lock lock(mutex_);
    targets_.push_back(target);
  }
  const reply r = answer_(target);
  if (!r.bytes.empty() && SSL_write(ssl, r.bytes.data(), static_cast<int>(r.bytes.size())) <= 0)
    return false;
  for (int i = 0; i < r.key_updates; ++i) {
    SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
    if (SSL_do_handshake(ssl) != 1) return false;
  }
  if (r.after == then::close) SSL_shutdown(ssl);
  return r.after == then::keep;
}

std::string tls_site::url(const std::string& path, const std::string& host) const {
  return "https://" + (host.empty() ? options_.address : host) + ":" + std::to_string(port()) +
         path;
}

std::vector<tls_site::handshake> tls_site::handshakes() const {
  const std::scoped_lock lock(mutex_);
  return handshakes_;
}

std::vector<std::string> tls_site::targets() const {
  const std::scoped_lock lock(mutex_);
  return targets_;
}

}  // namespace orbweaver::test
