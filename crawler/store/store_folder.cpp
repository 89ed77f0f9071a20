#include "crawler/store/store_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <string_view>

#include "common/file.hpp"
#include "common/rfc3339.hpp"
#include "common/version.hpp"
#include "crawler/store/schema.hpp"
#include "crawler/store/store_refused.hpp"

namespace orbweaver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view layout_name = "orbweaver-store";
constexpr std::string_view layout_words = "layout ";
constexpr std::size_t max_doubt_bytes = 64 << 10;

fs::path layout_file(const fs::path& store) { return store / layout_name; }
fs::path doubt_file(const fs::path& store) { return store / "doubt"; }

// Durable before it is there: a store without this file is none.
void write_layout(const fs::path& file) {
  const std::string text = std::string(layout_words) + std::to_string(schema::layout_version) +
                           "\nwritten by Orbweaver " + version + '\n';
  if (const auto failed = replace_file(file, text))
    throw store_refused(file.string() + ": " + failed.message());
}

void check_layout(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  int found = 0;
  const char* const digits = line.data() + std::min(line.size(), layout_words.size());
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(digits, end, found);
  if (!line.starts_with(layout_words) || error != std::errc() || stop != end)
    throw store_refused(file.string() + " is damaged: it does not say which layout the store has");
  if (found > schema::layout_version)
    throw store_refused("the store " + file.parent_path().string() +
                        " was written by a newer version of Orbweaver: it has layout " +
                        std::to_string(found) + ", this version knows layout " +
                        std::to_string(schema::layout_version));
  if (found < schema::layout_version)
    throw store_refused("the store " + file.parent_path().string() + " has layout " +
                        std::to_string(found) + ", which this version does not know any more");
}

// Nothing is in it but what is kept beside a store, and may be made before it: API keys and what
// they have used; or what a kill, or a full disk, has left of a layout file. A directory that is
// somebody else's is left alone.
bool is_unused(const fs::path& store) {
  return std::ranges::all_of(fs::directory_iterator(store), [](const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name == layout_name) return entry.is_regular_file() && entry.file_size() == 0;
    return name.starts_with("keys.json") || name.starts_with("usage.json") ||
           name == std::string(layout_name) + ".new";
  });
}

// Rows stand in files of these kinds alone.
bool holds_rows(const fs::path& folder) {
  constexpr std::array<std::string_view, 3> kinds{".log", ".sst", ".blob"};
  return std::ranges::any_of(fs::directory_iterator(folder), [&](const fs::directory_entry& entry) {
    return std::ranges::count(kinds, entry.path().extension().string()) != 0;
  });
}

// RocksDB's file CURRENT leads to all others. Where it is missing, RocksDB begins anew: that is
// right for a store that was killed while it was opened for the first time, and for no other.
void check_database(const fs::path& store) {
  const fs::path folder = database_folder(store), current = folder / "CURRENT";
  std::error_code unknown;  // whether it is there: then RocksDB says what is wrong
  if (fs::symlink_status(current, unknown).type() != fs::file_type::not_found) return;
  if (!fs::exists(mark_file(store)) && (!fs::exists(folder) || !holds_rows(folder))) return;
  throw store_refused("the store " + store.string() + " is damaged: " + current.string() +
                      " is missing");
}

}  // namespace

fs::path database_folder(const fs::path& store) { return store / "rocksdb"; }
fs::path mark_file(const fs::path& store) { return store / "acknowledged"; }

void prepare_store(const fs::path& store, bool create) {
  const fs::path file = layout_file(store);
  if (!create && !fs::exists(file))
    throw store_refused(store.string() + " is no store of Orbweaver");
  if (const std::error_code failed = make_private_directory(store))
    throw store_refused(store.string() + ": " + failed.message());
  if (create && is_unused(store)) return write_layout(file);
  if (!fs::exists(file))
    throw store_refused(store.string() + " is not empty, and no store of Orbweaver");
  check_layout(file);
  check_database(store);
}

std::optional<std::string> read_doubt(const fs::path& store) {
  const fs::path file = doubt_file(store);
  if (!fs::exists(fs::symlink_status(file))) return std::nullopt;
  auto text = read_file(file, max_doubt_bytes);
  if (!text) return file.string() + ' ' + text.error().why();
  while (text->ends_with('\n')) text->pop_back();
  return text->empty() ? file.string() + " is empty" : std::move(*text);
}

void note_doubt(const fs::path& store, const std::string& what) {
  std::string text = read_doubt(store).value_or("");
  if (!text.empty()) text += '\n';
  text += to_rfc3339(std::chrono::system_clock::now()) + ": " + what;
  if (text.size() > max_doubt_bytes / 2) text.erase(0, text.find('\n') + 1);  // the oldest
  if (const auto failed = replace_file(doubt_file(store), text + '\n'))
    throw store_refused(doubt_file(store).string() + ": " + failed.message());
}

void forget_doubt(const fs::path& store) { fs::remove(doubt_file(store)); }

}  // namespace orbweaver
