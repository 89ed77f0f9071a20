#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "crawler/parse/charset.hpp"
#include "crawler/parse/utf8.hpp"

// A Content-Type value up to the first line feed, then any bytes as a body: whatever is chosen,
// the text is valid UTF-8 and not much longer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orbweaver;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.find('\n');
  const auto label = line == std::string_view::npos ? std::string_view{} : input.substr(0, line);
  const auto body = line == std::string_view::npos ? input : input.substr(line + 1);
  const charset_choice choice = choose_charset(body, label);
  std::string buffer;
  const auto text = text_in_utf8(body, choice.name, buffer);
  if (!is_valid_utf8(text) || text.size() > 4 * body.size() + 4) std::abort();
  if (to_utf8(body).size() > 3 * body.size()) std::abort();
  return 0;
}
