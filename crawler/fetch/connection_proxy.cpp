// A connection's way through a proxy. The target's name has been resolved and its addresses have
// passed the policy; so must the proxy's. A tunnel is asked for by address, so that no proxy
// resolves the name to something else. Only a plain request to an HTTP proxy, which must name its
// host (RFC 9112 section 3.2.2), is left to the proxy's own look-up.
#include <algorithm>

#include "common/net/address_policy.hpp"
#include "common/net/bad_ports.hpp"
#include "common/net/resolver.hpp"
#include "crawler/fetch/connection.hpp"
#include "crawler/fetch/proxy_handshake.hpp"
#include "crawler/fetch/request.hpp"

namespace orbweaver {
namespace {

// Proxies more often have IPv4 alone than IPv6 alone.
asio::ip::address preferred(const std::vector<asio::ip::address>& addresses) {
  const auto v4 = std::ranges::find_if(addresses, &asio::ip::address::is_v4);
  return v4 == addresses.end() ? addresses.front() : *v4;
}

// What goes wrong on the way to the proxy says nothing about the site.
outcome of_proxy(outcome why) {
  return why == outcome::cancelled || why == outcome::total_timeout ||
                 why == outcome::out_of_resources
             ? why
             : outcome::proxy_failed;
}

}  // namespace

task<outcome> connection::connect_through_proxy(const proxy_server& proxy,
                                                const std::vector<asio::ip::address>& targets,
                                                fetch_report& report) {
  if (is_bad_port(proxy.port)) {
    report.detail = "The proxy's port is one that browsers refuse.";
    co_return outcome::blocked_port;
  }
  const dns_answer found = co_await resolve(without_brackets(proxy.host), report);
  if (!found) {
    const outcome why = reason(to_outcome(found.error()));
    report.detail = "The proxy's name: " + std::string(info(why).description);
    co_return of_proxy(why);
  }
  if (const auto refused = services_.policy.first_refused(**found)) {
    report.detail = "The proxy: " + services_.policy.why_not(*refused);
    co_return outcome::blocked_address;
  }
  const outcome dialled = co_await dial(**found, proxy.port, report);
  if (dialled != outcome::fetched) {
    report.detail = "The proxy: " + std::string(info(dialled).description);
    co_return of_proxy(dialled);
  }
  if (proxy.kind == proxy_kind::http && !target_.is_https()) co_return outcome::fetched;
  const outcome opened = co_await open_tunnel(proxy, preferred(targets), report);
  report.timings.connect = clock::now() - phase_began_;
  if (opened != outcome::fetched) stream_.reset();
  co_return opened;
}

// The time to connect holds for the proxy's own connecting as well.
task<outcome> connection::open_tunnel(const proxy_server& proxy, const asio::ip::address& target,
                                      fetch_report& report) {
  const auto talk = proxy_handshake::make(proxy, target, target_.effective_port());
  std::string output = talk->take_output();
  std::span<const char> left(output);
  io_status want = io_status::want_write;
  for (;;) {
    if (!left.empty()) {
      const io_result sent = stream_->write_some(left);
      if (sent.status == io_status::ok) {
        left = left.subspan(sent.bytes);
        continue;
      }
      want = sent.status;
    } else {
      std::array<char, 512> buffer;
      const io_result got = stream_->read_some(buffer);
      want = got.status;
      if (got.status == io_status::ok) {
        const auto state = talk->feed({buffer.data(), got.bytes});
        if (state == proxy_handshake::state::open) co_return outcome::fetched;
        report.detail = talk->detail();
        if (state == proxy_handshake::state::failed) co_return talk->error();
        output = talk->take_output();
        left = output;
        continue;
      }
    }
    const bool waits = want == io_status::want_read || want == io_status::want_write;
    error_code ec = asio::error::connection_reset;
    if (waits) ec = co_await stream_->wait(want);
    if (!ec && stream_->socket().is_open()) continue;
    const outcome why = of_proxy(reason(outcome::proxy_failed));
    if (why == outcome::proxy_failed)
      report.detail = deadline_.expired() ? "The proxy did not connect in time."
                                          : "The proxy closed the connection.";
    co_return why;
  }
}

}  // namespace orbweaver
