#include "crawler/job/job.hpp"

#include <gtest/gtest.h>
#include <random>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr clock::time_point start = clock::time_point{} + 1h;

std::unique_ptr<job> make(crawl_spec spec) {
  auto j =
      std::make_unique<job>(crawl_id::random(), std::make_shared<const crawl_spec>(std::move(spec)),
                            "Orbweaver/1", true, wall_clock::time_point{});
  j->run(wall_clock::time_point{}, start);
  return j;
}

crawl_spec spec_of(std::vector<std::string> seeds) {
  crawl_spec spec;
  spec.urls = std::move(seeds);
  return spec;
}

link_batch links_to(const job& j, const std::vector<std::string>& urls, bool nofollow = false) {
  link_batch batch;
  std::string scratch;
  for (const std::string& text : urls) {
    const auto u = url::parse(text);
    const auto print = j.profile->keeps.prints.of(j.profile->canonical.key(*u, scratch));
    batch.links.push_back({print, static_cast<std::uint32_t>(batch.text.size()),
                           static_cast<std::uint32_t>(u->href_without_fragment().size()),
                           nofollow ? nofollow_by::rel : nofollow_by::nothing});
    batch.text += u->href_without_fragment();
  }
  return batch;
}

frontier_entry entry_of(const job::discovery& found, std::size_t i) {
  frontier_entry e;
  e.url = found.urls.at(i).url;
  e.id = found.first + static_cast<url_id>(i);
  e.depth = found.urls[i].depth;
  return e;
}

// Fates by URL, "" for those that are queued.
using fates = std::map<std::string, std::string>;
fates fates_of(const job::discovery& found) {
  fates out;
  for (const auto& u : found.urls) out[u.url] = u.fate ? std::string(name(*u.fate)) : "";
  return out;
}

void expect_balance(const crawl_counts& n) {
  EXPECT_EQ(n.discovered, n.queued + n.in_flight + n.fetched + n.failed + n.skipped);
}

// Follows a redirect as the engine does, so that the next hop can be asked about.
std::optional<outcome> follow(job& j, frontier_entry& entry, const std::string& target) {
  const auto step = j.redirect(entry, target);
  if (step.end) return step.end;
  if (!entry.redirects) entry.redirects = std::make_unique<redirect_chain>();
  entry.redirects->hops.push_back(std::exchange(entry.url, target));
  return std::nullopt;
}

TEST(Job, DiscoversEachSeedOnce) {
  crawl_spec spec =
      spec_of({"http://a.example/#top", "http://a.example/", "http://A.example/?utm_source=x",
               "http://a.example/private", "http://b.example/"});
  spec.exclude_paths = {"^/private"};
  const auto j = make(std::move(spec));
  const auto found = j->discover_seeds();
  EXPECT_EQ(found.first, 0u);
  EXPECT_EQ(fates_of(found), (fates{{"http://a.example/", ""},
                                    {"http://a.example/private", "excluded_by_pattern"},
                                    {"http://b.example/", ""}}));
  const auto n = j->status(start).counts;
  EXPECT_EQ(n.discovered, 3u);
  EXPECT_EQ(n.queued, 2u);
  EXPECT_EQ(n.skipped, 1u);
}

TEST(Job, PassesOverKnownLinksAndNamesEachNewOnesFate) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.max_depth = 1;
  const auto j = make(std::move(spec));
  j->discover_seeds();
  const std::string long_url = "http://a.example/" + std::string(2048, 'x');
  const auto found = j->discover_links(
      links_to(*j, {"http://a.example/#f", "http://a.example/1", "http://a.example/1?utm_medium=y",
                    "http://b.example/", long_url}),
      0, 1);
  EXPECT_EQ(found.first, 1u);
  EXPECT_EQ(fates_of(found), (fates{{"http://a.example/1", ""},
                                    {"http://b.example/", "out_of_scope"},
                                    {long_url, "url_too_long"}}));
  EXPECT_EQ(found.urls[0].referrer, 0u);
  EXPECT_EQ(found.urls[0].depth, 1u);
  const auto deeper =
      j->discover_links(links_to(*j, {"http://a.example/1", "http://a.example/2"}), 1, 2);
  EXPECT_EQ(deeper.first, 4u);
  EXPECT_EQ(fates_of(deeper), (fates{{"http://a.example/2", "too_deep"}}));
  expect_balance(j->status(start).counts);
}

