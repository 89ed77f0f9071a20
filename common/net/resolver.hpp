#pragma once

#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "common/net/dns_cache.hpp"

namespace orbweaver {

struct resolver_settings {
  std::vector<asio::ip::udp::endpoint> servers;     // none: those of /etc/resolv.conf
  std::string hosts_file = "/etc/hosts";            // read once, at the start
  std::chrono::milliseconds budget{5000};           // for one name, from its first question
  std::chrono::milliseconds attempt_timeout{1000};  // of one question to one server; doubles
  std::chrono::milliseconds other_family{1000};     // for AAAA once A has come, and vice versa
  int attempts = 3;                                 // per server and question
  std::size_t cache_names = 10'000;
  std::size_t max_in_flight = 1'000;  // names asked about at once; further ones queue
  std::size_t max_names = 100'000;    // in flight and queued; beyond it dns_failed at once
};

// Names to addresses, over c-ares and a cache.
//
// It runs on a strand of its own, which is a fourth kind beside the engine's, the store's and the
// connections': a c-ares channel and its sockets must not be entered by two threads, every
// connection strand uses them, and the engine's strand is for decisions, not for parsing packets.
//
// The io_context must outlive it. Before destroying it while the io_context runs, await close();
// with the io_context stopped it may be destroyed at any time.
class resolver {
 public:
  resolver(asio::io_context& context, resolver_settings settings);
  ~resolver();
  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  // The addresses of `host`, IPv6 first: never an empty list. IP literals mean themselves.
  // Errors: dns_nxdomain (no such name, or it has no address), dns_failed, dns_timeout,
  // out_of_resources (this machine has no descriptors left to ask with); cancelled
  // after close() or when the calling coroutine is cancelled. May be called on any strand and
  // comes back to it. Answers are not judged: address_policy does that.
  // `asked` is called, on any strand, when the name's turn in the queue has come, and not at all
  // for one that need not be asked about.
  task<dns_answer> resolve(std::string host, std::function<void()> asked = {});

  // Answers everyone who waits with `cancelled` and comes back when no handler is left.
  task<> close();

  struct counts {
    std::uint64_t lookups = 0;     // names asked of DNS
    std::uint64_t cache_hits = 0;  // names found in the cache
    std::uint64_t failures = 0;    // look-ups that ended without an address
  };
  // Since the start; safe from any thread.
  counts statistics() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace orbweaver
