#include "server/commands/jobs_output.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "common/signals.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/jobs.hpp"
#include "server/commands/record_file.hpp"

namespace orbweaver {
namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t longest_page = 1000;  // items, that the API gives at once

// Nobody reading any more is no failure.
int complain_of(const output_file& out) {
  if (out.reader_gone()) return 0;
  return complain("not all could be written: " + out.error(), exit_failed);
}

bool write_lines(output_file& out, const ordered_json& items) {
  for (const ordered_json& item : items) {
    const std::string line = item.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    if (!out.write(line + '\n')) return false;
  }
  return out.flush();
}

}  // namespace

void add_page_flags(CLI::App& command, std::optional<std::uint64_t>& limit, std::string& cursor) {
  constexpr std::uint64_t most = 1'000'000;
  command
      .add_option("--limit", limit,
                  "At most so many; standard error says with which cursor to go on")
      ->check(CLI::Range(std::uint64_t{1}, most))
      ->type_name("N");
  command.add_option("--cursor", cursor, "Go on behind those that came before")
      ->type_name("CURSOR");
}

int write_answer(service_client& service, const std::string& target,
                 const std::string& output) try {
  ignore_sigpipe();
  std::optional<output_file> out;
  const auto write = [&](std::string_view piece) {
    if (!out) out.emplace(output);
    return out->write(piece) && out->flush();
  };
  const service_result answer = service.call({.target = target, .accept = "*/*"}, write);
  if (out && !out->error().empty()) return complain_of(*out);
  if (!answer) return complain_of(service, answer.error());
  if (!answer->good()) return complain_of(*answer);
  if (!out) out.emplace(output);  // an empty one
  return 0;
} catch (const std::runtime_error& why) {
  return complain(std::string(why.what()), exit_failed);
}

int write_items(service_client& service, const std::string& target, std::uint64_t limit,
                std::string cursor, const std::string& output) try {
  ignore_sigpipe();
  std::optional<output_file> out;
  for (std::uint64_t left = limit; left > 0;) {
    std::string asked = target + "&limit=" + std::to_string(std::min(left, longest_page));
    if (!cursor.empty()) asked += "&cursor=" + percent_encoded(cursor);
    const service_result answer = service.call({.target = asked});
    if (!answer) return complain_of(service, answer.error());
    if (!answer->good()) return complain_of(*answer);
    const auto page = ordered_json::parse(answer->body, nullptr, false);
    if (!page.is_object() || !page.contains("data") || !page["data"].is_array() ||
        !page.contains("next"))
      return complain_of_nonsense(service);
    if (!out) out.emplace(output);
    if (!write_lines(*out, page["data"])) return complain_of(*out);
    if (!page["next"].is_string()) return 0;
    left -= std::min<std::uint64_t>(left, page["data"].size());
    // A page may be empty and have others behind it; without any, the list has been read so far.
    const std::string before = std::exchange(cursor, page["next"]);
    if (cursor == before) break;
  }
  complain("to go on: --cursor " + cursor, 0);
  return 0;
} catch (const std::runtime_error& why) {
  return complain(std::string(why.what()), exit_failed);
}

}  // namespace orbweaver
