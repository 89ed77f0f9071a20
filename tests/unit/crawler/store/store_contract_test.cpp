// What every store does alike.
#include <nlohmann/json.hpp>
#include <random>

#include "crawler/service_error.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

struct in_memory {
  explicit in_memory(asio::io_context& context) : records(context) {}
  memory_store records;
};
struct on_disk {
  explicit on_disk(asio::io_context& context) : records(context, {.directory = folder.path()}) {}
  scratch_folder folder;
  rocksdb_store records;
};

template <class Place>
class Store : public store_fixture {
 protected:
  store& kept() override { return place.records; }
  Place place{this->context};
};
using places = testing::Types<in_memory, on_disk>;
TYPED_TEST_SUITE(Store, places);

std::vector<std::uint64_t> seqs(const results_page& page) {
  std::vector<std::uint64_t> out;
  for (const auto& r : page.records) {
    EXPECT_EQ(json::parse(r.json).at("seq"), r.seq);
    out.push_back(r.seq);
  }
  return out;
}
using numbers = std::vector<std::uint64_t>;

TYPED_TEST(Store, NumbersRecordsAndAddsWhatItKnows) {
  this->open();
  this->add("http://a.example/");
  this->add("http://a.example/\"1\"", outcome::fetched, 0, 0);
  this->add("http://a.example/2", outcome::fetched, 0, 1, 0);
  const auto page = this->read();
  ASSERT_TRUE(page);
  EXPECT_EQ(seqs(*page), (numbers{1, 2, 3}));
  EXPECT_EQ(page->next, 3u);
  EXPECT_FALSE(page->more);
  EXPECT_FALSE(page->finished);
  const json first = json::parse(page->records[0].json);
  EXPECT_FALSE(first.contains("referrer"));
  EXPECT_FALSE(first.contains("duplicateOf"));
  const json third = json::parse(page->records[2].json);
  EXPECT_EQ(third.at("referrer"), "http://a.example/\"1\"");
  EXPECT_EQ(third.at("duplicateOf"), "http://a.example/");
}

TYPED_TEST(Store, EndsWithoutARecordAreNotRead) {
  this->open();
  page_commit c{.crawl = this->crawl, .first_found = 0, .found = {{.url = "http://a.example/"}}};
  this->kept().commit(c);
  this->kept().commit(
      page_commit{.crawl = this->crawl, .url = 0, .fate = outcome::robots_disallowed});
  EXPECT_TRUE(this->read()->records.empty());
}

TYPED_TEST(Store, PagesByCount) {
  this->open();
  for (int i = 0; i < 5; ++i) this->add("http://a.example/" + std::to_string(i));
  const auto first = this->read({.limit = 2});
  EXPECT_EQ(seqs(*first), (numbers{1, 2}));
  EXPECT_TRUE(first->more);
  const auto second = this->read({.after = first->next, .limit = 3});
  EXPECT_EQ(seqs(*second), (numbers{3, 4, 5}));
  EXPECT_FALSE(second->more);
  const auto third = this->read({.after = second->next});
  EXPECT_TRUE(third->records.empty());
  EXPECT_EQ(third->next, 5u);
  this->add("http://a.example/5");
  EXPECT_EQ(seqs(*this->read({.after = third->next})), numbers{6});
}

TYPED_TEST(Store, PagesByBytesAfterOneRecordAtLeast) {
  this->open();
  for (int i = 0; i < 4; ++i)
    this->add("http://a.example/" + std::to_string(i), outcome::fetched, 1000);
  EXPECT_EQ(seqs(*this->read({.max_bytes = 1})), numbers{1});
  EXPECT_EQ(seqs(*this->read({.after = 1, .max_bytes = 1500})), (numbers{2, 3}));
  EXPECT_TRUE(this->read({.after = 1, .max_bytes = 1500})->more);
}

TYPED_TEST(Store, FiltersByKind) {
  this->open();
  this->add("http://a.example/0", outcome::fetched);
  this->add("http://a.example/1", outcome::connect_refused);
  this->add("http://a.example/2", outcome::redirect_to_known);
  this->add("http://a.example/3", outcome::tls_expired);
  const auto failed = this->read({.kind = outcome_kind::failed});
  EXPECT_EQ(seqs(*failed), (numbers{2, 4}));
  EXPECT_EQ(failed->next, 4u);
  EXPECT_EQ(seqs(*this->read({.kind = outcome_kind::skipped})), numbers{3});
  const auto none = this->read({.after = 1, .kind = outcome_kind::fetched});
  EXPECT_TRUE(none->records.empty());
  EXPECT_EQ(none->next, 4u) << "what was passed over is not looked at again";
  EXPECT_FALSE(none->more);
}

