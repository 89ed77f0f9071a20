#include "crawler/fetch/proxy.hpp"

#include <algorithm>

#include "tests/support/certificates.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/proxy_site.hpp"
#include "tests/support/site_server.hpp"
#include "tests/support/tls_site.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;
using lines = std::vector<std::string>;

class Proxy : public testing::Test {
 protected:
  Proxy() {
    engine_settings settings = running_engine::default_settings();
    settings.ca_file = ca_file.path();
    e.emplace(1, settings, names_of(hosts_file.path()));
  }
  static crawl_spec through(const std::string& proxy, std::vector<std::string> urls) {
    crawl_spec spec = quick_spec(std::move(urls));
    spec.proxy = *parse_proxy(proxy);
    spec.robots = robots_policy::ignore;
    spec.per_host_concurrency = 1;
    spec.retries = 0;
    return spec;
  }
  json fetch(const std::string& proxy, const std::string& url) {
    return e->crawl(through(proxy, {url})).records.at(0);
  }

  authority ca;
  temporary_file ca_file{ca.certificate()};
  temporary_file hosts_file{"127.0.0.1 site.test\n10.0.0.1 inside.test\n"};
  std::optional<running_engine> e;
  site_server site{site_server::page_map{{"/", "<title>plain</title>"}, {"/2", "x"}, {"/3", "x"}}};
  tls_site secure{
      ca.issue({"site.test"}), [](const std::string&) {
        return tls_site::reply{html_response("<title>secure</title>"), tls_site::then::keep};
      }};
  const std::string address = "127.0.0.1:" + std::to_string(site.port());
  const std::string secure_address = "127.0.0.1:" + std::to_string(secure.port());
};

TEST_F(Proxy, AnHttpProxyIsAskedForTheWholeUrl) {
  proxy_site proxy;
  EXPECT_EQ(fetch(proxy.url("http"), site.url()).at("title"), "plain");
  EXPECT_EQ(proxy.asked(), lines{"GET http://" + address + "/"});
  EXPECT_EQ(site.hits().size(), 1u);
}

TEST_F(Proxy, AnHttpProxyOpensTunnelsToAddresses) {
  proxy_site proxy;
  EXPECT_EQ(fetch(proxy.url("http"), secure.url("/", "site.test")).at("title"), "secure");
  EXPECT_EQ(proxy.asked(), lines{"CONNECT " + secure_address});
  EXPECT_EQ(secure.handshakes().at(0).sni, "site.test");
}

TEST_F(Proxy, SocksOpensTunnelsForBoth) {
  proxy_site proxy;
  EXPECT_EQ(fetch(proxy.url("socks5"), site.url()).at("title"), "plain");
  EXPECT_EQ(fetch(proxy.url("socks5"), secure.url("/", "site.test")).at("title"), "secure");
  EXPECT_EQ(proxy.asked(), (lines{"SOCKS " + address, "SOCKS " + secure_address}));
}

TEST_F(Proxy, CredentialsAreShownToTheProxy) {
  proxy_site proxy("us:p@ss");
  for (const char* const scheme : {"http", "socks5"}) {
    for (const std::string& url : {site.url(), secure.url("/", "site.test")}) {
      EXPECT_EQ(code_of(fetch(proxy.url(scheme, "us:p%40ss"), url)), "fetched") << scheme << url;
      EXPECT_EQ(code_of(fetch(proxy.url(scheme, "us:wrong"), url)), "proxy_auth") << scheme << url;
      EXPECT_EQ(code_of(fetch(proxy.url(scheme), url)), "proxy_auth") << scheme << url;
    }
  }
}

TEST_F(Proxy, ConnectionsAreKeptPerProxy) {
  proxy_site proxy, other;
  const auto got =
      e->crawl(through(proxy.url("socks5"), {site.url(), site.url("/2"), site.url("/3")}));
  EXPECT_EQ(got.status.counts.fetched, 3u);
  EXPECT_EQ(proxy.asked().size(), 1u);
  fetch(other.url("socks5"), site.url());
  EXPECT_EQ(other.asked().size(), 1u) << "not through the first one's connection";
  fetch(proxy.url("socks5"), site.url());
  EXPECT_EQ(proxy.asked().size() + other.asked().size(), 3u)
      << "the idle one was closed: a host has one connection at a time";
}

