#include "common/net/resolver_channel.hpp"

#include <algorithm>
#include <arpa/nameser.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace orbweaver {
namespace {

constexpr int edns_payload = 1232;  // bytes: no IP fragment on any path (RFC 9715)

void initialise_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  if (status != ARES_SUCCESS) throw std::runtime_error(ares_strerror(status));
}

// c-ares tells nobody why it could not open a socket.
bool is_out_of_descriptors() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
  ::close(fd);
  return false;
}

reply_kind kind_of(int status) {
  switch (status) {
    case ARES_SUCCESS: return reply_kind::addresses;
    case ARES_ENODATA: return reply_kind::no_address;
    case ARES_ENOTFOUND:
    case ARES_EBADNAME: return reply_kind::no_such_name;
    case ARES_ETIMEOUT: return reply_kind::timed_out;
    case ARES_ENOMEM: return reply_kind::out_of_resources;
    case ARES_ECONNREFUSED:
      return is_out_of_descriptors() ? reply_kind::out_of_resources : reply_kind::failed;
    default: return reply_kind::failed;
  }
}

asio::ip::address address_of(const ares_addrttl& record) {
  return asio::ip::address_v4(ntohl(record.ipaddr.s_addr));
}

asio::ip::address address_of(const ares_addr6ttl& record) {
  asio::ip::address_v6::bytes_type bytes;
  std::copy_n(record.ip6addr._S6_un._S6_u8, bytes.size(), bytes.begin());
  return asio::ip::address_v6(bytes);
}

template <class Record, class Parse>
family_reply read_records(std::span<const unsigned char> message, Parse parse) {
  std::array<Record, max_addresses_per_answer> records;
  int count = static_cast<int>(records.size());
  family_reply out;
  out.kind = kind_of(
      parse(message.data(), static_cast<int>(message.size()), nullptr, records.data(), &count));
  if (out.kind != reply_kind::addresses) return out;
  if (count <= 0) out.kind = reply_kind::no_address;
  out.ttl = max_dns_lifetime;
  for (const Record& r : std::span(records).first(static_cast<std::size_t>(std::max(count, 0)))) {
    out.addresses.push_back(address_of(r));
    // A lifetime with its top bit set counts as zero (RFC 2181 section 8).
    out.ttl = std::min(out.ttl, std::chrono::seconds(std::max(r.ttl, 0)));
  }
  return out;
}

}  // namespace

family_reply read_reply(ip_family family, int status, std::span<const unsigned char> message) {
  if (status != ARES_SUCCESS) {
    family_reply out;
    out.kind = kind_of(status);
    return out;
  }
  return family == ip_family::v4 ? read_records<ares_addrttl>(message, ares_parse_a_reply)
                                 : read_records<ares_addr6ttl>(message, ares_parse_aaaa_reply);
}

resolver_channel::resolver_channel(strand where, const settings& how, listener& owner)
    : strand_(std::move(where)), owner_(owner) {
  initialise_library();
  char lookups[] = "b";  // DNS alone: hosts(5) is read once, not once per question
  ares_options options{};
  options.flags = ARES_FLAG_EDNS;
  options.ednspsz = edns_payload;
  options.timeout = static_cast<int>(how.attempt_timeout.count());
  options.tries = how.attempts;
  options.lookups = lookups;
  options.sock_state_cb = &resolver_channel::on_socket_state;
  options.sock_state_cb_data = this;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                   ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
  // Left null on failure: every question then fails.
  if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) channel_ = nullptr;
  if (!how.servers.empty()) set_servers(how.servers);
}

resolver_channel::~resolver_channel() { close(); }

void resolver_channel::set_servers(const std::vector<asio::ip::udp::endpoint>& servers) {
  std::vector<ares_addr_port_node> nodes(servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    ares_addr_port_node& node = nodes[i];
    node.next = i + 1 < nodes.size() ? &nodes[i + 1] : nullptr;
    node.udp_port = node.tcp_port = servers[i].port();
    const auto address = servers[i].address();
    if (address.is_v4()) {
      node.family = AF_INET;
      node.addr.addr4.s_addr = htonl(address.to_v4().to_uint());
    } else {
      node.family = AF_INET6;
      const auto bytes = address.to_v6().to_bytes();
      std::copy(bytes.begin(), bytes.end(), node.addr.addr6._S6_un._S6_u8);
    }
  }
  if (channel_ && ares_set_servers_ports(channel_, nodes.data()) != ARES_SUCCESS) close();
}

void resolver_channel::ask(std::uint64_t lookup, const std::string& name, ip_family family) {
  ++asked_;
  if (!channel_) {
    owner_.on_reply(lookup, family, {});
    return;
  }
  ++waiting_;
  auto context = std::make_unique<question>(question{this, lookup, family});
  // c-ares calls back exactly once, maybe at once, maybe from ares_destroy; it takes over then.
  ares_query(channel_, name.c_str(), ns_c_in, family == ip_family::v4 ? ns_t_a : ns_t_aaaa,
             &resolver_channel::on_answer, context.release());
}

void resolver_channel::on_answer(void* context, int status, int, unsigned char* data, int size) {
  const std::unique_ptr<question> q(static_cast<question*>(context));
  --q->self->waiting_;
  std::span<const unsigned char> message;
  if (data && size > 0) message = {data, static_cast<std::size_t>(size)};
  q->self->owner_.on_reply(q->lookup, q->family, read_reply(q->family, status, message));
}

void resolver_channel::on_socket_state(void* context, ares_socket_t fd, int readable,
                                       int writable) {
  auto& self = *static_cast<resolver_channel*>(context);
  auto found = self.watches_.find(fd);
  if (!readable && !writable) {  // c-ares is about to close it
    if (found == self.watches_.end()) return;
    found->second.socket.release();
    self.watches_.erase(found);
    return;
  }
  if (found == self.watches_.end()) {
    watch w{.socket = descriptor(self.strand_), .serial = ++self.serials_};
    error_code ec;
    w.socket.assign(fd, ec);
    if (ec) return;  // its questions time out
    found = self.watches_.emplace(fd, std::move(w)).first;
  }
  found->second.wants_read = readable != 0;
  found->second.wants_write = writable != 0;
  self.wait(fd, found->second);
}

void resolver_channel::wait(int fd, watch& w) {
  const auto arm = [&](descriptor::wait_type what, bool write) {
    ++handlers_;
    w.socket.async_wait(what, [this, fd, serial = w.serial, write](error_code) {
      --handlers_;
      on_ready(fd, serial, write);
    });
  };
  if (w.wants_read && !w.waits_read) {
    w.waits_read = true;
    arm(descriptor::wait_read, false);
  }
  if (w.wants_write && !w.waits_write) {
    w.waits_write = true;
    arm(descriptor::wait_write, true);
  }
}

void resolver_channel::on_ready(int fd, std::uint64_t serial, bool write) {
  auto found = watches_.find(fd);
  if (found != watches_.end() && found->second.serial == serial) {
    (write ? found->second.waits_write : found->second.waits_read) = false;
    ares_process_fd(channel_, write ? ARES_SOCKET_BAD : fd, write ? fd : ARES_SOCKET_BAD);
    found = watches_.find(fd);  // c-ares may have closed it, and opened another
    if (found != watches_.end() && found->second.serial == serial) wait(fd, found->second);
  }
  owner_.on_turn();
}

void resolver_channel::tick() {
  if (channel_) ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void resolver_channel::close() {
  if (channel_) ares_destroy(std::exchange(channel_, nullptr));
}

}  // namespace orbweaver