TYPED_TEST(Store, RecordsOfARareKindAreLookedForInBoundedPieces) {
  this->open();
  for (std::size_t i = 0; i < max_results_scan; ++i)
    this->add("http://a.example/" + std::to_string(i), outcome::fetched, 0);
  this->add("http://a.example/rare", outcome::connect_refused, 0);
  const auto none = this->read({.kind = outcome_kind::failed});
  EXPECT_TRUE(none->records.empty());
  EXPECT_EQ(none->next, max_results_scan);
  EXPECT_TRUE(none->more);
  const auto rest = this->read({.after = none->next, .kind = outcome_kind::failed});
  EXPECT_EQ(seqs(*rest), numbers{max_results_scan + 1});
  EXPECT_FALSE(rest->more);
  EXPECT_EQ(seqs(*this->read({.after = 1, .kind = outcome_kind::failed})),
            numbers{max_results_scan + 1})
      << "the bound is of one call";
}

TYPED_TEST(Store, SaysWhenNothingFollows) {
  this->open();
  this->add("http://a.example/0");
  this->add("http://a.example/1");
  this->finish(outcome::over_page_limit);
  const auto page = this->read({.limit = 1});
  EXPECT_TRUE(page->finished);
  EXPECT_TRUE(page->more) << "the last record is still to be read";
  EXPECT_FALSE(this->read({.after = 1})->more);
}

TYPED_TEST(Store, UnknownAndRemovedCrawlsAreNotFound) {
  EXPECT_EQ(this->read().error(), service_error::not_found);
  this->open();
  EXPECT_TRUE(this->read());
  this->get(this->kept().remove_crawl(this->crawl));
  EXPECT_EQ(this->read().error(), service_error::not_found);
  this->add("http://a.example/");
  this->finish(outcome::cancelled);
  this->kept().trim(this->crawl, 1);
  this->get(this->kept().remove_crawl(this->crawl));
  EXPECT_EQ(this->read().error(), service_error::not_found) << "late words change nothing";
}

TYPED_TEST(Store, WaitingEndsWithTheNextRecord) {
  this->open();
  this->add("http://a.example/0");
  const auto passed = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  EXPECT_TRUE(*passed) << "there is one already";
  const auto waiting = this->begin(this->kept().wait(this->crawl, 1, 1h));
  const auto longer = this->begin(this->kept().wait(this->crawl, 1, 1h));
  this->settle();
  EXPECT_FALSE(*waiting);
  this->add("http://a.example/1");
  this->settle();
  EXPECT_TRUE(*waiting);
  EXPECT_TRUE(*longer);
}

// Readers wait for a batch: waking them for each record would cost more than the record itself.
TYPED_TEST(Store, WaitingGoesOnUntilTheRecordThatIsWaitedFor) {
  this->open();
  const auto batch = this->begin(this->kept().wait(this->crawl, 2, 1h));
  const auto next_one = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  this->add("http://a.example/0");
  this->settle();
  EXPECT_TRUE(*next_one);
  EXPECT_FALSE(*batch);
  this->add("http://a.example/1");
  this->settle();
  EXPECT_FALSE(*batch);
  this->add("http://a.example/2");
  this->settle();
  EXPECT_TRUE(*batch);
  const auto cut_short = this->begin(this->kept().wait(this->crawl, 100, 1h));
  this->settle();
  EXPECT_FALSE(*cut_short);
  this->finish(outcome::cancelled);
  this->settle();
  EXPECT_TRUE(*cut_short);
}

