// Encoded bodies that are cut, corrupt, mislabelled, or larger than anybody wants.
#include <cstdio>
#include <random>

#include "tests/support/encodings.hpp"
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using namespace std::string_literals;

const std::string text = "<p>a page, encoded, and encoded once more</p>";

fault_case coded(std::string what, const std::string& label, const std::string& bytes,
                 fault_expectation expect, int curl = curl_untried, std::string why = "") {
  return {.name = "coding." + what,
          .play = {say(whole_response(bytes, "Content-Encoding: " + label + "\r\n"))},
          .expect = std::move(expect),
          .curl = curl,
          .why = std::move(why)};
}

const fault_expectation decoded{"fetched", 200, "", text, {}, true};
fault_expectation spoilt(const std::string& code, std::optional<std::string> body = {}) {
  return {code, 200, code, std::move(body), {}, true};
}
std::string all_but(std::string bytes, std::size_t last) {
  bytes.resize(bytes.size() - last);
  return bytes;
}
std::string with_byte(std::string bytes, std::size_t from_end, char change) {
  bytes[bytes.size() - from_end] ^= change;
  return bytes;
}

// Eight MiB, as decode_limits has a bomb of more than four, of more than 200 times its size.
const std::string& eight_mib() {
  static const std::string out(8 << 20, 'a');
  return out;
}

std::string eight_members() {
  std::string out;
  for (int i = 0; i < 8; ++i) out += gzip(eight_mib().substr(0, 1 << 20));
  return out;
}

}  // namespace

