#include "common/config/options.hpp"

#include <algorithm>

#include "common/config/values.hpp"
#include "common/edit_distance.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;

std::string range_text(const config_option& o) {
  switch (o.kind) {
    case option_kind::count: return std::to_string(o.least) + " to " + std::to_string(o.most);
    case option_kind::bytes:
      return "bytes or with a unit, " + bytes_text(o.least) + " to " + bytes_text(o.most);
    case option_kind::duration:
      return "seconds or with a unit, " + duration_text(milliseconds(o.least)) + " to " +
             duration_text(milliseconds(o.most));
    case option_kind::list: return "may be given several times";
    case option_kind::text: break;
  }
  return {};
}

}  // namespace

const config_option* find_option(std::string_view name) noexcept {
  const auto all = config_options();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const config_option& o) { return o.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view option_name) {
  std::string out(environment_prefix);
  for (const char c : option_name) {
    out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  }
  return out;
}

std::string help_text(const config_option& o) {
  const std::string range = range_text(o);
  std::string out(o.help);
  out += " (" + range + (range.empty() ? "" : "; ") + "default: ";
  out += o.preset_is.empty() ? o.preset : o.preset_is;
  return out + ")";
}

std::string default_text(const config_option& o, const machine& on) {
  return o.computed ? o.computed(on) : std::string(o.preset);
}

std::optional<std::string_view> similar_option(std::string_view name) noexcept {
  constexpr std::size_t longest = 64;  // no setting's name comes near it
  if (name.size() > longest) return std::nullopt;
  const config_option* best = nullptr;
  std::size_t nearest = 4;  // changes from which on two names are not alike
  for (const config_option& o : config_options()) {
    const std::size_t d = edit_distance(name, o.name);
    if (d < nearest && d < o.name.size() / 2) {
      nearest = d;
      best = &o;
    }
  }
  if (!best) return std::nullopt;
  return best->name;
}

}  // namespace orbweaver