TYPED_TEST(Store, WaitingEndsWithTheCrawlOrItsRemoval) {
  this->open();
  const auto until_finished = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  EXPECT_FALSE(*until_finished);
  this->finish(outcome::cancelled);
  this->settle();
  EXPECT_TRUE(*until_finished);
  const auto at_once = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  EXPECT_TRUE(*at_once) << "nothing will come";

  this->open();
  const auto until_removed = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  EXPECT_FALSE(*until_removed);
  this->get(this->kept().remove_crawl(this->crawl));
  this->settle();
  EXPECT_TRUE(*until_removed);
  const auto unknown = this->begin(this->kept().wait(this->crawl, 0, 1h));
  this->settle();
  EXPECT_TRUE(*unknown);
}

TYPED_TEST(Store, WaitingEndsAfterItsTime) {
  this->open();
  const auto waiting = this->begin(this->kept().wait(this->crawl, 0, 1ms));

  while (!*waiting) this->context.run_one();
  EXPECT_TRUE(*waiting);
  this->add("http://a.example/0");
  EXPECT_EQ(seqs(*this->read()), numbers{1}) << "nobody is woken who is gone";
}

TYPED_TEST(Store, DescribesACrawlByWhatBecameOfItsUrls) {
  this->open();
  this->add("http://a.example/0");
  this->add("http://a.example/1", outcome::connect_refused);
  this->add("http://a.example/2", outcome::fetched, 10, 0, 0);
  this->discover("http://a.example/3");
  page_commit skipped{
      .crawl = this->crawl, .first_found = this->next++, .bytes_on_wire = 70, .ran_ms = 1500};
  skipped.found = {{.url = "http://b.example/", .fate = outcome::out_of_scope}};
  this->kept().commit(std::move(skipped));
  this->settle();
  const auto running = this->get(this->kept().describe(this->crawl));
  ASSERT_TRUE(running);
  EXPECT_EQ(running->header.number, this->number);
  EXPECT_EQ(running->header.spec->urls, std::vector<std::string>{"http://a.example/"});
  const auto counts = status_of(*running).counts;
  EXPECT_EQ(counts.discovered, 5u);
  EXPECT_EQ(counts.queued, 1u);
  EXPECT_EQ(counts.fetched, 2u);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_EQ(counts.skipped, 1u);
  EXPECT_EQ(counts.duplicates, 1u);
  EXPECT_EQ(counts.bytes_on_wire, 70u);
  EXPECT_EQ(running->tally.ran_ms, 1500u);
  this->finish(outcome::over_page_limit);
  this->settle();
  const auto over = this->get(this->kept().describe(this->crawl));
  EXPECT_EQ(over->header.state, crawl_state::completed);
  EXPECT_TRUE(over->tally.finished);
  EXPECT_EQ(over->tally.pending(), 0u);
  EXPECT_EQ(over->tally.by_outcome.at(outcome::over_page_limit), 1u);
}

TYPED_TEST(Store, ListsCrawlsFromTheNewestOn) {
  std::vector<crawl_id> ids;
  for (int i = 0; i < 5; ++i) {
    this->open();
    ids.push_back(this->crawl);
  }
  crawl_header hidden = this->header();
  hidden.id = crawl_id::random();
  hidden.number = ++this->last_number;
  hidden.listed = false;
  this->kept().open_crawl(hidden);
  this->settle();
  const auto first = this->get(this->kept().list(0, 2)).value();
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].header.id, ids[4]);
  EXPECT_EQ(first[1].header.id, ids[3]);
  const auto rest = this->get(this->kept().list(first[1].header.number, 100)).value();
  ASSERT_EQ(rest.size(), 3u);
  EXPECT_EQ(rest[0].header.id, ids[2]);
  this->get(this->kept().remove_crawl(ids[4]));
  EXPECT_EQ(this->get(this->kept().list(0, 1))->front().header.id, ids[3]);
}

