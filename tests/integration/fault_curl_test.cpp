// What curl makes of the same responses: where we judge otherwise, the case has to say why.
#include <cstdio>
#include <deque>
#include <future>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/support/fault_server.hpp"

namespace orbweaver::test {
namespace {

constexpr std::size_t at_once = 8;

struct curl_run {
  int exit_code = -1;
  std::string output;
};

curl_run run(const std::string& command) {
  curl_run out;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (!pipe) return out;
  char piece[4096];
  for (std::size_t n; (n = std::fread(piece, 1, sizeof piece, pipe)) != 0;)
    out.output.append(piece, n);
  out.exit_code = WEXITSTATUS(::pclose(pipe));
  return out;
}

void compare(const fault_case& c, const curl_run& got) {
  SCOPED_TRACE(c.name);
  EXPECT_EQ(got.exit_code, c.curl);
  const bool accepted = c.expect.code == "fetched";
  const bool same_body = !accepted || !c.expect.body || got.output == *c.expect.body;
  const bool agreed = (got.exit_code == 0) == accepted && same_body;
  EXPECT_TRUE(agreed || !c.why.empty()) << got.output.substr(0, 200);
}

TEST(FaultTable, SaysWhereItDiffersFromCurl) {
  const curl_run version = run("curl --version 2>/dev/null");
  if (!version.output.starts_with("curl 7.88."))
    GTEST_SKIP() << "the table is about curl 7.88, and here is " << version.output.substr(0, 20);
  fault_server server(fault_cases(), 1);
  const std::string curl = "curl --silent --http1.1 --compressed --max-time 3 http://";
  std::deque<std::pair<const fault_case*, std::future<curl_run>>> under_way;
  for (auto c = server.cases().begin(); c != server.cases().end() || !under_way.empty();) {
    if (c != server.cases().end() && under_way.size() < at_once) {
      if (c->curl != curl_untried)
        under_way.emplace_back(
            &*c, std::async(std::launch::async, run,
                            curl + server.address(*c) + ':' + std::to_string(server.port()) + '/'));
      ++c;
      continue;
    }
    compare(*under_way.front().first, under_way.front().second.get());
    under_way.pop_front();
  }
}

}  // namespace
}  // namespace orbweaver::test
