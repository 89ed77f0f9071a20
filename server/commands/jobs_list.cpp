#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server/commands/complain.hpp"
#include "server/commands/crawl_view.hpp"
#include "server/commands/jobs.hpp"

namespace orbweaver {
namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t longest_page = 1000;  // crawls, that the API gives at once
constexpr std::uint64_t usual_limit = 100;

struct list_call {
  std::string state;
  std::string label;
  std::uint64_t limit = usual_limit;
  bool json = false;

  int run(service_client& service) const;

 private:
  std::string target(std::uint64_t wanted, const std::string& cursor) const;
  void print(const ordered_json& crawl) const;
};

std::string list_call::target(std::uint64_t wanted, const std::string& cursor) const {
  std::string out = "/v1/crawls?limit=" + std::to_string(std::min(wanted, longest_page));
  if (!state.empty()) out += "&state=" + percent_encoded(state);
  if (!label.empty()) out += "&label=" + percent_encoded(label);
  if (!cursor.empty()) out += "&cursor=" + percent_encoded(cursor);
  return out;
}

void list_call::print(const ordered_json& crawl) const {
  if (json) {
    std::cout << crawl.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  } else if (const auto view = view_of(nlohmann::json(crawl))) {
    std::cout << table_line(*view);
  }
}

int list_call::run(service_client& service) const {
  std::string cursor;
  for (std::uint64_t left = limit; left > 0;) {
    const service_result answer = service.call({.target = target(left, cursor)});
    if (!answer) return complain_of(service, answer.error());
    if (!answer->good()) return complain_of(*answer);
    const auto page = ordered_json::parse(answer->body, nullptr, false);
    if (!page.is_object() || !page.contains("data") || !page["data"].is_array())
      return complain_of_nonsense(service);
    if (!json && left == limit) std::cout << table_header();
    for (const ordered_json& crawl : page["data"]) print(crawl);
    left -= std::min<std::uint64_t>(left, page["data"].size());
    if (page["data"].empty() || !page.contains("next") || !page["next"].is_string()) break;
    cursor = page["next"];
  }
  return std::cout.flush() ? 0 : exit_failed;
}

struct show_call {
  std::string id;
  bool json = false;

  int run(service_client& service) const;
};

int show_call::run(service_client& service) const {
  const service_result answer = service.call({.target = path_of_crawl(id)});
  if (!answer) return complain_of(service, answer.error());
  if (!answer->good()) return complain_of(*answer);
  const auto crawl = parse_view(answer->body);
  if (!crawl) return complain_of_nonsense(service);
  std::cout << (json ? ordered_json::parse(answer->body).dump(2) + '\n' : described(*crawl));
  return std::cout.flush() ? 0 : exit_failed;
}

}  // namespace

void add_list_jobs(CLI::App& jobs, int& exit_code) {
  auto what = std::make_shared<list_call>();
  CLI::App* command =
      add_service_command(jobs, "list", "List crawls, newest first", exit_code,
                          [what](service_client& service) { return what->run(service); });
  command->add_option("--state", what->state, "Only crawls in this state")
      ->check(CLI::IsMember(
          {"queued", "running", "pausing", "paused", "completed", "cancelled", "failed"}));
  command->add_option("--label", what->label, "Only crawls with this label")
      ->type_name("NAME[=VALUE]");
  command->add_option("--limit", what->limit, "At most so many")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", what->json, "Print status objects, one a line");
}

void add_show_job(CLI::App& jobs, int& exit_code) {
  auto what = std::make_shared<show_call>();
  CLI::App* command =
      add_service_command(jobs, "show", "Show a crawl as it stands", exit_code,
                          [what](service_client& service) { return what->run(service); });
  command->add_option("ID", what->id, "The crawl")->required();
  command->add_flag("--json", what->json, "Print the status object");
}

}  // namespace orbweaver