TEST(Job, HeedsNofollowOnDemand) {
  for (const bool respect : {true, false}) {
    crawl_spec spec = spec_of({"http://a.example/"});
    spec.respect_nofollow = respect;
    const auto j = make(std::move(spec));
    j->discover_seeds();
    const std::string wanted = respect ? "nofollow" : "";
    EXPECT_EQ(fates_of(j->discover_links(links_to(*j, {"http://a.example/1"}, true), 0, 1)),
              (fates{{"http://a.example/1", wanted}}));
  }
}

TEST(Job, SaysWhatAsksNotToFollow) {
  const auto j = make(spec_of({"http://a.example/"}));
  j->discover_seeds();
  link_batch links = links_to(*j, {"http://a.example/1", "http://a.example/2"}, true);
  links.links[1].nofollow = nofollow_by::header;
  const auto found = j->discover_links(links, 0, 1);
  ASSERT_EQ(found.urls.size(), 2u);
  EXPECT_EQ(found.urls[0].reason, "rel=nofollow");
  EXPECT_EQ(found.urls[1].reason, "X-Robots-Tag");
}

TEST(Job, JudgesAUrlAnewThatWasSkippedForItsLinksSake) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.max_depth = 2;
  const auto j = make(std::move(spec));
  j->discover_seeds();
  j->discover_links(links_to(*j, {"http://a.example/1", "http://b.example/"}, true), 0, 1);
  j->discover_links(links_to(*j, {"http://a.example/2"}), 0, 3);
  EXPECT_EQ(j->status(start).by_outcome,
            (std::map<outcome, std::uint64_t>{{outcome::too_deep, 1}, {outcome::nofollow, 2}}));
  const auto all = links_to(*j, {"http://a.example/1", "http://b.example/", "http://a.example/2"});
  EXPECT_TRUE(j->discover_links(links_to(*j, {"http://a.example/1"}, true), 0, 1).revived.empty())
      << "no better a link";
  const auto found = j->discover_links(all, 7, 2);
  EXPECT_TRUE(found.urls.empty());
  ASSERT_EQ(found.revived.size(), 3u);
  EXPECT_EQ(found.revived[0].id, 1u);
  EXPECT_EQ(found.revived[0].found.url, "http://a.example/1");
  EXPECT_EQ(found.revived[0].found.referrer, 7u);
  EXPECT_EQ(found.revived[0].found.fate, std::nullopt);
  EXPECT_EQ(found.revived[1].id, 2u);
  EXPECT_EQ(found.revived[1].found.fate, outcome::out_of_scope);
  EXPECT_EQ(found.revived[2].id, 3u);
  EXPECT_EQ(found.revived[2].found.depth, 2u);
  const auto status = j->status(start);
  EXPECT_EQ(status.counts.queued, 3u);
  EXPECT_EQ(status.by_outcome, (std::map<outcome, std::uint64_t>{{outcome::out_of_scope, 1}}));
  expect_balance(status.counts);
  EXPECT_TRUE(j->discover_links(all, 8, 1).revived.empty()) << "once";
}

TEST(Job, FollowsAChainOfRedirectsAndBooksItsTargets) {
  const auto j = make(spec_of({"http://a.example/"}));
  auto entry = entry_of(j->discover_seeds(), 0);
  const auto step = j->redirect(entry, "http://a.example/en/");
  EXPECT_FALSE(step.end);
  ASSERT_EQ(step.target_row.urls.size(), 1u);
  EXPECT_EQ(step.target_row.first, 1u);
  EXPECT_EQ(step.target_row.urls[0].fate, outcome::redirect_target);
  EXPECT_EQ(step.target_row.urls[0].referrer, 0u);
  const auto n = j->status(start).counts;
  EXPECT_EQ(n.discovered, 2u);
  EXPECT_EQ(n.skipped, 1u);
  EXPECT_TRUE(j->discover_links(links_to(*j, {"http://a.example/en/"}), 0, 1).urls.empty())
      << "its page stands under the URL that led there";
}

