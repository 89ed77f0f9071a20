// No path leads a connection to an address that may not be dialled, however it is written, and
// whatever a name says. Counted by listeners on the addresses, and by the kernel.
#include <boost/asio/ip/v6_only.hpp>
#include <gmock/gmock.h>
#include <set>

#include "common/url/url.hpp"
#include "crawler/fetch/proxy.hpp"
#include "server/webhooks/webhooks.hpp"
#include "tests/support/address_forms.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/own_network.hpp"
#include "tests/support/proxy_site.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using asio::ip::address;
using asio::ip::tcp;
using reply = site_server::reply;
using hit = site_server::hit;

// Listens on every address of the machine, and writes down which ones were dialled.
class trap {
 public:
  trap() : v4_(context_, tcp::endpoint(tcp::v4(), 0)), v6_(context_) {
    v6_.open(tcp::v6());
    v6_.set_option(asio::ip::v6_only(true));
    v6_.bind({tcp::v6(), port()});
    v6_.listen();
    accept(v4_);
    accept(v6_);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~trap() {
    context_.stop();
    thread_.join();
  }
  trap(const trap&) = delete;
  trap& operator=(const trap&) = delete;

  std::uint16_t port() const { return v4_.local_endpoint().port(); }
  std::size_t caught(const address& a) const {
    const std::scoped_lock lock(mutex_);
    const auto found = caught_.find(a);
    return found == caught_.end() ? 0 : found->second;
  }
  std::map<address, std::size_t> all() const {
    const std::scoped_lock lock(mutex_);
    return caught_;
  }

 private:
  void accept(tcp::acceptor& at) {
    at.async_accept([this, &at](error_code ec, tcp::socket socket) {
      if (ec) return;
      const auto here = socket.local_endpoint(ec);
      {
        const std::scoped_lock lock(mutex_);
        ++caught_[here.address()];
      }
      accept(at);
    });
  }

  asio::io_context context_;
  tcp::acceptor v4_, v6_;
  mutable std::mutex mutex_;
  std::map<address, std::size_t> caught_;
  std::thread thread_;
};

// What one run is about: where the crawl's own site is, and where it may not go.
struct ground {
  std::string site;     // address of the site
  std::string control;  // an address that may be dialled: it shows that the path leads there
  std::vector<ip_network> allowed;
  std::vector<asio::ip::address_v4> v4;
  std::vector<asio::ip::address_v6> v6;
};

// Sends a crawl over every path to every form of every address.
class hunt {
 public:
  explicit hunt(ground g)
      : ground_(std::move(g)),
        proxy_("", "", ground_.site),
        site_([this](const hit& h) { return answer(h); }, ground_.site, 1) {
    for (const auto& a : ground_.v4)
      for (const std::string& form : written_forms(a)) forms_.push_back(form);
    for (const auto& a : ground_.v6) forms_.push_back("[" + a.to_string() + "]");
    add_names();
    forms_.push_back(ground_.control);
    dns_.put_wildcard("site.test", ground_.site);
  }

  const std::vector<std::string>& forms() const { return forms_; }
  const trap& dialled() const { return trap_; }
  // To the crawl's own site and its own proxy.
  std::size_t connections_of_its_own() const {
    return static_cast<std::size_t>(site_.total_connections()) + proxy_.asked().size();
  }

  // URLs on the site that lead to the forms over one path.
  struct path {
    std::string name;
    bool robots = false;
    std::vector<std::string> seeds;
    std::vector<std::string> proxies = {};  // a crawl through each; none: one that uses none
    std::vector<std::string> hooks = {};    // a crawl that tells each
  };
  std::vector<path> paths() const {
    std::vector<path> out{{"link", false, {on_site("w", "/links")}},
                          {"frame", false, {on_site("w", "/frames")}},
                          {"sitemap", true, {on_site("maps", "/")}},
                          {"sitemap entry", true, {on_site("entries", "/")}},
                          {"sitemap index", true, {on_site("index", "/")}},
                          {"sitemap redirect", true, {on_site("led", "/")}}};
    path seed{"seed"}, robots{"robots", true}, redirect{"redirect"}, refresh{"refresh"},
        base{"base"}, twice{"second redirect"}, led{"robots redirect", true},
        proxy{"proxy", false, {on_site("w", "/")}}, hook{"webhook", false, {on_site("w", "/")}};
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      const std::string n = std::to_string(i);
      seed.seeds.push_back(target("seed", i));
      robots.seeds.push_back(target("robots", i));
      redirect.seeds.push_back(on_site("w", "/redirect/" + n));
      twice.seeds.push_back(on_site("w", "/twice/" + n));
      refresh.seeds.push_back(on_site("w", "/refresh/" + n));
      base.seeds.push_back(on_site("w", "/base/" + n));
      led.seeds.push_back(on_site("robots-" + n, "/"));
      const char* const scheme = i % 2 == 0 ? "http://" : "socks5://";
      hook.hooks.push_back(target("hook", i));
      proxy.proxies.push_back(scheme + forms_[i] + ":" + std::to_string(trap_.port()));
    }
    path through{"through a proxy", false, seed.seeds, {proxy_.url("socks5")}};
    for (path* p :
         {&seed, &robots, &redirect, &twice, &refresh, &base, &led, &proxy, &through, &hook})
      out.push_back(std::move(*p));
    return out;
  }

