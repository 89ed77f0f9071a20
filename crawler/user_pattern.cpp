#include "crawler/user_pattern.hpp"

#include <re2/re2.h>

namespace orbweaver {
namespace {

// More than any program has that fits into max_memory.
constexpr std::size_t too_large = user_pattern::max_memory / 8;

re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_max_mem(user_pattern::max_memory);
  return out;
}

std::size_t cost_of(const re2::RE2& program) {
  if (!program.ok()) return program.error_code() == re2::RE2::ErrorPatternTooLarge ? too_large : 0;
  // Patterns that end in $ are run backwards. Asked for here, that program is not compiled on the
  // thread of the first match.
  program.ReverseProgramSize();
  return static_cast<std::size_t>(program.ProgramSize());
}

// Takes what only looks like it, such as [*], for repetition, too.
bool repeats_without_end(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '*' || pattern[i] == '+' || pattern.substr(i, 2) == ",}") {
      return true;
    }
  }
  return false;
}

}  // namespace

struct user_pattern::compiled {
  explicit compiled(std::string_view text)
      : program(re2::StringPiece(text.data(), text.size()), options()), cost(cost_of(program)) {}

  re2::RE2 program;
  std::size_t cost;
};

user_pattern::user_pattern(std::string_view text)
    : compiled_(std::make_shared<const compiled>(text)) {}

const std::string& user_pattern::text() const noexcept { return compiled_->program.pattern(); }
const std::string& user_pattern::error() const noexcept { return compiled_->program.error(); }
std::size_t user_pattern::cost() const noexcept { return compiled_->cost; }
// Without loops each instruction takes one byte at most. A prefix that must stand at the beginning
// is not part of the program.
std::size_t user_pattern::longest_match() const noexcept {
  return repeats_without_end(text()) ? std::string_view::npos : cost() + text().size();
}
const re2::RE2& user_pattern::program() const noexcept { return compiled_->program; }

bool user_pattern::matches(std::string_view subject) const {
  return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), program());
}

}  // namespace orbweaver
