#include "server/commands/inspect_text.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t name_width = 13;
constexpr std::string_view replacement = "\xef\xbf\xbd";

}  // namespace

std::string read_source(const std::string& path) {
  const auto close = [](std::FILE* file) {
    if (file != stdin) std::fclose(file);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
  if (!file) throw std::runtime_error(path + ": " + std::strerror(errno));
  std::string out;
  std::array<char, 65536> chunk;
  while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    if (n > max_inspected_bytes - out.size())
      throw std::runtime_error(path + ": longer than " + std::to_string(max_inspected_bytes) +
                               " bytes");
    out.append(chunk.data(), n);
  }
  if (std::ferror(file.get()) != 0) throw std::runtime_error(path + ": " + std::strerror(errno));
  return out;
}

std::string printable(std::string_view text) {
  const std::string whole = to_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    const auto c = static_cast<unsigned char>(whole[at]);
    const auto next = static_cast<unsigned char>(at + 1 < whole.size() ? whole[at + 1] : 0);
    const bool c1 = c == 0xc2 && next < 0xa0;  // U+0080 to U+009F
    if (c >= 0x20 && c != 0x7f && !c1) {
      out += whole[at];
      continue;
    }
    out += replacement;
    if (c1) ++at;
  }
  return out;
}

void append_row(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  if (!value.empty()) {
    out.append(name.size() < name_width ? name_width - name.size() : 1, ' ');
    out += printable(value);
  }
  out += '\n';
}

}  // namespace orbweaver
