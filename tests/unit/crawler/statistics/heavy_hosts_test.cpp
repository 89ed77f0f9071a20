#include "crawler/statistics/heavy_hosts.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace orbweaver {
namespace {

std::map<std::string, host_tally> by_host(const heavy_hosts& hosts) {
  std::map<std::string, host_tally> out;
  for (const host_tally& t : hosts.tallies()) out.emplace(t.host, t);
  return out;
}

TEST(HeavyHosts, IsExactWhileThereIsRoom) {
  heavy_hosts hosts(3);
  hosts.add(1, "a", 5, 0.5, false);
  hosts.add(2, "b", 1, 2, true);
  hosts.add(1, "a", 5, 1.5, true);
  const auto all = by_host(hosts);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all.at("a").pages, 2u);
  EXPECT_EQ(all.at("a").failures, 1u);
  EXPECT_DOUBLE_EQ(all.at("a").seconds, 2);
  EXPECT_DOUBLE_EQ(all.at("a").longest, 1.5);
  EXPECT_EQ(all.at("b").pages, 1u);
}

TEST(HeavyHosts, CountsWithoutWeightOnlyWhatItKnows) {
  heavy_hosts hosts(2);
  hosts.add(1, "a", 0, 1, false);
  EXPECT_TRUE(hosts.tallies().empty());
  hosts.add(1, "a", 1, 1, true);
  hosts.add(1, "a", 0, 1, false);
  EXPECT_EQ(by_host(hosts).at("a").pages, 2u);
}

TEST(HeavyHosts, HoldsNoMoreThanItHasPlacesFor) {
  heavy_hosts hosts(10);
  for (std::uint64_t i = 0; i < 10'000; ++i) hosts.add(i, std::to_string(i), 1, 1, false);
  EXPECT_EQ(hosts.tallies().size(), 10u);
  heavy_hosts none(0);
  none.add(1, "a", 1, 1, false);
  EXPECT_TRUE(none.tallies().empty());
}

// Every host of more than 1/places of the whole weight is kept, whatever comes between.
TEST(HeavyHosts, KeepsWhatWeighsMost) {
  std::mt19937 random(7);
  heavy_hosts hosts(20);
  for (int round = 0; round < 20'000; ++round) {
    const std::uint64_t heavy = random() % 5;
    hosts.add(heavy, "heavy" + std::to_string(heavy), 3, 1, false);
    const std::uint64_t light = 1000 + random() % 100'000;
    hosts.add(light, "light" + std::to_string(light), 1, 1, false);
  }
  const auto all = by_host(hosts);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(all.contains("heavy" + std::to_string(i))) << i;
}

TEST(HeavyHosts, ReplacesTheLightest) {
  heavy_hosts hosts(3);
  for (const auto& [hash, weight] : std::map<std::uint64_t, std::uint64_t>{{1, 9}, {2, 2}, {3, 7}})
    hosts.add(hash, std::to_string(hash), weight, 1, false);
  hosts.add(4, "4", 1, 1, false);
  const auto all = by_host(hosts);
  EXPECT_FALSE(all.contains("2"));
  EXPECT_TRUE(all.contains("4"));
}

TEST(HeavyHosts, GoesOnFromWhatItIsGiven) {
  heavy_hosts hosts(2);
  hosts.restore(1, {"a", 10, 3, 5, 2}, 3);
  hosts.restore(2, {"b", 1, 1, 1, 1}, 1);
  hosts.restore(3, {"c", 1, 1, 1, 1}, 1);  // no room
  hosts.add(1, "a", 1, 4, true);
  const auto all = by_host(hosts);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all.at("a").pages, 11u);
  EXPECT_EQ(all.at("a").failures, 4u);
  EXPECT_DOUBLE_EQ(all.at("a").longest, 4);
}

}  // namespace
}  // namespace orbweaver
