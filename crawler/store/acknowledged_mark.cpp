#include "crawler/store/acknowledged_mark.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "common/file.hpp"
#include "crawler/store/store_refused.hpp"

namespace orbweaver {
namespace {

struct row {
  std::uint64_t sequence, complement;
};

row row_of(std::uint64_t sequence) { return {sequence, ~sequence}; }

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why) {
  throw store_refused(file.string() + ": " + why);
}

// It is put there whole, so one that is not is damaged, whenever the process was killed.
void make_unless_there(const std::filesystem::path& file, std::uint64_t so_far) {
  if (::access(file.c_str(), F_OK) == 0) return;
  const row made = row_of(so_far);
  std::string bytes(sizeof made, '\0');
  std::memcpy(bytes.data(), &made, sizeof made);
  if (const auto failed = replace_file(file, bytes)) fail(file, failed.message());
}

}  // namespace

acknowledged_mark::acknowledged_mark(const std::filesystem::path& file, std::uint64_t so_far) {
  make_unless_there(file, so_far);
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor_ < 0) fail(file, std::strerror(errno));
}

acknowledged_mark::~acknowledged_mark() { ::close(descriptor_); }

std::optional<std::string> acknowledged_mark::missing_at(std::uint64_t found) const {
  std::array<char, sizeof(row) + 1> bytes{};  // one more than there may be
  const ssize_t length = ::pread(descriptor_, bytes.data(), bytes.size(), 0);
  // Earlier versions left it empty until something was acknowledged.
  if (length == 0 && found == 0) return std::nullopt;
  row kept{};
  std::memcpy(&kept, bytes.data(), sizeof kept);
  if (length != sizeof kept || kept.complement != ~kept.sequence)
    return "the mark of what had been acknowledged is damaged: whether all of that is there cannot "
           "be told";
  if (kept.sequence <= found) return std::nullopt;
  return "its log is damaged or has become shorter: the last " +
         std::to_string(kept.sequence - found) + " changes that had been acknowledged are lost";
}

void acknowledged_mark::write(std::uint64_t sequence) const noexcept {
  const row made = row_of(sequence);
  [[maybe_unused]] const auto written = ::pwrite(descriptor_, &made, sizeof made, 0);
}

void acknowledged_mark::renew(std::uint64_t sequence) const noexcept {
  [[maybe_unused]] const auto cut = ::ftruncate(descriptor_, sizeof(row));
  write(sequence);
}

}  // namespace orbweaver
