#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "server/api/problem.hpp"
#include "server/api/query_parameter.hpp"
#include "server/http/target.hpp"

namespace orbweaver {

// Reads a request's query strictly: every parameter that is unknown, given twice or wrong is a
// mistake, and all of them are reported at once. What is not given has its row's fallback, or none.
class query_reader {
 public:
  query_reader(const request_target& target, std::span<const query_parameter> known)
      : query_(target.query), known_(known) {}

  // These ask for a parameter that is among the known ones, and is of that type.
  std::optional<std::string> text(std::string_view name);
  std::uint64_t whole_number(std::string_view name);
  bool flag(std::string_view name);
  std::optional<std::string_view> word(std::string_view name);
  std::optional<outcome> outcome_code(std::string_view name);

  void refuse(std::string_view name, std::string detail);
  bool given(std::string_view name) const noexcept;

  // nullopt: no mistakes. Call it when all parameters have been asked for.
  std::optional<problem> finish();

 private:
  const query_parameter& row(std::string_view name, parameter_type type) const;
  std::optional<std::string> value_of(std::string_view name);

  const std::vector<std::pair<std::string, std::string>>& query_;
  std::span<const query_parameter> known_;
  std::vector<request_error> errors_;
};

}  // namespace orbweaver
