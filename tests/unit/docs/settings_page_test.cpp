// docs/settings.md says what the tables say that the settings and the requests are read by.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "common/config/options.hpp"
#include "server/api/crawl_request.hpp"

namespace orbweaver {
namespace {

// A cell of a table in Markdown.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return ' ' + out + " |";
}
std::string code(std::string_view text) {
  return text.empty() ? "" : '`' + std::string(text) + '`';
}

std::string row_of(const config_option& o) {
  const std::string fallback = o.preset_is.empty() ? code(o.preset) : std::string(o.preset_is);
  std::string help = help_text(o);
  help.resize(help.rfind("; default: ") == std::string::npos ? help.rfind(" (default: ")
                                                             : help.rfind("; default: "));
  if (help.find('(') != std::string::npos && help.back() != ')') help += ')';
  return '|' + cell(code("--" + std::string(o.name) + ' ' + std::string(o.placeholder))) +
         cell(fallback) + cell(help) + '\n';
}

std::string row_of(const request_field& field) {
  std::string help(field.help);
  if (!field.words.empty()) help += " One of: " + listed(field.words) + '.';
  std::string unit(field.unit);
  if (!unit.empty()) unit = ", " + unit;
  return '|' + cell(code(field.name)) +
         cell(field.flag.empty() ? "" : code("--" + std::string(field.flag))) +
         cell((field.fallback.empty() ? "–" : std::string(field.fallback)) + unit) + cell(help) +
         '\n';
}

std::string settings_page() {
  std::string out = R"(# Settings

This page is made from the tables that the program itself reads; a test compares the two.

## Of the service

Each is a flag of `orbweaver serve`; the variable `ORBWEAVER_NAME` of the environment, in capitals and
with underscores (`ORBWEAVER_MAX_CRAWLS`); and a key `name` of the TOML file that `--config` or
`ORBWEAVER_CONFIG` names (`max-crawls = 100`). Flags override the environment, which overrides the
file. A wrong setting keeps the service from starting; all mistakes are named at once.

| setting | default | |
|---|---|---|
)";
  for (const config_option& option : config_options()) out += row_of(option);
  out += R"(
## Of a crawl

Fields of the request to `POST /v1/crawls`, and flags of `orbweaver crawl` and `orbweaver jobs submit`.

| field | flag | default | |
|---|---|---|---|
)";
  for (const request_field& field : request_fields())
    if (used_by(field, field_use::crawl) && !field.help.empty()) out += row_of(field);
  return out;
}

TEST(SettingsPage, SaysWhatTheTablesSay) {
  std::ostringstream written;
  written << std::ifstream(ORBWEAVER_SOURCE_DIR "/docs/settings.md").rdbuf();
  if (written.str() == settings_page()) return;
  const auto right = std::filesystem::current_path() / "settings.md";
  std::ofstream(right) << settings_page();
  FAIL() << "docs/settings.md is not up to date; this is what belongs there: " << right;
}

}  // namespace
}  // namespace orbweaver
