#include "server/auth/key_ring.hpp"

#include "common/log.hpp"
#include "server/auth/key_file.hpp"

namespace orbweaver {

key_ring::key_ring(const std::filesystem::path& data_dir) : file_(key_file_in(data_dir)) {
  auto keys = load_keys(file_.path());
  if (!keys) throw keys_refused(keys.error().why());
  if (!keys->empty()) keys_ = std::make_shared<const key_list>(std::move(*keys));
}

std::shared_ptr<const key_list> key_ring::current(clock::time_point now) {
  if (file_.changed(now)) load_again();
  const std::scoped_lock lock(mutex_);
  return keys_;
}

void key_ring::load_again() {
  std::error_code ignored;
  const bool gone = !std::filesystem::exists(file_.path(), ignored);
  auto keys = load_keys(file_.path());
  const std::scoped_lock lock(mutex_);
  if (gone && keys_) {
    log_warn("the file of API keys is gone; the keys it had are still taken",
             {{"file", file_.path().string()}});
  } else if (!keys) {
    log_warn("the file of API keys cannot be read; the keys it had are still taken",
             {{"why", keys.error().why()}});
  } else if (keys_ || !keys->empty()) {
    log_info("API keys read", {{"keys", keys->size()}});
    keys_ = std::make_shared<const key_list>(std::move(*keys));
  }
}

}  // namespace orbweaver
