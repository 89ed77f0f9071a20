#include "tests/support/dns_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

namespace orbweaver::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

constexpr std::size_t header_size = 12;
constexpr std::uint16_t type_a = 1, type_cname = 5, type_aaaa = 28, class_in = 1;
constexpr std::uint16_t flag_response = 0x8180, flag_truncated = 0x0200;  // QR, RD, RA; TC
constexpr std::uint16_t formerr = 1, servfail = 2, nxdomain = 3, refused = 5;
constexpr int bind_attempts = 50;

struct message_writer {
  std::vector<std::uint8_t> out;

  void u8(std::size_t v) { out.push_back(static_cast<std::uint8_t>(v)); }
  void u16(std::size_t v) { u8(v >> 8), u8(v & 0xff); }
  void u32(std::size_t v) { u16(v >> 16), u16(v & 0xffff); }
  void name(const std::string& text) {
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('.', start), text.size());
      u8(end - start);
      out.insert(out.end(), text.begin() + static_cast<std::ptrdiff_t>(start),
                 text.begin() + static_cast<std::ptrdiff_t>(end));
      start = end + 1;
    }
    u8(0);
  }
  void record(const std::string& owner, std::uint16_t type, std::uint32_t ttl,
              const std::vector<std::uint8_t>& data) {
    name(owner);
    u16(type), u16(class_in), u32(ttl), u16(data.size());
    out.insert(out.end(), data.begin(), data.end());
  }
};

std::vector<std::uint8_t> name_bytes(const std::string& text) {
  message_writer w;
  w.name(text);
  return w.out;
}

std::vector<std::uint8_t> address_bytes(const std::string& text) {
  const auto address = asio::ip::make_address(text);
  if (address.is_v4()) {
    const auto b = address.to_v4().to_bytes();
    return {b.begin(), b.end()};
  }
  const auto b = address.to_v6().to_bytes();
  return {b.begin(), b.end()};
}

std::uint16_t code_of(dns_server::mood m) {
  switch (m) {
    case dns_server::mood::formerr: return formerr;
    case dns_server::mood::servfail: return servfail;
    case dns_server::mood::nxdomain: return nxdomain;
    case dns_server::mood::refused: return refused;
    default: return 0;
  }
}

}  // namespace

struct dns_server::question {
  std::uint16_t id = 0;
  std::string name;
  std::uint16_t type = 0;
};

dns_server::dns_server() : udp_(context_), tcp_(context_) {
  const auto loopback = asio::ip::address_v4::loopback();
  for (int i = 0;; ++i) {  // one port number for both protocols
    udp_ = udp::socket(context_, udp::endpoint(loopback, 0));
    error_code ec;
    tcp_.open(tcp::v4());
    tcp_.bind({loopback, udp_.local_endpoint().port()}, ec);
    if (!ec) break;
    tcp_.close();
    if (i == bind_attempts) throw std::runtime_error("no free port for a name server");
  }
  tcp_.listen();
  receive_udp();
  accept_tcp();
  thread_ = std::thread([this] { context_.run(); });
}

dns_server::~dns_server() {
  context_.stop();
  thread_.join();
}

udp::endpoint dns_server::endpoint() const { return udp_.local_endpoint(); }

void dns_server::put(const std::string& name, zone_entry entry) {
  const std::lock_guard lock(mutex_);
  zone_[name] = std::move(entry);
}

void dns_server::put_wildcard(const std::string& parent, const std::string& address) {
  const std::lock_guard lock(mutex_);
  wildcards_["." + parent] = address;
}

void dns_server::hold(const std::string& name) {
  const std::lock_guard lock(mutex_);
  held_.insert(name);
}

void dns_server::release(const std::string& name) {
  const std::lock_guard lock(mutex_);
  held_.erase(name);
  asio::post(context_, [this, replies = std::exchange(kept_back_, {})] {
    for (const auto& [to, reply] : replies) send_udp(reply, to);
  });
}

void dns_server::wait_for_questions(const std::string& name, std::size_t count) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return questions_[name] >= count; });
}

std::size_t dns_server::questions(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(name);
  return found == questions_.end() ? 0 : found->second;
}

std::size_t dns_server::tcp_questions() const {
  const std::lock_guard lock(mutex_);
  return tcp_questions_;
}

std::size_t dns_server::all_questions() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [name, count] : questions_) sum += count;
  return sum;
}

std::size_t dns_server::client_ports() const {
  const std::lock_guard lock(mutex_);
  return ports_.size();
}

void dns_server::receive_udp() {
  udp_.async_receive_from(asio::buffer(buffer_), client_, [this](error_code ec, std::size_t n) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) {
      if (const auto reply = answer({buffer_.data(), n}, false)) send_udp(*reply, client_);
    }
    receive_udp();
  });
}

void dns_server::send_udp(const bytes& reply, const udp::endpoint& to) {
  error_code ignored;  // a client that has gone is no concern of a name server
  udp_.send_to(asio::buffer(reply), to, 0, ignored);
}

