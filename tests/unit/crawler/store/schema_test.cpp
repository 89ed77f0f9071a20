#include "crawler/store/schema.hpp"

#include <gtest/gtest.h>
#include <random>

#include "crawler/store/header_json.hpp"

namespace orbweaver::schema {
namespace {

template <class Row>
std::string bytes_of(const Row& row) {
  row_writer out;
  encode(out, row);
  return out.take();
}

// Every proper beginning of a row that is not itself one must be refused, and must not be read
// beyond its end.
template <class Decode>
void expect_torn_refused(const std::string& row, std::size_t whole_from, Decode decode) {
  for (std::size_t size = 0; size < whole_from; ++size) {
    const std::string torn = row.substr(0, size);
    EXPECT_FALSE(decode(torn)) << size << " bytes";
  }
}

TEST(Schema, NumbersTakeAsFewBytesAsTheyNeed) {
  for (const std::uint64_t n : {0ULL, 1ULL, 127ULL, 128ULL, 300ULL, ~0ULL}) {
    const std::string row = encode_number(n);
    EXPECT_EQ(decode_number(row), n);
    EXPECT_FALSE(decode_number(row + '\0'));
    EXPECT_FALSE(decode_number(row.substr(0, row.size() - 1)));
  }
  EXPECT_EQ(encode_number(127).size(), 1u);
  EXPECT_FALSE(decode_number(std::string(11, '\xff'))) << "more than 64 bits";
}

TEST(Schema, KeysSortByCrawlAndNumber) {
  row_writer a, b;
  url_key(a, 1, 0xffff);
  url_key(b, 1, 0x10000);
  EXPECT_LT(a.view(), b.view());
  EXPECT_LT(b.view(), crawl_end(1));
  EXPECT_GE(a.view(), crawl_begin(1));
  EXPECT_EQ(url_in_key(b.view()), 0x10000u);
  EXPECT_FALSE(url_in_key("short"));
}

TEST(Schema, HostsToLeaveAloneSortByTime) {
  const wall_clock::time_point soon(std::chrono::milliseconds(1'700'000'000'255));
  const quiet_host a{"b.example", soon}, b{"a.example", soon + std::chrono::milliseconds(1)};
  EXPECT_EQ(quiet_in_key(quiet_key(a)), a);
  EXPECT_LT(quiet_key(a), quiet_key(b));
  EXPECT_LT(quiet_begin(soon), quiet_key(a));
  EXPECT_LT(quiet_key(a), quiet_begin(b.until));
  EXPECT_LT(quiet_key(b), quiet_end());
  expect_torn_refused(quiet_key(a), 10, quiet_in_key);
}

TEST(Schema, UrlsComeBack) {
  const url_row row{.url = "http://a.example/",
                    .reason = "^/private",
                    .referrer = 7,
                    .depth = 300,
                    .fate = outcome::excluded_by_pattern};
  const std::string bytes = bytes_of(row);
  const auto back = decode_url(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->url, row.url);
  EXPECT_EQ(back->reason, row.reason);
  EXPECT_EQ(back->referrer, 7u);
  EXPECT_EQ(back->depth, 300u);
  EXPECT_EQ(back->fate, row.fate);
  EXPECT_EQ(decode_url(bytes_of(url_row{.url = "x"}))->referrer, no_url);
  expect_torn_refused(bytes, bytes.size() - row.reason.size(), decode_url);
}

TEST(Schema, AFingerprintComesBackWithTheFateOfItsDiscovery) {
  for (const std::optional<outcome> fate :
       {std::optional<outcome>(), std::optional(outcome::nofollow)}) {
    const std::string bytes = bytes_of(seen_row{.id = 70'000, .fate = fate});
    const auto back = decode_seen(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->id, 70'000u);
    EXPECT_EQ(back->fate, fate);
    expect_torn_refused(bytes, bytes.size(), decode_seen);
  }
  EXPECT_FALSE(decode_seen(std::string("\x01\x05", 2))) << "no outcome has this number";
}

TEST(Schema, FatesComeBack) {
  const std::string bytes = bytes_of(fate_row{outcome::redirect_to_known, 12, "http://b.example/"});
  const auto back = decode_fate(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->fate, outcome::redirect_to_known);
  EXPECT_EQ(back->duplicate_of, 12u);
  EXPECT_EQ(back->reason, "http://b.example/");
  expect_torn_refused(bytes, 2, decode_fate);
  EXPECT_FALSE(decode_fate(std::string("\x03\0", 2))) << "no outcome has this number";
}

TEST(Schema, QueuedUrlsComeBack) {
  EXPECT_EQ(bytes_of(queue_row{}), "") << "the common case costs nothing";
  EXPECT_EQ(decode_queue("")->attempts, 0);
  const wall_clock::time_point time{std::chrono::milliseconds(1'700'000'000'123)};
  const std::string bytes = bytes_of(queue_row{2, time, {5, 9}});
  const auto back = decode_queue(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->attempts, 2);
  EXPECT_EQ(back->not_before, time);
  EXPECT_EQ(back->passed, (std::vector<url_id>{5, 9}));
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_queue(std::string(bytes, 0, size)));
  EXPECT_FALSE(decode_queue(std::string("\x01\x00\xff\xff\xff\xff\x0f", 7)))
      << "a count that promises more than there is";
}

TEST(Schema, RecordsComeBack) {
  const std::string bytes = bytes_of(record_row{3, no_url, 1, outcome_kind::fetched, "\"a\":1"});
  std::string room;
  const auto back = decode_record(bytes, room);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->url, 3u);
  EXPECT_EQ(back->referrer, no_url);
  EXPECT_EQ(back->duplicate_of, 1u);
  EXPECT_EQ(back->members, "\"a\":1");
  const auto decode = [&](std::string_view row) { return decode_record(row, room); };
  expect_torn_refused(bytes, bytes.size(), decode);
  EXPECT_FALSE(decode(std::string("\x07\x01\x01\x01\0", 5))) << "no such kind";
}

TEST(Schema, LongMembersOfRecordsArePacked) {
  std::string links, noise;
  for (int n = 0; n < 500; ++n) links += R"({"url":"http://a.example/)" + std::to_string(n) + "\"}";
  std::mt19937 random(1);
  for (int n = 0; n < 5000; ++n) noise += static_cast<char>(random());
  std::string room;
  for (const std::string& members :
       {links, noise, std::string(127, 'x'), std::string(128, 'x'), std::string(1 << 20, 'x')}) {
    const std::string bytes = bytes_of(record_row{.url = 3, .members = members});
    const auto back = decode_record(bytes, room);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->members, members);
    EXPECT_LE(bytes.size(), members.size() + 8);
  }
  EXPECT_LT(bytes_of(record_row{.members = links}).size(), links.size() / 3);
}

TEST(Schema, PackedMembersThatAreDamagedAreRefused) {
  const std::string members(1000, 'x');
  const std::string bytes = bytes_of(record_row{.url = 3, .members = members});
  std::string room;
  const auto decode = [&](std::string_view row) { return decode_record(row, room); };
  ASSERT_TRUE(decode(bytes));
  expect_torn_refused(bytes, bytes.size(), decode);
  row_writer liar;
  liar.fixed8(0).number(4).number(0).number(0).number(1 << 30).rest("block");
  EXPECT_FALSE(decode(liar.view())) << "five bytes stand for no GiB";
  EXPECT_LT(room.capacity(), 1 << 20) << "nor is room made for it";
}

TEST(Schema, TalliesComeBack) {
  crawl_tally t;
  t.next_url = 5;
  t.last_seq = 2;
  t.discovered = 5;
  t.fetched = 1;
  t.failed = 1;
  t.by_status = {{200, 1}};
  t.by_outcome = {{outcome::fetched, 1}, {outcome::connect_refused, 1}};
  const std::string bytes = tally_row(t);
  EXPECT_EQ(decode_tally(bytes), t);
  expect_torn_refused(bytes, bytes.size(), decode_tally);
  EXPECT_FALSE(decode_tally(bytes + "x"));
}

TEST(Schema, OriginsAreSchemeHostAndPort) {
  EXPECT_EQ(origin_in("http://a.example/x?y"), "http://a.example");
  EXPECT_EQ(origin_in("https://a.example:8443/"), "https://a.example:8443");
  EXPECT_EQ(origin_in("http://u:p@a.example/@x"), "http://a.example");
  EXPECT_EQ(origin_in("http://[::1]:80"), "http://[::1]:80");
  EXPECT_EQ(origin_key("http://a.example/x"), origin_key("http://a.example/y"));
  EXPECT_NE(origin_key("http://a.example/"), origin_key("https://a.example/"));
}

TEST(Schema, RequestsComeBackWhole) {
  crawl_spec spec;
  spec.urls = {"http://a.example/", "http://b.example/"};
  spec.name = "n";
  spec.labels = {{"k", "v"}};
  spec.limit = 7;
  spec.max_depth = 3;
  spec.max_duration = seconds_f(1.5);
  spec.max_bytes = 99;
  spec.scope = scope_kind::domain;
  spec.include_paths = {"a"};
  spec.exclude_paths = {"b"};
  spec.regex_on_full_url = true;
  spec.ignore_query_parameters = true;
  spec.drop_query_parameters = std::vector<std::string>{};
  spec.robots = robots_policy::ignore;
  spec.user_agent = "x";
  spec.sitemap = sitemap_policy::only;
  spec.respect_nofollow = false;
  spec.delay = seconds_f(0.125);
  spec.per_host_concurrency = 9;
  spec.max_concurrency = 4;
  spec.retries = 6;
  spec.timeout = seconds_f(2);
  spec.max_body_bytes = 1234;
  spec.content_types = {{"text/*"}};
  spec.headers = {{"A", "1"}, {"A", "2"}};
  spec.auth = {"u", "p"};
  spec.tls_verify = false;
  spec.formats = {4};
  spec.extract = {{.name = "t", .regex = "(x)", .group = 1, .all = true, .on_text = true}};
  const std::string text = spec_as_json(spec);
  const auto back = spec_from_json(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(spec_as_json(*back), text);
  EXPECT_EQ(back->drop_query_parameters, spec.drop_query_parameters);
  EXPECT_EQ(back->auth->password, "p");
  EXPECT_EQ(back->extract.at(0).group, 1);
  EXPECT_EQ(back->delay, spec.delay);
  EXPECT_EQ(spec_from_json("{}")->limit, crawl_spec{}.limit) << "what is missing has its default";
  EXPECT_FALSE(spec_from_json(text.substr(0, text.size() / 2)));
  EXPECT_FALSE(spec_from_json("[]"));
  EXPECT_FALSE(spec_from_json(R"({"limit": "many"})"));
}

TEST(Schema, AHeaderSaysAtAGlanceWhetherItsCrawlIsListed) {
  crawl_header h{.listed = false};
  EXPECT_TRUE(says_unlisted(header_as_json(h)));
  h.listed = true;
  h.warnings = {R"("listed":false)"};
  EXPECT_FALSE(says_unlisted(header_as_json(h)));
}

TEST(Schema, HeadersComeBack) {
  crawl_header h{.id = crawl_id::random(),
                 .number = 4,
                 .listed = false,
                 .state = crawl_state::paused,
                 .reason = finish_reason::limit,
                 .created_at = wall_clock::time_point(wall_clock::duration(1234567890)),
                 .leftover = outcome::over_bytes,
                 .warnings = {"w"},
                 .followed_seeds = {{"http://a.example/", "http://www.a.example/"}},
                 .sitemaps_read = true,
                 .client = {"account", "request", "hash", "{\"answer\":1}"}};
  const std::string text = header_as_json(h);
  const auto back = header_from_json(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(header_as_json(*back), text);
  EXPECT_EQ(back->id, h.id);
  EXPECT_EQ(back->created_at, h.created_at);
  EXPECT_FALSE(back->finished_at);
  EXPECT_EQ(back->client, h.client);
  h.client = {};
  EXPECT_EQ(header_from_json(header_as_json(h))->client, crawl_client{});
  EXPECT_FALSE(header_from_json(R"({"id": "no id"})"));
}

}  // namespace
}  // namespace orbweaver::schema
