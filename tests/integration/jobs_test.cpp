// `orbweaver jobs` and `orbweaver health` as a shell sees them, against a running service.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"
#include "tests/support/tls_site.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::program;
using test::program_result;
using test::run_program;
using test::site_server;
using testing::HasSubstr;
using testing::StartsWith;
using words = std::vector<std::string>;

class Jobs : public testing::Test {
 protected:
  explicit Jobs(const settings& with = test::loopback_settings())
      : service_(with),
        port_(service_.start().value().port()),
        site_(site_server::page_map{{"/", "<a href=/x>x</a>"}, {"/x", "x"}}) {}

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  words command(const words& arguments) const {
    words out{ORBWEAVER_BINARY, "jobs"};
    out.insert(out.end(), arguments.begin(), arguments.end());
    out.insert(out.end(), {"--server", origin()});
    return out;
  }
  program_result run(const words& arguments, std::string_view input = {}) const {
    return run_program(command(arguments), input);
  }
  words submission(const words& more = {}) const {
    words out{"submit", site_.url(), "--delay", "0", "--robots", "ignore", "--sitemap", "skip"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  std::string submit(const words& more = {}) const {
    const program_result r = run(submission(more));
    EXPECT_EQ(r.code, 0) << r.err;
    return r.out.substr(0, r.out.find('\n'));
  }
  // A crawl that does not end by itself.
  std::string submit_endless() const {
    return submit_of({{"urls", {endless_.url("/p")}}, {"delay", 0.05}, {"robots", "ignore"}});
  }
  std::string submit_of(const json& request) const {
    const program_result r = run({"submit", "--request", "-"}, request.dump());
    EXPECT_EQ(r.code, 0) << r.err;
    return r.out.substr(0, r.out.find('\n'));
  }
  json status(const std::string& id) const { return json::parse(run({"show", id, "--json"}).out); }
  static site_server::reply lead_on(const site_server::hit& request) {
    return {test::html_response("<a href='" + request.target + "x'>")};
  }

  app service_;
  const std::uint16_t port_;
  site_server site_;
  site_server endless_{site_server::script(lead_on)};
};

TEST_F(Jobs, ACrawlFromItsBeginningToItsEnd) {
  const program_result made = run(submission({"--name", "first", "--watch"}));
  EXPECT_EQ(made.code, 0);
  EXPECT_THAT(made.err, HasSubstr("completed (exhausted): 2 pages"));
  ASSERT_EQ(made.out.size(), 27u) << made.out;
  const std::string id = made.out.substr(0, 26);

  const program_result records = run({"results", id});
  EXPECT_EQ(records.code, 0) << records.err;
  EXPECT_EQ(std::ranges::count(records.out, '\n'), 2);
  EXPECT_EQ(json::parse(records.out.substr(0, records.out.find('\n'))).at("url"), site_.url());
  EXPECT_THAT(run({"results", id, "--format", "csv"}).out, StartsWith("seq,url"));
  EXPECT_EQ(run({"results", id, "--outcome", "failed"}).out, "");

  EXPECT_THAT(run({"show", id}).out, HasSubstr("name         first\n"));
  EXPECT_EQ(json::parse(run({"show", id, "--json"}).out).at("id"), id);
  const program_result watched = run({"watch", id});
  EXPECT_EQ(watched.code, 0);
  EXPECT_THAT(watched.err, StartsWith("completed"));
  EXPECT_EQ(run({"watch", id, "--quiet"}).err, "");

  EXPECT_EQ(run({"delete", id}).out, id + " deleted\n");
  EXPECT_EQ(run({"show", id}).code, 1);
}

// How often the lines of a text hold this.
std::ptrdiff_t lines_with(const std::string& text, const std::string& what) {
  std::istringstream in(text);
  std::ptrdiff_t out = 0;
  for (std::string line; std::getline(in, line);) out += line.find(what) != std::string::npos;
  return out;
}

// A cursor that a command has named.
std::string cursor_in(const std::string& errors) {
  const std::string before = "orbweaver: to go on: --cursor ";
  const auto at = errors.find(before);
  if (at == std::string::npos) return {};
  return errors.substr(at + before.size(), errors.find('\n', at) - at - before.size());
}

TEST_F(Jobs, TheLedgerSaysWhatBecameOfEveryUrl) {
  site_server site(site_server::page_map{{"/", "<a href=/x>x</a><a href=/gone>y</a>"},
                                         {"/x", "<a href=http://127.0.0.9/>z</a>"}});
  const program_result made = run(
      {"submit", site.url(), "--delay", "0", "--sitemap", "skip", "--robots", "ignore", "--watch"});
  const std::string id = made.out.substr(0, 26);
  const std::string all = run({"urls", id}).out;
  EXPECT_EQ(lines_with(all, "\"url\""), 4) << all;
  EXPECT_EQ(json::parse(all.substr(0, all.find('\n'))).at("url"), site.url());
  const std::string skipped = run({"urls", id, "--outcome", "skipped"}).out;
  EXPECT_EQ(lines_with(skipped, "http://127.0.0.9/"), 1);
  EXPECT_EQ(lines_with(skipped, ""), 1);
  EXPECT_EQ(run({"urls", id, "--reason", "out_of_scope"}).out, skipped);
  EXPECT_EQ(lines_with(run({"urls", id, "--prefix", site.url("/x")}).out, ""), 1);

  const program_result first = run({"urls", id, "--limit", "3"});
  EXPECT_EQ(lines_with(first.out, ""), 3);
  ASSERT_NE(cursor_in(first.err), "") << first.err;
  const program_result rest = run({"urls", id, "--cursor", cursor_in(first.err)});
  EXPECT_EQ(first.out + rest.out, all);
  EXPECT_EQ(rest.err, "");
  EXPECT_EQ(run({"urls", id, "--limit", "100"}).err, "") << "that was all";

  EXPECT_EQ(run({"urls", id, "--reason", "robots"}).code, 2);
  EXPECT_EQ(run({"urls", id, "--outcome", "lost"}).code, 2);
  EXPECT_EQ(run({"urls", id, "--cursor", "x"}).code, 2);
  EXPECT_EQ(run({"urls", "nonsense"}).code, 1);
  EXPECT_EQ(run({"urls", "nonsense", "--limit", "1"}).code, 1);
}

TEST_F(Jobs, ALedgerInPagesIsReadOnlyAsFarAsItGoes) {
  const std::string id = submit({"--watch"});
  const program_result running = run({"urls", submit_endless(), "--prefix", "x", "--limit", "9"});
  EXPECT_EQ(running.code, 0);
  EXPECT_EQ(running.out, "");
  EXPECT_NE(cursor_in(running.err), "") << "more may come";
  EXPECT_EQ(run({"urls", id, "--limit", "1", "-o", "/dev/full"}).code, 1);
}

TEST_F(Jobs, ResultsGoOnBehindACursor) {
  const std::string id = submit({"--watch"});
  const std::string all = run({"results", id}).out;
  const program_result first = run({"results", id, "--limit", "1"});
  EXPECT_EQ(lines_with(first.out, ""), 1);
  const std::string cursor = cursor_in(first.err);
  ASSERT_NE(cursor, "") << first.err;
  const std::string rest = run({"results", id, "--cursor", cursor}).out;
  EXPECT_EQ(json::parse(first.out), json::parse(all.substr(0, all.find('\n'))));
  EXPECT_EQ(rest, all.substr(all.find('\n') + 1));
  EXPECT_EQ(json::parse(run({"results", id, "--cursor", cursor, "--limit", "5"}).out),
            json::parse(rest));
  EXPECT_EQ(lines_with(run({"results", id, "--cursor", cursor, "--format", "csv"}).out, ""), 2);
  EXPECT_EQ(run({"results", id, "--limit", "1", "--follow"}).code, 2);
  EXPECT_EQ(run({"results", id, "--limit", "1", "--format", "csv"}).code, 2);
  EXPECT_EQ(run({"results", id, "--cursor", cursor, "--format", "warc"}).code, 2);
}

struct place_on_disk {
  settings kept() const {
    settings out = test::loopback_settings();
    out.store = store_kind::rocksdb;
    out.data_dir = (folder.path() / "data").string();
    out.memory_budget = 128 << 20;
    return out;
  }
  test::scratch_folder folder;
};

// Of a service that keeps bodies.
class DurableJobs : protected place_on_disk, public Jobs {
 protected:
  DurableJobs() : Jobs(kept()) {}
};

TEST_F(DurableJobs, ABodyIsPrintedAsItWasFetched) {
  const std::string id = submit({"--watch"});
  EXPECT_EQ(run({"body", id, "1"}).out, "<a href=/x>x</a>");
  const std::string file = (folder.path() / "page").string();
  EXPECT_EQ(run({"body", id, "2", "-o", file}).out, "");
  EXPECT_EQ(std::filesystem::file_size(file), 1u);
  const program_result none = run({"body", id, "9", "-o", file});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("(body_not_kept)"));
  EXPECT_EQ(std::filesystem::file_size(file), 1u) << "what was there is";
  for (const char* const seq : {"0", "-1", "x"}) EXPECT_EQ(run({"body", id, seq}).code, 2) << seq;
}

TEST_F(Jobs, ARequestIsReadFromStandardInputOrAFile) {
  const json request{{"urls", {site_.url()}}, {"limit", 1}, {"robots", "ignore"}};
  const program_result piped = run({"submit", "--request", "-", "--json"}, request.dump());
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(json::parse(piped.out).at("request").at("limit"), 1);
  const test::scratch_folder folder;
  const std::string file = (folder.path() / "request.json").string();
  std::ofstream(file) << request;
  EXPECT_EQ(run({"submit", "--request", file}).code, 0);
  EXPECT_EQ(run({"submit", "--request", file + "x"}).code, 2);
  EXPECT_EQ(run({"submit", "--request", file, "http://a/"}).code, 2);
  EXPECT_EQ(run({"submit", "--request", file, "--limit", "1"}).code, 2);
  EXPECT_EQ(run({"submit"}).code, 2);
}

TEST_F(Jobs, MistakesAreNamedAllAtOnceAsTheyWereMade) {
  const program_result flags = run(
      {"submit", "ftp://a/", "--timeout", "0", "--limit", "x", "--label", "a=1", "--label", "b"});
  EXPECT_EQ(flags.code, 2);
  EXPECT_EQ(flags.out, "");
  EXPECT_EQ(std::ranges::count(flags.err, '\n'), 3) << flags.err;
  for (const char* place : {"\"ftp://a/\" ", "--timeout must", "--limit must"})
    EXPECT_THAT(flags.err, HasSubstr(place));
  const program_result document = run({"submit", "--request", "-"}, R"({"urls": [], "limmit": 1})");
  EXPECT_EQ(document.code, 2);
  EXPECT_THAT(document.err, HasSubstr("/limmit is not a known field; did you mean \"limit\"?"));
  EXPECT_EQ(run({"submit", "--request", "-"}, "").code, 2);
}

TEST_F(Jobs, AreListedNewestFirst) {
  const std::string first = submit({"--label", "n=1"}), second = submit({"--label", "n=2"});
  const std::string table = run({"list"}).out;
  EXPECT_THAT(table, StartsWith("ID "));
  EXPECT_LT(table.find(second), table.find(first));
  EXPECT_EQ(std::ranges::count(run({"list", "--limit", "1"}).out, '\n'), 2);
  EXPECT_THAT(run({"list", "--label", "n=1"}).out, testing::Not(HasSubstr(second)));
  const std::string lines = run({"list", "--json"}).out;
  EXPECT_EQ(json::parse(lines.substr(0, lines.find('\n'))).at("id"), second);
  EXPECT_EQ(run({"list", "--state", "asleep"}).code, 2);
  EXPECT_EQ(run({"list", "--label", ""}).code, 0);
}

TEST_F(Jobs, ArePausedResumedAndCancelled) {
  const std::string id = submit_endless();
  EXPECT_THAT(run({"pause", id}).out, StartsWith(id + " paus"));
  EXPECT_EQ(run({"resume", id}).out, id + " running\n");
  const program_result both = run({"cancel", "nonsense", id});
  EXPECT_EQ(both.code, 1);
  EXPECT_THAT(both.out, StartsWith(id + " "));
  EXPECT_THAT(both.err, StartsWith("nonsense: orbweaver: There is no such crawl"));
  EXPECT_EQ(run({"watch", id, "--quiet"}).err, "");  // until it is over
  const program_result again = run({"pause", id});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("(wrong_state)"));
}

