#include "common/net/tls.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "tests/support/certificates.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"
#include "tests/support/tls_site.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using then = tls_site::then;

const std::vector<std::string> all_names{"127.0.0.1", "site.test"};

class Tls : public testing::Test {
 protected:
  Tls() {
    engine_settings settings = running_engine::default_settings();
    settings.ca_file = ca_file.path();
    e.emplace(1, settings, names_of(hosts_file.path()));
  }

  static crawl_spec spec_of(std::vector<std::string> urls) {
    crawl_spec spec = quick_spec(std::move(urls));
    spec.robots = robots_policy::ignore;
    spec.retries = 0;
    spec.per_host_concurrency = 1;
    return spec;
  }
  // How the page ended.
  std::string fetch(const std::string& url, bool verify = true) {
    crawl_spec spec = spec_of({url});
    spec.tls_verify = verify;
    last = e->crawl(std::move(spec)).records.at(0);
    return code_of(last);
  }
  static tls_site::reply hello(const std::string&) {
    return {html_response("<title>hello</title>"), then::keep};
  }

  authority ca;
  temporary_file ca_file{ca.certificate()};
  temporary_file hosts_file{"127.0.0.1 site.test a.site.test\n"};
  std::optional<running_engine> e;
  json last;
};

TEST_F(Tls, FetchesFromAnAddressAndFromAName) {
  tls_site site(ca.issue(all_names), hello);
  EXPECT_EQ(fetch(site.url()), "fetched");
  EXPECT_EQ(last.at("title"), "hello");
  EXPECT_EQ(fetch(site.url("/", "site.test")), "fetched");
}

TEST_F(Tls, EachFaultOfACertificateHasItsOutcome) {
  const authority stranger;
  const struct {
    identity who;
    std::string outcome;
  } faults[] = {
      {ca.issue(all_names, {-2h, -1h}), "tls_expired"},
      {ca.issue(all_names, {1h, 2h}), "tls_not_yet_valid"},
      {ca.issue({"127.0.0.2", "elsewhere.test"}), "tls_wrong_host"},
      {self_signed(all_names), "tls_self_signed"},
      {stranger.issue(all_names), "tls_unknown_issuer"},
  };
  for (const auto& fault : faults) {
    tls_site site(fault.who, hello);
    EXPECT_EQ(fetch(site.url()), fault.outcome);
    EXPECT_EQ(fetch(site.url("/", "site.test")), fault.outcome) << "by name";
    EXPECT_EQ(last.at("outcome"), "failed");
    EXPECT_TRUE(site.targets().empty()) << "nothing is said to a stranger";
    EXPECT_EQ(fetch(site.url(), false), "fetched") << "without verification " << fault.outcome;
    EXPECT_EQ(fetch(site.url("/", "site.test"), false), "fetched");
  }
}

TEST_F(Tls, ANameIsMatchedWhole) {
  tls_site site(ca.issue({"*.site.test"}), hello);
  EXPECT_EQ(fetch(site.url("/", "a.site.test")), "fetched");
  EXPECT_EQ(fetch(site.url("/", "site.test")), "tls_wrong_host");
  EXPECT_EQ(fetch(site.url()), "tls_wrong_host") << "an address is no name";
}

TEST_F(Tls, FaultsAreNotTriedAgain) {
  tls_site site(self_signed(all_names), hello);
  crawl_spec spec = spec_of({site.url()});
  spec.retries = 5;
  spec.robots = robots_policy::obey;
  const auto got = e->crawl(std::move(spec));
  EXPECT_EQ(code_of(got.records.at(0)), "tls_self_signed") << "robots.txt met the same fault";
  EXPECT_EQ(got.status.counts.failed, 1u);
}

TEST_F(Tls, AnOlderProtocolIsRefused) {
  tls_site site(ca.issue(all_names), hello, {.max_version = TLS1_1_VERSION});
  EXPECT_EQ(fetch(site.url()), "tls_protocol");
}

// Serves one connection with a fixed answer to whatever comes first.
class one_answer {
 public:
  explicit one_answer(std::string bytes)
      : thread_([this, bytes = std::move(bytes)] {
          auto socket = acceptor_.accept();
          std::string input(4096, '\0');
          socket.read_some(asio::buffer(input));
          asio::write(socket, asio::buffer(bytes));
        }) {}
  ~one_answer() { thread_.join(); }
  std::string url() const {
    return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::make_address("127.0.0.1"), 0}};
  std::thread thread_;
};

