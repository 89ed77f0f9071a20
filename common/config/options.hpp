#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/config/settings.hpp"
#include "common/parsed.hpp"

namespace orbweaver {

// How a value is written in a TOML file; flags and environment variables are text anyway.
enum class option_kind : std::uint8_t {
  text,      // a string
  count,     // an integer
  bytes,     // an integer, or a string with a unit
  duration,  // a number of seconds, or a string with a unit
  list,      // an array of strings, or one string with commas
};

// One setting: the flag --name, the environment variable ORBWEAVER_NAME (with underscores) and the
// TOML key `name` are all derived from this row, and so is the help.
struct config_option {
  std::string_view name;         // kebab-case
  std::string_view placeholder;  // in --help
  option_kind kind;
  std::uint64_t least;      // of a count, of bytes, of milliseconds
  std::uint64_t most;       // ditto; 0 for the other kinds
  std::string_view preset;  // the default as written, unless `computed` gives it
  std::string_view help;    // one sentence
  // Reads `text` into `to`; for lists it adds the items. Nothing changes on failure.
  std::optional<bad_text> (*set)(settings& to, std::string_view text, const config_option& self);
  std::string_view preset_is = "";  // the default in words, where `preset` says too little
  std::string (*computed)(const machine&) = nullptr;
  // Forgets the items of a list before another source sets it; null for the other kinds.
  void (*clear)(settings& to) = nullptr;
};

// All settings, in the order of --help.
std::span<const config_option> config_options() noexcept;
// Null when there is no such setting.
const config_option* find_option(std::string_view name) noexcept;

// "max-body-size" → "ORBWEAVER_MAX_BODY_SIZE".
inline constexpr std::string_view environment_prefix = "ORBWEAVER_";
std::string environment_name(std::string_view option_name);

// The help sentence with unit, range and default.
std::string help_text(const config_option& option);
// The default on this machine, as it would be written.
std::string default_text(const config_option& option, const machine& on);

// The known name most like `name`, if one is like it at all.
std::optional<std::string_view> similar_option(std::string_view name) noexcept;

}  // namespace orbweaver
