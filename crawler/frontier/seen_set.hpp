#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "crawler/frontier/fingerprint.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Which URLs a crawl knows already, and under which id. Open addressing with linear probing at
// a load of at most 3/4: 24 bytes a slot, so 32 to 64 bytes per URL.
class seen_set {
 public:
  struct known {
    url_id id;  // under which it is known
    bool fresh;
    std::uint8_t mark;  // what was last noted of it; 0 at first
  };
  known insert(fingerprint f, url_id id);
  // Precondition: `f` is known.
  void mark(fingerprint f, std::uint8_t mark) { slots_[probe(f)].mark = mark; }
  struct entry {
    url_id id;
    std::uint8_t mark;
  };
  // nullopt when unknown.
  std::optional<entry> get(fingerprint f) const noexcept;
  // Calls `visit` with every fingerprint.
  template <class F>
  void for_each(F visit) const {
    for (const slot& s : slots_)
      if (s.id != no_url) visit(s.print);
  }
  std::size_t size() const noexcept { return size_; }
  std::size_t memory_bytes() const noexcept { return slots_.capacity() * sizeof(slot); }
  // How many may be inserted before more memory than this is used; at least a few.
  static std::size_t entries_within(std::size_t bytes) noexcept;

 private:
  struct slot {
    fingerprint print;
    url_id id = no_url;  // no_url: free
    std::uint8_t mark = 0;
  };
  std::size_t probe(fingerprint f) const noexcept;
  void grow();
  static constexpr std::size_t least_slots = 64;

  std::vector<slot> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace orbweaver
