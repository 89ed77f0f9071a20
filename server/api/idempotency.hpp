#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crawler/model.hpp"

namespace orbweaver {

inline constexpr std::size_t max_idempotency_key = 255;  // bytes
// For how long, and of how many requests at most, repetitions are known.
inline constexpr std::chrono::hours idempotency_period{24};
inline constexpr std::size_t max_idempotent_requests = 100'000;

// Whether a client may name its request like this: visible ASCII, 1 to 255 characters.
bool is_idempotency_key(std::string_view text) noexcept;

// Which requests have made crawls lately, so that a repetition makes no second one. Each account's
// names are its own. Time is passed in; from any thread.
//
// What it knows is also kept with the crawls (crawl_client), from which a start fills it again.
class idempotency_table {
 public:
  explicit idempotency_table(std::size_t most = max_idempotent_requests) : most_(most) {}

  enum class verdict : std::uint8_t {
    fresh,     // nobody has asked for it: whoever is told so must say settle() or give_up()
    repeated,  // it has made `crawl`
    reused,    // it came with another body
    running,   // the first one is being worked on
  };
  struct finding {
    verdict what = verdict::fresh;
    crawl_id crawl{};
  };
  finding begin(std::string_view account, std::string_view key, std::string_view body_hash,
                wall_clock::time_point now);
  // The request has made this crawl.
  void settle(std::string_view account, std::string_view key, crawl_id crawl);
  // It has made none: the next one is fresh.
  void give_up(std::string_view account, std::string_view key) { forget(account, key, {}); }
  // Likewise, for the crawl it has made is gone.
  void forget(std::string_view account, std::string_view key, std::optional<crawl_id> crawl);

  // A crawl of an earlier start, the newest first.
  void restore(std::string_view account, std::string_view key, std::string_view body_hash,
               crawl_id crawl, wall_clock::time_point made);

  std::size_t size() const;

 private:
  struct entry {
    std::string name;
    std::string body_hash;
    wall_clock::time_point made;
    std::optional<crawl_id> crawl;  // none: it is being worked on
  };
  using place = std::list<entry>::iterator;
  void make_room(wall_clock::time_point now);

  const std::size_t most_;
  mutable std::mutex mutex_;  // guards the rest
  std::list<entry> entries_;  // the oldest first
  std::unordered_map<std::string, place> places_;
};

}  // namespace orbweaver
