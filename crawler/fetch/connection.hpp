#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>

#include "common/async/deadline.hpp"
#include "common/async/task.hpp"
#include "common/net/dialer.hpp"
#include "common/net/dns_cache.hpp"
#include "common/net/stream.hpp"
#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/fetch/fetch_budgets.hpp"
#include "crawler/fetch/receive_buffer.hpp"

namespace orbweaver {

class address_policy;
class resolver;
class tls_client;

// What connections use; all of it is safe from any strand.
struct fetch_services {
  asio::io_context& context;
  resolver& names;
  const address_policy& policy;
  tls_client& tls;
  deadline_service& deadlines;
  asio::thread_pool& compute;     // for work that would hold up the loop
  asio::thread_pool& extraction;  // for users' patterns: seconds a page at worst
  fetch_budgets budgets;
  // Of all bodies being read, bytes: beyond it none of the large ones grows.
  std::size_t most_body_memory;
  // What an earlier crawl had of a page, by the fingerprint of its URL; empty: nobody asks.
  std::function<task<result<std::optional<earlier_page>>>(crawl_id, fingerprint)> find_earlier = {};
};

// One connection to one place, with a strand of its own: resolves, connects, asks, reads, scans
// the page, and comes back with one message. Only one order at a time.
class connection {
 public:
  // `services` must outlive it.
  explicit connection(const fetch_services& services);
  ~connection();

  const strand& executor() const noexcept { return strand_; }

  // To be run on executor().
  task<std::unique_ptr<fetch_report>> fetch(fetch_order order);
  // On executor(): if this order is under way it ends soon, as `cancelled`.
  void abort(std::uint64_t ticket);

 private:
  enum class phase : std::uint8_t {
    idle,
    resolving,
    connecting,
    securing,
    sending,
    waiting,
    receiving
  };

  task<> look_up_earlier(const fetch_order& order, fetch_report& report);
  task<outcome> converse(const fetch_order& order, fetch_report& report);
  task<outcome> connect(const fetch_order& order, fetch_report& report);
  task<outcome> dial(const std::vector<asio::ip::address>& addresses, std::uint16_t port,
                     fetch_report& report);
  task<outcome> connect_through_proxy(const proxy_server& proxy,
                                      const std::vector<asio::ip::address>& targets,
                                      fetch_report& report);
  task<outcome> open_tunnel(const proxy_server& proxy, const asio::ip::address& target,
                            fetch_report& report);
  task<dns_answer> resolve(std::string name, fetch_report& report);
  void name_is_asked(std::uint64_t ticket);
  task<outcome> secure(tcp_socket socket, const fetch_order& order, fetch_report& report);
  task<outcome> send(const fetch_order& order, const earlier_page* earlier);
  task<outcome> receive(const fetch_order& order, fetch_report& report);
  std::optional<outcome> read_available(const fetch_order& order, receive_buffer& buffer,
                                        fetch_report& report, io_status& want);
  std::optional<outcome> parse(const fetch_order& order, receive_buffer& buffer,
                               fetch_report& report);
  task<> extract(const fetch_profile& profile, fetch_report& report);
  bool must_stop_growing(const receive_buffer& buffer) const noexcept;
  void first_byte(fetch_report& report);
  void enter(phase next, clock::duration at_most);
  void watch_rate(std::uint64_t bytes);
  outcome why_not_sent() const noexcept;
  outcome why_not_received() const noexcept;
  static response_limits limits_for(const fetch_order& order);
  void close();
  // Why an operation failed: its deadline, an abort, or else `otherwise`.
  outcome reason(outcome otherwise) const noexcept;

  const fetch_services& services_;
  strand strand_;
  std::unique_ptr<stream> stream_;
  std::unique_ptr<dialer> dialer_;  // while it dials: thousands of connections only wait
  asio::cancellation_signal stop_resolving_;
  url target_;
  phase phase_ = phase::idle;
  clock::time_point began_;  // the order under way
  clock::time_point phase_began_;
  clock::time_point must_end_;
  std::uint64_t ticket_ = 0;  // of the order under way; 0: none
  bool answered_ = false;     // a byte of the answer under way has come
  bool aborted_ = false;
  std::string address_;  // of the server that stream_ leads to; empty: behind a proxy
  deadline deadline_;
};

}  // namespace orbweaver
