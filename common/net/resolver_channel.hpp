#pragma once

#include <ares.h>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/async/task.hpp"
#include "common/net/resolver_lookup.hpp"

namespace orbweaver {

// The most addresses taken from one answer; further ones are passed over.
inline constexpr std::size_t max_addresses_per_answer = 32;

// One c-ares channel whose sockets the loop watches. All calls and handlers on one strand. It is
// made of completion handlers, not coroutines, because c-ares calls back and opens and closes its
// sockets as it likes.
class resolver_channel {
 public:
  struct settings {
    std::vector<asio::ip::udp::endpoint> servers;     // none: those of /etc/resolv.conf
    std::chrono::milliseconds attempt_timeout{1000};  // doubles after each round of servers
    int attempts = 3;                                 // per server
  };
  // Told about replies, possibly from inside ask().
  class listener {
   public:
    virtual void on_reply(std::uint64_t lookup, ip_family family, family_reply reply) = 0;
    // Replies may have come, and no call into c-ares is under way.
    virtual void on_turn() = 0;

   protected:
    ~listener() = default;
  };

  resolver_channel(strand where, const settings& how, listener& owner);
  ~resolver_channel();
  resolver_channel(const resolver_channel&) = delete;
  resolver_channel& operator=(const resolver_channel&) = delete;

  void ask(std::uint64_t lookup, const std::string& name, ip_family family);
  // Lets c-ares notice what timed out. Call several times a second while waiting().
  void tick();
  // Ends all questions (each is told as failed) and closes the sockets.
  void close();

  std::uint64_t asked() const noexcept { return asked_; }
  bool waiting() const noexcept { return waiting_ > 0; }
  // No question and no handler is outstanding: it may be destroyed while the loop runs.
  bool idle() const noexcept { return waiting_ == 0 && handlers_ == 0; }

 private:
  using descriptor = asio::posix::basic_stream_descriptor<strand>;
  // The socket belongs to c-ares; the descriptor only waits on it.
  struct watch {
    descriptor socket;
    std::uint64_t serial;  // tells this socket from a later one of the same number
    bool wants_read = false, wants_write = false;
    bool waits_read = false, waits_write = false;
  };
  struct question {
    resolver_channel* self;
    std::uint64_t lookup;
    ip_family family;
  };

  static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable);
  static void on_answer(void* question, int status, int timeouts, unsigned char* data, int size);
  void set_servers(const std::vector<asio::ip::udp::endpoint>& servers);
  void wait(int fd, watch& w);
  void on_ready(int fd, std::uint64_t serial, bool write);

  strand strand_;
  listener& owner_;
  ares_channel channel_ = nullptr;
  std::unordered_map<int, watch> watches_;
  std::uint64_t serials_ = 0;
  std::uint64_t asked_ = 0;
  std::size_t waiting_ = 0;   // questions without a reply
  std::size_t handlers_ = 0;  // waits on sockets
};

// The addresses of a DNS message as c-ares hands it over, `status` being its verdict.
family_reply read_reply(ip_family family, int status, std::span<const unsigned char> message);

}  // namespace orbweaver