// What has to be durable before anything that is found there; cookies change more often.
TEST(Job, SaysWhichRedirectWidensItsScope) {
  const auto j = make(spec_of({"http://example.com/1", "http://example.com/2"}));
  const auto seeds = j->discover_seeds();
  j->take_changed();
  EXPECT_FALSE(j->redirect(entry_of(seeds, 0), "http://example.com/3").widens_scope);
  url site;
  ASSERT_TRUE(site.assign("http://example.com/"));
  j->take_cookies(site, {"a=b"}, {});
  EXPECT_FALSE(j->redirect(entry_of(seeds, 0), "http://example.com/4").widens_scope);
  EXPECT_TRUE(j->take_changed()) << "for the cookies";
  EXPECT_TRUE(j->redirect(entry_of(seeds, 0), "https://www.example.com/1").widens_scope);
  EXPECT_TRUE(j->take_changed());
  EXPECT_FALSE(j->redirect(entry_of(seeds, 1), "https://www.example.com/2").widens_scope);
  EXPECT_FALSE(j->take_changed());
}

TEST(Job, EndsLoopsAndLongChains) {
  const auto j = make(spec_of({"http://a.example/0", "http://a.example/loop"}));
  const auto seeds = j->discover_seeds();
  auto loop = entry_of(seeds, 1);
  EXPECT_EQ(j->redirect(loop, "http://a.example/loop").end, outcome::redirect_loop);
  EXPECT_EQ(follow(*j, loop, "http://a.example/loop2"), std::nullopt);
  EXPECT_EQ(follow(*j, loop, "http://a.example/loop"), outcome::redirect_loop);

  auto chain = entry_of(seeds, 0);
  for (int i = 1; i <= 10; ++i)
    ASSERT_EQ(follow(*j, chain, "http://a.example/" + std::to_string(i)), std::nullopt) << i;
  EXPECT_EQ(follow(*j, chain, "http://a.example/11"), outcome::too_many_redirects);
}

TEST(Job, ARedirectToAKnownUrlIsLeftToThat) {
  const auto j = make(spec_of({"http://a.example/", "http://a.example/2"}));
  const auto seeds = j->discover_seeds();
  const auto step = j->redirect(entry_of(seeds, 1), "http://a.example/");
  EXPECT_EQ(step.end, outcome::redirect_to_known);
  EXPECT_EQ(step.known_as, 0u);
}

TEST(Job, AChainMayComeByItsOwnUrlsInOtherSpellings) {
  const auto j = make(spec_of({"http://a.example/", "http://a.example/2?utm_source=x"}));
  const auto seeds = j->discover_seeds();
  auto own = entry_of(seeds, 1);
  EXPECT_EQ(follow(*j, own, "http://a.example/2"), std::nullopt) << "the entry's own key";
  auto chain = entry_of(seeds, 0);
  EXPECT_EQ(follow(*j, chain, "http://a.example/en?utm_source=home"), std::nullopt);
  EXPECT_EQ(follow(*j, chain, "http://a.example/en"), std::nullopt) << "the key of a hop";
  EXPECT_EQ(follow(*j, chain, "http://a.example/%7Een"), std::nullopt);
  EXPECT_EQ(follow(*j, chain, "http://a.example/~en"), std::nullopt);
  EXPECT_EQ(j->status(start).by_outcome.at(outcome::redirect_target), 2u);
}

TEST(Job, RedirectsStayInScope) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.exclude_paths = {"^/private"};
  spec.max_depth = 0;
  const auto j = make(std::move(spec));
  const auto entry = entry_of(j->discover_seeds(), 0);
  EXPECT_EQ(j->redirect(entry, "http://b.test/").end, outcome::redirect_out_of_scope);
  EXPECT_EQ(j->redirect(entry, "http://b.test/").detail, "http://b.test/");
  EXPECT_EQ(j->redirect(entry, "http://a.example/private").end, outcome::redirect_out_of_scope);
  EXPECT_EQ(j->redirect(entry, "http://[").end, outcome::bad_redirect);
  EXPECT_EQ(j->redirect(entry, "http://a.example/ok").end, std::nullopt);
}