TEST_F(Jobs, ResultsAreFollowedUntilTheCrawlEnds) {
  const std::string id = submit_endless();
  program follow(command({"results", id, "--follow"}));
  EXPECT_NE(follow.read_line(), "");
  EXPECT_NE(follow.read_line(), "");
  EXPECT_EQ(run({"cancel", id}).code, 0);
  follow.read_all();
  EXPECT_EQ(follow.wait(), 0) << follow.errors();
}

TEST_F(Jobs, ResultsEndQuietlyWhenNobodyReadsAnyMore) {
  const std::string id = submit_endless();
  program follow(command({"results", id, "--follow"}));
  EXPECT_NE(follow.read_line(), "");
  follow.close_output();
  EXPECT_EQ(follow.wait(), 0);
  EXPECT_EQ(follow.errors(), "");
}

TEST_F(Jobs, ARefusalOverwritesNoFile) {
  const test::scratch_folder folder;
  const std::string file = (folder.path() / "kept").string();
  std::ofstream(file) << "mine";
  EXPECT_EQ(run({"results", "nonsense", "-o", file}).code, 1);
  EXPECT_EQ(std::filesystem::file_size(file), 4u);
  EXPECT_EQ(run({"results", submit({"--watch"}), "-o", "/dev/full"}).code, 1);
}

