#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/async/task.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Pulls values out of pages by a user's patterns. Immutable and safe from any thread. RE2 matches
// in time linear in the page and in the pattern's program; the product can be minutes. So a search
// goes through a window of the page, which is the smaller the larger the program is; where it finds
// nothing the next one begins half a window further on. A match of up to half a window is found
// wherever it stands. A pattern that may match more than that is named in `extractCut` when a page
// that is larger than the window has no match, or not its first match, in the first window.
class extractor {
 public:
  static constexpr std::size_t max_rules = 50;
  static constexpr std::size_t max_pattern_bytes = 2048;
  static constexpr std::size_t max_subject_bytes = 4 << 20;  // of a page; the rest is not seen
  static constexpr std::size_t max_matches = 1000;           // of a rule with `all`
  static constexpr std::size_t max_value_bytes = 64 * 1024;  // of one rule on one page
  // For all rules on one page; the search that is under way then is finished.
  static constexpr std::chrono::milliseconds max_time{1000};
  // Of one search at worst: instructions of the program times bytes of the page, where each eight
  // groups that are asked for count as much as the program once more. About a second: RE2's NFA,
  // which it uses when its DFA outgrows its memory, does 90 million of them a second.
  static constexpr std::uint64_t max_search_cost = 64 << 20;

  // Why `rule` cannot be used; empty when it can.
  static std::string why_not(const extract_rule& rule);
  // What one search of a rule that can be used goes through at most, bytes; 2 to max_subject_bytes.
  static std::size_t window_of(const extract_rule& rule);

  // The rules can be used.
  explicit extractor(const std::vector<extract_rule>& rules);
  extractor(const extractor&) = delete;
  extractor& operator=(const extractor&) = delete;

  bool empty() const noexcept { return rules_.empty(); }
  bool wants_text() const noexcept;

  // Appends `,"extracted":{name: value, …}`: a string, null without a match or for a group that has
  // no part in it, or a list of them; and `,"extractCut":[name, …]` with the rules that a limit
  // kept from what more there may be. No search begins after `until`.
  void append_values(std::string& json, std::string_view body, std::string_view text,
                     clock::time_point until) const;

 private:
  struct compiled {
    extract_rule rule;
    int group = 0;
    std::size_t window = 0;
    bool may_exceed = false;  // half a window, by a match
  };
  class search;
  static bool append_value(std::string& json, const compiled& c, std::string_view subject,
                           clock::time_point until);

  std::vector<compiled> rules_;
};

}  // namespace orbweaver
