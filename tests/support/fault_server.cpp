#include "tests/support/fault_server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <csignal>

#include "tests/support/tls_context.hpp"

namespace orbweaver::test {
namespace {

using asio::ip::tcp;

constexpr int queue_fillers = 4;

std::string label_of(const fault_case& c) {
  std::string out = c.name;
  std::replace(out.begin(), out.end(), '.', '-');
  return out;
}
std::string own_host(const fault_case& c) { return label_of(c) + ".fault.test"; }
std::string other_host(const fault_case& c) { return "other-" + own_host(c); }

asio::ip::address_v4 address_number(std::size_t number, bool other) {
  return asio::ip::make_address_v4((127U << 24) | ((other ? 21U : 20U) << 16) |
                                   static_cast<std::uint32_t>(number + 1));
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
}

void expand_play(const fault_server& by, const fault_case& c, fault_play& play) {
  for (fault_step& s : play) s.bytes = by.expand(c, std::move(s.bytes));
}

}  // namespace

struct fault_server::site {
  const fault_case& plays;
  std::map<std::string, fault_play> routes;
  fault_play at_accept;
  SSL_CTX* tls = nullptr;
  std::size_t connections = 0;
  std::vector<std::string> targets;
};

struct fault_server::request {
  std::string target;
  std::string host;  // without its port
};

fault_server::fault_server(std::vector<fault_case> cases, unsigned seed)
    : cases_(std::move(cases)),
      player_(strand_, seed),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::any(), 0)),
      v6_acceptor_(context_),
      dead_(context_),
      full_(context_) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  prepare_ports();
  for (std::size_t i = 0; i < cases_.size(); ++i) prepare(i);
  const auto listen = [this](tcp::acceptor& a) {
    const auto next = [this, &a](auto self) -> void {
      a.async_accept(strand_, [this, self](error_code ec, tcp_socket socket) {
        if (ec) return;
        accept(std::move(socket));
        self(self);
      });
    };
    next(next);
  };
  listen(acceptor_);
  if (v6_acceptor_.is_open()) listen(v6_acceptor_);
  thread_ = std::thread([this] { context_.run(); });
}

fault_server::~fault_server() {
  context_.stop();
  thread_.join();
}

// Nobody listens on the first, and the second takes no further connection: what its queue holds
// is never accepted.
void fault_server::prepare_ports() {
  const tcp::endpoint any_port(asio::ip::address_v4::any(), 0);
  dead_.open(tcp::v4());
  dead_.bind(any_port);
  full_.open(tcp::v4());
  full_.bind(any_port);
  full_.listen(0);
  const tcp::endpoint there(asio::ip::address_v4::loopback(), full_.local_endpoint().port());
  for (int i = 0; i < queue_fillers; ++i) {
    queue_.emplace_back(context_, tcp::v4());
    queue_.back().async_connect(there, [](error_code) {});
  }
  error_code none;
  v6_acceptor_.open(tcp::v6(), none);
  if (!none) v6_acceptor_.bind({asio::ip::address_v6::loopback(), 0}, none);
  if (!none) v6_acceptor_.listen(asio::socket_base::max_listen_connections, none);
  if (none) v6_acceptor_.close(none);
}

void fault_server::prepare(std::size_t number) {
  const fault_case& c = cases_[number];
  for (const bool other : {false, true}) {
    const std::string host = other ? other_host(c) : own_host(c);
    const asio::ip::address address = address_number(number, other);
    auto made = std::make_unique<site>(site{.plays = c});
    made->routes = c.routes;
    if (!c.play.empty()) made->routes["/"] = c.play;
    made->routes.try_emplace("/next", fault_play{say(whole_response("the next page"))});
    for (auto& [target, play] : made->routes) expand_play(*this, c, play);
    made->at_accept = c.at_accept.value_or(fault_play{});
    if (c.tls) made->tls = context_for(c);
    by_address_[address] = made.get();
    sites_[host] = std::move(made);
    dns_server::zone_entry zone{.a = {address.to_string()}};
    if (c.zone && !other) zone = *c.zone;
    for (std::string& a : zone.a) a = expand(c, std::move(a));
    names_.put(host, std::move(zone));
  }
}