TEST_F(Jobs, WatchingEndsAloneWhenInterrupted) {
  const std::string id = submit_endless();
  program watch(command({"watch", id}));
  // It has looked once by now, or does so before it heeds the signal.
  while (status(id).at("counts").at("fetched") == 0) std::this_thread::yield();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait(), 130);
  EXPECT_EQ(status(id).at("state"), "running");
}

TEST_F(Jobs, SayThatNoServiceAnswers) {
  const std::string nowhere = site_server(site_server::page_map{}).url();
  for (const words& arguments : {words{"list"}, words{"watch", "x"}, words{"results", "x"},
                                 words{"submit", "http://a/"}, words{"delete", "x", "y"}}) {
    words line{ORBWEAVER_BINARY, "jobs"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    line.insert(line.end(), {"--server", nowhere});
    const program_result r = run_program(line);
    EXPECT_EQ(r.code, 1);
    EXPECT_THAT(r.err, StartsWith("orbweaver: no answer from http://127.0.0.1:")) << arguments[0];
    EXPECT_THAT(r.err, HasSubstr(": Connection refused\n"));
  }
}

TEST_F(Jobs, RefuseAWrongAddressOrKey) {
  const program_result r = run_program({ORBWEAVER_BINARY, "jobs", "list", "--server", "here",
                                        "--key", "a\nb", "--ca-file", "/nonexistent"});
  EXPECT_EQ(r.code, 2);
  EXPECT_EQ(std::ranges::count(r.err, '\n'), 3) << r.err;
}

TEST_F(Jobs, SayThatAnotherServerIsNoService) {
  for (const words& arguments : {words{"list"}, words{"show", "x"}, words{"watch", "x"}}) {
    const site_server other([](const std::string&) { return test::html_response("hello"); });
    words line{ORBWEAVER_BINARY, "jobs"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    line.insert(line.end(), {"--server", other.url()});
    const program_result r = run_program(line);
    EXPECT_EQ(r.code, 1);
    EXPECT_THAT(r.err, HasSubstr("is not of Orbweaver's API"));
  }
}

TEST_F(Jobs, HealthAsksTheServiceOfTheSameSettings) {
  const std::string port = std::to_string(port_);
  const words health{ORBWEAVER_BINARY, "health", "--listen"};
  const auto ask = [&](const std::string& listen) {
    words line = health;
    line.push_back(listen);
    return run_program(line);
  };
  EXPECT_EQ(ask("127.0.0.1:" + port).out, "ready\n");
  EXPECT_EQ(ask("0.0.0.0:" + port).code, 0);
  EXPECT_EQ(ask("x").code, 2);
  service_.stop(std::chrono::seconds(0));
  EXPECT_EQ(ask("127.0.0.1:" + port).code, 1);
}

TEST_F(Jobs, HealthAsksOverTlsWhateverTheCertificateNames) {
  const test::tls_site service(test::self_signed({"crawler.example.org"}), [](const std::string&) {
    return test::tls_site::reply{test::http_response(200, "", "{}")};
  });
  const std::string listen = "127.0.0.1:" + std::to_string(service.port());
  EXPECT_EQ(run_program({ORBWEAVER_BINARY, "health", "--listen", listen, "--tls-cert", "c.pem",
                         "--tls-key", "k.pem"})
                .out,
            "ready\n");
  EXPECT_EQ(service.targets(), words{"/readyz"});
}

TEST_F(Jobs, ARepeatedSubmissionStartsOneCrawl) {
  const std::string id = submit({"--idempotency-key", "nightly-1"});
  EXPECT_EQ(submit({"--idempotency-key", "nightly-1"}), id);
  EXPECT_NE(submit({"--idempotency-key", "nightly-2"}), id);
  EXPECT_EQ(run({"submit", site_.url(), "--idempotency-key", "two words"}).code, 2);
}

}  // namespace
}  // namespace orbweaver
