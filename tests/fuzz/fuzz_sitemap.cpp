// Any bytes: the first says in which pieces the rest is read. The pieces must not matter.
#include <cstdint>
#include <cstdlib>

#include "crawler/sitemap/sitemap_reader.hpp"

namespace {

orbweaver::sitemap read(std::string_view bytes, std::size_t piece) {
  orbweaver::sitemap_reader reader;
  bool more = true;
  while (more && !bytes.empty()) {
    more = reader.put(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return reader.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const orbweaver::sitemap whole = read(bytes, bytes.npos);
  const orbweaver::sitemap pieces = read(bytes, data[0] % 16 + 1);
  if (whole.kind != pieces.kind || whole.malformed != pieces.malformed ||
      whole.entries.size() != pieces.entries.size())
    std::abort();
  std::size_t total = 0;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    if (whole.entries[i].loc != pieces.entries[i].loc ||
        whole.entries[i].lastmod != pieces.entries[i].lastmod || whole.entries[i].loc.empty())
      std::abort();
    total += whole.entries[i].loc.size();
  }
  if (total > size) std::abort();
  return 0;
}
