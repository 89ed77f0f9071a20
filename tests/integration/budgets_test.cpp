// Each budget of a fetch, made short, on its failing side.
#include <sys/socket.h>

#include "tests/support/dns_server.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

constexpr auto brief = 200ms;

struct Budgets : testing::Test {
  // How a page ends whose every other budget would last for an hour.
  std::string end_of(const std::string& url) {
    settings.pace = {};
    running_engine e(1, settings, names);
    crawl_spec spec = quick_spec({url});
    spec.robots = robots_policy::ignore;
    spec.retries = 0;
    spec.timeout = timeout;
    return code_of(e.crawl(std::move(spec)).records.at(0));
  }
  engine_settings settings = [] {
    engine_settings out = running_engine::default_settings();
    out.budgets = {.queue = 1h, .connect = 1h, .tls = 1h, .first_byte = 1h, .slow_after = 1h};
    return out;
  }();
  resolver_settings names = names_of("/nonexistent");
  seconds_f timeout{3600};
};

TEST_F(Budgets, OfALookup) {
  dns_server dns;
  dns.put("silent.test", {.v4 = dns_server::mood::silent, .v6 = dns_server::mood::silent});
  names.servers = {dns.endpoint()};
  names.budget = brief;
  names.attempt_timeout = 1h;
  EXPECT_EQ(end_of("http://silent.test/"), "dns_timeout");
}

// A listener that accepts nobody: once its queue is full, further attempts get no answer.
TEST_F(Budgets, OfConnecting) {
  asio::io_context context;
  asio::ip::tcp::acceptor full(context);
  full.open(asio::ip::tcp::v4());
  full.bind({asio::ip::make_address("127.0.0.1"), 0});
  full.listen(0);
  std::vector<asio::ip::tcp::socket> queue;
  for (int i = 0; i < 4; ++i) {
    queue.emplace_back(context);
    queue.back().open(asio::ip::tcp::v4());
    queue.back().native_non_blocking(true);
    const auto at = full.local_endpoint();
    ::connect(queue.back().native_handle(), at.data(), static_cast<socklen_t>(at.size()));
  }
  settings.budgets.connect = brief;
  EXPECT_EQ(end_of("http://127.0.0.1:" + std::to_string(full.local_endpoint().port()) + "/"),
            "connect_timeout");
}

TEST_F(Budgets, OfTheTlsHandshake) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  settings.budgets.tls = brief;
  EXPECT_EQ(end_of("https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/"),
            "tls_timeout");
}

TEST_F(Budgets, OfTheFirstByte) {
  site_server silent(site_server::script([](const hit&) -> reply { return {"", then::silence}; }));
  settings.budgets.first_byte = brief;
  EXPECT_EQ(end_of(silent.url()), "first_byte_timeout");
}

// Every read is in time; it is the rate that ends it.
TEST_F(Budgets, OfSlowness) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  for (const std::string& start : {head + "\r\n", head}) {
    site_server slow(site_server::script([&](const hit&) -> reply {
      return {start, then::keep, "x", 20ms};
    }));
    settings.budgets.slow_after = brief;
    EXPECT_EQ(end_of(slow.url()), "too_slow") << start;
  }
}

TEST_F(Budgets, ABodyThatKeepsTheRateIsReadToItsEnd) {
  site_server steady(site_server::script([&](const hit&) -> reply {
    return {"HTTP/1.1 200 OK\r\nContent-Length: 40960\r\n\r\n", then::keep, std::string(4096, 'x'),
            50ms};
  }));
  settings.budgets.slow_after = 100ms;
  EXPECT_EQ(end_of(steady.url()), "fetched");
}

TEST_F(Budgets, OfTheWhole) {
  site_server steady(site_server::script([](const hit&) -> reply {
    return {"HTTP/1.1 200 OK\r\n\r\n", then::keep, std::string(4096, 'x'), 10ms};
  }));
  timeout = brief;
  EXPECT_EQ(end_of(steady.url()), "total_timeout");
}

// While the resolver is busy with other names, a name's time has not begun.
TEST_F(Budgets, DoNotCountTheQueueForTheResolver) {
  site_server site(site_server::page_map{{"/", "x"}});
  dns_server dns;
  for (int i = 0; i < 3; ++i)
    dns.put("silent" + std::to_string(i) + ".test",
            {.v4 = dns_server::mood::silent, .v6 = dns_server::mood::silent});
  dns.put("site.test", {.a = {"127.0.0.1"}});
  names.servers = {dns.endpoint()};
  names.budget = brief;
  names.attempt_timeout = 1h;
  names.max_in_flight = 1;
  const std::string last = "http://site.test:" + std::to_string(site.port()) + "/";
  running_engine e(1, settings, names);
  crawl_spec spec =
      quick_spec({"http://silent0.test/", "http://silent1.test/", "http://silent2.test/", last});
  spec.robots = robots_policy::ignore;
  spec.retries = 0;
  spec.timeout = seconds_f(0.4);  // the queue takes longer
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.by_outcome.at(outcome::dns_timeout), 3u);
  EXPECT_EQ(code_of(*record_of(got.records, last)), "fetched");
}

TEST_F(Budgets, TheQueueForTheResolverHasALimitToo) {
  dns_server dns;
  dns.put("silent.test", {.v4 = dns_server::mood::silent, .v6 = dns_server::mood::silent});
  names.servers = {dns.endpoint()};
  names.budget = names.attempt_timeout = 2s;
  names.max_in_flight = 1;
  settings.budgets.queue = brief;
  running_engine e(1, settings, names);
  crawl_spec spec = quick_spec({"http://silent.test/", "http://queued.test/"});
  spec.robots = robots_policy::ignore;
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(code_of(*record_of(got.records, "http://queued.test/")), "dns_timeout");
  dns.wait_for_questions("silent.test", 1);
  EXPECT_EQ(dns.questions("queued.test"), 0u);
}

}  // namespace
}  // namespace orbweaver::test
