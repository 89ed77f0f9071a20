#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace orbweaver {

// Answers one line; see inspect.hpp.
using line_answerer = bool (*)(std::string_view line, std::string& out);

// Longer lines of --batch are answered by an error; in bytes, without the line feed.
inline constexpr std::size_t max_batch_line = 64 << 20;

// Cuts a stream of bytes into lines and answers each by one line. Keeps one unfinished line.
class batch_answers {
 public:
  explicit batch_answers(line_answerer answer, std::size_t max_line = max_batch_line)
      : answer_(answer), max_line_(max_line) {}

  // Appends the answers to all lines that `bytes` completes to `out`.
  void put(std::string_view bytes, std::string& out);
  // The input has ended. A last line without a line feed is a line all the same.
  void finish(std::string& out);

  // At least one answer was an error.
  bool failed() const noexcept { return failed_; }

 private:
  void add(std::string_view piece);
  void answer_line(std::string_view line, std::string& out);

  line_answerer answer_;
  std::size_t max_line_;
  std::string unfinished_;
  bool too_long_ = false;  // the unfinished line, of which nothing is kept
  bool failed_ = false;
};

// Answers what comes over stdin on stdout, each line before waiting for more. Answers the exit
// code: 1 when an answer was an error, or when reading or writing failed.
int run_batch(line_answerer answer);

}  // namespace orbweaver
