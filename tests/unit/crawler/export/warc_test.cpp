#include "crawler/export/warc.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "crawler/export/cdxj.hpp"

namespace orbweaver {
namespace {

// One gzip member at the front of `bytes`, which it is taken from.
std::string take_member(std::string_view& bytes) {
  z_stream z{};
  inflateInit2(&z, 15 + 16);
  std::string out(1 << 20, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  bytes.remove_prefix(z.total_in);
  inflateEnd(&z);
  return out;
}

class Warc : public testing::Test {
 protected:
  Warc() {
    auto spec = std::make_shared<crawl_spec>();
    spec->name = "docs";
    header.id = crawl_id::random();
    header.spec = std::move(spec);
    one.place = {header.id, 1, 0};
    one.what.url = "http://www.example.com/Page/?b=1&a=2";
    one.what.request_head = "GET /Page/ HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    one.what.response_head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Length: 3\r\n\r\n";
    one.what.address = "192.0.2.7";
    one.what.time = wall_clock::time_point(std::chrono::seconds(1'700'000'000));
    one.what.payload_bytes = 3;
  }

  std::string write(warc_writer& archive, std::string_view payload = "abc") {
    std::string out;
    archive.start(one);
    for (const char c : payload) archive.digest({&c, 1});
    archive.begin(out);
    if (archive.wants_payload())
      for (const char c : payload) archive.add({&c, 1}, out);
    entry = archive.end(out);
    return out;
  }
  static bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  crawl_header header;
  stored_exchange one;
  warc_entry entry;
};

TEST_F(Warc, BeginsWithWhatItIs) {
  warc_writer archive(header);
  std::string out;
  archive.write_info(out);
  std::string_view left = out;
  const std::string info = take_member(left);
  EXPECT_TRUE(info.starts_with("WARC/1.1\r\nWARC-Type: warcinfo\r\n"));
  EXPECT_TRUE(holds(info, "software: Orbweaver/"));
  EXPECT_TRUE(holds(info, "robots: obey\r\n"));
  EXPECT_TRUE(holds(info, "description: docs\r\n"));
  EXPECT_TRUE(left.empty());
}

TEST_F(Warc, AnAnswerAndItsRequestAreRecordsOfTheirOwn) {
  warc_writer archive(header);
  std::string out;
  archive.write_info(out);
  const std::size_t info = out.size();
  out += write(archive);
  EXPECT_EQ(entry.offset, info);
  EXPECT_EQ(entry.payload_digest, "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
  std::string_view left = std::string_view(out).substr(info);
  const std::string answer = take_member(left);
  EXPECT_EQ(left.size(), out.size() - info - entry.length);
  EXPECT_TRUE(answer.starts_with("WARC/1.1\r\nWARC-Type: response\r\n"));
  EXPECT_TRUE(holds(answer, "WARC-Date: 2023-11-14T22:13:20.000Z\r\n"));
  EXPECT_TRUE(holds(answer, "WARC-Target-URI: http://www.example.com/Page/?b=1&a=2\r\n"));
  EXPECT_TRUE(holds(answer, "WARC-IP-Address: 192.0.2.7\r\n"));
  EXPECT_FALSE(holds(answer, "WARC-Truncated"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + one.what.response_head + "abc\r\n\r\n"));
  const std::string request = take_member(left);
  EXPECT_TRUE(left.empty());
  const auto id_at = answer.find("WARC-Record-ID: ") + 16;
  const std::string id = answer.substr(id_at, answer.find('\r', id_at) - id_at);
  EXPECT_TRUE(holds(request, "WARC-Type: request\r\n"));
  EXPECT_TRUE(holds(request, "WARC-Concurrent-To: " + id + "\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + one.what.request_head + "\r\n\r\n"));
}

TEST_F(Warc, ARepeatedPayloadIsARevisit) {
  one.same_as = earlier_exchange{{header.id, 9, 1}, "http://example.com/0", one.what.time};
  warc_writer archive(header);
  const std::string out = write(archive);
  std::string_view left = out;
  const std::string answer = take_member(left);
  EXPECT_TRUE(entry.revisit);
  EXPECT_TRUE(holds(answer, "WARC-Type: revisit\r\n"));
  EXPECT_TRUE(holds(answer, "/revisit/identical-payload-digest\r\n"));
  EXPECT_TRUE(holds(answer, "WARC-Refers-To: <urn:uuid:"));
  EXPECT_TRUE(holds(answer, "WARC-Refers-To-Target-URI: http://example.com/0\r\n"));
  EXPECT_TRUE(holds(answer, "WARC-Payload-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + one.what.response_head + "\r\n\r\n"));
  one.same_as.reset();
  one.what.unchanged = earlier_exchange{{header.id, 9, 1}, "http://example.com/0", one.what.time};
  warc_writer again(header);
  const std::string unchanged = write(again);
  left = unchanged;
  EXPECT_TRUE(holds(take_member(left), "/revisit/server-not-modified\r\n"));
}

TEST_F(Warc, SaysWhatItIsCutBy) {
  one.what.cut = payload_cut::disconnect;
  warc_writer archive(header);
  const std::string out = write(archive);
  std::string_view left = out;
  EXPECT_TRUE(holds(take_member(left), "WARC-Truncated: disconnect\r\n"));
}

TEST_F(Warc, TheSameCrawlMakesTheSameBytes) {
  warc_writer first(header), second(header);
  EXPECT_EQ(write(first), write(second));
}

TEST(WarcHead, NamesNoChunkingThatIsUndone) {
  EXPECT_EQ(head_without_chunking("HTTP/1.1 200 OK\r\nA: b\r\ntransfer-encoding : chunked\r\n"
                                  "Content-Length: 5\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nA: b\r\nX-Crawler-transfer-encoding : chunked\r\n"
            "X-Crawler-Content-Length: 5\r\n\r\n");
  EXPECT_EQ(head_without_chunking("HTTP/1.1 200\nTransfer-Encoding: gzip,\n chunked\n\n"),
            "HTTP/1.1 200\nX-Crawler-Transfer-Encoding: gzip,\n chunked\n"
            "Transfer-Encoding: gzip\r\n\n");
  const std::string plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: Transfer-Encoding\r\n\r\n";
  EXPECT_EQ(head_without_chunking(plain), plain);
  EXPECT_EQ(head_without_chunking(""), "");
}

std::string key_of(const std::string& text) {
  url parsed;
  EXPECT_TRUE(parsed.assign(text));
  return surt_key(parsed);
}

// As the Internet Archive's own library answers.
TEST(Cdxj, KeysAreThoseOfOtherIndexers) {
  EXPECT_EQ(key_of("http://www.Example.com/"), "com,example)/");
  EXPECT_EQ(key_of("https://www2.example.com/A/B/?b=2&a=1&A=0"), "com,example)/a/b?a=0&a=1&b=2");
  EXPECT_EQ(key_of("http://example.com/a?"), "com,example)/a");
  EXPECT_EQ(key_of("https://example.com:443/x"), "com,example)/x");
  EXPECT_EQ(key_of("https://example.com:8443/x"), "com,example:8443)/x");
  EXPECT_EQ(key_of("http://127.0.0.1:8080/a/"), "1,0,0,127:8080)/a");
  EXPECT_EQ(key_of("http://[::1]/"), "::1)/");
  EXPECT_EQ(key_of("http://u:p@example.com/a//b/../c#f"), "com,example)/a/c");
  EXPECT_EQ(key_of("http://example.com/%41%7e%20%C3%A4?q=%C3%A4+b"),
            "com,example)/a~%20%c3%a4?q=%c3%a4+b");
  EXPECT_EQ(key_of("http://example.com/a?x=1&"), "com,example)/a?&x=1");
  EXPECT_EQ(key_of("http://www.com/"), "com)/");
}

TEST_F(Warc, ALineOfTheIndexSaysWhereARecordIs) {
  warc_writer archive(header);
  write(archive);
  EXPECT_EQ(cdxj_line(one, entry, "x.warc.gz"),
            "com,example)/page?a=2&b=1 20231114221320 {\"url\": "
            "\"http://www.example.com/Page/?b=1&a=2\", \"mime\": \"text/html\", \"status\": "
            "\"200\", \"digest\": \"sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\", \"length\": \"" +
                std::to_string(entry.length) +
                "\", \"offset\": \"0\", \"filename\": \"x.warc.gz\"}");
}

}  // namespace
}  // namespace orbweaver
