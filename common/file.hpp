#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <string>
#include <string_view>
#include <system_error>

#include "common/parsed.hpp"

namespace orbweaver {

// What there is to read, or the first `most` bytes of it; memory is taken for what comes alone.
std::string read_up_to(std::istream& in, std::size_t most);

// The file's whole text, or why there is none: "cannot be read: …", or that it is larger than
// `most` bytes.
parsed<std::string> read_file(const std::filesystem::path& path, std::size_t most);

// Puts a file with this text, readable to its owner alone, in the place of what is there: whoever
// looks finds the old one or the new one, whole, also after a crash, and the new one from the
// return on. Made by root, it belongs to the owner of its directory; no link that the owner has put
// there is followed. One writer at a time.
std::error_code replace_file(const std::filesystem::path& path, std::string_view text);

// Makes the directory, and those above it, unless it is there: only its owner may enter a new one,
// whatever the umask, for what is kept in it has secrets (of crawls: their credentials).
std::error_code make_private_directory(const std::filesystem::path& path);

// Whether somebody else than its owner may enter the directory or list it; false where there is
// none.
bool is_open_to_others(const std::filesystem::path& directory);

}  // namespace orbweaver
