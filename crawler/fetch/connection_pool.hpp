#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/async/task.hpp"

namespace orbweaver {

class connection;

// Where a connection leads. Connections of different places are never mixed.
struct connection_place {
  std::string origin;  // scheme, host and port
  std::string host;    // name alone
  bool tls_verify = true;
  std::string proxy = {};  // what it goes through; empty: nothing
  bool operator==(const connection_place&) const = default;
};

// Decides which connection serves a fetch and which is closed to make room. Pure: it owns idle
// connections but never touches them. Connections in use are owned by their fetch.
class connection_pool {
 public:
  explicit connection_pool(std::size_t max_open);
  ~connection_pool();

  // An idle connection to `where`, the one used last; null if there is none.
  std::shared_ptr<connection> take(const connection_place& where);
  // Answers the idle connections to be closed so that at most `most` are open at the host; those in
  // use stay.
  std::vector<std::shared_ptr<connection>> trim(std::string_view host, std::size_t most);
  // Makes room for a new connection to `where`, of which at most `per_host` may be open at its
  // host: answers the idle ones to be closed first. Counts the new one as open.
  std::vector<std::shared_ptr<connection>> open(const connection_place& where,
                                                std::size_t per_host);
  // A connection in use that can be used again.
  void put(connection_place where, std::shared_ptr<connection> idle, clock::time_point now);
  // A connection in use was closed.
  void closed(std::string_view host);
  // Idle since before `limit`.
  std::vector<std::shared_ptr<connection>> expire(clock::time_point limit);

  std::size_t open_count() const noexcept { return open_; }
  std::size_t idle_count() const noexcept { return idle_.size(); }

 private:
  struct idle_connection {
    connection_place where;
    std::shared_ptr<connection> held;
    clock::time_point since;
  };
  using idle_list = std::list<idle_connection>;  // the longest idle one first
  struct host_entry {
    std::size_t open = 0;
    std::vector<idle_list::iterator> idle;  // the longest idle one first
  };

  std::shared_ptr<connection> remove(idle_list::iterator it);
  void forget_open(std::string_view host);

  std::size_t max_open_;
  std::size_t open_ = 0;
  idle_list idle_;
  std::unordered_map<std::string, host_entry> hosts_;
};

}  // namespace orbweaver