TEST(Job, ASeedMayMoveWithinItsSiteAndTakesTheCrawlAlong) {
  const auto j = make(spec_of({"http://example.com/"}));
  auto seed = entry_of(j->discover_seeds(), 0);
  EXPECT_EQ(follow(*j, seed, "https://example.com/"), std::nullopt);
  EXPECT_TRUE(j->status(start).warnings.empty()) << "the same host";
  EXPECT_EQ(follow(*j, seed, "https://www.example.com/"), std::nullopt);
  ASSERT_EQ(j->status(start).warnings.size(), 1u);
  EXPECT_NE(j->status(start).warnings[0].find("https://www.example.com/"), std::string::npos);
  EXPECT_EQ(fates_of(j->discover_links(links_to(*j, {"http://www.example.com/1"}), 0, 1)),
            (fates{{"http://www.example.com/1", ""}}));

  const auto other = make(spec_of({"http://example.com/"}));
  other->discover_seeds();
  auto page = entry_of(other->discover_links(links_to(*other, {"http://example.com/1"}), 0, 1), 0);
  EXPECT_EQ(follow(*other, page, "http://www.example.com/1"), outcome::redirect_out_of_scope)
      << "only seeds take the crawl elsewhere";
}

TEST(Job, LimitsCountWhatIsDoneAndWhatIsUnderWay) {
  crawl_spec spec = spec_of({"http://a.example/1", "http://a.example/2", "http://a.example/3"});
  spec.limit = 2;
  const auto j = make(std::move(spec));
  j->discover_seeds();
  EXPECT_EQ(j->limit_reached(start), finish_reason::none);
  j->started();
  j->started();
  EXPECT_EQ(j->limit_reached(start), finish_reason::limit);
  j->ended(outcome::redirect_to_known, nullptr);
  EXPECT_EQ(j->limit_reached(start), finish_reason::none) << "skipped pages do not count";
  j->ended(outcome::connect_refused, nullptr);
  j->started();
  EXPECT_EQ(j->limit_reached(start), finish_reason::limit) << "failed ones do";
}

TEST(Job, LimitsTimeAndBytes) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.max_bytes = 1000;
  spec.max_duration = seconds_f(60);
  const auto j = make(std::move(spec));
  j->add_wire_bytes(999);
  EXPECT_EQ(j->limit_reached(start + 59s), finish_reason::none);
  EXPECT_EQ(j->limit_reached(start + 60s), finish_reason::duration);
  j->add_wire_bytes(1);
  EXPECT_EQ(j->limit_reached(start), finish_reason::bytes);
}

TEST(Job, NumbersAndNamesDuplicates) {
  const auto j = make(spec_of({"http://a.example/"}));
  EXPECT_EQ(j->content_seen(0, 1), no_url) << "an empty body is nobody's copy";
  EXPECT_EQ(j->content_seen(7, 1), no_url);
  EXPECT_EQ(j->content_seen(7, 1), no_url) << "nor is a page its own";
  EXPECT_EQ(j->content_seen(7, 2), 1u);
  EXPECT_EQ(j->content_seen(0, 2), no_url);
  EXPECT_EQ(j->status(start).counts.duplicates, 1u);
}

TEST(Job, FinishingSkipsTheRest) {
  const auto j = make(spec_of({"http://a.example/1", "http://a.example/2", "http://a.example/3"}));
  j->discover_seeds();
  j->started();
  j->ended(outcome::fetched, nullptr);
  j->started();
  j->finish(crawl_state::completed, finish_reason::duration, outcome::over_duration,
            wall_clock::time_point{} + 5s, start + 5s);
  const auto s = j->status(start + 1h);
  EXPECT_EQ(s.state, crawl_state::completed);
  EXPECT_EQ(s.reason, finish_reason::duration);
  EXPECT_EQ(s.counts.skipped, 2u);
  EXPECT_EQ(s.counts.in_flight + s.counts.queued, 0u);
  EXPECT_EQ(s.by_outcome.at(outcome::over_duration), 2u);
  EXPECT_EQ(s.finished_at, wall_clock::time_point{} + 5s);
  EXPECT_DOUBLE_EQ(s.pages_per_second, 0.2) << "over the whole crawl, not until now";
  EXPECT_EQ(s.progress, 1.0);
  expect_balance(s.counts);
}

