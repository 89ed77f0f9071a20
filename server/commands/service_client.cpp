#include "server/commands/service_client.hpp"

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <poll.h>
#include <stdexcept>

#include "common/version.hpp"

namespace orbweaver {
namespace {

namespace http = boost::beast::http;
using std::chrono::milliseconds;
using failure = std::optional<no_answer>;

constexpr std::size_t piece_bytes = 64 << 10;
constexpr milliseconds for_ever{-1};

failure fail(std::string why) { return no_answer{std::move(why)}; }

// Whether it became readable or writable within that time.
bool await(int descriptor, short events, milliseconds at_most) {
  pollfd waited{descriptor, events, 0};
  const auto until = std::chrono::steady_clock::now() + at_most;
  for (milliseconds left = at_most;;) {
    const int ready = ::poll(&waited, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
    if (at_most < milliseconds(0)) continue;
    left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return false;
  }
}
bool await(stream& on, io_status want, milliseconds at_most) {
  return await(on.socket().native_handle(), want == io_status::want_write ? POLLOUT : POLLIN,
               at_most);
}

// A connected socket that does not block, or why there is none.
failure connect(tcp_socket& out, const service_address& to, milliseconds at_most) {
  error_code ec;
  asio::ip::tcp::resolver resolver(out.get_executor());
  const auto found = resolver.resolve(to.host, std::to_string(to.port), ec);
  if (ec) return fail(ec.message());
  for (const asio::ip::tcp::endpoint at : found) {
    out = tcp_socket(out.get_executor());
    out.open(at.protocol(), ec);
    if (ec) continue;
    out.native_non_blocking(true, ec);
    const auto* address = reinterpret_cast<const sockaddr*>(at.data());
    const auto size = static_cast<socklen_t>(at.size());
    if (::connect(out.native_handle(), address, size) != 0 && errno != EINPROGRESS) {
      ec = error_code(errno, boost::system::system_category());
      continue;
    }
    if (!await(out.native_handle(), POLLOUT, at_most)) {
      ec = asio::error::timed_out;
      continue;
    }
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(out.native_handle(), SOL_SOCKET, SO_ERROR, &error, &length);
    ec = error_code(error, boost::system::system_category());
    if (!ec) break;
  }
  if (ec) return fail(ec.message());
  // A stream may be silent for hours, and its other side may vanish meanwhile.
  out.set_option(asio::socket_base::keep_alive(true), ec);
  return std::nullopt;
}

failure shake_hands(tls_stream& with, milliseconds at_most) {
  for (;;) {
    const io_result r = with.handshake();
    if (r.status == io_status::ok) return std::nullopt;
    if (r.status != io_status::want_read && r.status != io_status::want_write)
      return fail(std::string(info(with.handshake_outcome()).description));
    if (!await(with, r.status, at_most)) return fail("the TLS handshake takes too long");
  }
}

failure send(stream& to, std::string_view bytes, milliseconds at_most) {
  while (!bytes.empty()) {
    const io_result r = to.write_some(bytes);
    if (r.status == io_status::ok) {
      bytes.remove_prefix(r.bytes);
    } else if (r.status != io_status::want_read && r.status != io_status::want_write) {
      return fail("it closed the connection before it had the whole request");
    } else if (!await(to, r.status, at_most)) {
      return fail("it does not take the request");
    }
  }
  return std::nullopt;
}

// Reads one answer from a stream.
class answer_reader {
 public:
  answer_reader(stream& from, const service_client::sink& take, const client_limits& limits)
      : from_(from), take_(take), limits_(limits) {
    parser_.header_limit(static_cast<std::uint32_t>(limits.header));
    parser_.body_limit(boost::none);
    parser_.get().body().data = nullptr;
  }

  service_result read() {
    while (!parser_.is_done() && !enough_) {
      if (const failure why = fill()) return *why;
      if (const failure why = parse()) return *why;
    }
    answer_.status = parser_.get().result_int();
    answer_.content_type = parser_.get()[http::field::content_type];
    return std::move(answer_);
  }

 private:
  failure fill() {
    if (filled_ == bytes_.size()) return fail("its answer is not HTTP as it should be");
    for (;;) {
      const io_result r = from_.read_some(std::span(bytes_).subspan(filled_));
      if (r.status == io_status::ok) {
        filled_ += r.bytes;
        return std::nullopt;
      }
      if (r.status == io_status::end) return finish();
      if (r.status != io_status::want_read && r.status != io_status::want_write)
        return fail("the answer broke off");
      const bool patient = take_ && parser_.is_header_done();
      if (!await(from_, r.status, patient ? for_ever : limits_.quiet))
        return fail("it does not answer");
    }
  }
  failure finish() {
    error_code ec;
    if (parser_.got_some()) parser_.put_eof(ec);
    if (!parser_.got_some() || ec) return fail("the answer broke off");
    return std::nullopt;
  }
  // Takes what has come as far as it goes.
  failure parse() {
    std::array<char, piece_bytes> piece;
    while (filled_ > 0 && !parser_.is_done() && !enough_) {
      auto& body = parser_.get().body();
      body.data = piece.data();
      body.size = piece.size();
      error_code ec;
      const std::size_t used = parser_.put(asio::buffer(bytes_.data(), filled_), ec);
      std::memmove(bytes_.data(), bytes_.data() + used, filled_ - used);
      filled_ -= used;
      if (const failure why = take({piece.data(), piece.size() - body.size})) return why;
      if (ec == http::error::need_more) break;
      if (ec && ec != http::error::need_buffer)
        return fail("its answer is not HTTP: " + ec.message());
      if (used == 0 && body.size == piece.size()) break;
    }
    return std::nullopt;
  }
  failure take(std::string_view piece) {
    if (piece.empty()) return std::nullopt;
    if (take_ && parser_.get().result_int() / 100 == 2) {
      enough_ = !take_(piece);
      return std::nullopt;
    }
    if (answer_.body.size() + piece.size() > limits_.answer) return fail("its answer is too long");
    answer_.body += piece;
    return std::nullopt;
  }

  stream& from_;
  const service_client::sink& take_;
  const client_limits& limits_;
  http::response_parser<http::buffer_body> parser_;
  std::array<char, piece_bytes> bytes_;
  std::size_t filled_ = 0;
  service_answer answer_;
  bool enough_ = false;
};

}  // namespace

void throw_exception_from_error(const no_answer& failed, const boost::source_location&) {
  throw std::runtime_error(failed.why);
}

service_client::service_client(service_address address, std::string key, const std::string& ca_file,
                               client_limits limits)
    : address_(std::move(address)), key_(std::move(key)), tls_(ca_file), limits_(limits) {}

std::string service_client::head_of(const service_request& request) const {
  std::string out(request.method);
  out += ' ' + address_.base + request.target + " HTTP/1.1\r\nHost: " + address_.authority +
         "\r\nUser-Agent: Orbweaver/" + version + "\r\nAccept: " + request.accept +
         "\r\nConnection: close\r\n";
  if (!key_.empty()) out += "Authorization: Bearer " + key_ + "\r\n";
  if (!request.idempotency_key.empty())
    out += "Idempotency-Key: " + request.idempotency_key + "\r\n";
  if (!request.body.empty()) out += "Content-Type: application/json\r\n";
  if (request.method != "GET")
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return out + "\r\n";
}

service_result service_client::call(const service_request& request, const sink& take) {
  asio::io_context context(1);
  tcp_socket socket(asio::make_strand(context));
  if (const failure why = connect(socket, address_, limits_.connect)) return *why;
  std::unique_ptr<stream> on;
  if (address_.tls) {
    auto secured = tls_.connect(std::move(socket), address_.host, address_.port, address_.verified);
    if (const failure why = shake_hands(*secured, limits_.connect)) return *why;
    on = std::move(secured);
  } else {
    on = std::make_unique<stream>(std::move(socket));
  }
  const failure unsent = send(*on, head_of(request) + request.body, limits_.quiet);
  service_result answer = answer_reader(*on, take, limits_).read();
  // A refusal may come, and close the connection, before the whole request was taken.
  if (unsent && !answer) return *unsent;
  return answer;
}

}  // namespace orbweaver
