#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace orbweaver {

// A pattern that a user gave (RE2), compiled once: copies share the program, which is immutable and
// safe from any thread. Compiling may take tens of milliseconds, so it is done off the event loop.
class user_pattern {
 public:
  // What RE2 may spend on one program and on its automaton's cache, bytes.
  static constexpr std::int64_t max_memory = 1 << 20;

  // The empty pattern.
  user_pattern() : user_pattern(std::string_view()) {}
  user_pattern(std::string_view text);
  user_pattern(const char* text) : user_pattern(std::string_view(text)) {}
  user_pattern(const std::string& text) : user_pattern(std::string_view(text)) {}

  const std::string& text() const noexcept;
  // Why it cannot be used; empty when it can.
  const std::string& error() const noexcept;
  // Instructions of its program, which its cost in time and memory follows: at most a few for each
  // character of a plain pattern, tens of thousands for repeated classes. A pattern that does not
  // fit into max_memory costs more than any that does.
  std::size_t cost() const noexcept;
  // No match is longer, bytes; npos for what repeats something without end, or seems to.
  std::size_t longest_match() const noexcept;

  // Whether it matches anywhere in `subject`. The pattern can be used.
  bool matches(std::string_view subject) const;
  const re2::RE2& program() const noexcept;

  friend bool operator==(const user_pattern& a, std::string_view b) noexcept {
    return a.text() == b;
  }

 private:
  struct compiled;
  std::shared_ptr<const compiled> compiled_;
};

}  // namespace orbweaver
