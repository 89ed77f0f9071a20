#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "common/watched_file.hpp"
#include "server/auth/api_key.hpp"

namespace orbweaver {

// The keys of a service cannot be read at its start.
class keys_refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The keys of a running service. They are read again when their file changes, which is noticed
// within a second or two; a file that cannot be read then is warned of, and the keys stay as they
// were. From any thread.
class key_ring {
 public:
  // Throws keys_refused when there is a file that cannot be read.
  explicit key_ring(const std::filesystem::path& data_dir);

  // Null: there are no keys, and none is asked for. A service that has had keys while it runs goes
  // on asking when the last one is revoked: it must not open for want of them.
  std::shared_ptr<const key_list> current(clock::time_point now);

 private:
  void load_again();

  watched_file file_;
  std::mutex mutex_;  // guards keys_
  std::shared_ptr<const key_list> keys_;
};

}  // namespace orbweaver
