#include "common/net/net_error.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

// As the system's calls report them.
boost::system::error_code system_error(int number) {
  return {number, boost::system::system_category()};
}

TEST(NetError, WhatThisMachineLacksIsItsOwnTrouble) {
  for (const int number : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL}) {
    EXPECT_TRUE(is_shortage(system_error(number))) << number;
    EXPECT_EQ(outcome_of_connect(system_error(number)), outcome::out_of_resources) << number;
  }
  for (const int number : {0, ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT, EHOSTUNREACH, EACCES})
    EXPECT_FALSE(is_shortage(system_error(number))) << number;
}

TEST(NetError, WhatTheOtherSideDoesHasItsOutcome) {
  EXPECT_EQ(outcome_of_connect(system_error(ECONNREFUSED)), outcome::connect_refused);
  EXPECT_EQ(outcome_of_connect(system_error(ECONNRESET)), outcome::connection_reset);
  EXPECT_EQ(outcome_of_connect(system_error(ETIMEDOUT)), outcome::connect_timeout);
  for (const int number : {ENETUNREACH, EHOSTUNREACH, EAFNOSUPPORT})
    EXPECT_EQ(outcome_of_connect(system_error(number)), outcome::connect_unreachable) << number;
  EXPECT_EQ(outcome_of_connect(system_error(EACCES)), outcome::connect_failed);
}

}  // namespace
}  // namespace orbweaver
