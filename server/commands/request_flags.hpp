#pragma once

#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "crawler/model.hpp"
#include "server/api/request_field.hpp"

namespace CLI {
class App;
}

namespace orbweaver {

// The fields of a request as flags of a command: `maxDepth` is --max-depth. What is given becomes
// the JSON of a request and is checked by the very same code.
class request_flags {
 public:
  // Adds a flag for each field that concerns `use` to `command`, whose parsing this must outlive.
  request_flags(CLI::App& command, field_use use);
  request_flags(const request_flags&) = delete;
  request_flags& operator=(const request_flags&) = delete;

  // The request for these URLs, or one line for each mistake.
  std::variant<crawl_spec, std::vector<std::string>> read(
      const std::vector<std::string>& urls) const;

  // The same as JSON, not checked beyond what would be lost in it.
  struct written {
    std::string json;
    std::vector<std::string> mistakes;
  };
  written write(const std::vector<std::string>& urls) const;
  // Whether none of the flags is given.
  bool empty() const noexcept;

 private:
  struct given {
    const request_field* field;
    std::vector<std::string> texts;
  };

  field_use use_;
  std::deque<given> given_;  // CLI11 writes into it
};

// What a mistake at that pointer into the JSON of a request is called on the command line:
// "/maxDepth" is --max-depth, "/urls/3" the fourth URL, "/extract/a/group" is --extract a/group.
std::string place_on_command_line(std::string_view pointer, const std::vector<std::string>& urls);

}  // namespace orbweaver