  crawl_spec spec_for(const path& p) const {
    crawl_spec spec = quick_spec(p.seeds);
    spec.scope = scope_kind::any;
    spec.robots = p.robots ? robots_policy::obey : robots_policy::ignore;
    spec.sitemap = p.robots ? sitemap_policy::include : sitemap_policy::skip;
    spec.retries = 0;
    return spec;
  }
  resolver_settings names() const {
    resolver_settings out = names_of("/nonexistent");
    out.servers = {dns_.endpoint()};
    return out;
  }
  const std::vector<ip_network>& allowed() const { return ground_.allowed; }
  // What the crawl's own proxy was asked for.
  std::vector<std::string> proxied() const { return proxy_.asked(); }
  address control() const { return asio::ip::make_address(ground_.control); }

 private:
  // Names that stand for refused addresses, alone, among others, behind an alias, now and then.
  void add_names() {
    const auto add = [this](dns_server::zone_entry zone) {
      const std::string name = "name-" + std::to_string(forms_.size()) + ".form.test";
      dns_.put(name, std::move(zone));
      forms_.push_back(name);
    };
    const std::string& open = ground_.control;
    for (const auto& a : ground_.v4) {
      const std::string text = a.to_string();
      add({.a = {text}});
      add({.a = {open, text}});
      add({.a = {text, open}});
      add({.a = {text}, .aliases = {"alias.form.test"}});
      add({.a = {text}, .ttl = 0, .every_other_a = {open}});
      add({.a = {open}, .ttl = 0, .every_other_a = {text}});
      for (const auto& carrier : carriers(a)) add({.a = {open}, .aaaa = {carrier.to_string()}});
    }
    for (const auto& a : ground_.v6) {
      add({.aaaa = {a.to_string()}});
      add({.a = {open}, .aaaa = {a.to_string()}});
    }
  }

  std::string on_site(const std::string& host, const std::string& at) const {
    return "http://" + host + ".site.test:" + std::to_string(site_.port()) + at;
  }
  std::string target(const std::string& over, std::size_t form) const {
    return "http://" + forms_[form] + ":" + std::to_string(trap_.port()) + "/" + over + "/" +
           std::to_string(form);
  }
  // The text with `before` and `after` around each target.
  std::string each_target(const std::string& over, const std::string& before,
                          const std::string& after) const {
    std::string out;
    for (std::size_t i = 0; i < forms_.size(); ++i) out += before + target(over, i) + after;
    return out;
  }

  reply answer(const hit& h) const {
    const auto from = h.head.find("Host: ") + 6;
    const std::string host = h.head.substr(from, h.head.find(".site.test", from) - from);
    if (h.target == "/robots.txt") return robots_of(host);
    const std::string what = h.target.substr(0, h.target.rfind('/'));
    const std::size_t number =
        what.empty() ? 0 : std::stoul(h.target.substr(h.target.rfind('/') + 1));
    if (what == "/redirect") return {redirect_response(target("redirect", number))};
    if (what == "/twice") return {redirect_response("/then/" + std::to_string(number))};
    if (what == "/then") return {redirect_response(target("twice", number))};
    if (what == "/map") return {redirect_response(target("map-redirect", number))};
    if (what == "/refresh")
      return {html_response("<meta http-equiv=refresh content='0;url=" + target("refresh", number) +
                            "'>")};
    if (what == "/base")
      return {html_response("<base href='" + target("base", number) + "/'><a href=below>x</a>")};
    if (h.target == "/links") return {html_response(each_target("link", "<a href='", "'>x</a>"))};
    if (h.target == "/frames")
      return {html_response(each_target("frame", "<iframe src='", "'></iframe>"))};
    if (h.target == "/entries.xml")
      return {sitemap_response("<urlset>" + each_target("entry", "<url><loc>", "</loc></url>") +
                               "</urlset>")};
    if (h.target == "/index.xml")
      return {sitemap_response("<sitemapindex>" +
                               each_target("index", "<sitemap><loc>", "</loc></sitemap>") +
                               "</sitemapindex>")};
    return {html_response("x")};
  }
  reply robots_of(const std::string& host) const {
    if (host.starts_with("robots-"))
      return {redirect_response(target("led", std::stoul(host.substr(7))))};
    std::string lines;
    if (host == "maps") lines = each_target("map", "Sitemap: ", "\n");
    if (host == "entries") lines = "Sitemap: " + on_site("entries", "/entries.xml");
    if (host == "index") lines = "Sitemap: " + on_site("index", "/index.xml");
    for (std::size_t i = 0; host == "led" && i < forms_.size(); ++i)
      lines += "Sitemap: " + on_site("led", "/map/" + std::to_string(i)) + "\n";
    return {http_response(200, "Content-Type: text/plain\r\n", lines)};
  }
  static std::string sitemap_response(const std::string& xml) {
    return http_response(200, "Content-Type: text/xml\r\n", xml);
  }

