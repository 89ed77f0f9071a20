#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "crawler/frontier/frontier.hpp"
#include "crawler/robots/robots.hpp"

namespace orbweaver {

// What is known of the robots.txt of each origin, for each agent we call ourselves. Pure: it says
// what is to be fetched and takes what came. RFC 9309 section 2.3.1: a successful answer holds as
// it is, 4xx allows everything, anything else forbids everything.
class robots_book {
 public:
  static constexpr std::chrono::hours good_for{24};   // RFC 9309 section 2.4
  static constexpr std::chrono::minutes bad_for{10};  // until an unreachable one is asked again
  static constexpr std::size_t max_known = 50'000;    // files kept
  static constexpr std::size_t max_known_bytes = 64 << 20;

  // What holds for an origin. Exactly one of the first two is set.
  struct standing {
    std::shared_ptr<const robots_rules> rules;
    std::optional<outcome> refusal;  // every page ends so: the file could not be read
    std::string detail;
  };
  // Names one file: an origin's, read for one agent. What one route cannot reach another may.
  struct file {
    std::string origin;
    std::string agent;
    std::string route = {};  // through which proxy, and whether with any certificate
    bool operator==(const file&) const = default;
  };

  // What is known now; null when the file must be fetched first.
  const standing* find(const file& which, clock::time_point now) const;

  // `crawl` waits for the file. True if nobody fetches it yet: it has to be asked for.
  bool wait(const file& which, frontier::crawl_key crawl);
  // Whether any crawl still waits for the file.
  bool awaited(const file& which) const;
  // The fetch ended; answers the crawls that waited.
  std::vector<frontier::crawl_key> settle(const file& which, standing result,
                                          clock::time_point now);
  // The file is not fetched after all: who waits for it next has to ask again.
  void give_up(const file& which) { pending_.erase(which); }
  // The crawl waits for nothing any more.
  void forget_crawl(frontier::crawl_key crawl);

  std::size_t known() const noexcept { return known_.size(); }
  std::size_t pending() const noexcept { return pending_.size(); }

 private:
  struct file_hash {
    std::size_t operator()(const file& f) const noexcept {
      const std::hash<std::string> of;
      return (of(f.origin) * 31 + of(f.agent)) * 31 + of(f.route);
    }
  };
  struct known_file {
    standing held;
    clock::time_point until;
    std::size_t bytes = 0;
  };
  void make_room(clock::time_point now);
  template <class Old>
  void drop_if(Old old);

  std::unordered_map<file, known_file, file_hash> known_;
  std::size_t known_bytes_ = 0;
  // What is asked for, and the crawls that wait for it.
  std::unordered_map<file, std::vector<frontier::crawl_key>, file_hash> pending_;
};

}  // namespace orbweaver
