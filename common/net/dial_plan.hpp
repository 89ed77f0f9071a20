#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"

namespace orbweaver {

// The order in which a host's addresses are dialled: IPv6 first, then the families in turn, each
// in the order given (RFC 8305 section 4); repeated addresses once.
std::vector<asio::ip::address> interleave_families(std::span<const asio::ip::address> addresses);

// Happy Eyeballs (RFC 8305 section 5) as a state machine: which address to dial when. Pure; the
// caller dials, waits and reports back, and closes what lost.
class dial_plan {
 public:
  struct settings {
    clock::duration delay = std::chrono::milliseconds(250);  // before the next attempt joins in
    std::size_t max_at_once = 4;                             // attempts under way
    std::size_t max_addresses = 16;                          // further ones are not dialled
  };

  // What has happened. Attempts are numbered from 0 in the order they were started.
  struct event {
    enum class kind : std::uint8_t { go_on, connected, failed };
    kind what = kind::go_on;  // go_on: nothing, or the time of a wait has come
    std::size_t attempt = 0;
    outcome why = outcome::connect_failed;  // of a failed attempt
  };

  // What to do next; after `dial` and after a `wait` is over, call resume again.
  struct dial {
    std::size_t attempt;
    asio::ip::address address;
  };
  struct wait {
    std::optional<clock::time_point> until;  // none: only an attempt's end brings news
  };
  struct connected {
    std::size_t attempt;  // close all others
  };
  struct failed {
    // connection_reset, connect_refused, _timeout, _failed or _unreachable, or out_of_resources
    outcome why;
  };
  using action = std::variant<dial, wait, connected, failed>;

  explicit dial_plan(std::span<const asio::ip::address> addresses);
  dial_plan(std::span<const asio::ip::address> addresses, settings how);

  action resume(event happened, clock::time_point now);

 private:
  enum class attempt_state : std::uint8_t { under_way, ended };

  void take(const event& happened, clock::time_point now);

  settings how_;
  std::vector<asio::ip::address> addresses_;
  std::vector<attempt_state> attempts_;
  std::size_t under_way_ = 0;
  std::optional<std::size_t> winner_;
  std::optional<outcome> why_;
  clock::time_point next_due_{};
};

}  // namespace orbweaver
