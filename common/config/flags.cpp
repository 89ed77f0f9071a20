#include <CLI/CLI.hpp>
#include <cstdlib>

#include "common/config.hpp"
#include "common/config/toml_file.hpp"
#include "common/file.hpp"
#include "common/net/tls.hpp"

extern char** environ;

namespace orbweaver {
namespace {

std::map<std::string, std::string> orbweaver_variables() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with(environment_prefix) || equals == text.npos) continue;
    out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

}  // namespace

config_flags::config_flags(CLI::App& command, std::span<const std::string_view> names) {
  command.add_option("--config", path_, "A TOML file with settings, named as the flags are")
      ->type_name("FILE");
  for (const std::string_view name : names) {
    const config_option* option = find_option(name);
    if (!option) throw std::logic_error("no setting is called " + std::string(name));
    auto* flag = command.add_option("--" + std::string(name), given_[option], help_text(*option));
    flag->type_name(std::string(option->placeholder));
    flag->expected(1)->allow_extra_args(
        false);  // one value per flag: what follows belongs to the command
    flag->multi_option_policy(option->kind == option_kind::list ? CLI::MultiOptionPolicy::TakeAll
                                                                : CLI::MultiOptionPolicy::Throw);
  }
}

settings_or_mistakes config_flags::read() const {
  config_sources sources;
  sources.on = machine::here();
  sources.variables = orbweaver_variables();
  mistakes unreadable;

  const auto variable = sources.variables.find("ORBWEAVER_CONFIG");
  std::string path = path_;
  if (path.empty() && variable != sources.variables.end()) path = variable->second;
  if (!path.empty()) {
    sources.file_path = path;
    auto text = read_file(path, max_config_file);
    if (text) {
      sources.file_text = std::move(*text);
    } else {
      unreadable.lines.push_back(path + ": " + text.error().why());
    }
  }
  for (const auto& [option, texts] : given_) {
    if (!texts.empty()) sources.flags.emplace_back(option, texts);
  }
  settings_or_mistakes merged = merge_settings(sources);
  if (merged && !merged->ca_file.empty() && !has_certificates(merged->ca_file)) {
    unreadable.lines.push_back("ca-file: no certificates can be read from " + merged->ca_file);
  }
  if (merged && merged->tls_cert.empty() != merged->tls_key.empty())
    unreadable.lines.push_back("tls-cert and tls-key: one is of no use without the other");
  if (unreadable.lines.empty()) return merged;
  if (!merged) {
    const auto& others = merged.error().lines;
    unreadable.lines.insert(unreadable.lines.end(), others.begin(), others.end());
  }
  return unreadable;
}

std::vector<std::string_view> all_option_names() {
  std::vector<std::string_view> out;
  for (const config_option& o : config_options()) out.push_back(o.name);
  return out;
}

}  // namespace orbweaver
