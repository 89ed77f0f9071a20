// Any bytes: the first says what kind of rule it is, the first line is its pattern, the rest a
// page. What is pulled out is JSON, within its limits, and every value stands in the page.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/extract.hpp"
#include "crawler/parse/utf8.hpp"

namespace {

using namespace orbweaver;

void require(bool holds) {
  if (!holds) std::abort();
}

// A value that was not cut, of a page whose bytes are text, is a part of the page; null: there is
// no match, or the group has no part in it.
void check_value(const nlohmann::json& value, std::string_view page, bool whole) {
  if (value.is_null()) return;
  const auto& text = value.get_ref<const std::string&>();
  require(text.size() <= 3 * extractor::max_value_bytes);
  if (whole && is_valid_utf8(text) && text.find("\xEF\xBF\xBD") == text.npos)
    require(page.find(text) != page.npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t line = std::min(all.find('\n'), all.size());
  const std::string_view page = all.substr(std::min(line + 1, all.size()));
  extract_rule rule{.name = "a\"", .regex = all.substr(0, line), .all = (data[0] & 1) != 0};
  rule.on_text = (data[0] & 2) != 0;
  if ((data[0] & 4) != 0) rule.group = data[0] >> 3;
  if (!extractor::why_not(rule).empty()) return 0;

  const bool list = rule.all;
  const extractor pull(std::vector<extract_rule>{std::move(rule)});
  std::string json = "{\"x\":0";
  const std::string_view other = "\xff";
  const bool on_text = pull.wants_text();
  pull.append_values(json, on_text ? other : page, on_text ? page : other,
                     clock::time_point::max());
  const auto got = nlohmann::json::parse(json + '}');
  const auto& value = got.at("extracted").at("a\"");
  const bool whole = !got.contains("extractCut");
  require(value.is_array() == list);
  if (!value.is_array()) {
    check_value(value, page, whole);
    return 0;
  }
  require(value.size() <= extractor::max_matches);
  for (const auto& one : value) check_value(one, page, whole);
  return 0;
}
