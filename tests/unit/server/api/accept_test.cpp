#include "server/api/accept.hpp"

#include <array>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 2> offered{"application/json", "application/x-ndjson"};

// The index among `offered`, -1 for none.
int chosen(std::string_view accept) {
  const auto found = preferred_type(accept, offered);
  return found ? static_cast<int>(*found) : -1;
}

TEST(PreferredType, IsTheFirstWhereAnythingWillDo) {
  for (const char* accept : {"", " ", "*/*", "application/*", "*/*;q=0.1"})
    EXPECT_EQ(chosen(accept), 0) << accept;
}

TEST(PreferredType, HasTheHighestWeight) {
  EXPECT_EQ(chosen("application/x-ndjson"), 1);
  EXPECT_EQ(chosen("APPLICATION/X-NDJSON"), 1);
  EXPECT_EQ(chosen("application/json;q=0.5, application/x-ndjson;q=0.6"), 1);
  EXPECT_EQ(chosen("application/json;q=0.6, application/x-ndjson;Q=0.5"), 0);
  EXPECT_EQ(chosen("application/json, application/x-ndjson"), 0) << "the earlier offer";
}

TEST(PreferredType, IsWeighedByTheMostPreciseRange) {
  EXPECT_EQ(chosen("*/*;q=0.9, application/json;q=0.1"), 1);
  EXPECT_EQ(chosen("application/*;q=0.2, application/x-ndjson;q=0.1, */*"), 0);
  EXPECT_EQ(chosen("application/json;q=0, */*;q=0.1"), 1) << "0 means: not this one";
}

TEST(PreferredType, MayNotBeOffered) {
  for (const char* accept :
       {"text/html", "text/*", "application/json;q=0", "*/*;q=0", "*", "json",
        "application/json;q=", "application/json;q=x", "application/json;q=1x"})
    EXPECT_EQ(chosen(accept), -1) << accept;
}

TEST(AcceptsCoding, WhatIsNamedOrAnything) {
  EXPECT_TRUE(accepts_coding("gzip, deflate, br", "br"));
  for (const char* header : {"GZIP;q=0.1", "*", "br;q=0, *"})
    EXPECT_TRUE(accepts_coding(header, "gzip")) << header;
  for (const char* header : {"", "gzip;q=0", "gzip;q=0, *", "gzip;q=x", "x-gzip", "brotli"})
    EXPECT_FALSE(accepts_coding(header, "gzip")) << header;
}

}  // namespace
}  // namespace orbweaver
