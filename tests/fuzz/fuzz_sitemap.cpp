// Any bytes: the first says in which pieces the rest is read, and its charset in Content-Type. The
// pieces must not matter, nor whether it is read as a file; gzip is undone in files only.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "crawler/sitemap/sitemap_file.hpp"
#include "crawler/sitemap/sitemap_reader.hpp"

namespace {

using orbweaver::sitemap;

constexpr std::array<std::string_view, 8> labels{"",         "utf-8",     "latin1",      "utf-16",
                                                 "utf-16be", "shift_jis", "iso-2022-jp", "gb18030"};

sitemap read(std::string_view bytes, std::size_t piece, std::string_view label) {
  orbweaver::sitemap_reader reader(label);
  bool more = true;
  while (more && !bytes.empty()) {
    more = reader.put(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return reader.finish();
}

void check_equal(const sitemap& a, const sitemap& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.loc == y.loc && x.lastmod == y.lastmod;
  };
  if (a.kind != b.kind || a.malformed != b.malformed || a.entry_dropped != b.entry_dropped ||
      a.too_large != b.too_large || a.too_many_entries != b.too_many_entries ||
      !std::ranges::equal(a.entries, b.entries, same))
    std::abort();
}

void check_bounds(const sitemap& found, std::size_t most) {
  std::size_t total = 0;
  for (const auto& entry : found.entries) {
    if (entry.loc.empty() || entry.loc.size() > orbweaver::max_sitemap_loc) std::abort();
    total += entry.loc.size();
  }
  if (total > most || found.entries.size() > orbweaver::max_sitemap_entries) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view label = labels[data[0] / 16 % labels.size()];
  const sitemap file = orbweaver::read_sitemap(bytes, label);
  if (bytes.starts_with("\x1f\x8b")) {
    check_bounds(file, 3 * orbweaver::max_sitemap_bytes);
    return 0;
  }
  const sitemap whole = read(bytes, bytes.npos, label);
  check_equal(whole, read(bytes, data[0] % 16 + 1, label));
  check_equal(whole, file);
  check_bounds(whole, 3 * size);  // of one byte, UTF-8 makes three at most
  return 0;
}
