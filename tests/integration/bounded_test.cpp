// Crawls that keep next to nothing in memory come to the same end as those that keep everything.
#include <gtest/gtest.h>
#include <random>
#include <set>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

// The least that a crawl can be given: some dozens of URLs seen, 64 in queues, 16 origins.
engine_settings least_memory() {
  engine_settings out = running_engine::default_settings();
  out.seen_memory = out.queue_memory = 0;
  return out;
}

// A tree of pages over several origins, with links across it: known ones and new ones, some first
// found by links that are not to be followed, redirects, and bodies that occur twice.
class made_site {
 public:
  made_site(int pages, std::size_t origins)
      : pages_(pages),
        origins_(static_cast<int>(origins)),
        server_([this](const site_server::hit& h) { return answer(h.target); }, "127.0.0.1",
                origins) {}

  std::string page(int n) const {
    return server_.url("/" + std::to_string(n), static_cast<std::size_t>(n % origins_));
  }
  site_server& server() { return server_; }

  // Every target of a page has been asked for so often.
  std::map<std::string, int> asked() const {
    auto out = server_.hit_counts();
    out.erase("/robots.txt");
    return out;
  }

 private:
  site_server::reply answer(const std::string& target) const {
    if (target == "/robots.txt") return {http_response(404, "", "")};
    if (target.starts_with("/to/")) return {redirect_response("/from/" + target.substr(4))};
    if (target.starts_with("/same/")) return {html_response("<p>the same everywhere")};
    if (target.starts_with("/from/")) return {html_response("<p>from " + target)};
    return {html_response(links_of(std::stoi(target.substr(1))))};
  }
  std::string links_of(int n) const {
    std::minstd_rand random(static_cast<unsigned>(n) + 1);
    const auto any = [&] { return static_cast<int>(random() % static_cast<unsigned>(pages_)); };
    std::string out = "<title>" + std::to_string(n) + "</title>";
    const auto link = [&](const std::string& to, bool nofollow = false) {
      out += "<a href='" + to + (nofollow ? "' rel='nofollow'>" : "'>") + to + "</a>\n";
    };
    for (int i = 0; i < 3; ++i) link(page(any()), true);
    for (const int child : {2 * n + 1, 2 * n + 2})
      if (child < pages_) link(page(child));
    for (int i = 0; i < 10; ++i) link(page(any()));
    if (n % 5 == 0) link("/to/" + std::to_string(n));
    if (n % 7 == 0) link("/same/" + std::to_string(n));
    return out;
  }

  int pages_;
  int origins_;
  site_server server_;
};

crawl_spec whole_site(const made_site& site) {
  crawl_spec spec = quick_spec({site.page(0)});
  spec.scope = scope_kind::any;
  spec.limit = 1'000'000;
  spec.per_host_concurrency = 4;
  return spec;
}

void expect_balance(const crawl_counts& n) {
  EXPECT_EQ(n.discovered, n.queued + n.in_flight + n.fetched + n.failed + n.skipped);
}

// What does not depend on the order in which pages came.
using ends = std::map<std::string, std::optional<outcome>>;
ends ends_of(running_engine& engine, crawl_id id) {
  ends out;
  for (const auto& [url, line] : engine.ledger(id)) out[url] = line.fate;
  return out;
}

// A redirect that was under way at a stop begins again.
void expect_each_once(const made_site& site) {
  for (const auto& [target, times] : site.asked())
    EXPECT_TRUE(times == 1 || target.starts_with("/to/")) << target << ": " << times;
}

class Bounded : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Origins, Bounded, testing::Values(1, 3, 60));

TEST_P(Bounded, EndsAsACrawlThatKeepsEverythingInMemory) {
  constexpr int pages = 1500;
  ends expected;
  std::uint64_t duplicates = 0;
  made_site site(pages, GetParam());
  {
    running_engine everything(2);
    const auto got = everything.crawl(whole_site(site));
    expected = ends_of(everything, got.status.id);
    duplicates = got.status.counts.duplicates;
    expect_each_once(site);
  }
  EXPECT_GE(expected.size(), 1500u + 1500 / 5 * 2 + 1500 / 7);
  scratch_folder folder;
  running_engine little(2, least_memory(), {}, running_engine::loopback(),
                        {.directory = folder.path() / "data", .memory = 32 << 20});
  const auto got = little.crawl(whole_site(site));
  EXPECT_EQ(got.status.reason, finish_reason::exhausted);
  EXPECT_EQ(ends_of(little, got.status.id), expected);
  EXPECT_EQ(got.status.counts.duplicates, duplicates);
  EXPECT_EQ(got.status.counts.discovered, expected.size());
  expect_balance(got.status.counts);
  EXPECT_TRUE(got.status.warnings.empty());
  for (const auto& [target, times] : site.asked()) EXPECT_EQ(times, 2) << target;
}

// Stopped and started again and again: nothing is lost, nothing comes twice.
TEST_P(Bounded, GoesOnAfterEachStop) {
  made_site site(1500, GetParam());
  scratch_folder folder;
  const store_options place{.directory = folder.path() / "data", .memory = 32 << 20};
  std::optional<crawl_id> id;
  std::uint64_t seen = 0;
  for (bool over = false; !over;) {
    running_engine e(2, least_memory(), {}, running_engine::loopback(), place);
    if (id) {
      e.call(e.engine.recover());
    } else {
      id = e.call(e.engine.create(whole_site(site)))->id;
    }
    const std::uint64_t wanted = seen + 150;
    while (seen < wanted && !over) {
      const auto status = e.call(e.engine.status(*id));
      ASSERT_TRUE(status);
      expect_balance(status->counts);
      seen = status->counts.fetched;
      over = is_final(status->state);
    }
    if (over) break;
    e.call(e.engine.drain(std::chrono::seconds(10)));
  }
  expect_each_once(site);
  running_engine e(1, least_memory(), {}, running_engine::loopback(), place);
  const auto records = e.records(*id);
  std::set<std::string> urls;
  for (const auto& record : records) EXPECT_TRUE(urls.insert(record["url"]).second) << record;
  EXPECT_EQ(urls.size(), 1500u + 1500 / 5 + (1500 + 6) / 7);
}

TEST(BoundedPages, CountsPagesOfAHostOverAllStarts) {
  made_site site(400, 1);
  scratch_folder folder;
  const store_options place{.directory = folder.path() / "data", .memory = 32 << 20};
  crawl_spec spec = whole_site(site);
  spec.max_pages_per_host = 120;
  std::optional<crawl_id> id;
  for (int start = 0; start < 3; ++start) {
    running_engine e(1, least_memory(), {}, running_engine::loopback(), place);
    if (id) {
      e.call(e.engine.recover());
    } else {
      id = e.call(e.engine.create(spec))->id;
    }
    const std::uint64_t wanted = start == 2 ? ~std::uint64_t{0} : 40U * (start + 1U);
    for (;;) {
      const auto status = *e.call(e.engine.status(*id));
      if (is_final(status.state) || status.counts.fetched >= wanted) break;
    }
    e.call(e.engine.drain(std::chrono::seconds(10)));
    const auto fetched = e.call(e.engine.status(*id))->counts.fetched;
    EXPECT_TRUE(start != 2 || fetched == 120) << fetched;
  }
}

}  // namespace
}  // namespace orbweaver::test
