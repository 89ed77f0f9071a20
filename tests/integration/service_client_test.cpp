// The client of a service against servers that answer in every way.
#include "server/commands/service_client.hpp"

#include <gmock/gmock.h>

#include "tests/support/certificates.hpp"
#include "tests/support/site_server.hpp"
#include "tests/support/tls_site.hpp"

namespace orbweaver {
namespace {

using test::site_server;
using testing::HasSubstr;

class ServiceClient : public testing::Test {
 protected:
  static service_client client_of(const std::string& url, client_limits limits = {},
                                  const std::string& ca_file = "") {
    return service_client(parse_service_address(url).value(), "k3y", ca_file, limits);
  }
  // The answer to a request that is answered by these bytes and a close.
  static service_result answer_to(const std::string& bytes,
                                  const service_client::sink& take = nullptr,
                                  client_limits limits = {}) {
    const site_server site(site_server::script([&](const site_server::hit&) {
      return site_server::reply{bytes, site_server::then::close};
    }));
    return client_of(site.url(), limits).call({.target = "/"}, take);
  }
  static std::string why(const service_result& answer) { return answer ? "" : answer.error().why; }
};

TEST_F(ServiceClient, SendsWhatTheApiNeeds) {
  const site_server site(site_server::page_map{{"/base/v1/x?y=1", "hello"}});
  const std::string base = site.url("/base/");
  const service_result answer =
      client_of(base).call({.method = "POST", .target = "/v1/x?y=1", .body = "{}"});
  ASSERT_TRUE(answer) << why(answer);
  EXPECT_EQ(answer->status, 200u);
  EXPECT_EQ(answer->body, "hello");
  const std::string head = site.hits().at(0).head;
  EXPECT_THAT(head, HasSubstr("POST /base/v1/x?y=1 HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(site.port()) + "\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nAuthorization: Bearer k3y\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"));
}

TEST_F(ServiceClient, ReadsEveryFramingOfABody) {
  for (const char* bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"}) {
    const service_result answer = answer_to(bytes);
    ASSERT_TRUE(answer) << why(answer) << bytes;
    EXPECT_EQ(answer->body, "hello") << bytes;
  }
  const service_result none = answer_to("HTTP/1.1 204 No Content\r\n\r\n");
  ASSERT_TRUE(none) << why(none);
  EXPECT_TRUE(none->good());
  EXPECT_EQ(none->body, "");
}

TEST_F(ServiceClient, GivesAGoodBodyToTheSinkAndKeepsARefusal) {
  std::string taken;
  const auto take = [&](std::string_view piece) {
    taken += piece;
    return true;
  };
  const std::string large(1 << 20, 'x');
  const service_result good = answer_to(test::html_response(large), take, {.answer = 10});
  ASSERT_TRUE(good) << why(good);
  EXPECT_TRUE(taken == large);
  EXPECT_EQ(good->body, "");
  taken.clear();
  const service_result refused = answer_to(test::http_response(409, "", "no"), take);
  ASSERT_TRUE(refused) << why(refused);
  EXPECT_EQ(refused->body, "no");
  EXPECT_EQ(taken, "");
}

TEST_F(ServiceClient, EndsWhenTheSinkHasEnough) {
  int pieces = 0;
  const auto take = [&](std::string_view) { return ++pieces < 2; };
  const service_result answer = answer_to(test::html_response(std::string(1 << 20, 'x')), take);
  EXPECT_TRUE(answer) << why(answer);
  EXPECT_EQ(pieces, 2);
}

TEST_F(ServiceClient, SaysThatAnAnswerBrokeOff) {
  for (const char* bytes : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    EXPECT_EQ(why(answer_to(bytes)), "the answer broke off") << bytes;
}

TEST_F(ServiceClient, TakesNoNonsense) {
  for (const char* bytes : {"SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"})
    EXPECT_THAT(why(answer_to(bytes)), HasSubstr("not HTTP")) << bytes;
}

TEST_F(ServiceClient, BoundsWhatItKeeps) {
  const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x');
  EXPECT_THAT(why(answer_to(endless + "\r\n\r\n")), HasSubstr("not HTTP"));
  const std::string chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                            std::string(200'000, 'x') + "\r\nx\r\n0\r\n\r\n";
  EXPECT_THAT(why(answer_to(chunk)), HasSubstr("not HTTP"));
  EXPECT_EQ(why(answer_to(test::html_response("hello"), nullptr, {.answer = 4})),
            "its answer is too long");
}

TEST_F(ServiceClient, WaitsNoLongerThanItsLimits) {
  const site_server site(site_server::script([](const site_server::hit&) {
    return site_server::reply{"HTTP/1.1", site_server::then::silence};
  }));
  EXPECT_EQ(
      why(client_of(site.url(), {.quiet = std::chrono::milliseconds(20)}).call({.target = "/"})),
      "it does not answer");
}

TEST_F(ServiceClient, SaysThatNobodyListens) {
  const std::string nowhere = site_server(site_server::page_map{}).url();  // closed again
  EXPECT_EQ(why(client_of(nowhere).call({.target = "/"})), "Connection refused");
  EXPECT_NE(why(client_of("http://no.such.host.invalid/").call({.target = "/"})), "");
}

TEST_F(ServiceClient, SpeaksTlsToWhomItCanTrust) {
  const auto hello = [](const std::string&) {
    return test::tls_site::reply{test::html_response("hello"), test::tls_site::then::close};
  };
  const test::authority ca;
  const test::temporary_file trusted(ca.certificate());
  const test::tls_site good(ca.issue({"127.0.0.1"}), hello);
  const service_result answer = client_of(good.url(), {}, trusted.path()).call({.target = "/"});
  ASSERT_TRUE(answer) << why(answer);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_NE(why(client_of(good.url()).call({.target = "/"})), "");  // its authority is unknown
  const test::tls_site other(ca.issue({"other.test"}), hello);
  EXPECT_NE(why(client_of(other.url(), {}, trusted.path()).call({.target = "/"})), "");
  EXPECT_TRUE(other.targets().empty());
  const site_server plain(site_server::page_map{{"/", "x"}});
  std::string address = plain.url();
  EXPECT_NE(why(client_of(address.replace(0, 4, "https")).call({.target = "/"})), "");
}

}  // namespace
}  // namespace orbweaver
