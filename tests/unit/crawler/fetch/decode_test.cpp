#include "crawler/fetch/decode.hpp"

#include <gtest/gtest.h>
#include <random>
#include <zlib.h>
#include <zstd.h>

namespace orbweaver {
namespace {

using namespace std::string_literals;
using enum content_coding;

constexpr int gzip_format = 15 + 16;
constexpr int zlib_format = 15;
constexpr int raw_format = -15;

std::string deflated(std::string_view text, int format) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
  ZSTD_inBuffer source{text.data(), text.size(), 0};
  ZSTD_outBuffer sink{out.data(), out.size(), 0};
  // Flushed first, so that the frame states its window instead of its size.
  EXPECT_EQ(ZSTD_compressStream2(context, &sink, &source, ZSTD_e_flush), 0u);
  EXPECT_EQ(ZSTD_compressStream2(context, &sink, &source, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  out.resize(sink.pos);
  return out;
}

std::string gzip_of(std::string_view text) { return deflated(text, gzip_format); }

// Made with the brotli library: a text, and eight MiB of 'a'.
const std::string brotli_text = "hello brotli, hello brotli";
const std::string brotli_hello = "\x83\x0c\x80hello brotli, hello brotli\x03"s;
const std::string brotli_bomb = "\x9f\xff\xff\x7f\xf8\x25\xc2\xe2\xb1\x40\x20\xf7\xfe\x0f"s;

std::string page(std::size_t bytes) {
  std::mt19937 random(7);
  std::string text = "<!doctype html>";
  while (text.size() < bytes) {
    text += "<p class=\"x\">" + std::to_string(random() % 100000) + "</p>\n";
  }
  text.resize(bytes);
  return text;
}

coding_list list(std::initializer_list<content_coding> codings) {
  coding_list made;
  for (const content_coding coding : codings) EXPECT_TRUE(made.add(coding));
  return made;
}

struct decoded {
  outcome error;
  std::string text;
  bool at_limit;
  bool mislabelled;
  bool operator==(const decoded&) const = default;
};
std::ostream& operator<<(std::ostream& out, const decoded& d) {
  return out << name(d.error) << " '" << d.text.substr(0, 80) << "' (" << d.text.size() << ") "
             << d.at_limit << d.mislabelled;
}

decoded decode(const std::string& wire, const coding_list& codings,
               const decode_limits& limits = {}) {
  // Exactly as large as the body, so that the address sanitizer sees an over-read.
  const std::vector<char> exact(wire.begin(), wire.end());
  std::string out = "left from the page before";
  const decode_result r = decode_body({exact.data(), exact.size()}, codings, limits, out);
  return {r.error, out, r.at_limit, r.mislabelled};
}
decoded whole(std::string text) { return {outcome::fetched, std::move(text), false, false}; }
decoded as_is(std::string text) { return {outcome::fetched, std::move(text), false, true}; }
decoded failed(outcome error, std::string text) { return {error, std::move(text), false, false}; }

TEST(Decode, EveryCodingInEverySize) {
  for (const std::size_t size : {0u, 1u, 100u, 16383u, 16384u, 16385u, 37000u, 500000u}) {
    const std::string text = page(size);
    EXPECT_EQ(decode(gzip_of(text), list({gzip})), whole(text)) << size;
    EXPECT_EQ(decode(deflated(text, zlib_format), list({deflate})), whole(text)) << size;
    EXPECT_EQ(decode(deflated(text, raw_format), list({deflate})), whole(text)) << size;
    EXPECT_EQ(decode(zstandard(text), list({zstd})), whole(text)) << size;
  }
  EXPECT_EQ(decode(brotli_hello, list({br})), whole(brotli_text));
}

TEST(Decode, WithoutCodingsTheBodyIsCopied) {
  EXPECT_EQ(decode("hello", {}), whole("hello"));
  EXPECT_EQ(decode(gzip_of("hello"), {}), whole(gzip_of("hello"))) << "never guessed";
  EXPECT_EQ(decode("", list({gzip, br, zstd, deflate})), whole(""));
}

TEST(Decode, FurtherMembersAndFramesFollowTheFirst) {
  const std::string two = gzip_of("hello ") + gzip_of("world");
  EXPECT_EQ(decode(two, list({gzip})), whole("hello world"));
  EXPECT_EQ(decode(two + gzip_of(""), list({gzip})), whole("hello world"));
  EXPECT_EQ(decode(zstandard("hello ") + "\x50\x2a\x4d\x18\x02\0\0\0xx"s + zstandard("world"),
                   list({zstd})),
            whole("hello world"));
}

TEST(Decode, WhatFollowsIsOverlooked) {
  for (const std::string& garbage : {"\0\0\0\0"s, "\r\n"s, "garbage"s, "\x1f"s}) {
    EXPECT_EQ(decode(gzip_of("hello") + garbage, list({gzip})), whole("hello"));
    EXPECT_EQ(decode(deflated("hello", zlib_format) + garbage, list({deflate})), whole("hello"));
    EXPECT_EQ(decode(deflated("hello", raw_format) + garbage, list({deflate})), whole("hello"));
    EXPECT_EQ(decode(brotli_hello + garbage, list({br})), whole(brotli_text));
    EXPECT_EQ(decode(zstandard("hello") + garbage, list({zstd})), whole("hello"));
  }
  EXPECT_EQ(decode(gzip_of("hello") + "\x1f\x8b garbage", list({gzip})), whole("hello"));
}

TEST(Decode, WrongLabelsAreOverlooked) {
  const std::string html = "<!doctype html><p>hello";
  for (const content_coding coding : {gzip, deflate, br, zstd}) {
    EXPECT_EQ(decode(html, list({coding})), as_is(html));
    EXPECT_EQ(decode("{\"a\": 1}", list({coding})), as_is("{\"a\": 1}"));
    EXPECT_EQ(decode(html, list({coding, gzip})), as_is(html));
    EXPECT_EQ(decode(gzip_of(html), list({coding, gzip})), as_is(html)) << "labelled twice";
  }
  EXPECT_EQ(decode(deflated("hello", zlib_format), list({gzip})), whole("hello"));
  EXPECT_EQ(decode(gzip_of("hello"), list({deflate})), whole("hello"));
  EXPECT_EQ(decode("\x78\x9c but this is no zlib stream"s, list({gzip})),
            as_is("\x78\x9c but this is no zlib stream"));
  EXPECT_EQ(decode("x", list({gzip})), as_is("x"));
}

TEST(Decode, StackedCodingsAreUndoneInReverse) {
  const std::string text = page(5000);
  EXPECT_EQ(decode(zstandard(gzip_of(text)), list({gzip, zstd})), whole(text));
  EXPECT_EQ(decode(gzip_of(deflated(text, zlib_format)), list({deflate, gzip})), whole(text));
  std::string five = text;
  for (int i = 0; i < 5; ++i) five = gzip_of(five);
  EXPECT_EQ(decode(five, list({gzip, gzip, gzip, gzip, gzip})), whole(text));
}

TEST(Decode, StreamsThatEndEarlySaySo) {
  const std::string text = page(100000);
  for (const auto& [wire, coding] : {std::pair{gzip_of(text), gzip},
                                     {deflated(text, zlib_format), deflate},
                                     {deflated(text, raw_format), deflate},
                                     {zstandard(text), zstd}}) {
    const decoded half = decode(wire.substr(0, wire.size() / 2), list({coding}));
    EXPECT_EQ(half.error, outcome::body_incomplete);
    EXPECT_EQ(half.text, text.substr(0, half.text.size()));
    EXPECT_EQ(decode(wire.substr(0, wire.size() - 1), list({coding})).error,
              outcome::body_incomplete);
    EXPECT_EQ(decode(wire.substr(0, 6), list({coding})), failed(outcome::body_incomplete, ""));
  }
  EXPECT_EQ(decode(brotli_hello.substr(0, 20), list({br})).error, outcome::body_incomplete);
  EXPECT_EQ(decode(gzip_of(gzip_of(text)).substr(0, 5000), list({gzip, gzip})).error,
            outcome::body_incomplete);
}

TEST(Decode, CorruptStreamsKeepWhatWasDecoded) {
  const std::string text = page(100000);
  for (const auto& [intact, coding] : {std::pair{gzip_of(text), gzip},
                                       {deflated(text, zlib_format), deflate},
                                       {zstandard(text), zstd}}) {
    std::string wire = intact;
    for (std::size_t i = wire.size() / 2; i < wire.size() / 2 + 64; ++i) wire[i] ^= '\x5a';
    const decoded d = decode(wire, list({coding}));
    EXPECT_EQ(d.error, outcome::bad_encoding);
    EXPECT_FALSE(d.mislabelled);
  }
  std::string wrong_check = gzip_of("hello");
  wrong_check[wrong_check.size() - 5] ^= 1;
  EXPECT_EQ(decode(wrong_check, list({gzip})), failed(outcome::bad_encoding, "hello"));
  EXPECT_EQ(decode("\x1f\x8b\x08 no gzip behind its magic", list({gzip})),
            failed(outcome::bad_encoding, ""));
  EXPECT_EQ(decode("\x28\xb5\x2f\xfd" + std::string(20, '\xff'), list({zstd})),
            failed(outcome::bad_encoding, ""));
  EXPECT_EQ(decode("\x11 is no brotli window", list({br})).error, outcome::bad_encoding);
}

TEST(Decode, TheOutputIsLimited) {
  decode_limits limits;
  limits.max_output_bytes = 20000;
  const std::string text = page(20001);
  const std::string fitting = text.substr(0, 20000);
  const decoded cut{outcome::fetched, fitting, true, false};
  EXPECT_EQ(decode(gzip_of(text), list({gzip}), limits), cut);
  EXPECT_EQ(decode(deflated(text, raw_format), list({deflate}), limits), cut);
  EXPECT_EQ(decode(zstandard(text), list({zstd}), limits), cut);
  EXPECT_EQ(decode(text, {}, limits), cut);
  EXPECT_EQ(decode(gzip_of(fitting), list({gzip}), limits), whole(fitting));
  EXPECT_EQ(decode(zstandard(fitting), list({zstd}), limits), whole(fitting));
  EXPECT_EQ(decode(brotli_bomb, list({br}), limits).text, std::string(20000, 'a'));
  limits.max_output_bytes = 10;
  EXPECT_EQ(decode(text, list({gzip}), limits).text, text.substr(0, 10));
  EXPECT_EQ(decode(gzip_of(text), list({gzip}), limits).text, text.substr(0, 10));
}

TEST(Decode, BombsEndAsSuch) {
  const std::string zeros(8 << 20, '\0');
  for (const auto& [wire, codings] : {std::pair{gzip_of(zeros), list({gzip})},
                                      {deflated(zeros, raw_format), list({deflate})},
                                      {zstandard(zeros), list({zstd})},
                                      {brotli_bomb, list({br})},
                                      {gzip_of(gzip_of(zeros)), list({gzip, gzip})}}) {
    const decoded d = decode(wire, codings);
    EXPECT_EQ(d.error, outcome::decode_bomb);
    EXPECT_GT(d.text.size(), decode_limits{}.bomb_floor_bytes);
    EXPECT_LE(d.text.size(), decode_limits{}.max_output_bytes);
  }
  decode_limits limits;
  limits.max_ratio = 2000;  // deflate cannot reach it
  EXPECT_EQ(decode(gzip_of(zeros), list({gzip}), limits), whole(zeros));
  limits = {};
  limits.bomb_floor_bytes = zeros.size();
  EXPECT_EQ(decode(gzip_of(zeros), list({gzip}), limits), whole(zeros));
}

TEST(Decode, AnIntermediateBombLeavesNothing) {
  decode_limits limits;
  limits.bomb_floor_bytes = 1000;
  const std::string zeros(8 << 20, '\0');
  EXPECT_EQ(decode(gzip_of(zeros), list({zstd, gzip}), limits), failed(outcome::decode_bomb, ""));
}

TEST(Decode, ZstdWindowsAreLimited) {
  const std::string text = page(1000);
  EXPECT_EQ(decode(zstandard(text, 23), list({zstd})), whole(text));
  EXPECT_EQ(decode(zstandard(text, 24), list({zstd})), failed(outcome::bad_encoding, ""));
}

TEST(Decode, OneBodyLeavesNothingBehindForTheNext) {
  const std::string text = page(50000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(decode(gzip_of(text).substr(0, 500), list({gzip})).error, outcome::body_incomplete);
    EXPECT_EQ(decode(deflated(text, raw_format), list({deflate})), whole(text));
    EXPECT_EQ(decode(zstandard(text).substr(0, 500), list({zstd})).error, outcome::body_incomplete);
    EXPECT_EQ(decode(zstandard(text), list({zstd})), whole(text));
    EXPECT_EQ(decode(gzip_of(text), list({gzip})), whole(text));
  }
}

}  // namespace
}  // namespace orbweaver