TEST(Job, SaysHowFarItIs) {
  crawl_spec spec = spec_of(
      {"http://a.example/1", "http://a.example/2", "http://a.example/3", "http://a.example/4"});
  spec.limit = 3;
  const auto j = make(std::move(spec));
  EXPECT_EQ(j->status(start).progress, std::nullopt) << "nothing to be done is known yet";
  j->discover_seeds();
  EXPECT_EQ(j->status(start).progress, 0.0);
  EXPECT_EQ(j->status(start).eta, std::nullopt) << "at no speed there is no end";
  fetch_report report;
  report.status = 200;
  j->started();
  j->ended(outcome::fetched, &report);
  j->add_wire_bytes(5000);
  auto s = j->status(start + 2s);
  EXPECT_DOUBLE_EQ(*s.progress, 1.0 / 3);
  EXPECT_DOUBLE_EQ(s.pages_per_second, 0.5);
  EXPECT_DOUBLE_EQ(s.bytes_per_second, 2500);
  EXPECT_DOUBLE_EQ(s.eta->count(), 4);
  EXPECT_EQ(s.by_status.at(200), 1u);
  j->set_state(crawl_state::paused);
  EXPECT_EQ(j->status(start + 2s).eta, std::nullopt);
}

TEST(Job, RatesAreOfPagesFetchedButTheEndIsOfAll) {
  const auto j = make(spec_of({"http://a.example/1", "http://a.example/2", "http://a.example/3"}));
  j->discover_seeds();
  for (const outcome o : {outcome::fetched, outcome::connect_refused}) {
    j->started();
    j->ended(o, nullptr);
  }
  const auto s = j->status(start + 2s);
  EXPECT_DOUBLE_EQ(s.pages_per_second, 0.5);
  EXPECT_DOUBLE_EQ(s.eta->count(), 1);
}

TEST(Job, RatesAreOfTheLastSeconds) {
  const auto j = make(spec_of({"http://a.example/1", "http://a.example/2"}));
  j->discover_seeds();
  j->started();
  j->ended(outcome::fetched, nullptr);
  for (int i = 1; i <= 30; ++i) j->sample(start + i * 1s);
  EXPECT_EQ(j->status(start + 30s).pages_per_second, 0) << "the page is long ago";
  j->started();
  j->ended(outcome::fetched, nullptr);
  const double rate = j->status(start + 31s).pages_per_second;
  EXPECT_NEAR(rate, 0.1, 0.01);
}

TEST(Job, WarnsOfWhatTheRequestLetsGo) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.robots = robots_policy::ignore;
  spec.tls_verify = false;
  const auto j = make(std::move(spec));
  EXPECT_EQ(j->status(start).warnings.size(), 2u);
  for (int i = 0; i < 100; ++i) j->warn("again");
  EXPECT_EQ(j->status(start).warnings.size(), 3u) << "the same is said once";
  for (int i = 0; i < 100; ++i) j->warn("again " + std::to_string(i));
  EXPECT_EQ(j->status(start).warnings.size(), 20u);
}

