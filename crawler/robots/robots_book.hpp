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

  // What holds for an origin. Exactly one of the first two is set.
  struct standing {
    std::shared_ptr<const robots_rules> rules;
    std::optional<outcome> refusal;  // every page ends so: the file could not be read
    std::string detail;
  };
  // Names one file: an origin's, read for one agent.
  struct file {
    std::string origin;
    std::string agent;
    bool operator==(const file&) const = default;
  };

  // What is known now; null when the file must be fetched first.
  const standing* find(const file& which, clock::time_point now) const;

  // `crawl` waits for the file. True if nobody fetches it yet: this crawl has to.
  bool wait(const file& which, frontier::crawl_key crawl);
  // The fetch ended; answers the crawls that waited.
  std::vector<frontier::crawl_key> settle(const file& which, standing result,
                                          clock::time_point now);
  // The crawl that fetches the file, as long as somebody waits for it.
  std::optional<frontier::crawl_key> fetcher(const file& which) const;

  // The crawl is gone. Answers the files it was to fetch, each handed over to another crawl that
  // waits for it; files nobody waits for any more are forgotten.
  struct handover {
    file which;
    frontier::crawl_key heir;
  };
  std::vector<handover> forget_crawl(frontier::crawl_key crawl);

  std::size_t known() const noexcept { return known_.size(); }
  std::size_t pending() const noexcept { return pending_.size(); }

 private:
  struct file_hash {
    std::size_t operator()(const file& f) const noexcept {
      return std::hash<std::string>{}(f.origin) * 31 + std::hash<std::string>{}(f.agent);
    }
  };
  struct known_file {
    standing held;
    clock::time_point until;
  };
  void make_room(clock::time_point now);

  std::unordered_map<file, known_file, file_hash> known_;
  // Crawls that wait, the one that fetches first.
  std::unordered_map<file, std::vector<frontier::crawl_key>, file_hash> pending_;
};

}  // namespace orbweaver
