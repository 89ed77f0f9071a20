#include "crawler/export/line_sorter.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace orbweaver {
namespace {

// What a short line takes beside its bytes.
constexpr std::size_t line_overhead = 48;

[[noreturn]] void fail() {
  throw std::system_error(errno, std::generic_category(), "a temporary file");
}

}  // namespace

void line_sorter::add(std::string line) {
  bytes_ += line.size() + line_overhead;
  lines_.push_back(std::move(line));
  if (bytes_ > max_memory_) put_aside();
}

void line_sorter::put_aside() {
  std::ranges::sort(lines_);
  part& to = parts_.emplace_back();
  to.file.reset(std::tmpfile());
  if (!to.file) fail();
  for (const std::string& line : lines_) {
    std::fwrite(line.data(), 1, line.size(), to.file.get());
    std::fputc('\n', to.file.get());
  }
  if (std::fflush(to.file.get()) != 0 || std::ferror(to.file.get()) != 0) fail();
  std::rewind(to.file.get());
  lines_.clear();
  bytes_ = 0;
}

// False at the part's end.
bool line_sorter::advance(part& from) {
  from.front.clear();
  for (int c = std::getc(from.file.get()); c != EOF; c = std::getc(from.file.get())) {
    if (c == '\n') return true;
    from.front += static_cast<char>(c);
  }
  if (std::ferror(from.file.get()) != 0) fail();
  return false;
}

namespace {

constexpr auto later = [](const auto& a, const auto& b) { return a.front > b.front; };

}  // namespace

void line_sorter::begin_reading() {
  reading_ = true;
  if (parts_.empty()) {
    std::ranges::sort(lines_, std::greater<>());  // taken from the end
    return;
  }
  put_aside();
  std::erase_if(parts_, [](part& p) { return !advance(p); });
  std::ranges::make_heap(parts_, later);
}

std::optional<std::string> line_sorter::next() {
  if (!reading_) begin_reading();
  if (!lines_.empty()) {
    std::string out = std::move(lines_.back());
    lines_.pop_back();
    return out;
  }
  if (parts_.empty()) return std::nullopt;
  std::ranges::pop_heap(parts_, later);
  std::string out = parts_.back().front;
  if (advance(parts_.back())) {
    std::ranges::push_heap(parts_, later);
  } else {
    parts_.pop_back();
  }
  return out;
}

}  // namespace orbweaver
