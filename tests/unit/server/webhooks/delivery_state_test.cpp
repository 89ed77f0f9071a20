#include "server/webhooks/delivery_state.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

TEST(DeliveryState, IsReadAsItWasWritten) {
  const delivery_state state{true, 17, true, 5, 2, "it answered 500 \xff"};
  const delivery_state read = read_delivery_state(to_text(state));
  EXPECT_TRUE(read.started);
  EXPECT_EQ(read.after, 17u);
  EXPECT_TRUE(read.ended);
  EXPECT_EQ(read.delivered, 5u);
  EXPECT_EQ(read.given_up, 2u);
  EXPECT_EQ(read.last_error, "it answered 500 \xef\xbf\xbd");
}

TEST(DeliveryState, BeginsAnewWhereNothingCanBeRead) {
  for (const char* text : {"", "{}", "[]", "[1,2,3,4,5,6]", "[true,1,false,1,1]", "[true"}) {
    const delivery_state state = read_delivery_state(text);
    EXPECT_FALSE(state.started || state.ended) << text;
    EXPECT_EQ(state.after + state.delivered + state.given_up, 0u) << text;
  }
}

TEST(DeliveryState, ShowsNoErrorWhereThereWasNone) {
  EXPECT_EQ(delivery_as_json({}).dump(), R"({"delivered":0,"givenUp":0,"lastError":null})");
  EXPECT_EQ(delivery_as_json({.given_up = 1, .last_error = "x"}).at("lastError"), "x");
}

}  // namespace
}  // namespace orbweaver
