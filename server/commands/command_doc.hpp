#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace orbweaver {

// What the command line takes, read off the parser itself: completions and the manual are made from
// it and cannot say anything else than --help does.
struct flag_doc {
  std::vector<std::string> names;  // "-o", "--output"
  std::string value;               // "FILE"; empty: it takes none
  std::string help;
  std::string variable;            // of the environment; empty: none
  std::vector<std::string> words;  // the values there are; empty: any

  bool takes_file() const { return value == "FILE" || value == "DIR"; }
};

struct argument_doc {
  std::string name;  // "URL"
  std::string help;
  std::vector<std::string> words;
  bool required = false;
  bool many = false;
};

struct command_doc {
  std::string path;  // "jobs submit"; the program itself: ""
  std::string summary;
  std::string footer;
  std::vector<flag_doc> flags;
  std::vector<argument_doc> arguments;
  std::vector<command_doc> commands;

  // The last word of the path.
  std::string name() const { return path.substr(path.rfind(' ') + 1); }
};

command_doc describe_command(const CLI::App& app);

// This one and all below it, in the order of --help.
std::vector<const command_doc*> all_commands(const command_doc& root);

}  // namespace orbweaver
