#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/config/options.hpp"
#include "common/config/settings.hpp"

namespace CLI {
class App;
}

namespace orbweaver {

// Everything that is wrong with the settings, one line each without a line feed.
struct mistakes {
  std::vector<std::string> lines;
  std::string to_string() const;
};
[[noreturn]] void throw_exception_from_error(const mistakes& all, const boost::source_location&);

using settings_or_mistakes = boost::system::result<settings, mistakes>;

// Where settings come from, each source before those that override it.
struct config_sources {
  machine on;                                    // the defaults
  std::optional<std::string> file_path;          // for the messages
  std::string file_text;                         // what stands in it
  std::map<std::string, std::string> variables;  // those named ORBWEAVER_…
  std::vector<std::pair<const config_option*, std::vector<std::string>>> flags;
};

// Flags over environment over file over defaults. A list comes from one source, whole. What a
// source overrides must be right all the same.
settings_or_mistakes merge_settings(const config_sources& sources);

// A command's flags for some of the settings; what it has no flag for comes from the environment,
// the file and the defaults. The file is named by --config or ORBWEAVER_CONFIG.
class config_flags {
 public:
  // Adds --config and a flag for each of `names` to `command`, whose parsing this must outlive.
  config_flags(CLI::App& command, std::span<const std::string_view> names);
  config_flags(const config_flags&) = delete;
  config_flags& operator=(const config_flags&) = delete;

  // The settings as of now; call after the command line has been read. Reads the environment and
  // the file, and raises the limit of open files (see machine::here).
  settings_or_mistakes read() const;

 private:
  std::string path_;
  std::map<const config_option*, std::vector<std::string>> given_;  // CLI11 writes into it
};

// For commands that take every setting.
std::vector<std::string_view> all_option_names();

}  // namespace orbweaver
