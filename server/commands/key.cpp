#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "common/config.hpp"
#include "common/config/values.hpp"
#include "common/rfc3339.hpp"
#include "server/auth/key_file.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"

namespace orbweaver {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 50;

// What the subcommands have in common: where the keys are.
class key_command {
 public:
  explicit key_command(CLI::App& command) : settings_(command, names) {}

  template <class F>
  int run(F work) const {
    const settings_or_mistakes with = settings_.read();
    if (!with) return complain(with.error().lines);
    return work(std::filesystem::path(with->data_dir));
  }

 private:
  static constexpr std::string_view names[] = {"data-dir"};
  config_flags settings_;
};

int change(const std::filesystem::path& data_dir,
           const std::function<std::optional<bad_text>(key_list&)>& how) {
  const auto why = change_keys(data_dir, how);
  return why ? complain(why->why(), exit_failed) : 0;
}

struct create_command : key_command {
  explicit create_command(CLI::App& command) : key_command(command) {
    command.add_option("--name", name, "What to call it")->required()->type_name("NAME");
    command.add_option("--scope", scope, "write: everything; read: only look")
        ->type_name("SCOPE")
        ->check(CLI::IsMember({"read", "write"}))
        ->capture_default_str();
    const auto whole = CLI::Range(std::uint64_t{1}, most_bytes);
    command.add_option("--max-crawls", quota.max_crawls, "Unfinished crawls at one time")
        ->type_name("N")
        ->check(whole);
    command.add_option("--max-pages", quota.max_pages, "Pages a day, in UTC")
        ->type_name("N")
        ->check(whole);
    command.add_option("--max-bytes", bytes, "Bytes on the wire a day, in UTC: 500MiB, 10GiB")
        ->type_name("SIZE");
  }

  int create() {
    if (const auto wrong = bad_key_name(name)) return complain("--name: " + *wrong, exit_mistaken);
    if (!bytes.empty()) {
      const auto size = parse_bytes(bytes, 1, most_bytes);
      if (!size) return complain("--max-bytes " + size.error().why(), exit_mistaken);
      quota.max_bytes = *size;
    }
    return run([&](const auto& data_dir) { return create_in(data_dir); });
  }

 private:
  int create_in(const std::filesystem::path& data_dir) {
    const new_key made = make_key(name, *key_scope_from_name(scope), quota,
                                  to_rfc3339(std::chrono::system_clock::now()));
    const int code = change(data_dir, [&](key_list& keys) -> std::optional<bad_text> {
      if (std::ranges::find(keys, name, &api_key::name) != keys.end())
        return refuse("there is a key named " + name + " already");
      keys.push_back(made.entry);
      return std::nullopt;
    });
    if (code == 0) std::cout << made.secret << std::endl;
    return code;
  }

  std::string name;
  std::string scope = "write";
  std::string bytes;
  account_quota quota;
};

std::string quota_text(const account_quota& quota) {
  std::string out;
  const auto add = [&](const std::optional<std::uint64_t>& most, std::string_view what) {
    if (most) out += "  " + std::string(what) + "=" + std::to_string(*most);
  };
  add(quota.max_crawls, "max-crawls");
  add(quota.max_pages, "max-pages");
  add(quota.max_bytes, "max-bytes");
  return out;
}

int list(const std::filesystem::path& data_dir) {
  const auto keys = load_keys(key_file_in(data_dir));
  if (!keys) return complain(keys.error().why(), exit_failed);
  for (const api_key& key : *keys) {
    const std::string scope(name(key.scope));
    std::cout << key.id << "  " << key.created_at << "  " << scope
              << std::string(7 - scope.size(), ' ') << key.name << quota_text(key.quota) << '\n';
  }
  return 0;
}

int revoke(const std::filesystem::path& data_dir, const std::string& which) {
  return change(data_dir, [&](key_list& keys) -> std::optional<bad_text> {
    const auto meant = [&](const api_key& key) { return key.name == which || key.id == which; };
    const auto found = std::ranges::count_if(keys, meant);
    if (found == 0) return refuse("there is no key " + which);
    if (found > 1) return refuse(which + " is one key's name and another one's id");
    std::erase_if(keys, meant);
    return std::nullopt;
  });
}

}  // namespace

void add_key_command(CLI::App& app, int& exit_code) {
  CLI::App* key = app.add_subcommand("key", "Make, list and revoke the API keys of a service");
  key->require_subcommand(1);
  key->footer(R"(Examples:
  orbweaver key create --name laptop                      prints the new key, this once
  orbweaver key create --name report --scope read
  orbweaver key create --name ci --max-crawls 5 --max-pages 100000 --max-bytes 20GiB
  orbweaver key revoke laptop

The keys of a service are in its --data-dir, where a running service sees within seconds what has
changed. Only a hash of each is kept: a key that is lost is replaced, not found again. Once a service
has a key, every caller needs one.

Exit codes: 0 done, 1 it could not be done, 2 a mistake in the command line or the settings.)");

  CLI::App* create = key->add_subcommand("create", "Make a key and print it, the only time");
  auto making = std::make_shared<create_command>(*create);
  create->callback([making, &exit_code] { exit_code = making->create(); });

  CLI::App* show =
      key->add_subcommand("list", "Id, time of making, scope, name and quotas of each");
  auto showing = std::make_shared<key_command>(*show);
  show->callback([showing, &exit_code] { exit_code = showing->run(list); });

  CLI::App* end = key->add_subcommand("revoke", "Take a key back, from now on");
  auto ending = std::make_shared<key_command>(*end);
  auto which = std::make_shared<std::string>();
  end->add_option("KEY", *which, "Its name or id")->required();
  end->callback([ending, which, &exit_code] {
    exit_code = ending->run([&](const auto& data_dir) { return revoke(data_dir, *which); });
  });
}

}  // namespace orbweaver
