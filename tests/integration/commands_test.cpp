// The commands as a shell sees them: what they print where, and their exit codes.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::program;
using test::program_result;
using test::run_program;
using test::site_server;
using words = std::vector<std::string>;

words command(const words& arguments) {
  words out{ORBWEAVER_BINARY};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}
words local(words arguments) {
  arguments.insert(arguments.end(), {"--allow-net", "127.0.0.0/8", "--robots", "ignore"});
  return command(arguments);
}
words crawl_of(const std::string& url, const words& more = {}) {
  words out{"crawl", url, "--delay", "0", "--sitemap", "skip", "--retries", "0"};
  out.insert(out.end(), more.begin(), more.end());
  return local(out);
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

class Commands : public testing::Test {
 protected:
  Commands() : site_(site_server::page_map{{"/", "<a href=/x>x</a>"}, {"/x", "x"}}) {}
  words serve(const std::string& listen) const {
    return command({"serve", "--listen", listen, "--data-dir", data_.path().string()});
  }
  test::scratch_folder data_;
  site_server site_;
  const std::string nowhere_ = site_server(site_server::page_map{}).url();  // closed again
};

TEST_F(Commands, VersionNamesTheLibraries) {
  const program_result r = run_program(command({"version"}));
  EXPECT_EQ(r.code, 0);
  for (const char* library :
       {"boost ", "OpenSSL ", "c-ares ", "RocksDB ", "RE2 ", "prometheus-cpp "}) {
    const auto at = r.out.find(library);
    ASSERT_NE(at, std::string::npos) << library << r.out;
    EXPECT_NE(r.out[at + std::string_view(library).size()], ',') << library << r.out;
  }
}

TEST_F(Commands, CrawlPrintsRecordsAndASummary) {
  const program_result r = run_program(crawl_of(site_.url()));
  EXPECT_EQ(r.code, 0);
  EXPECT_EQ(lines_in(r.out), 2u);
  EXPECT_TRUE(r.err.starts_with("completed (exhausted): 2 pages")) << r.err;
  EXPECT_EQ(run_program(crawl_of(site_.url(), {"--quiet"})).err, "");
}

TEST_F(Commands, CrawlWritesToAFile) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("orbweaver_commands_" + std::to_string(getpid()) + ".ndjson");
  const program_result r = run_program(crawl_of(site_.url(), {"-o", file.string()}));
  EXPECT_EQ(r.code, 0);
  EXPECT_EQ(r.out, "");
  std::ostringstream written;
  written << std::ifstream(file).rdbuf();
  EXPECT_EQ(lines_in(written.str()), 2u);
  std::filesystem::remove(file);
  EXPECT_EQ(run_program(crawl_of(site_.url(), {"-o", "/nonexistent/x"})).code, 1);
}

TEST_F(Commands, CrawlWritesItsArchiveAndTheIndexToTwoFiles) {
  const std::string file = data_.path() / "a.warc.gz";
  const auto refused = [&](const std::string& output, const std::string& index) {
    const auto got =
        run_program(crawl_of(site_.url("/"), {"--format", "warc", "-o", output, "--cdxj", index}));
    EXPECT_EQ(got.code, 2);
    EXPECT_NE(got.err.find("--output and --cdxj name one file"), std::string::npos) << got.err;
  };
  refused(file, file);
  refused(file, data_.path() / "." / "a.warc.gz");
  EXPECT_FALSE(std::filesystem::exists(file));
  std::ofstream(file) << "of yesterday";
  std::filesystem::create_hard_link(file, data_.path() / "b");
  refused(data_.path() / "b", file);
  EXPECT_EQ(std::filesystem::file_size(file), 12u);
  EXPECT_EQ(run_program(crawl_of(site_.url("/"),
                                 {"--format", "warc", "-o", "/dev/null", "--cdxj", "/dev/null"}))
                .code,
            0);
}

