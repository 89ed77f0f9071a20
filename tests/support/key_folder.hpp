#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "server/auth/key_file.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"

namespace orbweaver::test {

// A data directory with keys in it.
class key_folder : public scratch_folder {
 public:
  // Adds one and answers the key itself.
  std::string add(const std::string& name, key_scope scope = key_scope::write,
                  const account_quota& quota = {}) const {
    const new_key made = make_key(name, scope, quota, "2026-01-02T03:04:05.678Z");
    change([&](key_list& keys) { keys.push_back(made.entry); });
    return made.secret;
  }
  // Of a service that reads them.
  settings with_keys() const {
    settings out = loopback_settings();
    out.data_dir = path().string();
    return out;
  }
  void revoke(const std::string& name) const {
    change([&](key_list& keys) {
      std::erase_if(keys, [&](const api_key& key) { return key.name == name; });
    });
  }

 private:
  template <class F>
  void change(F how) const {
    const auto why = change_keys(path(), [&](key_list& keys) -> std::optional<bad_text> {
      how(keys);
      return std::nullopt;
    });
    if (why) throw std::runtime_error(why->why());
  }
};

inline std::string bearer(const std::string& key) {
  return "Authorization: Bearer " + key + "\r\n";
}

}  // namespace orbweaver::test