TEST_F(Proxy, RobotsAreFetchedThroughItToo) {
  proxy_site proxy;
  crawl_spec spec = through(proxy.url("http"), {site.url()});
  spec.robots = robots_policy::obey;
  EXPECT_EQ(e->crawl(std::move(spec)).status.counts.fetched, 1u);
  EXPECT_EQ(proxy.asked().at(0), "GET http://" + address + "/robots.txt");
  EXPECT_EQ(site.hits().size(), 2u);
}

// A proxy that fails keeps no other crawl from a site.
TEST_F(Proxy, WhatOneRouteCannotReachAnotherMay) {
  crawl_spec spec = through("http://127.0.0.1:1080", {site.url()});
  spec.robots = robots_policy::obey;
  EXPECT_EQ(code_of(e->crawl(spec).records.at(0)), "proxy_failed");
  spec.proxy.reset();
  EXPECT_EQ(code_of(e->crawl(spec).records.at(0)), "fetched");
}

TEST_F(Proxy, ThePolicyHoldsForBothEnds) {
  proxy_site proxy;
  for (const char* const scheme : {"http", "socks5"}) {
    for (const char* const url : {"http://10.0.0.1/", "https://inside.test/", "http://inside.test/",
                                  "http://[::ffff:10.0.0.1]/", "https://0xa000001/"})
      EXPECT_EQ(code_of(fetch(proxy.url(scheme), url)), "blocked_address") << url;
    EXPECT_EQ(code_of(fetch(proxy.url(scheme), "http://127.0.0.1:25/")), "blocked_port");
  }
  EXPECT_TRUE(proxy.asked().empty());
  for (const char* const at : {"http://10.0.0.1:80", "socks5://inside.test:80", "http://0xa.1:99"})
    EXPECT_EQ(code_of(fetch(at, site.url())), "blocked_address") << at;
  EXPECT_EQ(code_of(fetch("http://127.0.0.1:25", site.url())), "blocked_port");
  EXPECT_TRUE(site.hits().empty());
}

TEST_F(Proxy, ItsFailuresAreNotTheSites) {
  const std::string tls = secure.url("/", "site.test");
  EXPECT_EQ(code_of(fetch("http://127.0.0.1:1080", tls)), "proxy_failed") << "nobody there";
  EXPECT_EQ(code_of(fetch("http://no-such-proxy.invalid", tls)), "proxy_failed");
  const std::pair<std::string, std::string> answers[] = {
      {"HTTP/1.1 403 No\r\n\r\n", "proxy_refused"},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", "connect_failed"},
      {"HTTP/1.1 200 OK\r\n\r\ntoo much", "proxy_failed"},
      {"HTTP/1.1 200 O", "proxy_failed"},
      {"garbage\r\n\r\n", "proxy_failed"},
  };
  for (const auto& [answer, outcome] : answers) {
    proxy_site proxy("", answer);
    EXPECT_EQ(code_of(fetch(proxy.url("http"), tls)), outcome) << answer;
  }
  proxy_site socks("", std::string("\x05\x00\x05\x02", 4));
  EXPECT_EQ(code_of(fetch(socks.url("socks5"), tls)), "proxy_refused");
  EXPECT_TRUE(secure.targets().empty());
}

TEST_F(Proxy, OneThatSaysNothingEndsWithTheTimeout) {
  site_server silent(site_server::script([](const site_server::hit&) {
    return site_server::reply{"", site_server::then::silence};
  }));
  crawl_spec spec =
      through("http://127.0.0.1:" + std::to_string(silent.port()), {secure.url("/", "site.test")});
  spec.timeout = seconds_f(0.3);
  EXPECT_EQ(code_of(e->crawl(std::move(spec)).records.at(0)), "total_timeout");
}

}  // namespace
}  // namespace orbweaver::test