TEST_F(Tls, PlainHttpIsAnotherProtocol) {
  one_answer plain("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(fetch(plain.url()), "tls_protocol");
}

TEST_F(Tls, ABrokenHandshakeIsAFailedOne) {
  one_answer broken(std::string("\x15\x03\x03\x00\x02\x02\x50", 7));  // alert: internal_error
  EXPECT_EQ(fetch(broken.url()), "tls_handshake_failed");
}

TEST_F(Tls, AServerThatHangsUpIsReportedAsThat) {
  one_answer silent("");
  const std::string code = fetch(silent.url());
  EXPECT_TRUE(code == "connection_closed" || code == "connection_reset") << code;
}

TEST_F(Tls, AHandshakeThatNeverComesEndsWithTheTimeout) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  crawl_spec spec =
      spec_of({"https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/"});
  spec.timeout = seconds_f(0.2);
  EXPECT_EQ(code_of(e->crawl(std::move(spec)).records.at(0)), "total_timeout");
}

TEST_F(Tls, ABodyThatLastsUntilCloseMustBeClosedInOrder) {
  tls_site site(ca.issue(all_names), [](const std::string& target) -> tls_site::reply {
    return {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>part</title>",
            target == "/cut" ? then::cut : then::close};
  });
  EXPECT_EQ(fetch(site.url("/whole")), "fetched");
  EXPECT_FALSE(last.contains("truncated"));
  EXPECT_EQ(fetch(site.url("/cut")), "body_incomplete");
  EXPECT_EQ(last.at("title"), "part") << "what came is kept";
  EXPECT_EQ(last.at("truncated"), "closed");
}

TEST_F(Tls, ALengthMakesUpForACloseThatWasCut) {
  tls_site site(ca.issue(all_names), [](const std::string&) -> tls_site::reply {
    return {html_response("<title>whole</title>"), then::cut};
  });
  EXPECT_EQ(fetch(site.url()), "fetched");
  EXPECT_EQ(last.at("title"), "whole");
}

TEST_F(Tls, SessionsAreResumedOnTheNextConnection) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls_site site(ca.issue(all_names),
                  [](const std::string&) -> tls_site::reply {
                    return {html_response("x"), then::close};
                  },
                  {.max_version = version});
    const auto got = e->crawl(spec_of({site.url("/1"), site.url("/2"), site.url("/3")}));
    EXPECT_EQ(got.status.counts.fetched, 3u);
    const auto seen = site.handshakes();
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_FALSE(seen[0].resumed);
    EXPECT_TRUE(seen[1].resumed) << version;
    EXPECT_TRUE(seen[2].resumed) << version;
    EXPECT_EQ(fetch(site.url("/", "site.test")), "fetched");
    EXPECT_FALSE(site.handshakes().back().resumed) << "sessions belong to a host";
  }
}

TEST_F(Tls, ConnectionsAreKept) {
  tls_site site(ca.issue(all_names), hello);
  std::vector<std::string> urls;
  for (int i = 0; i < 20; ++i) urls.push_back(site.url("/" + std::to_string(i)));
  EXPECT_EQ(e->crawl(spec_of(std::move(urls))).status.counts.fetched, 20u);
  EXPECT_EQ(site.handshakes().size(), 1u);
}

TEST_F(Tls, AKeptConnectionClosedMeanwhileIsReplacedUncounted) {
  tls_site site(ca.issue(all_names), [](const std::string&) -> tls_site::reply {
    return {html_response("x"), then::close};
  });
  const auto got = e->crawl(spec_of({site.url("/1"), site.url("/2"), site.url("/3")}));
  EXPECT_EQ(got.status.counts.fetched, 3u);
  for (const json& r : got.records) EXPECT_EQ(r.at("attempts"), 1);
}

TEST_F(Tls, ServerNamesAreSentForNamesOnly) {
  tls_site site(ca.issue(all_names), hello);
  EXPECT_EQ(fetch(site.url()), "fetched");
  EXPECT_EQ(fetch(site.url("/", "site.test")), "fetched");
  EXPECT_EQ(fetch(site.url("/", "SITE.test.")), "fetched") << "the root's dot is no part of it";
  const auto seen = site.handshakes();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].sni, "");
  EXPECT_EQ(seen[1].sni, "site.test");
  EXPECT_EQ(seen[2].sni, "site.test");
}

