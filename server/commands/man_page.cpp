#include "server/commands/man_page.hpp"

#include "common/config/options.hpp"
#include "common/version.hpp"

namespace orbweaver {
namespace {

// As roff prints it: man(7), "Escapes"; a line's first character may command.
std::string escaped(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    at_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

// An argument of a macro.
std::string argument(std::string_view text) {
  std::string out = "\"";
  for (const char c : escaped(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return out + '"';
}

std::string synopsis(const command_doc& command) {
  std::string out = "orbweaver";
  if (!command.path.empty()) out += ' ' + command.path;
  out = "\\fB" + escaped(out) + "\\fR";
  if (!command.commands.empty()) return out + " \\fICOMMAND\\fR ...";
  for (const argument_doc& one : command.arguments) {
    const std::string name = "\\fI" + escaped(one.name) + "\\fR" + (one.many ? " ..." : "");
    out += one.required ? ' ' + name : " [" + name + ']';
  }
  return out + " [\\fIOPTION\\fR ...]";
}

std::string flag_entry(const flag_doc& flag) {
  std::string names;
  for (const std::string& name : flag.names)
    names += (names.empty() ? "\\fB" : ", \\fB") + escaped(name) + "\\fR";
  if (!flag.value.empty()) names += " \\fI" + escaped(flag.value) + "\\fR";
  std::string out = ".TP\n" + names + '\n' + escaped(flag.help) + '\n';
  if (!flag.variable.empty()) out += "Environment: \\fB" + escaped(flag.variable) + "\\fR.\n";
  return out;
}

// Examples and exit codes, as --help shows them.
std::string as_it_stands(const std::string& text) {
  if (text.empty()) return {};
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    // Empty lines stand between paragraphs, one each.
    if (line.empty()) {
      blank = true;
    } else {
      if (blank && !out.empty()) out += ".sp\n";
      out += escaped(line) + '\n';
      blank = false;
    }
    at = end + 1;
  }
  return ".PP\n.nf\n" + out + ".fi\n";
}

std::string section(const command_doc& command) {
  std::string out = ".SS " + argument("orbweaver " + command.path) + "\n" +
                    escaped(command.summary) + ".\n.PP\n" + synopsis(command) + '\n';
  for (const argument_doc& one : command.arguments)
    out += ".TP\n\\fI" + escaped(one.name) + "\\fR\n" +
           escaped(one.help.empty() ? std::string("One of its words") : one.help) + '\n';
  for (const flag_doc& flag : command.flags)
    if (flag.names.back() != "--help") out += flag_entry(flag);
  return out + as_it_stands(command.footer);
}

std::string environment() {
  std::string out =
      ".SH ENVIRONMENT\nEach setting of the service can be given as a variable as well; a flag "
      "overrides it, and it overrides the file that \\fB\\-\\-config\\fR or "
      "\\fBORBWEAVER_CONFIG\\fR names.\n";
  for (const config_option& option : config_options())
    out += ".TP\n\\fB" + escaped(environment_name(option.name)) + "\\fR\nAs \\fB\\-\\-" +
           escaped(option.name) + "\\fR.\n";
  return out;
}

}  // namespace

std::string man_page(const command_doc& root) {
  std::string out = ".TH ORBWEAVER 1 " + std::string(release_date) + ' ' +
                    argument("Orbweaver " + std::string(version)) +
                    " \"User Commands\"\n.SH NAME\norbweaver \\- crawl the web, as a service or "
                    "from the command line\n.SH SYNOPSIS\n";
  bool first = true;
  for (const command_doc& one : root.commands) {
    out += (first ? "" : ".br\n") + synopsis(one) + '\n';
    first = false;
  }
  out += ".SH DESCRIPTION\n" + escaped(root.summary) +
         ".\nEvery command says with \\fB\\-\\-help\\fR what it takes.\n.SH COMMANDS\n";
  for (const command_doc* one : all_commands(root))
    if (one != &root) out += section(*one);
  return out + environment();
}

}  // namespace orbweaver
