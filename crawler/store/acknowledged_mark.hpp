#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace orbweaver {

// How far a store had been acknowledged, in RocksDB's sequence numbers: written when a write has
// been synced, but not synced itself. So it is never ahead of the log, unless that has been
// damaged.
class acknowledged_mark {
 public:
  // Where there is none, one is made that says `so_far`, and is durable: from its first opening on
  // a store has a mark. Throws store_refused.
  acknowledged_mark(const std::filesystem::path& file, std::uint64_t so_far);
  ~acknowledged_mark();
  acknowledged_mark(const acknowledged_mark&) = delete;
  acknowledged_mark& operator=(const acknowledged_mark&) = delete;

  // What a store that has come as far as `found` lacks, in words; nullopt: nothing.
  std::optional<std::string> missing_at(std::uint64_t found) const;
  // One that cannot be written leaves the old one, which is true as well.
  void write(std::uint64_t sequence) const noexcept;
  // The same, for one that is damaged as well.
  void renew(std::uint64_t sequence) const noexcept;

 private:
  int descriptor_;
};

}  // namespace orbweaver
