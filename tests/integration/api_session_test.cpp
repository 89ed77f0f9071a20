#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "server/http/listener.hpp"
#include "tests/support/running_app.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::http_answer;
using test::http_client;

// A server with handlers of the test's own on a thread of its own.
class test_server {
 public:
  explicit test_server(http_limits limits = {}) : test_server(limits, nullptr) {}
  test_server(http_limits limits, tls_server* tls)
      : routes_(routes(), guard), listener_(context_, deadlines_, routes_, limits, tls) {
    const auto at = listener_.start({asio::ip::address_v4::loopback(), 0});
    port_ = at.value().port();
    thread_ = std::thread([this] { context_.run(); });
  }

  ~test_server() {
    if (thread_.joinable()) stop(5s);
  }

  void begin_stop(clock::duration grace) {
    asio::co_spawn(asio::make_strand(context_), listener_.stop(grace),
                   [this](std::exception_ptr) { deadlines_.stop(); });
  }
  void join() { thread_.join(); }
  void stop(clock::duration grace) {
    begin_stop(grace);
    join();
  }

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return listener_.connections(); }

  std::atomic<bool> release{false};  // lets "/wait" answer
  std::atomic<bool> waiting{false};
  std::atomic<bool> stream_gone{false};
  std::atomic<bool> hold_gone{false};
  std::atomic<std::uint64_t> streamed{0};

 private:
  // A key is asked for nowhere, and one is right.
  static admission guard(const request_head& head, const request_target&, const client_info&,
                         const route*) {
    admission out;
    if (head.field("Authorization") == "right") out.key = std::make_shared<const api_key>();
    return out;
  }
  std::vector<route> routes();
  task<> wait_for_release();
  task<> let_go();
  task<bool> endless(body_writer& writer);
  task<bool> quiet(body_writer& writer);

  asio::io_context context_;
  deadline_service deadlines_{context_};
  router routes_;
  http_listener listener_;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

task<> nap() {
  const auto executor = co_await asio::this_coro::executor;
  timer pause(executor, 1ms);
  co_await pause.async_wait(as_ec);
}

task<> test_server::wait_for_release() {
  waiting = true;
  while (!release) co_await nap();
}

task<> test_server::let_go() {
  hold_gone = true;
  co_return;
}

