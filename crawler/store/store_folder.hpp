#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace orbweaver {

// What lies in a store's directory beside what is RocksDB's: a file that names the layout, the mark
// of what was acknowledged, and perhaps what is in doubt.
std::filesystem::path database_folder(const std::filesystem::path& store);
std::filesystem::path mark_file(const std::filesystem::path& store);

// Makes a new store's directory, with `create`, or looks whether this one may be opened. Throws
// store_refused: somebody else's, a layout that is not known, damage.
void prepare_store(const std::filesystem::path& store, bool create);

// What was found to be missing, a line each, until somebody accepts that; nullopt: nothing.
std::optional<std::string> read_doubt(const std::filesystem::path& store);
// Adds a line, durably. Throws store_refused: what cannot be noted would be forgotten.
void note_doubt(const std::filesystem::path& store, const std::string& what);
// Throws std::runtime_error.
void forget_doubt(const std::filesystem::path& store);

}  // namespace orbweaver
