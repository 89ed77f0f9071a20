#include "server/commands/completion.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t longest_help = 80;  // bytes of a flag's help that are shown beside it

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

// For every shell here: nothing is special between these quotes but their end.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The first sentence, or as much of it as fits.
std::string short_help(const std::string& help) {
  std::string out = help.substr(0, std::min(help.find(". "), help.find(" (")));
  if (out.size() > longest_help) out = out.substr(0, out.rfind(' ', longest_help)) + " ...";
  if (out.ends_with('.')) out.pop_back();
  return out;
}

// "'serve' | 'jobs' | 'jobs submit'": the commands, as a shell's `case` takes them.
std::string paths(const command_doc& root) {
  std::string out;
  for (const command_doc* one : all_commands(root))
    if (!one->path.empty()) out += (out.empty() ? "" : " | ") + quoted(one->path);
  return out;
}

// "'crawl -o' | 'crawl --output'"
std::string flag_cases(const command_doc& command, const flag_doc& flag) {
  std::string out;
  for (const std::string& name : flag.names)
    out += (out.empty() ? "" : " | ") + quoted(command.path + ' ' + name);
  return out;
}

std::vector<std::string> words_of(const command_doc& command) {
  std::vector<std::string> out;
  for (const command_doc& one : command.commands) out.push_back(one.name());
  for (const argument_doc& argument : command.arguments)
    out.insert(out.end(), argument.words.begin(), argument.words.end());
  return out;
}

std::vector<std::string> flags_of(const command_doc& command) {
  std::vector<std::string> out;
  for (const flag_doc& flag : command.flags)
    out.insert(out.end(), flag.names.begin(), flag.names.end());
  return out;
}

}  // namespace

std::string bash_completion(const command_doc& root) {
  std::string out = R"(# bash completion for orbweaver
_orbweaver() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} at= next word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next=${at:+$at }$word
    case $next in
      )" + paths(root) +
                    R"() at=$next ;;
    esac
  done
  # bash takes --flag=value for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case "$at $before" in
)";
  for (const command_doc* command : all_commands(root))
    for (const flag_doc& flag : command->flags) {
      if (flag.value.empty()) continue;
      out += "    " + flag_cases(*command, flag) + ")\n";
      if (!flag.words.empty())
        out += "      COMPREPLY=($(compgen -W " + quoted(joined(flag.words, " ")) +
               " -- \"$current\"))\n";
      out += "      return ;;\n";
    }
  out += "  esac\n  local words= flags=\n  case $at in\n";
  for (const command_doc* command : all_commands(root))
    out += "    " + quoted(command->path) +
           ")\n      words=" + quoted(joined(words_of(*command), " ")) +
           "\n      flags=" + quoted(joined(flags_of(*command), " ")) + " ;;\n";
  out += R"(  esac
  [[ $current != -* ]] || words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _orbweaver orbweaver
)";
  return out;
}

namespace {

// "'name:help'", as zsh's _describe takes it.
std::string described(std::string name, const std::string& help) {
  for (std::size_t at = 0; (at = name.find(':', at)) != std::string::npos; at += 2)
    name.insert(at, 1, '\\');
  return quoted(name + ':' + short_help(help));
}

std::string zsh_case(const command_doc& command) {
  std::string out = "    (" + quoted(command.path) + ")\n      words_here=(";
  for (const command_doc& one : command.commands) out += described(one.name(), one.summary) + ' ';
  for (const argument_doc& argument : command.arguments)
    for (const std::string& word : argument.words) out += quoted(word) + ' ';
  out += ")\n      flags=(";
  for (const flag_doc& flag : command.flags)
    for (const std::string& name : flag.names) out += "\n        " + described(name, flag.help);
  return out + ") ;;\n";
}

}  // namespace

std::string zsh_completion(const command_doc& root) {
  std::string out = R"(#compdef orbweaver
# zsh completion for orbweaver
_orbweaver() {
  local at= next word
  for word in "${(@)words[2,CURRENT-1]}"; do
    next=${at:+$at }$word
    case $next in
      ()" + paths(root) +
                    R"() at=$next ;;
    esac
  done
  case "$at ${words[CURRENT-1]}" in
)";
  for (const command_doc* command : all_commands(root))
    for (const flag_doc& flag : command->flags) {
      if (flag.value.empty()) continue;
      out += "    (" + flag_cases(*command, flag) + ")\n      ";
      if (!flag.words.empty()) {
        out += "compadd -- " + joined(flag.words, " ");
      } else {
        out += flag.takes_file() ? "_files" : "_message " + quoted(flag.value);
      }
      out += "\n      return ;;\n";
    }
  out += "  esac\n  local -a words_here flags\n  case $at in\n";
  for (const command_doc* command : all_commands(root)) out += zsh_case(*command);
  out += R"(  esac
  if [[ ${words[CURRENT]} == -* ]]; then
    _describe -o flag flags
  elif (( ${#words_here} )); then
    _describe word words_here
  else
    _files
  fi
}
if [[ ${funcstack[1]} == _orbweaver ]]; then _orbweaver "$@"; else compdef _orbweaver orbweaver; fi
)";
  return out;
}

namespace {

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_flag(const std::string& when, const flag_doc& flag) {
  std::string out = when;
  for (const std::string& name : flag.names)
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!flag.value.empty()) out += flag.takes_file() ? " -r -F" : " -x";
  if (!flag.words.empty()) out += " -a " + fish_quoted(joined(flag.words, " "));
  return out + " -d " + fish_quoted(short_help(flag.help)) + '\n';
}

}  // namespace

std::string fish_completion(const command_doc& root) {
  std::string known;
  for (const command_doc* one : all_commands(root))
    if (!one->path.empty()) known += ' ' + fish_quoted(one->path);
  std::string out = R"(# fish completion for orbweaver
function __orbweaver_at
    set -l at
    for word in (commandline -opc)[2..-1]
        if contains -- (string join ' ' -- $at $word))" +
                    known + R"(
            set -a at $word
        end
    end
    set -l joined (string join ' ' -- $at)
    test "$joined" = "$argv[1]"
end
)";
  for (const command_doc* command : all_commands(root)) {
    const std::string when =
        "complete -c orbweaver -n " + fish_quoted("__orbweaver_at " + fish_quoted(command->path));
    if (!command->commands.empty()) out += when + " -f\n";
    for (const command_doc& one : command->commands)
      out += when + " -a " + one.name() + " -d " + fish_quoted(short_help(one.summary)) + '\n';
    for (const argument_doc& argument : command->arguments)
      if (!argument.words.empty())
        out += when + " -f -a " + fish_quoted(joined(argument.words, " ")) + '\n';
    for (const flag_doc& flag : command->flags) out += fish_flag(when, flag);
  }
  return out;
}

}  // namespace orbweaver