// As fast as the client takes it, until it goes.
task<bool> test_server::endless(body_writer& writer) {
  const std::string piece(200'000, 'x');
  bool taken = true;
  while (taken) {
    taken = co_await writer.write(piece);
    streamed += piece.size();
  }
  stream_gone = true;
  co_return false;
}

// Nothing to say, as when a crawl that is followed finds nothing.
task<bool> test_server::quiet(body_writer& writer) {
  co_await writer.write("begun\n");
  while (!writer.gone() && !writer.ending()) co_await nap();
  stream_gone = writer.gone();
  co_return true;
}

std::vector<route> test_server::routes() {
  const auto stream = [](body_producer produce) {
    reply out;
    out.content_type = "text/plain";
    out.produce = std::move(produce);
    return out;
  };
  return {
      {"GET", "/hello",
       [](request_context&) -> task<reply> { co_return reply::json(200, "\"hi\""); }},
      {"GET", "/vital",
       [](request_context&) -> task<reply> { co_return reply::json(200, "\"well\""); },
       default_body_limit, access_level::open, true},
      {"GET", "/big",
       [](request_context&) -> task<reply> {
         co_return reply::json(200, std::string(3'000'000, 'b'));
       }},
      {"POST", "/echo/{name}",
       [](request_context& c) -> task<reply> {
         co_return reply::json(200, std::string(c.captures[0]) + ":" + c.body);
       },
       1'000'000},
      {"GET", "/throw",
       [](request_context&) -> task<reply> {
         throw std::runtime_error("expected by the test");
         co_return reply{};
       }},
      {"GET", "/wait",
       [this](request_context&) -> task<reply> {
         co_await wait_for_release();
         co_return reply::json(200, "\"released\"");
       }},
      {"POST", "/wait",
       [this](request_context&) -> task<reply> {
         co_await wait_for_release();
         co_return reply::json(200, "\"released\"");
       },
       1'000'000},
      {"GET", "/hold",
       [this](request_context& c) -> task<reply> {
         c.when_gone = [this] { return let_go(); };
         if (c.client_gone) co_await let_go();
         waiting = true;
         while (!hold_gone) co_await nap();
         co_return reply::json(200, c.client_gone ? "\"gone\"" : "\"there\"");
       }},
      {"GET", "/count",
       [stream](request_context&) -> task<reply> {
         co_return stream([](body_writer& writer) -> task<bool> {
           for (int i = 0; i < 1000; ++i) {
             const std::string line = std::to_string(i) + "\n";
             const bool taken = co_await writer.write(line);
             if (!taken) co_return false;
           }
           co_return true;
         });
       }},
      {"GET", "/broken",
       [stream](request_context&) -> task<reply> {
         co_return stream([](body_writer& writer) -> task<bool> {
           co_await writer.write("half");
           throw std::runtime_error("expected by the test");
         });
       }},
      {"GET", "/endless",
       [this, stream](request_context&) -> task<reply> {
         co_return stream([this](body_writer& writer) { return endless(writer); });
       }},
      {"GET", "/quiet",
       [this, stream](request_context&) -> task<reply> {
         co_return stream([this](body_writer& writer) { return quiet(writer); });
       }},
  };
}

void wait_until(const std::function<bool()>& holds) {
  for (int i = 0; i < 30'000 && !holds(); ++i) std::this_thread::sleep_for(1ms);
  ASSERT_TRUE(holds());
}

TEST(ApiSession, AnswersOneRequestAfterTheOtherOnOneConnection) {
  test_server server;
  http_client client(server.port());
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const http_answer answer = client.request("GET", "/hello");
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.body, "\"hi\"");
    EXPECT_EQ(answer.fields.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.fields.at("server"), "orbweaver");
    EXPECT_FALSE(answer.fields.at("date").empty());
    ids.insert(answer.fields.at("x-request-id"));
  }
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(client.request("POST", "/echo/a", "some body").body, "a:some body");
  EXPECT_EQ(client.request("GET", "/big").body.size(), 3'000'000u);
}

TEST(ApiSession, AnswersPipelinedRequestsInOrder) {
  test_server server;
  http_client client(server.port());
  client.send(
      "POST /echo/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
      "GET /count HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST /echo/2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n\r\n"
      "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read().body, "1:x");
  EXPECT_EQ(client.read().body.size(), 3890u);
  EXPECT_EQ(client.read().body, "2:y");
  EXPECT_EQ(client.read().fields.at("connection"), "close");
  EXPECT_EQ(client.read_all(), "");
}

TEST(ApiSession, TakesRequestsInTheSmallestPieces) {
  test_server server;
  http_client client(server.port());
  for (const char c :
       std::string("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"))
    client.send({&c, 1});
  EXPECT_EQ(client.read().body, "a:abc");
}

TEST(ApiSession, ServesHttp10) {
  test_server server;
  http_client client(server.port());
  client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read().fields.at("connection"), "keep-alive");
  client.send("GET /count HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const http_answer answer = client.read();
  EXPECT_EQ(answer.fields.count("transfer-encoding"), 0u);
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_EQ(answer.body.size(), 3890u);
}

TEST(ApiSession, AnswersHeadAndOptionsForEveryPath) {
  test_server server;
  http_client client(server.port());
  const http_answer head = client.request("HEAD", "/big");
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.fields.at("content-length"), "3000000");
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(client.request("HEAD", "/count").fields.at("transfer-encoding"), "chunked");
  const http_answer options = client.request("OPTIONS", "/hello");
  EXPECT_EQ(options.status, 204u);
  EXPECT_EQ(options.fields.at("allow"), "GET, HEAD, OPTIONS");
  const http_answer all = client.request("OPTIONS", "*");
  EXPECT_EQ(all.status, 204u);
  EXPECT_EQ(all.fields.at("allow"), "GET, POST, HEAD, OPTIONS");
}

