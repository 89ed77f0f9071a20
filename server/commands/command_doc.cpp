#include "server/commands/command_doc.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "server/api/crawl_request.hpp"

namespace orbweaver {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    out.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// CLI11 tells the values of IsMember in the name of the type: "TEXT:{ndjson,csv}".
std::vector<std::string> words_in_type(const std::string& type) {
  const std::size_t begin = type.find(":{"), end = type.rfind('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return split(type.substr(begin + 2, end - begin - 2));
}

// The flag of a request's field is checked as the field is: its words stand in that table.
std::vector<std::string> words_of_field(const std::vector<std::string>& names) {
  for (const request_field& field : request_fields())
    for (const std::string& name : names)
      if (!field.flag.empty() && name == "--" + std::string(field.flag))
        return {field.words.begin(), field.words.end()};
  return {};
}

flag_doc flag_of(const CLI::Option& option) {
  flag_doc out;
  for (const std::string& name : option.get_snames()) out.names.push_back('-' + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.help = option.get_description();
  out.variable = option.get_envname();
  if (option.get_items_expected_max() == 0) return out;
  const std::string type = option.get_type_name();
  out.words = words_in_type(type);
  if (out.words.empty() && option.get_group() == "Request") out.words = words_of_field(out.names);
  out.value = type.substr(0, type.find(':'));
  return out;
}

argument_doc argument_of(const CLI::Option& option) {
  return {.name = option.get_name(true),
          .help = option.get_description(),
          .words = words_in_type(option.get_type_name()),
          .required = option.get_required(),
          .many = option.get_items_expected_max() > 1};
}

command_doc describe(const CLI::App& app, const std::string& path) {
  command_doc out{.path = path, .summary = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) {
      out.flags.push_back(flag_of(*option));
    } else {
      out.arguments.push_back(argument_of(*option));
    }
  }
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    out.commands.push_back(
        describe(*one, path.empty() ? one->get_name() : path + ' ' + one->get_name()));
  return out;
}

}  // namespace

command_doc describe_command(const CLI::App& app) { return describe(app, ""); }

std::vector<const command_doc*> all_commands(const command_doc& root) {
  std::vector<const command_doc*> out{&root};
  for (const command_doc& one : root.commands)
    for (const command_doc* below : all_commands(one)) out.push_back(below);
  return out;
}

}  // namespace orbweaver
