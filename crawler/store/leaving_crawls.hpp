#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "crawler/model.hpp"

namespace orbweaver {

// Crawls whose removal has been asked for and is not durable yet: for readers they are gone. From
// any thread.
class leaving_crawls {
 public:
  // It is not known yet whether there is such a crawl.
  void ask(const crawl_id& id) {
    const std::lock_guard one_at_a_time(mutex_);
    crawls_.try_emplace(id, stage::asked);
  }
  // There is none, or it cannot be found.
  void give_up(const crawl_id& id) { forget(id, stage::asked); }
  // Its rows are about to be deleted.
  void begin(const crawl_id& id) {
    const std::lock_guard one_at_a_time(mutex_);
    crawls_[id] = stage::begun;
  }
  bool has_begun(const crawl_id& id) const {
    const std::lock_guard one_at_a_time(mutex_);
    const auto it = crawls_.find(id);
    return it != crawls_.end() && it->second == stage::begun;
  }
  // They are deleted, durably.
  void end(const crawl_id& id) { forget(id, stage::begun); }
  bool contains(const crawl_id& id) const {
    const std::lock_guard one_at_a_time(mutex_);
    return crawls_.contains(id);
  }

 private:
  enum class stage : std::uint8_t { asked, begun };

  void forget(const crawl_id& id, stage at) {
    const std::lock_guard one_at_a_time(mutex_);
    const auto it = crawls_.find(id);
    if (it != crawls_.end() && it->second == at) crawls_.erase(it);
  }

  mutable std::mutex mutex_;
  std::unordered_map<crawl_id, stage, crawl_id_hash> crawls_;
};

}  // namespace orbweaver
