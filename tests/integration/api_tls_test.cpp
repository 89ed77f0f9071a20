// The API over TLS.
#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <thread>

#include "common/file.hpp"
#include "server/http/listener.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/tls_caller.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using test::http_client;
using test::tls_caller;

constexpr std::string_view whole_answer = "\r\n\r\n\"hi\"";

task<reply> say_hi(request_context&) { co_return reply::json(200, "\"hi\""); }
task<reply> say_much(request_context&) { co_return reply::json(200, std::string(3'000'000, 'b')); }
task<reply> say_back(request_context& c) { co_return reply::json(200, c.body); }
task<reply> go_on(request_context&) {
  reply out;
  out.content_type = "text/plain";
  out.produce = [](body_writer& writer) -> task<bool> {
    co_await writer.write("begun\n");
    while (!writer.gone() && !writer.ending()) {
      const auto executor = co_await asio::this_coro::executor;
      timer pause(executor, 1ms);
      co_await pause.async_wait(as_ec);
    }
    co_return true;
  };
  co_return out;
}

std::vector<route> tls_routes() {
  return {{"GET", "/", say_hi},
          {"GET", "/much", say_much},
          {"POST", "/back", say_back, 1'000'000},
          {"GET", "/on", go_on}};
}

// Files that a service reads its certificate from.
class certificate_files {
 public:
  certificate_files() { renew(); }
  void renew() {
    const test::identity made = test::self_signed({"localhost"});
    EXPECT_FALSE(replace_file(certificate(), made.certificate));
    EXPECT_FALSE(replace_file(key(), made.key));
  }
  std::string certificate() const { return (folder_.path() / "cert.pem").string(); }
  std::string key() const { return (folder_.path() / "key.pem").string(); }

 private:
  test::scratch_folder folder_;
};

