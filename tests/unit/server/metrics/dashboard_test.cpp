// docker/grafana/orbweaver.json asks for nothing that /metrics does not tell.
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>
#include <set>

#include "server/metrics/metrics_text.hpp"

namespace orbweaver {
namespace {

std::set<std::string> names_in(const std::string& text) {
  static const RE2 name(R"(\b((?:orbweaver|process)_[a-z_]+))");
  std::set<std::string> out;
  re2::StringPiece rest(text);
  for (std::string one; RE2::FindAndConsume(&rest, name, &one);) out.insert(one);
  return out;
}

TEST(GrafanaDashboard, AsksForWhatThereIs) {
  service_numbers numbers;
  numbers.process.emplace();
  const std::set<std::string> told = names_in(metrics_text(numbers));
  std::ifstream file(ORBWEAVER_SOURCE_DIR "/docker/grafana/orbweaver.json");
  const auto dashboard = nlohmann::json::parse(file);
  std::set<std::string> asked;
  for (const auto& panel : dashboard.at("panels"))
    for (const auto& target : panel.at("targets"))
      asked.merge(names_in(target.at("expr").get<std::string>()));
  EXPECT_GT(asked.size(), 15u);
  for (const std::string& name : asked) EXPECT_TRUE(told.contains(name)) << name;
}

}  // namespace
}  // namespace orbweaver
