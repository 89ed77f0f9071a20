#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"
#include "crawler/export/warc.hpp"

namespace orbweaver {

// The key under which indexes of archives sort a URL: "com,example)/path?query". Differences that
// seldom matter are left out, as the Internet Archive's canonicalization does: scheme, "www.",
// default ports, case, the order of parameters, a slash at the end. Session ids stay.
std::string surt_key(const url& target);

// A line of a CDXJ index without its end: key, time, and a JSON object that says where the record
// is in `file`. Lines are sorted bytewise in an index.
std::string cdxj_line(const stored_exchange& exchange, const warc_entry& entry,
                      std::string_view file);

}  // namespace orbweaver
