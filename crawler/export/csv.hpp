#pragma once

#include <string>
#include <string_view>

namespace orbweaver {

// Records as a table (RFC 4180): one line each, of fixed columns, with CRLF at its end.
// docs/archives.md lists the columns.
void append_csv_header(std::string& out);
// `record`: one JSON object, as a store renders it. What has no column is left out; a value that is
// missing is an empty cell. A cell that a spreadsheet might take for a formula begins with an
// apostrophe, as OWASP advises against CSV injection.
void append_csv_row(std::string& out, std::string_view record);

}  // namespace orbweaver
