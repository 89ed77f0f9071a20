#include "crawler/robots/robots_book.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using keys = std::vector<frontier::crawl_key>;

const robots_book::file a{"http://a", "Orbweaver"};
const robots_book::file b{"http://b", "Orbweaver"};

robots_book::standing rules(std::string_view text = "") {
  return {.rules = std::make_shared<const robots_rules>(parse_robots(text, "Orbweaver"))};
}
robots_book::standing refusal() {
  return {.refusal = outcome::robots_unreachable, .detail = "HTTP 500"};
}

class RobotsBook : public testing::Test {
 protected:
  robots_book book;
  clock::time_point now = clock::time_point{} + 1h;
};

TEST_F(RobotsBook, IsFetchedOnceForAllWhoWait) {
  EXPECT_EQ(book.find(a, now), nullptr);
  EXPECT_TRUE(book.wait(a, 1));
  EXPECT_FALSE(book.wait(a, 2));
  EXPECT_FALSE(book.wait(a, 1)) << "who asks twice waits once";
  EXPECT_TRUE(book.wait(b, 2)) << "another origin's file is another one";
  EXPECT_TRUE(book.awaited(a));
  EXPECT_EQ(book.settle(a, rules("User-agent: *\nDisallow: /x"), now), (keys{1, 2}));
  const auto* known = book.find(a, now);
  ASSERT_TRUE(known);
  EXPECT_FALSE(known->rules->check("/x").allowed);
  EXPECT_FALSE(book.awaited(a));
  EXPECT_EQ(book.find(b, now), nullptr);
}

TEST_F(RobotsBook, IsReadForEachAgentAndTrustApart) {
  const robots_book::file for_other{"http://a", "Other"};
  const robots_book::file unverified{"http://a", "Orbweaver", "unverified"};
  EXPECT_TRUE(book.wait(a, 1));
  EXPECT_TRUE(book.wait(for_other, 2));
  EXPECT_TRUE(book.wait(unverified, 3));
  EXPECT_EQ(book.settle(a, rules(), now), keys{1});
  EXPECT_EQ(book.find(for_other, now), nullptr);
  EXPECT_EQ(book.find(unverified, now), nullptr);
}

TEST_F(RobotsBook, ExpiresAndMayBeFetchedAnew) {
  book.settle(a, rules(), now);
  book.settle(b, refusal(), now);
  EXPECT_TRUE(book.find(a, now + robots_book::good_for - 1ns));
  EXPECT_FALSE(book.find(a, now + robots_book::good_for));
  ASSERT_TRUE(book.find(b, now + robots_book::bad_for - 1ns));
  EXPECT_EQ(book.find(b, now)->refusal, outcome::robots_unreachable);
  EXPECT_EQ(book.find(b, now)->detail, "HTTP 500");
  EXPECT_FALSE(book.find(b, now + robots_book::bad_for));
  EXPECT_TRUE(book.wait(b, 1));
  EXPECT_EQ(book.settle(b, rules(), now + robots_book::bad_for), keys{1});
  EXPECT_TRUE(book.find(b, now + robots_book::bad_for)->rules);
}

TEST_F(RobotsBook, KnowsWhetherAnybodyWaits) {
  book.wait(a, 1);
  book.wait(a, 2);
  book.wait(b, 1);
  book.forget_crawl(1);
  EXPECT_TRUE(book.awaited(a));
  EXPECT_FALSE(book.awaited(b));
  EXPECT_FALSE(book.wait(b, 3)) << "it is being fetched all the same";
  EXPECT_TRUE(book.awaited(b));
  book.forget_crawl(3);
  book.give_up(b);
  EXPECT_TRUE(book.wait(b, 4)) << "it has to be asked for again";
  EXPECT_EQ(book.pending(), 2u);
  EXPECT_EQ(book.settle(a, rules(), now), keys{2});
}

TEST_F(RobotsBook, SettlesWhatNobodyWaitsFor) {
  EXPECT_TRUE(book.settle(a, rules(), now).empty());
  EXPECT_TRUE(book.find(a, now));
}

TEST_F(RobotsBook, KeepsABoundedNumberAndTheNewestAmongThem) {
  const auto number = [](std::size_t i) {
    return robots_book::file{"http://" + std::to_string(i), "Orbweaver"};
  };
  for (std::size_t i = 0; i < robots_book::max_known; ++i)
    book.settle(number(i), i % 2 ? refusal() : rules(), now);
  EXPECT_EQ(book.known(), robots_book::max_known);
  now += robots_book::bad_for;
  book.settle(a, rules(), now);
  EXPECT_EQ(book.known(), robots_book::max_known / 2 + 1) << "what has expired goes first";
  EXPECT_TRUE(book.find(number(0), now));
  EXPECT_TRUE(book.find(a, now));
  for (std::size_t i = 0; i < robots_book::max_known; ++i)
    book.settle(number(1'000'000 + i), rules(), now);
  EXPECT_LE(book.known(), robots_book::max_known);
  EXPECT_TRUE(book.find(number(1'000'000 + robots_book::max_known - 1), now));
}

TEST_F(RobotsBook, IsBoundedInBytesToo) {
  std::string text = "User-agent: *\n";
  while (text.size() < max_robots_size) text += "Disallow: /a\n";
  const auto large = rules(text);
  const std::size_t fit = robots_book::max_known_bytes / large.rules->memory_bytes();
  for (std::size_t i = 0; i <= fit; ++i) {
    now += 1s;
    book.settle({"http://" + std::to_string(i), "Orbweaver"}, large, now);
  }
  EXPECT_LT(book.known(), fit);
  EXPECT_GE(book.known(), fit / 4) << "the newer ones stay";
  EXPECT_FALSE(book.find({"http://0", "Orbweaver"}, now));
  EXPECT_TRUE(book.find({"http://" + std::to_string(fit), "Orbweaver"}, now));
}

}  // namespace
}  // namespace orbweaver
