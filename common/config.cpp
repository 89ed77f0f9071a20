#include "common/config.hpp"

#include <algorithm>
#include <stdexcept>

#include "common/config/toml_file.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_shown_value = 80;  // bytes
constexpr std::string_view config_variable = "ORBWEAVER_CONFIG";
// Says where the tests find their data. It is given from outside, and so may well be set where a
// script starts a service beside them: no setting, but no mistake either.
constexpr std::string_view test_variable = "ORBWEAVER_CONFORMANCE_DIR";
// Of the commands that are clients of a service: who uses both has them set for either.
constexpr std::string_view client_variables[] = {"ORBWEAVER_SERVER", "ORBWEAVER_KEY"};

// A value as a message can carry it.
std::string shown(std::string_view value) {
  std::string out(value.substr(0, max_shown_value));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (value.size() > max_shown_value) out += "...";
  return out;
}

class merger {
 public:
  explicit merger(const machine& on) : machine_(on) {
    for (const config_option& o : config_options()) {
      apply(o, {default_text(o, on)}, "default of " + std::string(o.name));
    }
  }

  // `where` names the source and the setting for a message.
  void apply(const config_option& option, const std::vector<std::string>& texts,
             const std::string& where) {
    if (option.clear) option.clear(out_);
    for (const std::string& text : texts) {
      if (const auto wrong = option.set(out_, text, option)) mistake(where + ": " + wrong->why());
    }
  }

  void mistake(std::string line) { mistakes_.lines.push_back(std::move(line)); }

  settings_or_mistakes finish() && {
    if (out_.max_connections > machine_.open_files) {
      mistake("max-connections: " + std::to_string(out_.max_connections) +
              " connections are more than the " + std::to_string(machine_.open_files) +
              " files this process may open (ulimit -n)");
    }
    if (!mistakes_.lines.empty()) return std::move(mistakes_);
    return std::move(out_);
  }

 private:
  machine machine_;
  settings out_;
  mistakes mistakes_;
};

void apply_file(merger& to, const std::string& path, std::string_view text) {
  toml_settings file = read_toml(path, text);
  for (std::string& line : file.mistakes) to.mistake(std::move(line));
  for (const toml_entry& e : file.entries) to.apply(*e.option, e.texts, e.where);
}

void apply_variables(merger& to, std::map<std::string, std::string> variables) {
  variables.erase(std::string(config_variable));
  variables.erase(std::string(test_variable));
  for (const std::string_view name : client_variables) variables.erase(std::string(name));
  for (const config_option& o : config_options()) {
    const auto found = variables.extract(environment_name(o.name));
    if (found) to.apply(o, {found.mapped()}, found.key() + '=' + shown(found.mapped()));
  }
  for (const auto& [name, value] : variables) to.mistake(shown(name) + ": no such setting");
}

}  // namespace

std::string mistakes::to_string() const {
  std::string out = lines.size() == 1 ? "1 setting is wrong:"
                                      : std::to_string(lines.size()) + " settings are wrong:";
  for (const std::string& line : lines) out += "\n  " + line;
  return out;
}

void throw_exception_from_error(const mistakes& all, const boost::source_location&) {
  throw std::invalid_argument(all.to_string());
}

settings_or_mistakes merge_settings(const config_sources& sources) {
  merger out(sources.on);
  if (sources.file_path) apply_file(out, *sources.file_path, sources.file_text);
  apply_variables(out, sources.variables);
  for (const auto& [option, texts] : sources.flags) {
    const std::string flag = "--" + std::string(option->name);
    out.apply(*option, texts, texts.size() == 1 ? flag + ' ' + shown(texts.front()) : flag);
  }
  return std::move(out).finish();
}

}  // namespace orbweaver