TEST_F(Commands, CrawlFailsWithoutAPage) {
  const program_result r = run_program(crawl_of(nowhere_));
  EXPECT_EQ(r.code, 1);
  EXPECT_EQ(json::parse(r.out).at("error").at("code"), "connect_refused");
}

TEST_F(Commands, MistakesAreNamedAllAtOnce) {
  for (const char* name : {"crawl", "fetch"}) {
    const program_result r =
        run_program(command({name, "ftp://a/", "--timeout", "0", "--max-body-bytes", "x"}));
    EXPECT_EQ(r.code, 2);
    EXPECT_EQ(r.out, "");
    EXPECT_EQ(lines_in(r.err), 3u) << r.err;
  }
  EXPECT_EQ(run_program(command({"crawl"})).code, 2);
  EXPECT_EQ(run_program(command({"crawl", "http://a.test/", "--drain-timeout", "1"})).code, 2);
  EXPECT_EQ(run_program(command({"dance"})).code, 2);
  const program_result settings =
      run_program(command({"serve", "--threads", "0", "--listen", "x", "--log-level", "loud"}));
  EXPECT_EQ(settings.code, 2);
  EXPECT_EQ(lines_in(settings.err), 4u) << settings.err;
}

TEST_F(Commands, CrawlSaysThatItsRecordsCannotBeWritten) {
  const program_result r = run_program(crawl_of(site_.url(), {"-o", "/dev/full"}));
  EXPECT_EQ(r.code, 1);
  EXPECT_NE(r.err.find("the records could not be written: No space left"), std::string::npos)
      << r.err;
}

// Each page leads to further ones.
site_server::reply endless(const site_server::hit& request) {
  std::string html;
  for (int i = 0; i < 4; ++i) html += "<a href='" + request.target + "/" + std::to_string(i) + "'>";
  return {test::html_response(html)};
}

TEST_F(Commands, CrawlEndsQuietlyWhenNobodyReadsAnyMore) {
  const site_server site{site_server::script(endless)};
  program crawl(crawl_of(site.url("/p")));
  EXPECT_NE(crawl.read_line(), "");
  crawl.close_output();
  EXPECT_EQ(crawl.wait(), 0);
  EXPECT_EQ(crawl.errors(), "");
}

TEST_F(Commands, CrawlEndsInOrderWhenInterrupted) {
  const site_server site{site_server::script(endless)};
  for (const int signal : {SIGINT, SIGTERM}) {
    program crawl(crawl_of(site.url("/p")));
    EXPECT_NE(crawl.read_line(), "");
    crawl.signal(signal);
    crawl.read_all();
    EXPECT_EQ(crawl.wait(), 128 + signal);
    EXPECT_TRUE(crawl.errors().starts_with("cancelled (cancelled): ")) << crawl.errors();
  }
}

TEST_F(Commands, CrawlSaysThatItWasInterruptedWhereItCanGoOn) {
  const site_server site{site_server::script(endless)};
  for (const int signal : {SIGINT, SIGTERM}) {
    program crawl(crawl_of(site.url("/p"),
                           {"--store", "rocksdb", "--data-dir", data_.path().string(), "--limit",
                            "1000000", "--label", "signal=" + std::to_string(signal)}));
    EXPECT_NE(crawl.read_line(), "");
    crawl.signal(signal);
    crawl.read_all();
    EXPECT_EQ(crawl.wait(), 128 + signal);
    const std::string said = crawl.errors();
    EXPECT_THAT(said, testing::MatchesRegex("interrupted: [1-9][0-9]* pages in (.|\n)*"));
    EXPECT_NE(said.find("the same command goes on with it"), std::string::npos) << said;
  }
  const std::string help = run_program(command({"crawl", "--help"})).out;
  EXPECT_NE(help.find("130 interrupted by SIGINT, 143 by SIGTERM"), std::string::npos);
}

