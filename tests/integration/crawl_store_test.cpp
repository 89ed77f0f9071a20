// `orbweaver crawl --store rocksdb`: what it does to its output, and to the store.
#include <atomic>
#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/store/header_json.hpp"
#include "tests/support/program.hpp"
#include "tests/support/site_server.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

class CrawlStore : public testing::Test {
 protected:
  program_result crawl(const words& more = {}) const {
    words all{
        ORBWEAVER_BINARY, "crawl",      site_.url(),    "--delay",     "0",           "--sitemap",
        "skip",           "--robots",   "ignore",       "--retries",   "0",           "--store",
        "rocksdb",        "--data-dir", data_.string(), "--allow-net", "127.0.0.0/8", "-o",
        file_.string()};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
  // Changes the store behind everybody's back.
  template <class F>
  void meddle(F change) const {
    const database db({.directory = data_});
    change(db);
  }
  std::string delivery_key() const { return schema::main_key(schema::main_row::delivery, 1); }
  void spoil(schema::table which, const std::string& key) const {
    meddle([&](const database& db) {
      require(db->Put(rocksdb::WriteOptions(), db.at(which), key, "no such row"));
    });
  }

  scratch_folder folder_;
  fs::path data_ = folder_.path() / "data";
  fs::path file_ = folder_.path() / "out.ndjson";
  site_server site_{site_server::page_map{{"/", "<a href=/x>x</a>"}, {"/x", "x"}}};
};

TEST_F(CrawlStore, ARefusedStartLeavesTheOutputAlone) {
  std::ofstream(file_) << "of yesterday\n";
  EXPECT_EQ(crawl({"--since", crawl_id::random().to_string()}).code, 2);
  EXPECT_EQ(text_of(file_), "of yesterday\n");
  {
    const database in_use({.directory = data_});
    EXPECT_EQ(crawl().code, 1);
  }
  EXPECT_EQ(text_of(file_), "of yesterday\n");
  EXPECT_EQ(crawl({"--timeout", "0"}).code, 2);
  EXPECT_EQ(text_of(file_), "of yesterday\n");
  EXPECT_EQ(crawl().code, 0);
  EXPECT_EQ(std::ranges::count(text_of(file_), '\n'), 2) << "now it is empty at first";
}

TEST_F(CrawlStore, WritesWhatAnEarlierRunWasKilledBefore) {
  ASSERT_EQ(crawl().code, 0);
  const std::string records = text_of(file_);
  const auto hits = site_.hits().size();
  // As SIGKILL leaves it between the end of the crawl and that of the file.
  meddle([&](const database& db) {
    require(db->Put(rocksdb::WriteOptions(), delivery_key(), "not written out"));
  });
  fs::resize_file(file_, 10);
  const program_result again = crawl();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(text_of(file_), records);
  EXPECT_EQ(site_.hits().size(), hits) << "nothing is fetched again";
  EXPECT_EQ(crawl().code, 0);
  EXPECT_GT(site_.hits().size(), hits) << "all was written: this is another crawl";
}

// A run holds the crawl back while nobody reads its records, and may be killed just then.
TEST_F(CrawlStore, GoesOnWithACrawlThatWasHeldBack) {
  std::atomic<bool> endless{true};
  const site_server site([&](const site_server::hit& h) -> site_server::reply {
    return {html_response(endless ? "<a href=" + h.target + "x>next</a>" : "the last")};
  });
  const words command{ORBWEAVER_BINARY, "crawl",      site.url("/p"), "--delay",     "0",
                      "--sitemap",      "skip",       "--robots",     "ignore",      "--store",
                      "rocksdb",        "--data-dir", data_.string(), "--allow-net", "127.0.0.0/8"};
  {
    program interrupted(command);
    ASSERT_NE(interrupted.read_line(), "");
    interrupted.signal(SIGINT);
    interrupted.read_all();
    ASSERT_EQ(interrupted.wait(), 128 + SIGINT);
  }
  endless = false;
  meddle([&](const database& db) {
    const std::string key = schema::main_key(schema::main_row::crawl, 1);
    auto header = header_from_json(db.get(schema::table::main, key).value());
    ASSERT_TRUE(header);
    header->state = crawl_state::paused;
    require(
        db->Put(rocksdb::WriteOptions(), db.at(schema::table::main), key, header_as_json(*header)));
  });
  const program_result again = run_program(command);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(again.err.starts_with("completed")) << again.err;
}

TEST_F(CrawlStore, SaysThatRecordsCannotBeRead) {
  ASSERT_EQ(crawl().code, 0);
  meddle([&](const database& db) {
    require(db->Put(rocksdb::WriteOptions(), delivery_key(), "not written out"));
  });
  row_writer key;
  schema::record_key(key, 1, 2);
  spoil(schema::table::records, std::string(key.view()));
  const program_result damaged = crawl();
  EXPECT_EQ(damaged.code, 1);
  EXPECT_NE(damaged.err.find("not all records could be read"), std::string::npos) << damaged.err;
  const auto hits = site_.hits().size();
  EXPECT_EQ(crawl().code, 0) << "what cannot be read now could not be read then";
  EXPECT_GT(site_.hits().size(), hits);
}

TEST_F(CrawlStore, RecordsThatNobodyReadToTheirEndAreNotWrittenByALaterRun) {
  const auto hits_of = [&] { return site_.hits().size(); };
  fs::create_symlink("/dev/full", file_);
  ASSERT_EQ(crawl().code, 1);
  fs::remove(file_);
  const auto first = hits_of();
  const program_result written = crawl();
  EXPECT_EQ(written.code, 0);
  EXPECT_EQ(hits_of(), first) << "they could not be written, and now they are";
  EXPECT_NE(written.err.find("An earlier run"), std::string::npos) << written.err;
  const program_result gone = run_program(
      {"/bin/sh", "-c",
       std::string(ORBWEAVER_BINARY) + " crawl " + site_.url() +
           " --delay 0 --sitemap skip --robots ignore --retries 0 --store rocksdb --data-dir " +
           data_.string() + " --allow-net 127.0.0.0/8 | true"});
  EXPECT_EQ(gone.code, 0);
  const auto before = hits_of();
  EXPECT_EQ(crawl().code, 0);
  EXPECT_GT(hits_of(), before);
}

TEST_F(CrawlStore, SaysThatExchangesCannotBeRead) {
  const words archive{"--format", "warc"};
  ASSERT_EQ(crawl(archive).code, 0);
  meddle([&](const database& db) {
    require(db->Put(rocksdb::WriteOptions(), delivery_key(), "not written out"));
  });
  row_writer key;
  schema::exchange_key(key, 1, {.seq = 2});
  spoil(schema::table::exchanges, std::string(key.view()));
  const program_result damaged = crawl(archive);
  EXPECT_EQ(damaged.code, 1);
  EXPECT_NE(damaged.err.find("not all records could be read"), std::string::npos) << damaged.err;
}

}  // namespace
}  // namespace orbweaver::test
