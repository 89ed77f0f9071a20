#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/fetch/request_cookies.hpp"
#include "server/api/crawl_request.hpp"

namespace orbweaver {
namespace {

// The errors of a request that is right but for `fields`, as "pointer detail" lines.
std::vector<std::string> refused(const std::string& fields) {
  const auto parsed = parse_crawl_request(R"({"urls":["http://a.test/"],)" + fields + "}");
  std::vector<std::string> out;
  if (const auto* errors = std::get_if<std::vector<request_error>>(&parsed))
    for (const request_error& e : *errors) out.push_back(e.pointer + " " + e.detail);
  return out;
}

// The pointer of the only mistake.
std::string refused_at(const std::string& fields) {
  const auto errors = refused(fields);
  return errors.size() == 1 ? errors[0].substr(0, errors[0].find(' ')) : "";
}

TEST(NetworkFields, NothingIsInjectedIntoARequestsHead) {
  EXPECT_EQ(refused_at(R"("headers": {"X-A": "a\r\nHost: b"})"), "/headers/X-A");
  EXPECT_EQ(refused_at(R"("headers": {"X-A": "a\nb"})"), "/headers/X-A");
  EXPECT_EQ(refused_at(R"("headers": {"X-A": "a\u0000b"})"), "/headers/X-A");
  EXPECT_EQ(refused_at(R"("headers": {"X\r\nA": "b"})"), "/headers/X\r\nA");
  EXPECT_EQ(refused_at(R"("headers": {"X A": "b"})"), "/headers/X");
  EXPECT_EQ(refused_at(R"("headers": {"": "b"})"), "/headers/");
  for (const std::string name :
       {"Host", "connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade",
        "Transfer-Encoding", "CONTENT-LENGTH", "Expect", "Proxy-Authorization"})
    EXPECT_EQ(refused_at(R"("headers": {")" + name + R"(": "x"})"), "/headers/" + name);
  EXPECT_EQ(refused_at(R"("userAgent": "a\r\nb")"), "/userAgent");
  EXPECT_EQ(refused_at(R"("auth": {"username": "a\nb", "password": "c"})"), "/auth/username");
}

TEST(NetworkFields, CookiesAreHeldToTheirForm) {
  EXPECT_TRUE(refused(R"("cookies": {"a": "1", "b": ""})").empty());
  EXPECT_TRUE(refused(R"("cookies": null)").empty());
  EXPECT_EQ(refused_at(R"("cookies": "a=1")"), "/cookies");
  EXPECT_EQ(refused_at(R"("cookies": {"a": 1})"), "/cookies/a");
  EXPECT_EQ(refused_at(R"("cookies": {"a": "1; b=2"})"), "/cookies/a");
  EXPECT_EQ(refused_at(R"("cookies": {"a": "1\r\nX: y"})"), "/cookies/a");
  EXPECT_EQ(refused_at(R"("cookies": {"a=b": "1"})"), "/cookies/a=b");
  EXPECT_EQ(
      refused_at(R"("cookies": {"a": ")" + std::string(max_request_cookie_bytes, 'x') + R"("})"),
      "/cookies");
  std::string many;
  for (std::size_t i = 0; i <= max_request_cookies; ++i)
    many += (i ? ",\"c" : "\"c") + std::to_string(i) + R"(": "")";
  EXPECT_EQ(refused_at(R"("cookies": {)" + many + "}"), "/cookies");
}

TEST(NetworkFields, AProxyIsAUrl) {
  EXPECT_TRUE(refused(R"("proxy": "http://u:p@proxy.test:3128")").empty());
  EXPECT_TRUE(refused(R"("proxy": null)").empty());
  EXPECT_EQ(refused(R"("proxy": "ftp://proxy.test")"),
            std::vector<std::string>{"/proxy must be a URL of http or socks5"});
  EXPECT_EQ(refused_at(R"("proxy": {"host": "x"})"), "/proxy");
  const auto parsed =
      parse_crawl_request(R"({"urls":["http://a.test/"],"proxy":"socks5://me:hush@p.test"})");
  const auto shown = request_as_json(std::get<crawl_spec>(parsed), 1);
  EXPECT_EQ(shown.at("proxy"), "socks5://me:@p.test:1080") << "the password is not repeated";
}

TEST(NetworkFields, CookiesAreNotRepeatedToWhoAsks) {
  const auto parsed =
      parse_crawl_request(R"({"urls":["http://a.test/"],"cookies":{"sid":"hush"}})");
  const auto shown = request_as_json(std::get<crawl_spec>(parsed), 1);
  EXPECT_EQ(shown.at("cookies").at("sid"), redacted);
}

}  // namespace
}  // namespace orbweaver
