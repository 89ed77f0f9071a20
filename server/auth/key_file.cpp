#include "server/auth/key_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "common/file.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

constexpr int file_version = 1;
constexpr std::size_t id_digits = 16;
constexpr std::size_t max_time_text = 32;  // bytes

// One key's members, each checked; throws std::exception for whatever else it finds.
class key_reader {
 public:
  explicit key_reader(const json& from) : from_(from) {}

  api_key read() {
    api_key out;
    out.id = text("id");
    check(out.id.size() == id_digits &&
          out.id.find_first_not_of("0123456789abcdef") == std::string::npos);
    out.name = text("name");
    check(!bad_key_name(out.name));
    const auto scope = key_scope_from_name(text("scope"));
    const auto hash = sha256_from_hex(text("sha256"));
    check(scope && hash);
    out.scope = *scope;
    out.hash = *hash;
    out.created_at = text("createdAt");
    check(out.created_at.size() <= max_time_text);
    out.quota = {number("maxCrawls"), number("maxPages"), number("maxBytes")};
    check(taken_ == from_.size());
    return out;
  }

 private:
  static void check(bool right) {
    if (!right) throw std::invalid_argument("no key");
  }
  std::string text(const char* name) {
    ++taken_;
    return from_.at(name).get<std::string>();
  }
  std::optional<std::uint64_t> number(const char* name) {
    const auto it = from_.find(name);
    if (it == from_.end()) return std::nullopt;
    ++taken_;
    check(it->is_number_unsigned());
    return it->get<std::uint64_t>();
  }

  const json& from_;
  std::size_t taken_ = 0;
};

bool clash(const key_list& keys, const api_key& with) {
  return std::ranges::any_of(keys, [&](const api_key& key) {
    return key.id == with.id || key.name == with.name || key.hash == with.hash;
  });
}

json as_json(const api_key& key) {
  json out{{"id", key.id},
           {"name", key.name},
           {"scope", name(key.scope)},
           {"sha256", hex_of(key.hash)},
           {"createdAt", key.created_at}};
  if (key.quota.max_crawls) out["maxCrawls"] = *key.quota.max_crawls;
  if (key.quota.max_pages) out["maxPages"] = *key.quota.max_pages;
  if (key.quota.max_bytes) out["maxBytes"] = *key.quota.max_bytes;
  return out;
}

bad_text system_failure(const std::filesystem::path& path, const std::string& why) {
  return refuse(path.string() + ": " + why);
}

// Held by whoever changes the keys. The lock has a file of its own, for the keys' is replaced. A
// link in its place is not followed: who is in the directory must not have root make a file
// elsewhere.
class change_lock {
 public:
  explicit change_lock(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && !held_) {
      held_ = ::flock(fd_, LOCK_EX) == 0;
      if (!held_ && errno != EINTR) return;
    }
  }
  ~change_lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  change_lock(const change_lock&) = delete;
  change_lock& operator=(const change_lock&) = delete;
  bool held() const noexcept { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

}  // namespace

std::filesystem::path key_file_in(const std::filesystem::path& data_dir) {
  return data_dir / "keys.json";
}

parsed<key_list> read_keys(std::string_view text) try {
  const json document = json::parse(text);
  if (document.at("version") != file_version || document.size() != 2)
    return refuse("was written by another version");
  const json& keys = document.at("keys");
  if (!keys.is_array()) return refuse("is damaged");
  if (keys.size() > max_keys) return refuse("has more than " + std::to_string(max_keys) + " keys");
  key_list out;
  for (const json& one : keys) {
    api_key key = key_reader(one).read();
    if (clash(out, key)) return refuse("is damaged: it has a key twice");
    out.push_back(std::move(key));
  }
  return out;
} catch (const std::exception&) {  // of the JSON library, or of a value that is none
  return refuse("is damaged");
}

std::string keys_as_json(const key_list& keys) {
  json out{{"version", file_version}, {"keys", json::array()}};
  for (const api_key& key : keys) out["keys"].push_back(as_json(key));
  return out.dump(1) + "\n";
}

parsed<key_list> load_keys(const std::filesystem::path& file) {
  std::error_code ec;
  const auto found = std::filesystem::status(file, ec);
  if (found.type() == std::filesystem::file_type::not_found) return key_list{};
  const auto text = read_file(file, max_key_file);
  if (!text) return system_failure(file, text.error().why());
  auto keys = read_keys(*text);
  if (!keys) return system_failure(file, keys.error().why());
  return keys;
}

std::optional<bad_text> change_keys(
    const std::filesystem::path& data_dir,
    const std::function<std::optional<bad_text>(key_list&)>& change) {
  std::error_code ec = make_private_directory(data_dir);
  if (ec) return system_failure(data_dir, "cannot be made: " + ec.message());
  const std::filesystem::path file = key_file_in(data_dir);
  std::filesystem::path lock_file = file;
  lock_file += ".lock";
  const change_lock lock(lock_file);
  if (!lock.held()) return system_failure(lock_file, std::strerror(errno));
  auto keys = load_keys(file);
  if (!keys) return keys.error();
  if (auto why = change(*keys)) return why;
  if (keys->size() > max_keys)
    return refuse("there are " + std::to_string(max_keys) + " keys, and no room for more");
  if (ec = replace_file(file, keys_as_json(*keys)); ec)
    return system_failure(file, "cannot be written: " + ec.message());
  return std::nullopt;
}

}  // namespace orbweaver