TEST(ApiSession, NamesWhatItDoesNotFind) {
  test_server server;
  http_client client(server.port());
  http_answer answer = client.request("GET", "/nothing");
  EXPECT_EQ(answer.status, 404u);
  EXPECT_EQ(code_of(answer), "not_found");
  answer = client.request("DELETE", "/hello");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(code_of(answer), "method_not_allowed");
  EXPECT_EQ(answer.fields.at("allow"), "GET, HEAD, OPTIONS");
  answer = client.request("GET", "/hello?x=%zz");
  EXPECT_EQ(code_of(answer), "malformed_request");
  EXPECT_EQ(client.request("GET", "/hello").status, 200u) << "the connection goes on";
}

TEST(ApiSession, HidesWhatAHandlerThrows) {
  test_server server;
  http_client client(server.port());
  const http_answer answer = client.request("GET", "/throw");
  EXPECT_EQ(answer.status, 500u);
  EXPECT_EQ(code_of(answer), "internal_error");
  EXPECT_EQ(answer.body.find("expected by"), std::string::npos);
  EXPECT_EQ(client.request("GET", "/hello").status, 200u);
}

TEST(ApiSession, RefusesMalformedRequestsAndCloses) {
  test_server server;
  const auto refusal = [&](const std::string& text) {
    http_client client(server.port());
    client.send(text);
    const http_answer answer = client.read();
    client.finish_sending();
    EXPECT_EQ(answer.fields.at("connection"), "close");
    EXPECT_EQ(client.read_all(), "");
    return std::to_string(answer.status) + " " + code_of(answer);
  };
  EXPECT_EQ(refusal("nonsense\r\n\r\n"), "400 malformed_request");
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), "505 version_not_supported");
  EXPECT_EQ(refusal("GET / HTPP/1.1\r\nHost: a\r\n\r\n"), "400 malformed_request");
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"), "400 malformed_request");
  EXPECT_EQ(refusal("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n"),
            "415 unsupported_media_type");
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), "400 malformed_request");
  EXPECT_EQ(refusal("GET /" + std::string(20'000, 'a')), "414 target_too_long");
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a')), "431 header_too_large");
  EXPECT_EQ(refusal("POST /hello HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n"),
            "417 expectation_failed");
  EXPECT_EQ(refusal("POST /echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
            "501 not_implemented");
  EXPECT_EQ(refusal("POST /echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n"),
            "400 malformed_request");
}

TEST(ApiSession, RefusesATooLargeBodyBeforeItComes) {
  test_server server;
  http_client client(server.port());
  client.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n");
  const http_answer answer = client.read();
  EXPECT_EQ(answer.status, 413u);
  EXPECT_EQ(code_of(answer), "body_too_large");
  EXPECT_EQ(answer.fields.at("connection"), "close");
  http_client other(server.port());
  other.send(
      "POST /echo/a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
      "Content-Length: 1000001\r\n\r\n");
  EXPECT_EQ(other.read().status, 413u);
  EXPECT_EQ(other.interim_answers(), 0);
  http_client third(server.port());
  third.send("GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_EQ(third.read().status, 413u);
}

TEST(ApiSession, LetsTheSenderOfATooLargeBodySeeTheAnswer) {
  test_server server;
  http_client client(server.port());
  client.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(20'000'000, 'x'))) << "sent whole before it reads";
  EXPECT_EQ(client.read().status, 413u);
}

TEST(ApiSession, StopsAChunkedBodyAtItsLimit) {
  test_server server;
  http_client client(server.port());
  client.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "186a0\r\n" + std::string(100'000, 'x') + "\r\n";
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.send(chunk));
  client.send("1\r\n");
  EXPECT_EQ(client.read().status, 413u);
  http_client exact(server.port());
  exact.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(exact.send(chunk));
  exact.send("0\r\n\r\n");
  EXPECT_EQ(exact.read().body.size(), 1'000'002u);
  http_client extended(server.port());  // a chunk header that does not end
  extended.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                std::string(40'000, 'x'));
  EXPECT_EQ(extended.read().status, 400u);
}

TEST(ApiSession, AsksForABodyThatIsExpected) {
  test_server server;
  http_client client(server.port());
  client.send(
      "POST /echo/a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read_some(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_EQ(client.read().body, "a:abc");
  client.send(
      "POST /nothing HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read().status, 404u);
  EXPECT_EQ(client.interim_answers(), 0);
}

TEST(ApiSession, AnswersABrokenOffBody) {
  test_server server;
  http_client client(server.port());
  client.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
  client.finish_sending();
  EXPECT_EQ(code_of(client.read()), "malformed_request");
}

TEST(ApiSession, HoldsSlowRequestsToTheirDeadlines) {
  http_limits limits;
  limits.header = 200ms;
  limits.body = 200ms;
  limits.idle = 200ms;
  test_server server(limits);
  http_client header(server.port());
  header.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(code_of(header.read()), "request_timeout");
  http_client body(server.port());
  body.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
  EXPECT_EQ(code_of(body.read()), "request_timeout");
  http_client silent(server.port());
  EXPECT_EQ(silent.read_all(), "") << "nothing was asked, nothing is answered";
  http_client idle(server.port());
  EXPECT_EQ(idle.request("GET", "/hello").status, 200u);
  EXPECT_EQ(idle.read_all(), "");
}

TEST(ApiSession, LetsASlowBodyGoOnAtTheSlowestRate) {
  http_limits limits;
  limits.body = 1ms;
  limits.body_rate = 1;
  test_server server(limits);
  http_client client(server.port());
  const std::string body(5000, 'x');
  client.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5001\r\n\r\n" + body);
  http_client slower(server.port());
  slower.send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(code_of(slower.read()), "request_timeout");
  client.send("y");
  EXPECT_EQ(client.read().body, "a:" + body + "y");
}

TEST(ApiSession, HoldsAllBodiesTogetherToABudget) {
  http_limits limits;
  limits.bodies = 300'000;
  test_server server(limits);
  const std::string body(200'000, 'x');
  http_client first(server.port());
  first.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + body);
  wait_until([&] { return server.waiting.load(); });
  const http_answer second = http_client(server.port()).request("POST", "/echo/a", body);
  EXPECT_EQ(second.status, 503u);
  EXPECT_EQ(code_of(second), "overloaded");
  EXPECT_EQ(second.fields.at("retry-after"), "1");
  EXPECT_EQ(http_client(server.port()).request("GET", "/hello").status, 200u);
  server.release = true;
  EXPECT_EQ(first.read().body, "\"released\"");
  EXPECT_EQ(http_client(server.port()).request("POST", "/echo/a", body).status, 200u);
}

TEST(ApiSession, GivesUpAClientThatDoesNotRead) {
  http_limits limits;
  limits.write = 200ms;
  test_server server(limits);
  http_client client(server.port());
  client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server.stream_gone.load(); });
  EXPECT_LT(server.streamed.load(), 64u << 20) << "held back by the client, not buffered";
  wait_until([&] { return server.connections() == 0; });
}

TEST(ApiSession, StreamsAndKeepsTheConnection) {
  test_server server;
  http_client client(server.port());
  const http_answer answer = client.request("GET", "/count");
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body.substr(0, 8), "0\n1\n2\n3\n");
  EXPECT_EQ(answer.body.size(), 3890u);
  EXPECT_EQ(client.request("GET", "/hello").status, 200u);
}

TEST(ApiSession, LeavesAFailedStreamVisiblyIncomplete) {
  test_server server;
  http_client client(server.port());
  testing::internal::CaptureStderr();
  const http_answer answer = client.request("GET", "/broken");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("request=" + answer.fields.at("x-request-id")), std::string::npos) << log;
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "half");
  EXPECT_FALSE(answer.whole);
}

