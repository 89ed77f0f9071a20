#pragma once

#include <span>
#include <string>

#include "crawler/parse/page_scan.hpp"

namespace orbweaver {

// Appends a JSON object with one member per name: its content, or a list where a page gives a name
// more than once.
void append_metadata_json(std::string& out, std::span<const meta_entry> entries);

}  // namespace orbweaver