TEST_F(Tls, VerifiedAndUnverifiedNeverShareConnectionsOrSessions) {
  for (const bool verified_first : {true, false}) {
    tls_site site(ca.issue(all_names), hello);
    EXPECT_EQ(fetch(site.url(), verified_first), "fetched");
    EXPECT_EQ(fetch(site.url(), !verified_first), "fetched");
    const auto seen = site.handshakes();
    ASSERT_EQ(seen.size(), 2u) << "a kept connection of the other kind was used";
    EXPECT_FALSE(seen[1].resumed) << "a session of the other kind was used";
  }
}

TEST_F(Tls, TrustOfOneCrawlIsNoneOfAnothers) {
  tls_site site(self_signed(all_names), hello);
  EXPECT_EQ(fetch(site.url(), false), "fetched");
  EXPECT_EQ(fetch(site.url(), true), "tls_self_signed");
  EXPECT_EQ(fetch(site.url(), false), "fetched");
}

// A client on a socket of its own, read by hand.
class by_hand {
 public:
  by_hand(const std::string& ca_file, const tls_site& site) : client_(ca_file) {
    tcp_socket socket(asio::make_strand(context_));
    socket.connect({asio::ip::make_address("127.0.0.1"), site.port()});
    socket.native_non_blocking(true);
    stream = client_.connect(std::move(socket), "127.0.0.1", site.port(), true);
    while (stream->handshake().status != io_status::ok) wait();
    const std::string_view request = "GET / HTTP/1.1\r\n\r\n";
    EXPECT_EQ(stream->write_some(request).bytes, request.size());
  }
  void wait() {
    pollfd ready{stream->socket().native_handle(), POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 10'000), 1);
  }
  // What the kernel has for it.
  int unread() {
    int out = 0;
    ::ioctl(stream->socket().native_handle(), FIONREAD, &out);
    return out;
  }
  // Reads the answer, and waits for `more` bytes behind it.
  void read_answer(std::size_t size, int more) {
    std::array<char, 4096> into;
    for (std::size_t got = 0; got < size; got += stream->read_some(into).bytes) wait();
    for (const auto limit = clock::now() + 10s; unread() < more; std::this_thread::yield())
      ASSERT_LT(clock::now(), limit);
  }

 private:
  asio::io_context context_;
  tls_client client_;

 public:
  std::unique_ptr<tls_stream> stream;
};

TEST_F(Tls, APeerThatTalksOfKeysForEverKeepsNoCallFromComingBack) {
  constexpr int updates = 100;
  constexpr int record = 27;  // bytes of a key update
  for (const int sent : {3, updates}) {
    tls_site site(ca.issue(all_names), [&](const std::string&) -> tls_site::reply {
      return {"answer", then::keep, sent};
    });
    by_hand client(ca_file.path(), site);
    client.read_answer(6, sent * record);
    if (sent == updates) {
      std::array<char, 16> into;
      EXPECT_EQ(client.stream->read_some(into).status, io_status::want_read);
      EXPECT_GT(client.unread(), 0) << "one call read all there was";
    }
    EXPECT_EQ(client.stream->is_quiet(), sent != updates);
  }
}

TEST_F(Tls, ManyConnectionsOnManyThreads) {
  tls_site site(ca.issue(all_names), [](const std::string& target) -> tls_site::reply {
    const int n = std::stoi(target.substr(1));
    std::string links;
    for (int i = 0; i < 4; ++i) links += "<a href=/" + std::to_string((n * 4 + i) % 200) + ">x</a>";
    return {html_response(links), n % 3 == 0 ? then::close : then::keep};
  });
  engine_settings settings = running_engine::default_settings();
  settings.ca_file = ca_file.path();
  running_engine many(8, settings);
  crawl_spec spec = spec_of({site.url("/1")});
  spec.per_host_concurrency = 8;
  const auto got = many.crawl(std::move(spec));
  EXPECT_EQ(got.status.counts.fetched, 200u);
  EXPECT_EQ(got.status.counts.failed, 0u);
}

}  // namespace
}  // namespace orbweaver::test
