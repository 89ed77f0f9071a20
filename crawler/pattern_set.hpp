#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "crawler/user_pattern.hpp"

namespace orbweaver {

// A list of patterns asked together: one pass over a text, where one pattern after the other takes
// milliseconds for two hundred of them and a text of 2 KB. Immutable and safe from any thread;
// copies share the program. Compiling it takes 20 ms at the most that a request may ask for.
class pattern_set {
 public:
  // For the program and its automaton's cache, bytes. What does not fit is asked one by one.
  static constexpr std::int64_t max_memory = 8 << 20;

  // The patterns can be used.
  explicit pattern_set(std::vector<user_pattern> patterns, std::int64_t memory = max_memory);

  bool empty() const noexcept { return patterns_.empty(); }
  // The first of the list that matches anywhere in `subject`; null if none does.
  const user_pattern* first_match(std::string_view subject) const;

 private:
  struct program;
  std::vector<user_pattern> patterns_;
  std::shared_ptr<const program> together_;  // null: asked one by one
};

}  // namespace orbweaver
