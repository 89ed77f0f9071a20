// A server for benchmarks: answers every request after the same time, on as many connections as
// come, and costs little itself.
//
// usage: orbweaver_slow_server DELAY_MS BODY_BYTES
//
// Listens on 127.0.0.1 to 127.0.0.100, hosts enough for ten thousand polite connections; prints its
// port, and goes on until its standard input ends.
//   /.count              {"answered": N, "open": N} at once: pages answered, connections open
//   /chain/ROW/N         a page that links to /chain/ROW/N+1
//   anything else        a page without links
// Every page's text holds one e-mail address per matched_every bytes, for a pattern to find.
#include <boost/asio.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/resource.h>

namespace {
namespace asio = boost::asio;
using asio::ip::tcp;
using tcp_socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using steady_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                                asio::wait_traits<std::chrono::steady_clock>,
                                                asio::io_context::executor_type>;
constexpr auto as_ec = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t matched_every = 1024;        // bytes of a page for each address in it
constexpr std::size_t max_request_head = 8 << 10;  // bytes; only clients of the benchmarks call
constexpr unsigned hosts = 100;                    // addresses listened on, from 127.0.0.1
constexpr int backlog = 4096;                      // connections not yet accepted

struct site {
  std::chrono::milliseconds delay{0};
  std::string text;  // of every page
  std::uint64_t answered = 0;
  std::uint64_t open = 0;
};

std::string page_text(std::size_t size) {
  std::string out;
  out.reserve(size + matched_every);
  for (std::size_t n = 0; out.size() < size; ++n) {
    const std::size_t end = out.size() + matched_every;
    out += "<p>writer" + std::to_string(n) + "@mail.example.org ";
    while (out.size() < end) out += "a word and another, ";
  }
  out.resize(size, ' ');
  return out;
}

std::string with_head(std::string_view type, std::string_view link, std::string_view text) {
  std::string out = "HTTP/1.1 200 OK\r\nContent-Type: ";
  out.append(type).append("\r\nContent-Length: ");
  out.append(std::to_string(link.size() + text.size())).append("\r\n\r\n");
  out.append(link).append(text);
  return out;
}

// The link of a page of a chain to the next; empty for any other target.
std::string link_of(std::string_view target) {
  const auto slash = target.rfind('/');
  if (!target.starts_with("/chain/") || slash < 7) return {};
  unsigned number = 0;
  std::from_chars(target.data() + slash + 1, target.data() + target.size(), number);
  return "<a href=" + std::string(target.substr(0, slash + 1)) + std::to_string(number + 1) +
         ">on</a>";
}

std::string answer(site& served, std::string_view target) {
  if (target == "/.count")
    return with_head("application/json", {},
                     "{\"answered\": " + std::to_string(served.answered) +
                         ", \"open\": " + std::to_string(served.open) + "}");
  ++served.answered;
  return with_head("text/html", link_of(target), served.text);
}

std::string_view target_of(std::string_view head) {
  const auto begin = head.find(' ');
  if (begin == head.npos) return {};
  return head.substr(begin + 1, head.find(' ', begin + 1) - begin - 1);
}

asio::awaitable<void> talk(tcp_socket socket, site& served) {
  steady_timer timer(socket.get_executor());
  std::string received;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  while (true) {
    auto [read_ec, length] = co_await asio::async_read_until(
        socket, asio::dynamic_buffer(received, max_request_head), "\r\n\r\n", as_ec);
    if (read_ec) break;
    const std::string target(target_of(std::string_view(received).substr(0, length)));
    received.erase(0, length);
    if (served.delay.count() > 0 && target != "/.count") {
      timer.expires_after(served.delay);
      auto [wait_ec] = co_await timer.async_wait(as_ec);
      if (wait_ec) break;
    }
    const std::string out = answer(served, target);
    auto [write_ec, written] = co_await asio::async_write(socket, asio::buffer(out), as_ec);
    if (write_ec) break;
  }
  --served.open;
}

// Nothing is awaited but sockets, whose errors are values: what is thrown is a bug, and ends it
// all.
constexpr auto ended = [](const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
};

asio::awaitable<void> accept(acceptor& from, site& served) {
  while (true) {
    tcp_socket socket(from.get_executor());
    auto [ec] = co_await from.async_accept(socket, as_ec);
    if (ec) continue;
    ++served.open;
    asio::co_spawn(from.get_executor(), talk(std::move(socket), served), ended);
  }
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: orbweaver_slow_server DELAY_MS BODY_BYTES\n";
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  site served{.delay = std::chrono::milliseconds(std::atoi(argv[1])),
              .text = page_text(static_cast<std::size_t>(std::atoll(argv[2])))};
  asio::io_context context(1);
  std::deque<acceptor> listening;
  asio::ip::port_type port = 0;  // the system's choice for the first, the same for the others
  for (unsigned n = 0; n < hosts; ++n) {
    acceptor& one = listening.emplace_back(context.get_executor());
    one.open(tcp::v4());
    one.bind(
        tcp::endpoint(asio::ip::address_v4(asio::ip::address_v4::loopback().to_uint() + n), port));
    one.listen(backlog);
    port = one.local_endpoint().port();
    asio::co_spawn(context, accept(one, served), ended);
  }
  std::cout << port << std::endl;
  asio::posix::stream_descriptor input(context, 0);
  char nothing = 0;
  input.async_read_some(asio::buffer(&nothing, 1), [&](auto, auto) { context.stop(); });
  context.run();
}
