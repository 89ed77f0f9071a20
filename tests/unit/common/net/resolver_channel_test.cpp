#include "common/net/resolver_channel.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

// A reply to "a." type A: one question, and `answers` as given.
std::vector<unsigned char> reply(unsigned char count, std::vector<unsigned char> answers) {
  std::vector<unsigned char> out{0, 1, 0x81, 0x80, 0, 1, 0, count, 0, 0,
                                 0, 0, 1,    'a',  0, 0, 1, 0,     1};
  out.insert(out.end(), answers.begin(), answers.end());
  return out;
}

constexpr unsigned char ttl_60 = 60;
const std::vector<unsigned char> good_record{0xc0, 12,     0, 1, 0,   1, 0, 0,
                                             0,    ttl_60, 0, 4, 192, 0, 2, 7};

TEST(ReadReply, TakesAddressesAndTheirLifetime) {
  const family_reply got = read_reply(ip_family::v4, ARES_SUCCESS, reply(1, good_record));
  ASSERT_EQ(got.kind, reply_kind::addresses);
  ASSERT_EQ(got.addresses.size(), 1u);
  EXPECT_EQ(got.addresses[0].to_string(), "192.0.2.7");
  EXPECT_EQ(got.ttl, 60s);
}

TEST(ReadReply, ALifetimeWithItsTopBitSetIsNone) {
  auto record = good_record;
  record[6] = 0x80;
  EXPECT_EQ(read_reply(ip_family::v4, ARES_SUCCESS, reply(1, record)).ttl, 0s);
}

TEST(ReadReply, TakesOnlySoManyAddresses) {
  std::vector<unsigned char> records;
  for (int i = 0; i < 200; ++i)
    records.insert(records.end(), good_record.begin(), good_record.end());
  const family_reply got = read_reply(ip_family::v4, ARES_SUCCESS, reply(200, records));
  ASSERT_EQ(got.kind, reply_kind::addresses);
  EXPECT_EQ(got.addresses.size(), max_addresses_per_answer);
}

TEST(ReadReply, EveryTruncationFailsWithoutAddresses) {
  const auto whole = reply(1, good_record);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<unsigned char> part(whole.begin(), whole.begin() + static_cast<long>(size));
    const family_reply got = read_reply(ip_family::v4, ARES_SUCCESS, part);
    EXPECT_NE(got.kind, reply_kind::addresses) << size;
    EXPECT_TRUE(got.addresses.empty()) << size;
  }
}

TEST(ReadReply, NamesWhatTheLibraryReports) {
  EXPECT_EQ(read_reply(ip_family::v6, ARES_ENOTFOUND, {}).kind, reply_kind::no_such_name);
  EXPECT_EQ(read_reply(ip_family::v6, ARES_ENODATA, {}).kind, reply_kind::no_address);
  EXPECT_EQ(read_reply(ip_family::v6, ARES_ETIMEOUT, {}).kind, reply_kind::timed_out);
  EXPECT_EQ(read_reply(ip_family::v6, ARES_ESERVFAIL, {}).kind, reply_kind::failed);
  EXPECT_EQ(read_reply(ip_family::v6, ARES_ECONNREFUSED, {}).kind, reply_kind::failed);
  EXPECT_EQ(read_reply(ip_family::v6, ARES_EDESTRUCTION, {}).kind, reply_kind::failed);
}

}  // namespace
}  // namespace orbweaver
