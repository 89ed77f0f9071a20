// GET /metrics: what the service did is told, and crawled sites add no line of their own.
#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

// The value of a line; -1 where there is none.
double value_of(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  return -1;
}

std::string metrics_of(const running_app& app) {
  const http_answer answer = app.get("/metrics");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.fields.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return answer.body;
}

nlohmann::json request_for(const site_server& site) {
  return {{"urls", {site.url()}}, {"delay", 0}};
}

TEST(Metrics, TellWhatTheServiceDid) {
  const site_server site(
      site_server::page_map{{"/", "<a href=/a>a</a><a href=/b>b</a>"}, {"/a", "x"}, {"/b", "y"}});
  const scratch_folder folder;
  settings with = loopback_settings();
  with.store = store_kind::rocksdb;
  with.data_dir = folder.path();
  const running_app app(with);
  app.wait_until_final(app.create(request_for(site)));
  const std::string text = metrics_of(app);
  EXPECT_EQ(value_of(text, "orbweaver_pages_total{outcome=\"fetched\"}"), 3);
  EXPECT_GE(value_of(text, "orbweaver_fetches_total"), 4) << "robots.txt, too";
  EXPECT_GE(value_of(text, "orbweaver_fetch_seconds_count{phase=\"total\"}"), 4);
  EXPECT_GT(value_of(text, "orbweaver_received_bytes_total"), 0);
  EXPECT_GT(value_of(text, "orbweaver_store_groups_total"), 0);
  EXPECT_GT(value_of(text, "orbweaver_store_written_bytes_total"), 0);
  EXPECT_GT(value_of(text, "orbweaver_api_answers_total{status=\"2xx\"}"), 0);
  EXPECT_GE(value_of(text, "orbweaver_api_connections"), 1);
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 0);
  EXPECT_EQ(value_of(text, "orbweaver_crawls{state=\"running\"}"), 0);
}

TEST(Metrics, HaveTheSameLinesWhateverIsCrawled) {
  const site_server one(site_server::page_map{{"/", "x"}});
  const site_server other(site_server::page_map{{"/", "y"}}, "127.0.0.2");
  const running_app app;
  const auto lines = [&] {
    const std::string text = metrics_of(app);
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto before = lines();
  for (const site_server* site : {&one, &other})
    app.wait_until_final(app.create(request_for(*site)));
  EXPECT_EQ(lines(), before);
}

}  // namespace
}  // namespace orbweaver::test