TYPED_TEST(Store, TheLedgerSaysWhatBecameOfEachUrl) {
  this->open();
  const url_id seed = this->discover("http://a.example/");
  page_commit out_of_scope{.crawl = this->crawl, .first_found = this->next++};
  out_of_scope.found = {{.url = "http://b.example/",
                         .referrer = seed,
                         .depth = 1,
                         .fate = outcome::excluded_by_pattern,
                         .reason = "^/"}};
  this->kept().commit(std::move(out_of_scope));
  const url_id same = this->discover("http://a.example/same", seed);
  this->discover("http://a.example/later", seed);
  this->end(seed, "http://a.example/", outcome::fetched);
  this->end(same, "http://a.example/same", outcome::fetched, 10, seed, seed);
  this->settle();
  const auto page = this->get(this->kept().urls(this->crawl, {}));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->lines.size(), 4u);
  EXPECT_EQ(page->lines[0].fate, outcome::fetched);
  EXPECT_FALSE(page->lines[0].referrer);
  EXPECT_EQ(page->lines[1].reason, "^/");
  EXPECT_EQ(page->lines[1].depth, 1u);
  EXPECT_EQ(page->lines[1].referrer, "http://a.example/");
  EXPECT_EQ(page->lines[2].duplicate_of, "http://a.example/");
  EXPECT_FALSE(page->lines[3].fate);
  EXPECT_FALSE(page->more);
  EXPECT_FALSE(page->finished);

  const auto count = [&](ledger_query query) {
    return this->get(this->kept().urls(this->crawl, std::move(query)))->lines.size();
  };
  EXPECT_EQ(count({.pending_only = true}), 1u);
  EXPECT_EQ(count({.kind = outcome_kind::skipped}), 1u);
  EXPECT_EQ(count({.fate = outcome::fetched}), 2u);
  EXPECT_EQ(count({.prefix = "http://a.example/"}), 3u);
  const auto first = this->get(this->kept().urls(this->crawl, {.limit = 3}));
  EXPECT_TRUE(first->more);
  EXPECT_EQ(count({.after = first->next}), 1u);

  this->finish(outcome::over_page_limit);
  this->settle();
  const auto over = this->get(this->kept().urls(this->crawl, {}));
  EXPECT_TRUE(over->finished);
  EXPECT_EQ(over->lines[3].fate, outcome::over_page_limit);
  EXPECT_EQ(over->lines[1].fate, outcome::excluded_by_pattern) << "and nothing else has changed";
}

TYPED_TEST(Store, AUrlSkippedForItsLinksSakeMayWaitAfterAll) {
  this->open();
  page_commit refused{.crawl = this->crawl, .first_found = this->next};
  this->next += 2;
  refused.found = {
      {.url = "http://a.example/", .fate = outcome::nofollow, .print = this->print_of(0)},
      {.url = "http://b.example/", .fate = outcome::nofollow, .print = this->print_of(1)}};
  this->kept().commit(std::move(refused));
  page_commit better{.crawl = this->crawl};
  better.revived = {
      {0, outcome::nofollow, {.url = "http://a.example/", .depth = 2, .print = this->print_of(0)}},
      {1,
       outcome::nofollow,
       {.url = "http://b.example/", .fate = outcome::out_of_scope, .print = this->print_of(1)}}};
  this->kept().commit(std::move(better));
  this->settle();
  const auto page = this->get(this->kept().urls(this->crawl, {}));
  ASSERT_EQ(page->lines.size(), 2u);
  EXPECT_EQ(page->lines[0].fate, std::nullopt);
  EXPECT_EQ(page->lines[0].depth, 2u);
  EXPECT_EQ(page->lines[1].fate, outcome::out_of_scope);
  const crawl_tally tally = this->get(this->kept().describe(this->crawl))->tally;
  EXPECT_EQ(tally.discovered, 2u);
  EXPECT_EQ(tally.pending(), 1u);
  EXPECT_EQ(tally.by_outcome, (std::map<outcome, std::uint64_t>{{outcome::out_of_scope, 1}}));
}

TYPED_TEST(Store, ARecordOfWhatWasSkippedAtItsDiscoveryCountsNothingTwice) {
  this->open();
  page_commit seed{.crawl = this->crawl, .first_found = this->next++};
  seed.found = {{.url = "http://a.example/", .fate = outcome::excluded_by_pattern}};
  this->kept().commit(std::move(seed));
  page_commit record{.crawl = this->crawl,
                     .url = 0,
                     .fate = outcome::excluded_by_pattern,
                     .fate_known = true,
                     .record = record_draft{.members = "\"x\":1"}};
  this->kept().commit(std::move(record));
  EXPECT_EQ(this->read()->records.size(), 1u);
  const crawl_tally tally = this->get(this->kept().describe(this->crawl))->tally;
  EXPECT_EQ(tally.skipped, 1u);
  EXPECT_EQ(tally.pending(), 0u);
}

