#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "common/async/task.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Pulls values out of pages by a user's patterns. RE2 matches in time linear in the page, whatever
// the pattern; even so a page can cost milliseconds, so this runs on the compute pool. Immutable
// and safe from any thread.
class extractor {
 public:
  static constexpr std::size_t max_rules = 50;
  static constexpr std::size_t max_pattern_bytes = 2048;
  static constexpr std::size_t max_subject_bytes = 4 << 20;  // of a page; the rest is not seen
  static constexpr std::size_t max_matches = 1000;           // of a rule with `all`
  static constexpr std::size_t max_value_bytes = 64 * 1024;  // of one rule on one page
  // For all rules on one page: a match takes time linear in the page, but a thousand of them need
  // not.
  static constexpr std::chrono::milliseconds max_time{1000};

  // Why `rule` cannot be used; empty when it can.
  static std::string why_not(const extract_rule& rule);

  // The rules can be used.
  explicit extractor(const std::vector<extract_rule>& rules);
  extractor(const extractor&) = delete;
  extractor& operator=(const extractor&) = delete;

  bool empty() const noexcept { return rules_.empty(); }
  bool wants_text() const noexcept;

  // Appends `,"extracted":{name: value, …}`: a string, null without a match, or a list; and
  // `,"extractCut":[name, …]` with the rules that a limit kept from what more there may be. No
  // search begins after `until`.
  void append_values(std::string& json, std::string_view body, std::string_view text,
                     clock::time_point until) const;

 private:
  struct compiled {
    extract_rule rule;
    int group = 0;
  };
  static bool append_value(std::string& json, const compiled& c, std::string_view subject,
                           clock::time_point until);

  std::vector<compiled> rules_;
};

}  // namespace orbweaver