// One TCP client: length-prefixed messages, one after the other (RFC 1035 section 4.2.2).
struct dns_server::tcp_client : std::enable_shared_from_this<tcp_client> {
  tcp_client(dns_server& owner, tcp::socket s) : server(owner), socket(std::move(s)) {}

  void read_size() {
    asio::async_read(socket, asio::buffer(size),
                     [self = shared_from_this()](error_code ec, std::size_t) {
                       if (!ec) self->read_message();
                     });
  }
  void read_message() {
    message.resize(static_cast<std::size_t>(size[0] << 8 | size[1]));
    asio::async_read(socket, asio::buffer(message),
                     [self = shared_from_this()](error_code ec, std::size_t) {
                       if (!ec) self->reply();
                     });
  }
  void reply() {
    const auto answer = server.answer(message, true);
    if (!answer) return;
    message_writer framed;
    framed.u16(answer->size());
    framed.out.insert(framed.out.end(), answer->begin(), answer->end());
    message = std::move(framed.out);
    asio::async_write(socket, asio::buffer(message),
                      [self = shared_from_this()](error_code ec, std::size_t) {
                        if (!ec) self->read_size();
                      });
  }

  dns_server& server;
  tcp::socket socket;
  std::array<std::uint8_t, 2> size{};
  bytes message;
};

void dns_server::accept_tcp() {
  tcp_.async_accept([this](error_code ec, tcp::socket socket) {
    if (ec) return;
    std::make_shared<tcp_client>(*this, std::move(socket))->read_size();
    accept_tcp();
  });
}

std::optional<dns_server::bytes> dns_server::answer(std::span<const std::uint8_t> message,
                                                    bool tcp) {
  if (message.size() < header_size) return std::nullopt;
  question q;
  q.id = static_cast<std::uint16_t>(message[0] << 8 | message[1]);
  std::size_t at = header_size;
  while (at < message.size() && message[at] != 0) {
    const std::size_t length = message[at];
    if (at + 1 + length >= message.size()) return std::nullopt;
    if (!q.name.empty()) q.name += '.';
    q.name.append(message.begin() + static_cast<std::ptrdiff_t>(at + 1),
                  message.begin() + static_cast<std::ptrdiff_t>(at + 1 + length));
    at += 1 + length;
  }
  if (at + 4 >= message.size()) return std::nullopt;
  q.type = static_cast<std::uint16_t>(message[at + 1] << 8 | message[at + 2]);

  const std::lock_guard lock(mutex_);
  ++questions_[q.name];
  ++asked_[{q.name, q.type}];
  tcp ? void(++tcp_questions_) : void(ports_.insert(client_.port()));
  arrived_.notify_all();
  auto reply = compose(q, tcp);
  if (reply && !tcp && held_.count(q.name)) {
    kept_back_.emplace_back(client_, std::move(*reply));
    return std::nullopt;
  }
  return reply;
}

dns_server::mood dns_server::mood_for(const question& q, const zone_entry& entry) const {
  const mood now = q.type == type_a ? entry.v4 : entry.v6;
  if (now != mood::loses_first) return now;
  return asked_.at({q.name, q.type}) == 1 ? mood::silent : mood::answers;
}

std::optional<dns_server::bytes> dns_server::compose(const question& q, bool tcp) {
  zone_entry entry;
  entry.v4 = entry.v6 = mood::nxdomain;
  if (const auto found = zone_.find(q.name); found != zone_.end()) entry = found->second;
  for (const auto& [parent, address] : wildcards_) {
    if (q.name.ends_with(parent)) entry = zone_entry{.a = {address}};
  }
  const mood now = mood_for(q, entry);
  if (now == mood::silent) return std::nullopt;

  message_writer w;
  w.u16(now == mood::wrong_id ? q.id ^ 1U : q.id);
  if (now == mood::garbage) {
    w.out.resize(40, 0xff);
    return w.out;
  }
  const bool truncated = now == mood::truncates_udp && !tcp;
  const std::uint16_t code = code_of(now);
  const bool has_records = !truncated && code == 0;
  auto& addresses = q.type == type_a ? entry.a : entry.aaaa;
  if (q.type == type_a && !entry.every_other_a.empty() && asked_.at({q.name, q.type}) % 2 == 0)
    addresses = entry.every_other_a;
  w.u16(flag_response | (truncated ? flag_truncated : 0) | code);
  w.u16(1), w.u16(has_records ? entry.aliases.size() + addresses.size() : 0), w.u16(0), w.u16(0);
  w.name(q.name);
  w.u16(q.type), w.u16(class_in);
  if (!has_records) return w.out;
  std::string owner = q.name;
  for (const std::string& alias : entry.aliases) {
    w.record(owner, type_cname, entry.alias_ttl, name_bytes(alias));
    owner = alias;
  }
  for (const std::string& a : addresses) {
    w.record(owner, q.type == type_a ? type_a : type_aaaa, entry.ttl, address_bytes(a));
  }
  if (now == mood::chopped && !addresses.empty()) w.out.resize(w.out.size() - 3);
  return w.out;
}

}  // namespace orbweaver::test