TEST(ApiSession, NoticesThatAStreamsClientHasGone) {
  test_server server;
  {
    http_client client(server.port());
    client.send("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
    while (client.read_some().find("begun") == std::string::npos) continue;
  }
  wait_until([&] { return server.stream_gone.load(); });
  wait_until([&] { return server.connections() == 0; });
}

TEST(ApiSession, TellsAHandlerThatItsClientHasGone) {
  // A next request in front of the end does not hide it.
  for (const std::string more : {"", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    test_server server;
    {
      http_client client(server.port());
      client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n" + more);
      wait_until([&] { return server.waiting.load(); });
    }
    wait_until([&] { return server.hold_gone.load(); });
    wait_until([&] { return server.connections() == 0; });
  }
}

TEST(ApiSession, StillAnswersAClientThatHasEndedItsSending) {
  test_server server;
  http_client client(server.port());
  client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  client.finish_sending();
  EXPECT_EQ(client.read().body, "\"gone\"");
  EXPECT_EQ(client.read().body, "\"hi\"");
}

TEST(ApiSession, AnswersConnectionsOverTheLimit) {
  http_limits limits;
  limits.connections = 2;
  test_server server(limits);
  auto first = std::make_unique<http_client>(server.port());
  http_client second(server.port());
  for (http_client* busy : {first.get(), &second})
    busy->send("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
  while (first->read_some().find("begun") == std::string::npos) continue;
  while (second.read_some().find("begun") == std::string::npos) continue;
  http_client third(server.port());
  const http_answer answer = third.request("GET", "/hello");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(code_of(answer), "too_many_connections");
  EXPECT_EQ(answer.fields.at("retry-after"), "1");
  EXPECT_EQ(answer.fields.at("connection"), "close");
  http_client health(server.port());
  const http_answer well = health.request("GET", "/vital");
  EXPECT_EQ(well.status, 200u) << "it is asked for most when there is too much of everything";
  EXPECT_EQ(well.fields.at("connection"), "close");
  first.reset();
  wait_until([&] { return server.connections() == 1; });
  http_client fourth(server.port());
  EXPECT_EQ(fourth.request("GET", "/hello").status, 200u);
}

TEST(ApiSession, ClientsThatKeepStillMakeRoomForOthers) {
  http_limits limits;
  limits.connections = 3;
  test_server server(limits);
  http_client busy(server.port());
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server.waiting.load(); });
  http_client idle(server.port());
  EXPECT_EQ(idle.request("GET", "/hello").status, 200u);
  http_client slow(server.port());
  slow.send("GET /hello HTTP/1.1\r\nHo");
  wait_until([&] { return server.connections() == 3; });
  std::vector<http_client> others;  // they stay, too
  for (int i = 0; i < 5; ++i) {
    others.emplace_back(server.port());
    EXPECT_EQ(others.back().request("GET", "/hello").status, 200u);
  }
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(slow.read_all(), "");
  server.release = true;
  EXPECT_EQ(busy.read().status, 200u) << "who is being served stays";
}

TEST(ApiSession, AnswersWhoeverComesAmongIdleAndSlowOnes) {
  http_limits limits;
  limits.connections = 16;
  test_server server(limits);
  std::vector<http_client> others;
  for (int i = 0; i < 400; ++i) {
    others.emplace_back(server.port());
    if (i % 2 != 0) others.back().send("GET /hello HTTP/1.1\r\nX: ");
    if (i % 20 != 0) continue;
    http_client caller(server.port());
    EXPECT_EQ(caller.request("GET", "/hello").status, 200u) << i;
  }
}

// A place is given up by none of these before a minute is over, unless somebody else wants it.
http_limits patient_limits(std::size_t connections) {
  http_limits out;
  out.connections = connections;
  out.patience = 0ms;
  out.write = out.linger = out.refusal = out.body = out.header = 60s;
  return out;
}

// As often as it takes until those before are in their places.
bool gets_in(const test_server& server, std::string_view target) {
  for (int i = 0; i < 2000; ++i) {
    if (http_client(server.port()).request("GET", target).status == 200) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

TEST(ApiSession, SlowReadersMakeRoomForOthers) {
  test_server server(patient_limits(4));
  std::vector<http_client> slow;
  for (int i = 0; i < 40; ++i) {
    slow.emplace_back(server.port());
    slow.back().send(
        "GET /endless HTTP/1.1\r\nHost: a\r\n\r\nGET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  EXPECT_TRUE(gets_in(server, "/hello"));
  EXPECT_TRUE(gets_in(server, "/vital"));
}

TEST(ApiSession, SlowSendersOfABodyMakeRoomForOthers) {
  test_server server(patient_limits(4));
  std::vector<http_client> slow;
  for (int i = 0; i < 40; ++i) {
    slow.emplace_back(server.port());
    slow.back().send("POST /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1");
  }
  EXPECT_TRUE(gets_in(server, "/hello"));
}

TEST(ApiSession, WhoReadsWithARightKeyStays) {
  test_server server(patient_limits(1));
  http_client slow(server.port());
  slow.send("GET /endless HTTP/1.1\r\nHost: a\r\nAuthorization: right\r\n\r\n");
  std::uint64_t before = 0;
  do {
    before = server.streamed.load();
    std::this_thread::sleep_for(50ms);
  } while (before == 0 || before != server.streamed.load());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(http_client(server.port()).request("GET", "/hello").status, 503u);
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_FALSE(server.stream_gone.load());
}

TEST(ApiSession, ARightKeyIsAnsweredOverTheLimit) {
  test_server server(patient_limits(0));
  std::vector<http_client> others;
  for (std::size_t i = 0; i < 2 * max_refusals; ++i) {
    others.emplace_back(server.port());
    others.back().send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    if (i % 16 != 0) continue;
    const http_answer answer =
        http_client(server.port()).request("GET", "/hello", "", "Authorization: right\r\n");
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.fields.at("connection"), "close");
  }
}

TEST(ApiSession, AnswersSoManyRightKeysOverTheLimit) {
  test_server server(patient_limits(0));
  const std::string key = "Authorization: right\r\n";
  std::vector<http_client> known;
  for (std::size_t i = 0; i < max_known_over; ++i) {
    known.emplace_back(server.port());
    known.back().send("GET /quiet HTTP/1.1\r\nHost: a\r\n" + key + "\r\n");
    while (known.back().read_some().find("begun") == std::string::npos) continue;
  }
  EXPECT_EQ(http_client(server.port()).request("GET", "/hello", "", key).status, 503u);
  EXPECT_EQ(http_client(server.port()).request("GET", "/vital").status, 200u);
  EXPECT_EQ(http_client(server.port()).request("GET", "/hello").status, 503u);
}

TEST(ApiSession, RefusedClientsThatStayKeepNoneFromItsAnswer) {
  test_server server(patient_limits(0));
  // Each is answered, and its end awaited.
  std::vector<http_client> refused;
  for (std::size_t i = 0; i < 2 * max_refusals; ++i) {
    refused.emplace_back(server.port());
    EXPECT_EQ(refused.back().request("GET", "/hello").status, 503u) << i;
  }
  EXPECT_EQ(http_client(server.port()).request("GET", "/vital").status, 200u);
  // And these say nothing.
  std::vector<http_client> silent;
  for (std::size_t i = 0; i < 2 * max_refusals; ++i) silent.emplace_back(server.port());
  EXPECT_EQ(http_client(server.port()).request("GET", "/vital").status, 200u);
  EXPECT_EQ(http_client(server.port()).request("GET", "/hello").status, 503u);
}

TEST(ApiSession, LingersForAClientThatStillSends) {
  http_limits limits;
  limits.linger = 100ms;
  test_server server(limits);
  http_client client(server.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read().status, 400u);
  wait_until([&] { return server.connections() == 0; });
}

TEST(ApiSession, EndsIdleConnectionsAndFinishesRunningRequestsWhenStopped) {
  test_server server;
  http_client idle(server.port());
  http_client untouched(server.port());
  EXPECT_EQ(idle.request("GET", "/hello").status, 200u);
  http_client busy(server.port());
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  http_client following(server.port());
  following.send("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server.waiting.load(); });
  while (following.read_some().find("begun") == std::string::npos) continue;
  server.begin_stop(60s);
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(untouched.read_all(), "");
  EXPECT_EQ(following.read_all(), "0\r\n\r\n") << "ended, not broken off";
  EXPECT_THROW(http_client{server.port()}, std::runtime_error) << "no longer accepting";
  server.release = true;
  const http_answer answer = busy.read();
  EXPECT_EQ(answer.body, "\"released\"");
  EXPECT_EQ(answer.fields.at("connection"), "close");
  server.join();
}

TEST(ApiSession, CutsWhatDoesNotEndInItsGrace) {
  test_server server;
  http_client client(server.port());
  client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server.streamed.load() > 0; });
  server.stop(200ms);
  EXPECT_TRUE(server.stream_gone.load());
}

}  // namespace
}  // namespace orbweaver
