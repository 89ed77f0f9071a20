#include "server/api/accept.hpp"

#include <charconv>

#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

struct media_range {
  std::string_view type;
  double weight = 1;
};

media_range read_range(std::string_view element) {
  media_range out{trim_whitespace(element.substr(0, element.find(';'))), 1};
  while (element.find(';') != std::string_view::npos) {
    element.remove_prefix(element.find(';') + 1);
    const std::string_view parameter = trim_whitespace(element.substr(0, element.find(';')));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    const std::string_view digits = parameter.substr(2);
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, out.weight);
    if (error != std::errc() || stop != end) out.weight = 0;
  }
  return out;
}

// How precisely `range` names `type`: 0 not at all, 1 by "*/*", 2 by "x/*", 3 exactly.
int precision(std::string_view range, std::string_view type) {
  if (equals_ignoring_case(range, type)) return 3;
  const std::string_view half = type.substr(0, type.find('/') + 1);
  if (range.ends_with("/*") && equals_ignoring_case(range.substr(0, range.size() - 1), half))
    return 2;
  return range == "*/*" ? 1 : 0;
}

double weight_of(std::string_view type, std::string_view accept) {
  double weight = 0;
  int best = 0;
  for_each_list_element(accept, [&](std::string_view element) {
    const media_range range = read_range(element);
    const int found = precision(range.type, type);
    if (found <= best) return;
    best = found;
    weight = range.weight;
  });
  return weight;
}

}  // namespace

std::optional<std::size_t> preferred_type(std::string_view accept,
                                          std::span<const std::string_view> offered) {
  if (trim_whitespace(accept).empty()) return 0;
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const double weight = weight_of(offered[i], accept);
    if (weight <= most) continue;
    most = weight;
    best = i;
  }
  return best;
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  double any = 0;
  std::optional<double> named;
  for_each_list_element(accept_encoding, [&](std::string_view element) {
    const media_range range = read_range(element);
    if (range.type == "*") any = range.weight;
    if (equals_ignoring_case(range.type, coding)) named = range.weight;
  });
  return named.value_or(any) > 0;
}

}  // namespace orbweaver
