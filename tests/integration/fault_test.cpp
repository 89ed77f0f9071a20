// Every case of the fault server through a whole engine: what becomes of the URL, what is kept of
// its page, whether the connection is used again, and that the next page and everybody else's
// pages come all the same.
#include <random>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/fault_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int patience = 4;  // sanitizers slow everything down, the servers of the test included
#else
constexpr int patience = 1;
#endif
constexpr int healthy_pages = 300;

engine_settings impatient_settings(const std::string& ca_file) {
  engine_settings out = running_engine::default_settings();
  out.ca_file = ca_file;
  out.budgets.connect = out.budgets.tls = out.budgets.first_byte = 4s * patience;
  out.budgets.slow_after = 3s * patience;
  return out;
}

resolver_settings impatient_names(const fault_server& by) {
  resolver_settings out = names_of("/nonexistent");
  out.servers = {by.name_server()};
  out.attempt_timeout = 800ms * patience;
  out.budget = out.other_family = 4s * patience;
  return out;
}

// A host where nothing goes wrong: a page with links to all the others.
fault_case healthy_host() {
  fault_case out{.name = "healthy.host", .expect = {"fetched", 200}};
  std::string links;
  for (int i = 0; i < healthy_pages; ++i) {
    const std::string target = "/" + std::to_string(i);
    links += "<a href=" + target + ">x</a>";
    out.routes[target] = {say(whole_response("page " + target))};
  }
  out.play = {say(whole_response(links))};
  return out;
}

crawl_spec spec_for(const fault_server& server, const fault_case& c) {
  crawl_spec spec = quick_spec({server.url(c)});
  if (c.next) spec.urls.push_back(server.next_url(c));
  spec.robots = c.robots ? robots_policy::obey : robots_policy::ignore;
  if (c.anywhere) spec.scope = scope_kind::any;
  spec.per_host_concurrency = 1;
  spec.retries = c.retries;
  spec.timeout = seconds_f(c.timeout * patience);
  spec.formats.add(format::raw_html);
  return spec;
}

std::string text_of(const json& record, const char* member) {
  return record.contains(member) ? record.at(member).get<std::string>() : "";
}

void compare(const json& record, const fault_expectation& expect) {
  EXPECT_EQ(code_of(record), expect.code);
  EXPECT_EQ(record.contains("status") ? record.at("status").get<unsigned>() : 0, expect.status);
  EXPECT_EQ(text_of(record, "truncated"), expect.truncated);
  if (expect.body) {
    EXPECT_EQ(text_of(record, "rawHtml"), *expect.body);
  }
  if (expect.bytes) {
    EXPECT_EQ(record.at("bytes").get<std::size_t>(), *expect.bytes);
  }
}

void check(const fault_server& server, const fault_case& c,
           const running_engine::crawl_result& got) {
  const json* first = record_of(got.records, server.url(c));
  // A name the URL parser has a different spelling for.
  if (!first && !c.next && got.records.size() == 1) first = &got.records.front();
  ASSERT_TRUE(first);
  compare(*first, c.expect);
  EXPECT_FALSE(got.status.by_outcome.contains(outcome::unknown));
  if (!c.next) return;
  const json* next = record_of(got.records, server.next_url(c));
  ASSERT_TRUE(next);
  compare(*next, {"fetched", 200, "", "the next page"});
  if (c.expect.kept) {
    EXPECT_EQ(server.connections(c), *c.expect.kept ? 1u : 2u);
  }
}

class Faults : public testing::TestWithParam<unsigned> {};

TEST_P(Faults, EveryOneEndsAsItShould) {
  const unsigned seed = GetParam() + std::random_device{}() % 1'000'000 * 10;
  SCOPED_TRACE("pieces cut by seed " + std::to_string(seed));
  std::vector<fault_case> cases = fault_cases();
  cases.push_back(healthy_host());
  fault_server server(std::move(cases), seed);
  const temporary_file trusted(server.trusted_certificate());
  running_engine e(2, impatient_settings(trusted.path()), impatient_names(server));

  std::vector<crawl_id> ids;
  for (const fault_case& c : server.cases())
    ids.push_back(e.call(e.engine.create(spec_for(server, c)))->id);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const fault_case& c = server.cases()[i];
    SCOPED_TRACE(c.name);
    running_engine::crawl_result got{e.wait_until_final(ids[i]), e.records(ids[i])};
    check(server, c, got);
    if (c.name == "healthy.host") {
      EXPECT_EQ(got.status.counts.fetched, healthy_pages + 2u);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(WithPieces, Faults, testing::Values(1u, 2u, 3u));

TEST(FaultTable, IsLargeAndNamesEachCaseOnce) {
  EXPECT_GE(fault_cases().size(), 300u);
  std::set<std::string> names;
  for (const fault_case& c : fault_cases()) {
    EXPECT_TRUE(names.insert(c.name).second) << c.name;
    EXPECT_TRUE(outcome_from_name(c.expect.code)) << c.name;
  }
}

}  // namespace
}  // namespace orbweaver::test