// Whatever happens in whatever order, each URL counts once, in one place.
TEST(Job, KeepsItsBooksBalanced) {
  std::mt19937 random(20260504);
  const auto pick = [&](std::size_t below) { return random() % below; };
  const outcome ends[] = {outcome::fetched, outcome::connect_refused, outcome::robots_disallowed,
                          outcome::redirect_loop, outcome::unwanted_content_type};
  for (int round = 0; round < 20; ++round) {
    crawl_spec spec = spec_of({"http://a.example/0", "http://a.example/0", "http://b.example/"});
    spec.max_depth = 3;
    const auto j = make(std::move(spec));
    std::vector<frontier_entry> queued, flying;
    const auto take = [&](const job::discovery& found) {
      for (std::size_t i = 0; i < found.urls.size(); ++i)
        if (!found.urls[i].fate) queued.push_back(entry_of(found, i));
    };
    take(j->discover_seeds());
    const auto move_to = [&](std::vector<frontier_entry>& from, std::vector<frontier_entry>& to) {
      const auto at = from.begin() + static_cast<std::ptrdiff_t>(pick(from.size()));
      to.push_back(std::move(*at));
      from.erase(at);
    };
    for (int step = 0; step < 500; ++step) {
      if (!queued.empty() && pick(2) == 0) {
        j->started();
        move_to(queued, flying);
      } else if (!flying.empty()) {
        frontier_entry& e = flying.back();
        const std::string to = "http://a.example/" + std::to_string(pick(200));
        const auto action = pick(3);
        if (action == 0) {
          j->requeued();
          queued.push_back(std::move(e));
        } else if (action == 1 && !follow(*j, e, to)) {
          j->requeued();
          queued.push_back(std::move(e));
        } else {
          j->ended(ends[pick(std::size(ends))], nullptr);
          take(j->discover_links(links_to(*j, {to, to, "http://c.example/" + to}, pick(5) == 0),
                                 e.id, e.depth + 1));
        }
        flying.pop_back();
      }
      const auto n = j->status(start).counts;
      ASSERT_EQ(n.queued, queued.size());
      ASSERT_EQ(n.in_flight, flying.size());
      expect_balance(n);
      std::uint64_t ended = 0;
      for (const auto& [code, count] : j->status(start).by_outcome) ended += count;
      ASSERT_EQ(ended, n.fetched + n.failed + n.skipped);
    }
    j->finish(crawl_state::cancelled, finish_reason::cancelled, outcome::cancelled, {}, start);
    expect_balance(j->status(start).counts);
  }
}

TEST(Job, TrapsEndLinksSitemapEntriesAndRedirectsButNoSeeds) {
  crawl_spec spec = spec_of({"http://a.example/a/a/a/a/a/a"});
  spec.max_query_variants = 2;
  const auto j = make(std::move(spec));
  const auto seeds = j->discover_seeds();
  EXPECT_EQ(fates_of(seeds), (fates{{"http://a.example/a/a/a/a/a/a", ""}}));
  const auto found =
      j->discover_links(links_to(*j, {"http://a.example/b/b/b/b/b", "http://a.example/p?1",
                                      "http://a.example/p?2", "http://a.example/p?3"}),
                        no_url, 1);
  EXPECT_EQ(fates_of(found), (fates{{"http://a.example/b/b/b/b/b", "repeated_segments"},
                                    {"http://a.example/p?1", ""},
                                    {"http://a.example/p?2", ""},
                                    {"http://a.example/p?3", "too_many_query_variants"}}));
  EXPECT_EQ(found.urls[3].reason, "maxQueryVariants is 2");
  frontier_entry seed = entry_of(seeds, 0);
  EXPECT_EQ(j->redirect(seed, "http://a.example/p?4").end, outcome::too_many_query_variants);
  EXPECT_EQ(j->redirect(seed, "http://a.example/p?1").end, outcome::redirect_to_known);
  EXPECT_FALSE(j->redirect(seed, "http://a.example/q?1").end);
  expect_balance(j->status(start).counts);
}

TEST(Job, PagesOfAHostAreCountedOnceEachAndGivenBack) {
  crawl_spec spec = spec_of({"http://a.example/"});
  spec.max_pages_per_host = 2;
  const auto j = make(std::move(spec));
  frontier_entry first{.url = "http://a.example/1"};
  EXPECT_TRUE(j->takes_page(first));
  first.attempts = 1;
  EXPECT_TRUE(j->takes_page(first)) << "another attempt";
  first.redirects = std::make_unique<redirect_chain>();
  first.redirects->hops.push_back(std::exchange(first.url, "http://b.example/1"));
  EXPECT_TRUE(j->takes_page(first)) << "another hop";
  EXPECT_TRUE(j->takes_page({.url = "http://a.example:8080/2"}));
  EXPECT_FALSE(j->takes_page({.url = "http://a.example/3"}));
  EXPECT_TRUE(j->takes_page({.url = "http://b.example/3"}));
  j->give_page_back(first);
  EXPECT_TRUE(j->takes_page({.url = "http://a.example/3"}));
}

}  // namespace
}  // namespace orbweaver