TEST_F(Commands, FetchPrintsOneRecord) {
  const program_result r = run_program(local({"fetch", site_.url("/x")}));
  EXPECT_EQ(r.code, 0);
  EXPECT_EQ(json::parse(r.out).at("outcome"), "fetched");
  EXPECT_EQ(r.err, "");
  const program_result failed = run_program(local({"fetch", nowhere_, "--retries", "0"}));
  EXPECT_EQ(failed.code, 1);
  EXPECT_EQ(json::parse(failed.out).at("error").at("code"), "connect_refused");
}

TEST_F(Commands, ServeRunsUntilItIsTold) {
  program service(serve("127.0.0.1:0"));
  EXPECT_TRUE(service.read_line().starts_with("Orbweaver "));
  service.signal(SIGTERM);
  service.read_all();
  EXPECT_EQ(service.wait(), 0);
}

TEST_F(Commands, ServeRefusesToListenWhereItMayNotOrCannot) {
  const program_result open = run_program(serve("0.0.0.0:0"));
  EXPECT_EQ(open.code, 2);
  EXPECT_NE(open.err.find("loopback"), std::string::npos);
  const std::string taken = "127.0.0.1:" + std::to_string(site_.port());
  const program_result second = run_program(serve(taken));
  EXPECT_EQ(second.code, 1);
  EXPECT_NE(second.err.find("cannot listen on " + taken), std::string::npos) << second.err;
}

TEST_F(Commands, KeyMakesListsAndRevokes) {
  const auto key = [&](words arguments) {
    arguments.insert(arguments.begin(), "key");
    arguments.insert(arguments.end(), {"--data-dir", (data_.path() / "inner").string()});
    return run_program(command(arguments));
  };
  const program_result made = key({"create", "--name", "a", "--max-bytes", "1GiB"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out.size(), 47u) << "the key and a line feed, nothing else";
  EXPECT_TRUE(made.out.starts_with("ow_"));
  EXPECT_EQ(made.err, "");
  const program_result twice = key({"create", "--name", "a"});
  EXPECT_EQ(twice.code, 1);
  EXPECT_EQ(twice.out, "");
  EXPECT_EQ(key({"create", "--name", "b", "--scope", "read"}).code, 0);
  const program_result listed = key({"list"});
  EXPECT_EQ(lines_in(listed.out), 2u);
  EXPECT_NE(listed.out.find("write  a  max-bytes=1073741824\n"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("read   b\n"), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find(made.out.substr(3, 20)), std::string::npos);
  EXPECT_EQ(key({"revoke", "a"}).code, 0);
  EXPECT_EQ(key({"revoke", "a"}).code, 1);
  EXPECT_EQ(key({"revoke", key({"list"}).out.substr(0, 16)}).code, 0) << "by its id";
  EXPECT_EQ(key({"list"}).out, "");
  for (const words& wrong : {words{"create"}, words{"create", "--name", ""},
                             words{"create", "--name", "c", "--scope", "all"},
                             words{"create", "--name", "c", "--max-pages", "0"},
                             words{"create", "--name", "c", "--max-bytes", "x"}, words{"revoke"}})
    EXPECT_EQ(key(wrong).code, 2) << wrong.back();
}

TEST_F(Commands, ServeListensElsewhereWithKeysAlone) {
  const std::string folder = data_.path().string();
  ASSERT_EQ(run_program(command({"key", "create", "--name", "a", "--data-dir", folder})).code, 0);
  program service(serve("0.0.0.0:0"));
  EXPECT_TRUE(service.read_line().starts_with("Orbweaver "));
  service.signal(SIGTERM);
  service.read_all();
  EXPECT_EQ(service.wait(), 0);
  std::ofstream(data_.path() / "keys.json") << "{";
  const program_result damaged = run_program(serve("127.0.0.1:0"));
  EXPECT_EQ(damaged.code, 1);
  EXPECT_NE(damaged.err.find("keys.json: is damaged"), std::string::npos) << damaged.err;
}

}  // namespace
}  // namespace orbweaver
