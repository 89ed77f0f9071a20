#pragma once

#include <string>
#include <string_view>

namespace orbweaver::test {

// What a server does to a body; the crawler undoes it.
std::string gzip(std::string_view text);
std::string zlib_stream(std::string_view text);  // `deflate` as RFC 9110 means it
std::string raw_deflate(std::string_view text);  // `deflate` as many send it
std::string brotli(std::string_view text);
// `window_log`: the window is 2^window_log bytes, whatever the text needs; 0: as it needs.
std::string zstd(std::string_view text, int window_log = 0);

}  // namespace orbweaver::test
