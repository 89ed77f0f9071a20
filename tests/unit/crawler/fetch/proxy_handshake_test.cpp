#include "crawler/fetch/proxy_handshake.hpp"

#include <gtest/gtest.h>
#include <random>

namespace orbweaver {
namespace {

using namespace std::string_literals;
using state = proxy_handshake::state;
using boost::asio::ip::make_address;

const auto v4 = make_address("192.0.2.7");
const auto v6 = make_address("2001:db8::7");
const proxy_server http{proxy_kind::http, "p", 80, "", ""};
const proxy_server http_with_user{proxy_kind::http, "p", 80, "Aladdin", "open sesame"};
const proxy_server socks{proxy_kind::socks5, "p", 80, "", ""};
const proxy_server socks_with_user{proxy_kind::socks5, "p", 80, "u", "pw"};

// How a handshake goes when the proxy says `answer`, in pieces of random sizes; all that was sent.
struct course {
  state end = state::talking;
  outcome why = outcome::fetched;
  std::string sent;
};
course run(const proxy_server& proxy, const std::string& answer, unsigned seed,
           const boost::asio::ip::address& target = v4) {
  std::mt19937 random(seed);
  const auto talk = proxy_handshake::make(proxy, target, 443);
  course out;
  out.sent = talk->take_output();
  for (std::size_t at = 0; at < answer.size() && out.end != state::failed;) {
    const std::size_t size = seed == 0 ? answer.size() : 1 + random() % 7;
    out.end = talk->feed(std::string_view(answer).substr(at, size));
    out.sent += talk->take_output();
    at += size;
  }
  if (out.end == state::failed) out.why = talk->error();
  return out;
}

// The same whatever the pieces are.
outcome end_of(const proxy_server& proxy, const std::string& answer) {
  const course whole = run(proxy, answer, 0);
  for (unsigned seed = 1; seed < 50; ++seed) {
    const course pieces = run(proxy, answer, seed);
    EXPECT_EQ(pieces.end, whole.end) << seed;
    EXPECT_EQ(pieces.why, whole.why) << seed;
    EXPECT_EQ(pieces.sent, whole.sent) << seed;
  }
  EXPECT_NE(whole.end, state::talking);
  return whole.why;
}

TEST(HttpConnect, AsksForAnAddress) {
  EXPECT_EQ(run(http, "", 0).sent, "CONNECT 192.0.2.7:443 HTTP/1.1\r\nHost: 192.0.2.7:443\r\n\r\n");
  EXPECT_EQ(run(http_with_user, "", 0, v6).sent,
            "CONNECT [2001:db8::7]:443 HTTP/1.1\r\nHost: [2001:db8::7]:443\r\n"
            "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

TEST(HttpConnect, OpensWithAnySuccess) {
  EXPECT_EQ(end_of(http, "HTTP/1.1 200 Connection established\r\n\r\n"), outcome::fetched);
  EXPECT_EQ(end_of(http, "HTTP/1.0 200\nVia: x\nContent-Length: 5\n\n"), outcome::fetched);
  EXPECT_EQ(end_of(http, "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 204 x\r\n\r\n"),
            outcome::fetched);
}

TEST(HttpConnect, RefusalsHaveTheirOutcomes) {
  const auto answer = [](const std::string& status) {
    return end_of(http, "HTTP/1.1 " + status + "\r\n\r\n");
  };
  EXPECT_EQ(answer("407 Authenticate"), outcome::proxy_auth);
  EXPECT_EQ(answer("403 Forbidden"), outcome::proxy_refused);
  EXPECT_EQ(answer("500 Error"), outcome::proxy_refused);
  EXPECT_EQ(answer("502 Bad Gateway"), outcome::connect_failed);
  EXPECT_EQ(answer("504 Timeout"), outcome::connect_timeout);
  EXPECT_EQ(answer("302 Found"), outcome::proxy_failed);
  EXPECT_EQ(answer("101 Switching"), outcome::proxy_failed);
  EXPECT_EQ(answer("2x0 OK"), outcome::proxy_failed);
  EXPECT_EQ(end_of(http, "220 mail.example\r\n\r\n"), outcome::proxy_failed);
  EXPECT_EQ(end_of(http, "\r\n"), outcome::proxy_failed);
}

TEST(HttpConnect, LimitsHold) {
  const std::string ok = "HTTP/1.1 200 OK\r\nX: ";
  const std::string fits(proxy_handshake::max_head_bytes - ok.size() - 4, 'x');
  EXPECT_EQ(end_of(http, ok + fits + "\r\n\r\n"), outcome::fetched);
  EXPECT_EQ(end_of(http, ok + fits + "x\r\n\r\n"), outcome::proxy_failed);
  EXPECT_EQ(end_of(http, std::string(proxy_handshake::max_head_bytes + 1, 'x')),
            outcome::proxy_failed);
  std::string interims;
  for (int i = 0; i < 17; ++i) interims += "HTTP/1.1 100 x\r\n\r\n";
  EXPECT_EQ(end_of(http, interims), outcome::proxy_failed);
}

TEST(HttpConnect, WhatFollowsTheAnswerIsAFailure) {
  EXPECT_EQ(run(http, "HTTP/1.1 200 OK\r\n\r\nx", 0).why, outcome::proxy_failed);
}

TEST(Socks5, AsksForAnAddress) {
  EXPECT_EQ(run(socks, "\x05\x00"s, 0).sent,
            "\x05\x01\x00"s + "\x05\x01\x00\x01\xc0\x00\x02\x07\x01\xbb"s);
  const std::string asked = run(socks, "\x05\x00"s, 0, v6).sent;
  EXPECT_EQ(asked.substr(3, 8), "\x05\x01\x00\x04\x20\x01\x0d\xb8"s);
  EXPECT_EQ(asked.size(), 3u + 4 + 16 + 2);
}

const std::string success = "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s;

TEST(Socks5, OpensWithEveryKindOfBoundAddress) {
  EXPECT_EQ(end_of(socks, "\x05\x00"s + success), outcome::fetched);
  EXPECT_EQ(end_of(socks,
                   "\x05\x00\x05\x00\x00\x03\x03"
                   "abc\x12\x34"s),
            outcome::fetched);
  EXPECT_EQ(end_of(socks, "\x05\x00\x05\x00\x00\x04"s + std::string(18, 'x')), outcome::fetched);
  EXPECT_EQ(end_of(socks, "\x05\x00\x05\x00\x00\x02\x00\x00"s), outcome::proxy_failed);
}

TEST(Socks5, SaysWhoItIsWhenAsked) {
  const std::string hello = "\x05\x02\x00\x02"s;
  const std::string request = "\x05\x01\x00\x01\xc0\x00\x02\x07\x01\xbb"s;
  EXPECT_EQ(run(socks_with_user, "\x05\x02\x01\x00"s + success, 0).sent,
            hello + "\x01\x01u\x02pw"s + request);
  EXPECT_EQ(end_of(socks_with_user, "\x05\x02\x01\x00"s + success), outcome::fetched);
  EXPECT_EQ(end_of(socks_with_user, "\x05\x00"s + success), outcome::fetched);
  EXPECT_EQ(end_of(socks_with_user, "\x05\x02\x01\x01"s), outcome::proxy_auth);
  EXPECT_EQ(end_of(socks_with_user, "\x05\xff"s), outcome::proxy_auth);
  EXPECT_EQ(end_of(socks, "\x05\x02"s), outcome::proxy_auth) << "it was not offered";
}

TEST(Socks5, RefusalsHaveTheirOutcomes) {
  const std::pair<char, outcome> replies[] = {
      {1, outcome::proxy_failed},        {2, outcome::proxy_refused},
      {3, outcome::connect_unreachable}, {4, outcome::connect_unreachable},
      {5, outcome::connect_refused},     {6, outcome::connect_unreachable},
      {7, outcome::proxy_failed},        {8, outcome::proxy_failed}};
  for (const auto& [code, why] : replies)
    EXPECT_EQ(end_of(socks, "\x05\x00\x05"s + code), why) << static_cast<int>(code);
  EXPECT_EQ(end_of(socks, "\x04\x00"s), outcome::proxy_failed);
  EXPECT_EQ(end_of(socks, "\x05\x00\x04\x00"s), outcome::proxy_failed);
  EXPECT_EQ(end_of(socks, "HTTP/1.1 400\r\n\r\n"), outcome::proxy_failed);
}

TEST(Socks5, WhatFollowsTheAnswerIsAFailure) {
  EXPECT_EQ(run(socks, "\x05\x00"s + success + "x", 0).why, outcome::proxy_failed);
}

}  // namespace
}  // namespace orbweaver