TYPED_TEST(Store, TheLedgerIsReadInBoundedPieces) {
  this->open();
  page_commit many{.crawl = this->crawl};
  for (std::size_t i = 0; i <= max_ledger_scan; ++i)
    many.found.push_back({.url = "http://a.example/" + std::to_string(i), .print = {i, i}});
  this->next = static_cast<url_id>(many.found.size());
  this->kept().commit(std::move(many));
  this->settle();
  const auto page = this->get(this->kept().urls(this->crawl, {.prefix = "http://b"}));
  EXPECT_TRUE(page->lines.empty());
  EXPECT_EQ(page->next, max_ledger_scan);
  EXPECT_TRUE(page->more);
  EXPECT_FALSE(this->get(this->kept().urls(this->crawl, {.after = page->next}))->more);
}

TYPED_TEST(Store, SaysWhenAnEndIsDurable) {
  this->open();
  bool told = false;
  this->kept().finish_crawl(this->header(), [&told] { told = true; });
  this->settle();
  EXPECT_TRUE(told);
}

// What a crawl's rows say at one moment, counted line by line.
crawl_tally recounted(const std::vector<ledger_line>& lines, std::size_t records) {
  crawl_tally out;
  out.last_seq = records;
  out.discovered = lines.size();
  for (const ledger_line& line : lines) {
    if (!line.fate) continue;
    ++out.by_outcome[*line.fate];
    switch (kind(*line.fate)) {
      case outcome_kind::fetched: ++out.fetched; break;
      case outcome_kind::failed: ++out.failed; break;
      case outcome_kind::skipped: ++out.skipped; break;
    }
  }
  return out;
}

TYPED_TEST(Store, CountsAreThoseOfItsRowsAtEveryMoment) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::minstd_rand random(seed);
    const auto pick = [&](std::size_t n) { return random() % n; };
    this->open();
    std::vector<url_id> queued, skipped;
    const auto take = [&](std::vector<url_id>& from) {
      const auto it = from.begin() + static_cast<std::ptrdiff_t>(pick(from.size()));
      const url_id id = *it;
      from.erase(it);
      return id;
    };
    const auto url = [](url_id id) { return "http://a.example/" + std::to_string(id); };
    const auto check = [&] {
      std::vector<ledger_line> lines;
      this->settle();
      for (ledger_query query{.limit = 50};;) {
        const auto page = this->get(this->kept().urls(this->crawl, query));
        lines.insert(lines.end(), page->lines.begin(), page->lines.end());
        query.after = page->next;
        if (!page->more) break;
      }
      const auto records = this->read({.limit = 10'000, .max_bytes = 1 << 30});
      const crawl_tally kept = this->get(this->kept().describe(this->crawl))->tally;
      const crawl_tally rows = recounted(lines, records->records.size());
      EXPECT_EQ(rows.by_outcome, kept.by_outcome);
      EXPECT_EQ(rows.discovered, kept.discovered);
      EXPECT_EQ(rows.fetched, kept.fetched);
      EXPECT_EQ(rows.failed, kept.failed);
      EXPECT_EQ(rows.skipped, kept.skipped);
      EXPECT_EQ(rows.last_seq, kept.last_seq);
      EXPECT_EQ(rows.pending(), kept.finished ? 0 : queued.size());
    };
    for (int step = 0; step < 300; ++step) {
      const std::size_t what = pick(6);
      if (what <= 1) {
        const url_id id = this->next;
        queued.push_back(this->discover(url(id)));
      } else if (what == 2) {
        page_commit c{.crawl = this->crawl, .first_found = this->next};
        c.found = {{.url = url(this->next), .fate = outcome::nofollow, .print = {this->next, 1}}};
        skipped.push_back(this->next++);
        this->kept().commit(std::move(c));
      } else if (what == 3 && !skipped.empty()) {
        const url_id id = take(skipped);
        page_commit c{.crawl = this->crawl};
        c.revived = {{id, outcome::nofollow, {.url = url(id), .print = {id, 1}}, this->next}};
        this->kept().commit(std::move(c));
        queued.push_back(id);
      } else if (!queued.empty()) {
        const url_id id = take(queued);
        this->end(id, url(id), pick(2) ? outcome::fetched : outcome::dns_failed);
      }
      if (pick(25) == 0) check();
    }
    this->finish();
    check();
  }
}

}  // namespace
}  // namespace orbweaver::test
