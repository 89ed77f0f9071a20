#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/problem.hpp"
#include "server/http/target.hpp"

namespace orbweaver {

// Reads a request's query strictly: every parameter that is unknown, given twice or wrong is a
// mistake, and all of them are reported at once.
class query_reader {
 public:
  explicit query_reader(const request_target& target) : query_(target.query) {}

  std::optional<std::string> text(std::string_view name);
  // A whole number from `least` to `most`.
  std::uint64_t whole_number(std::string_view name, std::uint64_t least, std::uint64_t most,
                             std::uint64_t otherwise);
  // true or false.
  bool flag(std::string_view name);
  // The index among `words`.
  std::optional<std::size_t> word(std::string_view name, std::span<const std::string_view> words);

  void refuse(std::string_view name, std::string detail);
  bool given(std::string_view name) const noexcept;

  // nullopt: no mistakes. Call it when all parameters have been asked for.
  std::optional<problem> finish();

 private:
  const std::vector<std::pair<std::string, std::string>>& query_;
  std::vector<std::string_view> known_;
  std::vector<request_error> errors_;
};

}  // namespace orbweaver
