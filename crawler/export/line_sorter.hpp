#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orbweaver {

// Sorts lines bytewise, however many: what does not fit into memory waits in temporary files.
class line_sorter {
 public:
  static constexpr std::size_t default_memory = 32 << 20;  // bytes

  explicit line_sorter(std::size_t max_memory = default_memory) : max_memory_(max_memory) {}

  // A line without line feed. Throws std::system_error where a temporary file cannot be written.
  void add(std::string line);
  // The lines in order, once no more are added; nullopt: there are no more.
  std::optional<std::string> next();

 private:
  struct close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  // A sorted part, and its first line.
  struct part {
    std::unique_ptr<std::FILE, close> file;
    std::string front;
  };

  void put_aside();
  static bool advance(part& from);
  void begin_reading();

  std::size_t max_memory_;
  std::vector<std::string> lines_;
  std::size_t bytes_ = 0;
  std::vector<part> parts_;  // while reading: a heap, the least line first
  bool reading_ = false;
};

}  // namespace orbweaver