  ground ground_;
  std::vector<std::string> forms_;
  dns_server dns_;
  trap trap_;
  proxy_site proxy_;
  site_server site_;  // last: its thread uses the others
};

// One crawl for each address that is to be told of it; all are told, or cannot be.
void tell_each(running_engine& e, const crawl_spec& plain, const std::vector<std::string>& hooks) {
  webhooks told(e.context, e.engine, e.store,
                {.secret = "0123456789abcdef", .user_agent = "Test/1.0", .pauses = {}});
  std::vector<crawl_id> ids;
  for (const std::string& hook : hooks) {
    if (!url::parse(hook)) continue;  // refused when it was asked for
    crawl_spec spec = plain;
    spec.webhook.emplace().url = hook;
    const auto made = e.call(e.engine.create(std::move(spec)));
    told.watch(made.value().id, made.value().request);
    ids.push_back(made.value().id);
  }
  for (const crawl_id id : ids)
    while (!read_delivery_state(e.call(e.store.delivery(id)).value()).ended)
      std::this_thread::yield();
  e.call(told.stop());
}

// Answers how many pairs of a form and a path were tried.
std::size_t chase(hunt& h) {
  std::size_t pairs = 0;
  for (const hunt::path& p : h.paths()) {
    SCOPED_TRACE(p.name);
    // A new engine: none knows from another path what robots.txt says.
    running_engine e(2, running_engine::default_settings(), h.names(), h.allowed());
    const std::size_t before = h.dialled().caught(h.control());
    std::vector<nlohmann::json> records;
    for (std::size_t i = 0; i < std::max<std::size_t>(p.proxies.size(), 1); ++i) {
      crawl_spec spec = h.spec_for(p);
      if (!p.proxies.empty()) {
        const auto proxy = parse_proxy(p.proxies[i]);
        if (!proxy) continue;  // refused when it was asked for
        spec.proxy = *proxy;
      }
      const auto got = e.crawl(std::move(spec));
      EXPECT_FALSE(got.status.by_outcome.contains(outcome::unknown));
      records.insert(records.end(), got.records.begin(), got.records.end());
    }
    tell_each(e, h.spec_for(p), p.hooks);
    EXPECT_GT(h.dialled().caught(h.control()), before) << "the path leads nowhere";
    for (const auto& record : records)
      if (record.at("url").get<std::string>().find(".site.test") == std::string::npos) {
        const std::set<std::string> fit{"blocked_address", "connection_closed", "connection_reset",
                                        "robots_unreachable"};
        EXPECT_TRUE(fit.contains(code_of(record))) << record.at("url") << ' ' << code_of(record);
      }
    pairs += h.forms().size();
  }
  for (const auto& [where, times] : h.dialled().all())
    EXPECT_EQ(where, h.control()) << times << " connections";
  for (const std::string& asked : h.proxied())
    EXPECT_THAT(asked, testing::StartsWith("SOCKS " + h.control().to_string() + ":"));
  return pairs;
}

// Without privileges: addresses of this machine alone.
TEST(Addresses, OfThisMachineAreReachedOnNoPath) {
  ground g{.site = "127.77.0.1", .control = "127.77.0.2"};
  g.allowed = {*ip_network::parse("127.77.0.0/24")};
  for (const char* text : {"127.0.0.1", "127.77.1.1", "0.0.0.0"})
    g.v4.push_back(asio::ip::make_address_v4(text));
  g.v6 = {asio::ip::make_address_v6("::1"), asio::ip::make_address_v6("::")};
  hunt h(std::move(g));
  EXPECT_GE(chase(h), 500u);
}

// With nothing allowed, as the service is by default, and a site on a public address.
TEST(Addresses, ThatAreNotPublicAreReachedOnNoPath) {
  const std::string why_not = in_own_network([] {
    ground g{.site = "93.184.215.14", .control = "93.184.215.15"};
    g.v4 = refused_v4_addresses();
    g.v6 = refused_v6_addresses();
    hunt h(std::move(g));
    EXPECT_GE(chase(h), 5000u);
    // Nothing was dialled on other ports either.
    const auto expected = h.dialled().caught(h.control()) + h.connections_of_its_own();
    EXPECT_EQ(connects_begun(), expected);
  });
  if (!why_not.empty()) GTEST_SKIP() << "no network of its own: " << why_not;
}

}  // namespace
}  // namespace orbweaver::test
