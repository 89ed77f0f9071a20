#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/config/options.hpp"

namespace orbweaver {

inline constexpr std::size_t max_config_file = 1 << 20;  // bytes

// One key of a settings file that names a setting.
struct toml_entry {
  const config_option* option;
  std::vector<std::string> texts;  // one, or an array's items
  std::string where;               // "orbweaver.toml:7: threads"
};

struct toml_settings {
  std::vector<toml_entry> entries;
  std::vector<std::string> mistakes;  // unknown keys, values of the wrong type, bad syntax
};

// Reads a whole file's text (TOML 1.0); `path` is for the messages. A file with a mistake in its
// syntax has no entries.
toml_settings read_toml(std::string_view path, std::string_view text);

}  // namespace orbweaver
