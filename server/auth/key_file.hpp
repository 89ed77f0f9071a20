#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/parsed.hpp"
#include "server/auth/api_key.hpp"

namespace orbweaver {

inline constexpr std::size_t max_keys = 1000;
inline constexpr std::size_t max_key_file = 1 << 20;  // bytes

// Where the keys of a service with this data directory are.
std::filesystem::path key_file_in(const std::filesystem::path& data_dir);

// The file's text (JSON), both ways. Strict: a file that says anything else than this version
// writes is damaged, for a key that is read wrongly opens or closes the wrong door.
parsed<key_list> read_keys(std::string_view text);
std::string keys_as_json(const key_list& keys);

// No keys where there is no file.
parsed<key_list> load_keys(const std::filesystem::path& file);

// Changes the keys of a data directory, which is made if need be: `change` is handed what is there
// and may say why it refuses. One writer at a time, across processes; readers need no lock.
// nullopt: it is done, and on disk.
std::optional<bad_text> change_keys(
    const std::filesystem::path& data_dir,
    const std::function<std::optional<bad_text>(key_list&)>& change);

}  // namespace orbweaver
