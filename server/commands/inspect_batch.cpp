#include "server/commands/inspect_batch.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>
#include <vector>

#include "server/commands/inspect_input.hpp"

namespace orbweaver {
namespace {

// What a pipe holds.
constexpr std::size_t chunk_bytes = 64 << 10;
// A string that has held one huge line does not keep its memory for all later ones.
constexpr std::size_t kept_bytes = 1 << 20;

void empty(std::string& text) {
  text.clear();
  if (text.capacity() > kept_bytes) text.shrink_to_fit();
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

int complain(const char* what) {
  std::fprintf(stderr, "orbweaver: %s: %s\n", what, std::strerror(errno));
  return 1;
}

}  // namespace

void batch_answers::put(std::string_view bytes, std::string& out) {
  for (std::size_t end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
    const std::string_view piece = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (unfinished_.empty() && !too_long_ && piece.size() <= max_line_) {
      answer_line(piece, out);
      continue;
    }
    add(piece);
    answer_line(unfinished_, out);
  }
  add(bytes);
}

void batch_answers::finish(std::string& out) {
  if (too_long_ || !unfinished_.empty()) answer_line(unfinished_, out);
}

void batch_answers::add(std::string_view piece) {
  too_long_ = too_long_ || piece.size() > max_line_ - unfinished_.size();
  if (too_long_)
    empty(unfinished_);
  else
    unfinished_ += piece;
}

void batch_answers::answer_line(std::string_view line, std::string& out) {
  const bool good =
      too_long_
          ? append_error(out, "The line is longer than " + std::to_string(max_line_) + " bytes.")
          : answer_(line, out);
  out += '\n';
  failed_ = failed_ || !good;
  too_long_ = false;
  empty(unfinished_);
}

int run_batch(line_answerer answer) {
  batch_answers answers(answer);
  std::vector<char> chunk(chunk_bytes);
  std::string out;
  for (;;) {
    const ssize_t n = read(STDIN_FILENO, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return complain("stdin");
    if (n == 0) answers.finish(out);
    answers.put({chunk.data(), static_cast<std::size_t>(n)}, out);
    if (!write_all(out)) return complain("stdout");
    empty(out);
    if (n == 0) return answers.failed() ? 1 : 0;
  }
}

}  // namespace orbweaver