class ApiTls : public testing::Test {
 protected:
  void begin(http_limits limits = {}) {
    tls_ = std::move(tls_server::open(files_.certificate(), files_.key()).value());
    listener_ = std::make_unique<http_listener>(context_, deadlines_, routes_, limits, tls_.get());
    port_ = listener_->start({asio::ip::address_v4::loopback(), 0}).value().port();
    thread_ = std::thread([this] { context_.run(); });
  }
  void TearDown() override {
    if (!thread_.joinable()) return;
    asio::co_spawn(asio::make_strand(context_), listener_->stop(5s),
                   [this](std::exception_ptr) { deadlines_.stop(); });
    thread_.join();
  }
  static std::string get(tls_caller& caller, const std::string& target = "/") {
    caller.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return caller.read_until(whole_answer);
  }
  void wait_until(const std::function<bool()>& holds) {
    for (int i = 0; i < 30'000 && !holds(); ++i) std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(holds());
  }

  certificate_files files_;
  asio::io_context context_;
  deadline_service deadlines_{context_};
  router routes_{tls_routes()};
  std::unique_ptr<tls_server> tls_;
  std::unique_ptr<http_listener> listener_;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

TEST_F(ApiTls, AnswersAsWithoutIt) {
  begin();
  tls_caller caller(port_, {.alpn = "\x02h2\x08http/1.1"});
  ASSERT_TRUE(caller.connected());
  EXPECT_EQ(caller.version(), "TLSv1.3");
  EXPECT_EQ(caller.protocol(), "http/1.1");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(get(caller).starts_with("HTTP/1.1 200 OK\r\n"));
  const std::string body(300'000, 'x');
  caller.send("POST /back HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
  caller.send(body);
  EXPECT_TRUE(caller.read_until("\r\n\r\n" + body).ends_with(body));
  caller.send("GET /much HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(caller.read_until("").ends_with(std::string(3'000'000, 'b')));
  EXPECT_TRUE(caller.ended_in_order());
}

TEST_F(ApiTls, SpeaksNothingOlderAndNothingElse) {
  begin();
  EXPECT_TRUE(tls_caller(port_, {.max_version = TLS1_2_VERSION}).connected());
  EXPECT_FALSE(tls_caller(port_, {.max_version = TLS1_1_VERSION}).connected());
  EXPECT_FALSE(tls_caller(port_, {.alpn = "\x02h2"}).connected());
  http_client plain(port_);
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(plain.read_all().find("HTTP/1.1"), std::string::npos);
  tls_caller caller(port_);
  EXPECT_NE(get(caller), "") << "others are served meanwhile";
}

TEST_F(ApiTls, NoticesThatAStreamsClientHasGone) {
  begin();
  {
    tls_caller caller(port_);
    caller.send("GET /on HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_NE(caller.read_until("begun"), "");
  }
  wait_until([&] { return listener_->connections() == 0; });
}

TEST_F(ApiTls, ASlowHandshakeIsGivenUp) {
  http_limits limits;
  limits.handshake = 100ms;
  begin(limits);
  http_client silent(port_);
  EXPECT_EQ(silent.read_all(), "");
  http_client slow(port_);
  slow.send(std::string("\x16\x03\x01\x02\x00\x01", 6));  // a ClientHello begins, and no more
  EXPECT_EQ(slow.read_all(), "");
  wait_until([&] { return listener_->connections() == 0; });
}

TEST_F(ApiTls, SlowHandshakesHoldNoPlaces) {
  http_limits limits;
  limits.connections = 2;
  limits.handshake = 60s;
  begin(limits);
  http_client first(port_), second(port_);
  wait_until([&] { return listener_->connections() == 2; });
  for (int i = 0; i < 3; ++i) {
    tls_caller caller(port_);
    ASSERT_TRUE(caller.connected());
    EXPECT_NE(get(caller).find("200 OK"), std::string::npos);
  }
  EXPECT_EQ(first.read_all(), "") << "it had to go";
}

TEST_F(ApiTls, ARenewedCertificateIsShownToNewClients) {
  begin();
  tls_caller before(port_);
  const std::string old = before.fingerprint();
  ASSERT_NE(old, "");
  ASSERT_FALSE(replace_file(files_.certificate(), "damaged"));
  EXPECT_EQ(tls_caller(port_).fingerprint(), old);
  files_.renew();
  wait_until([&] { return tls_caller(port_).fingerprint() != old; });
  EXPECT_NE(get(before).find("200 OK"), std::string::npos) << "who is connected stays so";
}

TEST(TlsServer, RefusesFilesThatAreOfNoUse) {
  const certificate_files right, other;
  EXPECT_TRUE(tls_server::open(right.certificate(), right.key()));
  const auto why = [](const std::string& certificate, const std::string& key) {
    const auto made = tls_server::open(certificate, key);
    return made ? std::string("it was taken") : made.error().why();
  };
  EXPECT_TRUE(
      why("/nonexistent", right.key()).starts_with("no certificate can be read from /none"));
  EXPECT_TRUE(why(right.key(), right.key()).starts_with("no certificate"));
  EXPECT_TRUE(why(right.certificate(), "/nonexistent").starts_with("no private key"));
  EXPECT_TRUE(why(right.certificate(), other.key()).starts_with("no private key that fits"));
}

TEST(TlsServer, KeepsTheServiceFromStartingWithoutIt) {
  const test::scratch_folder data;
  const auto serve = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{ORBWEAVER_BINARY, "serve",      "--listen",
                                   "127.0.0.1:0",    "--data-dir", data.path().string()};
    words.insert(words.end(), more.begin(), more.end());
    return test::run_program(words);
  };
  const certificate_files files;
  const auto damaged = serve({"--tls-cert", files.key(), "--tls-key", files.key()});
  EXPECT_EQ(damaged.code, 1);
  EXPECT_NE(damaged.err.find("no certificate can be read from " + files.key()), std::string::npos);
  const auto half = serve({"--tls-cert", files.certificate()});
  EXPECT_EQ(half.code, 2);
  EXPECT_NE(half.err.find("tls-key"), std::string::npos) << half.err;
}

TEST(TlsServer, TheWholeServiceSpeaksIt) {
  const certificate_files files;
  settings with = test::loopback_settings();
  with.tls_cert = files.certificate();
  with.tls_key = files.key();
  app service(with);
  const std::uint16_t port = service.start().value().port();
  tls_caller caller(port);
  const std::string host = "localhost:" + std::to_string(port);
  const auto status = [&](const std::string& origin) {
    caller.send("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n\r\n");
    return caller.read_until("}").substr(9, 3);
  };
  EXPECT_EQ(status("https://" + host), "200");
  EXPECT_EQ(status("http://" + host), "403") << "a page that came over plain HTTP is another's";
  service.stop(0s);
}

}  // namespace
}  // namespace orbweaver