std::vector<fault_case> coding_faults() {
  const std::string garbage = "what follows a whole stream does no harm";
  const std::string early = "curl takes a stream that ends early for whole";
  const std::string label = "a wrong label is no reason to do without the page";
  const std::string bomb = "curl has no such limit";
  const std::string random_text = [] {
    std::mt19937 random(7);
    std::string out(3 << 20, '\0');
    for (char& c : out) c = static_cast<char>('a' + random() % 16);
    return out;
  }();
  std::vector<fault_case> out{
      coded("gzip", "gzip", gzip(text), decoded, 0),
      coded("x-gzip", "x-gzip", gzip(text), decoded, 0),
      coded("gzip-upper-case", "GZIP", gzip(text), decoded, 0),
      coded("gzip-two-members", "gzip", gzip(text.substr(0, 9)) + gzip(text.substr(9)), decoded, 23,
            "RFC 1952 2.2: a file is a series of members"),
      coded("gzip-then-garbage", "gzip", gzip(text) + "garbage", decoded, 23, garbage),
      coded("gzip-then-zeros", "gzip", gzip(text) + std::string(512, '\0'), decoded, 23, garbage),
      coded("gzip-cut", "gzip", all_but(gzip(text), 12), spoilt("body_incomplete"), 0, early),
      coded("gzip-cut-trailer", "gzip", all_but(gzip(text), 4), spoilt("body_incomplete", text), 0,
            early),
      coded("gzip-cut-header", "gzip", gzip(text).substr(0, 5), spoilt("body_incomplete"), 0,
            early),
      coded("gzip-bad-crc", "gzip", with_byte(gzip(text), 6, 1), spoilt("bad_encoding", text), 61),
      coded("gzip-bad-length", "gzip", with_byte(gzip(text), 2, 1), spoilt("bad_encoding", text),
            61),
      coded("gzip-corrupt", "gzip", with_byte(gzip(text), 20, '\x55'), spoilt("bad_encoding"), 61),
      coded("gzip-empty", "gzip", "", {"fetched", 200, "", {}, 0, true}, 0),
      coded("gzip-of-nothing", "gzip", gzip(""), {"fetched", 200, "", {}, 0, true}, 0),
      coded("gzip-label-on-text", "gzip", text, decoded, 61, label),
      coded("gzip-label-on-zlib", "gzip", zlib_stream(text), decoded, 0),
      coded("deflate-zlib", "deflate", zlib_stream(text), decoded, 0),
      // curl 7.88 can read it only if its first two bytes come at once.
      coded("deflate-raw", "deflate", raw_deflate(text), decoded),
      coded("deflate-label-on-gzip", "deflate", gzip(text), decoded, 61, label),
      coded("deflate-label-on-text", "deflate", text, decoded, 61, label),
      coded("deflate-cut", "deflate", all_but(zlib_stream(text), 8), spoilt("body_incomplete"), 0,
            early),
      coded("deflate-bad-checksum", "deflate", with_byte(zlib_stream(text), 1, 1),
            spoilt("bad_encoding", text), 61),
      coded("br", "br", brotli(text), decoded, 0),
      coded("br-cut", "br", all_but(brotli(text), 6), spoilt("body_incomplete"), 0, early),
      coded("br-then-garbage", "br", brotli(text) + "garbage", decoded, 23, garbage),
      coded("br-corrupt", "br", "\x11 is no brotli window", spoilt("bad_encoding"), 61),
      coded("br-label-on-text", "br", text, decoded, 23, label),
      coded("zstd", "zstd", zstd(text), decoded, 0),
      coded("zstd-two-frames", "zstd", zstd(text.substr(0, 9)) + zstd(text.substr(9)), decoded, 0),
      coded("zstd-cut", "zstd", all_but(zstd(text), 4), spoilt("body_incomplete"), 0, early),
      coded("zstd-corrupt", "zstd", zstd(text).substr(0, 6) + "\xff\xff\xff\xff\xff\xff\xff\xff",
            spoilt("bad_encoding"), 61),
      coded("zstd-window-8-mib", "zstd", zstd(text, 23), decoded, 0),
      coded("zstd-window-16-mib", "zstd", zstd(text, 24), spoilt("bad_encoding"), 0,
            "RFC 9659 3: windows of up to 8 MiB"),
      coded("zstd-label-on-text", "zstd", text, decoded, 61, label),
      coded("stacked-two", "gzip, br", brotli(gzip(text)), decoded, 0),
      coded("stacked-five", "gzip, deflate, br, zstd, gzip",
            gzip(zstd(brotli(zlib_stream(gzip(text))))), decoded, 0),
      coded("stacked-six", "gzip, gzip, gzip, gzip, gzip, gzip",
            gzip(gzip(gzip(gzip(gzip(gzip(text)))))), {"bad_encoding", 200, "", {}, {}, true}, 61),
      coded("identity", "identity", text, decoded, 0),
      coded("none", "none", text, decoded, 0),
      coded("charset-as-coding", "utf-8", text, decoded, 61,
            "servers write the charset here; browsers take it for identity"),
      coded("compress", "compress", "\x1f\x9d\x90nonsense", {"bad_encoding", 200, "", {}, {}, true},
            61),
      coded("unlabelled-gzip", "identity", gzip(text),
            {"fetched", 200, "", {}, gzip(text).size(), true}, 0),
      coded("bomb-gzip", "gzip", gzip(eight_mib()), spoilt("decode_bomb"), 0, bomb),
      coded("bomb-deflate", "deflate", raw_deflate(eight_mib()), spoilt("decode_bomb"), 0, bomb),
      coded("bomb-br", "br", brotli(eight_mib()), spoilt("decode_bomb"), 0, bomb),
      coded("bomb-zstd", "zstd", zstd(eight_mib()), spoilt("decode_bomb"), 0, bomb),
      coded("bomb-in-a-bomb", "gzip, gzip", gzip(gzip(eight_mib())), spoilt("decode_bomb"), 0,
            bomb),
      coded("bomb-of-members", "gzip", eight_members(), spoilt("decode_bomb"), 23, bomb),
      coded("more-than-the-limit", "gzip",
            gzip(random_text + random_text + random_text + random_text),
            {"fetched", 200, "size_limit", {}, 10 << 20, true}, 0, "curl has no such limit"),
  };
  fault_case transfer{.name = "coding.transfer-gzip-chunked"};
  const std::string packed = gzip(text);
  char size[20];
  std::snprintf(size, sizeof size, "%zx", packed.size());
  transfer.play = {say(html_start + "Transfer-Encoding: gzip, chunked\r\n\r\n" + size + "\r\n" +
                       packed + "\r\n0\r\n\r\n")};
  transfer.expect = decoded;
  out.push_back(std::move(transfer));
  return out;
}

}  // namespace orbweaver::test
