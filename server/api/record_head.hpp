#pragma once

#include <string>
#include <string_view>

namespace orbweaver {

// Appends the head of a record: those of its members that say what became of the page, without its
// links, metadata and text, which may be megabytes. The values stay as they are, byte for byte; a
// text that is not a JSON object, or breaks off, brings what could be read of it.
void append_record_head(std::string& out, std::string_view record);

}  // namespace orbweaver