SSL_CTX* fault_server::context_for(const fault_case& c) {
  using namespace std::chrono_literals;
  auto& made = contexts_[{c.certificate, c.max_tls_version}];
  if (made) return made.get();
  const std::vector<std::string> all{"*.fault.test"};
  identity shown;
  switch (c.certificate) {
    case fault_certificate::good: shown = trusted_.issue(all); break;
    case fault_certificate::expired: shown = trusted_.issue(all, {-2h, -1h}); break;
    case fault_certificate::not_yet_valid: shown = trusted_.issue(all, {1h, 2h}); break;
    case fault_certificate::wrong_host: shown = trusted_.issue({"elsewhere.test"}); break;
    case fault_certificate::self_signed: shown = self_signed(all); break;
    case fault_certificate::unknown_issuer: shown = stranger_.issue(all); break;
  }
  made = new_server_context(shown, c.max_tls_version);
  return made.get();
}

std::string fault_server::expand(const fault_case& c, std::string text) const {
  const auto number = [](std::uint16_t value) { return std::to_string(value); };
  const std::string at_port = ":" + number(port());
  replace_all(text, "{self}", own_host(c) + at_port);
  replace_all(text, "{other}", other_host(c) + at_port);
  replace_all(text, "{host}", own_host(c));
  replace_all(text, "{address}", address(c));
  replace_all(text, "{port}", number(port()));
  if (v6_acceptor_.is_open())
    replace_all(text, "{v6}", number(v6_acceptor_.local_endpoint().port()));
  replace_all(text, "{dead}", number(dead_.local_endpoint().port()));
  replace_all(text, "{full}", number(full_.local_endpoint().port()));
  return text;
}

std::string fault_server::next_url(const fault_case& c) const {
  return expand(c, std::string(c.tls ? "https" : "http") + "://{self}/next");
}

std::string fault_server::address(const fault_case& c) const {
  return address_number(static_cast<std::size_t>(&c - cases_.data()), false).to_string();
}

std::size_t fault_server::connections(const fault_case& c) const {
  const std::scoped_lock lock(mutex_);
  return sites_.at(own_host(c))->connections;
}

std::vector<std::string> fault_server::targets(const fault_case& c) const {
  const std::scoped_lock lock(mutex_);
  return sites_.at(own_host(c))->targets;
}

void fault_server::accept(tcp_socket socket) {
  error_code gone;
  const auto here = socket.local_endpoint(gone);
  if (gone) return;
  const auto found = by_address_.find(here.address());
  site* const where = found == by_address_.end() ? nullptr : found->second;
  if (!where && here.address().is_v4()) return;  // closed
  if (where) {
    const std::scoped_lock lock(mutex_);
    ++where->connections;
  }
  auto shared = std::make_shared<fault_socket>(std::move(socket));
  asio::co_spawn(strand_, serve(std::move(shared), where), [](std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
  });
}

// `where` is null over IPv6: there the Host field says whose turn it is.
task<> fault_server::serve(std::shared_ptr<fault_socket> socket, site* where) {
  if (where && !where->at_accept.empty()) {
    const bool goes_on = co_await player_.perform(*socket, where->at_accept);
    if (!goes_on) co_return;
  }
  if (where && where->tls) {
    const bool secured = co_await socket->start_tls(where->tls);
    if (!secured) {
      socket->cut();
      co_return;
    }
  }
  std::string input;
  for (request asked; co_await next_request(*socket, input, asked);) {
    const bool goes_on = co_await player_.perform(*socket, play_for(where, asked));
    if (!goes_on) co_return;
  }
}

task<bool> fault_server::next_request(fault_socket& socket, std::string& input, request& out) {
  std::size_t end;
  while ((end = input.find("\r\n\r\n")) == input.npos) {
    const bool there = co_await socket.read(input);
    if (!there) co_return false;
  }
  const auto from = input.find(' ') + 1;
  out.target = input.substr(from, input.find(' ', from) - from);
  const auto host = input.find("Host: ") + 6;
  out.host = input.substr(host, input.find_first_of(":\r", host) - host);
  input.erase(0, end + 4);
  co_return true;
}

const fault_play& fault_server::play_for(site* where, const request& asked) {
  static const fault_play nothing_there{say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")};
  if (!where) {
    const auto named = sites_.find(asked.host);
    if (named == sites_.end()) return nothing_there;
    where = named->second.get();
  }
  const std::scoped_lock lock(mutex_);
  where->targets.push_back(asked.target);
  const auto route = where->routes.find(asked.target);
  return route == where->routes.end() ? nothing_there : route->second;
}

}  // namespace orbweaver::test
