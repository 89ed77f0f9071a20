// What curl makes of the same responses: where we judge otherwise, the case has to say why.
#include <deque>
#include <future>
#include <gtest/gtest.h>

#include "tests/support/fault_server.hpp"
#include "tests/support/program.hpp"

namespace orbweaver::test {
namespace {

constexpr std::size_t at_once = 8;
constexpr int timed_out = 28;  // curl's exit code

program_result run_curl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"/usr/bin/env", "curl"});
  return run_program(arguments);
}

void compare(const fault_case& c, const program_result& got) {
  SCOPED_TRACE(c.name);
  EXPECT_EQ(got.code, c.curl);
  const bool accepted = c.expect.code == "fetched";
  const bool same_body = !accepted || !c.expect.body || got.out == *c.expect.body;
  const bool agreed = (got.code == 0) == accepted && same_body;
  EXPECT_TRUE(agreed || !c.why.empty()) << got.out.substr(0, 200);
}

TEST(FaultTable, SaysWhereItDiffersFromCurl) {
  const program_result version = run_curl({"--version"});
  if (!version.out.starts_with("curl 7.88."))
    GTEST_SKIP() << "the table is about curl 7.88, and here is " << version.out.substr(0, 20);
  fault_server server(fault_cases(), 1);
  // Whoever is to give up gives up soon; whoever is not has all the time a busy machine takes.
  const auto arguments = [&](const fault_case& c) {
    return std::vector<std::string>{
        "--silent",
        "--http1.1",
        "--compressed",
        "--max-time",
        c.curl == timed_out ? "3" : "60",
        "http://" + server.address(c) + ':' + std::to_string(server.port()) + '/'};
  };
  std::deque<std::pair<const fault_case*, std::future<program_result>>> under_way;
  for (auto c = server.cases().begin(); c != server.cases().end() || !under_way.empty();) {
    if (c != server.cases().end() && under_way.size() < at_once) {
      if (c->curl != curl_untried)
        under_way.emplace_back(&*c, std::async(std::launch::async, run_curl, arguments(*c)));
      ++c;
      continue;
    }
    compare(*under_way.front().first, under_way.front().second.get());
    under_way.pop_front();
  }
}

}  // namespace
}  // namespace orbweaver::test
