#include "crawler/parse/charset.hpp"

#include <algorithm>
#include <memory>
#include <uchardet/uchardet.h>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/charset_table.hpp"
#include "crawler/parse/meta_prescan.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

using html::equals_ignoring_case;
using html::trim;

constexpr std::size_t npos = std::string_view::npos;

// Encoding Standard 6.1, "BOM sniff".
std::string_view bom_charset(std::string_view body) noexcept {
  if (body.starts_with("\xEF\xBB\xBF")) return "UTF-8";
  if (body.starts_with("\xFE\xFF")) return "UTF-16BE";
  if (body.starts_with("\xFF\xFE")) return "UTF-16LE";
  return {};
}

// Whether `body`, which is not all ASCII, is valid UTF-8 but for a sequence that its end may have
// cut.
bool looks_like_utf8(std::string_view body) noexcept {
  const std::size_t good = valid_utf8_length(body);
  if (good == body.size()) return true;
  const auto rest = body.substr(good);
  const auto lead = static_cast<unsigned char>(rest.front());
  return ascii_length(body) < good && rest.size() < 4 && lead >= 0xC2 && lead <= 0xF4 &&
         std::all_of(rest.begin() + 1, rest.end(), [](char c) { return (c & 0xC0) == 0x80; });
}

bool has_enough_to_detect(std::string_view sample) noexcept {
  std::size_t n = 0;
  return std::any_of(sample.begin(), sample.end(), [&](char c) {
    n += static_cast<signed char>(c) < 0 ? 1 : 0;
    return n == min_detected_bytes;
  });
}

// uchardet's name for what `sample` looks like, as the Encoding Standard spells it.
std::string_view detect(std::string_view sample) {
  const std::unique_ptr<struct uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                              &uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  const std::string_view found = uchardet_get_charset(detector.get());
  if (found == "UHC") return "EUC-KR";
  if (found == "MAC-CYRILLIC") return "x-mac-cyrillic";
  // They differ in four Ukrainian letters, where the other draws boxes, which no page is written
  // in.
  if (found == "KOI8-R") return "KOI8-U";
  // Not UTF-8, as is known by now, and not ASCII.
  const encoding* const code = encoding_from_label(found);
  return code == nullptr || code->name == "UTF-8" || code->name == "replacement"
             ? std::string_view{}
             : code->name;
}

charset_choice detect_charset(std::string_view body) {
  constexpr char escape = '\x1b';
  const std::size_t ascii = ascii_length(body);
  if (ascii == body.size()) {
    // ISO-2022-JP is the one encoding that is written in ASCII and no subset of UTF-8.
    const auto at = body.find(escape);
    if (at != npos && detect(body.substr(at, max_detected_bytes)) == "ISO-2022-JP")
      return {"ISO-2022-JP", charset_source::detected};
    return {"UTF-8", charset_source::fallback};
  }
  if (looks_like_utf8(body)) return {"UTF-8", charset_source::detected};
  // HTML Standard 13.2.3.4, "changing the encoding while parsing".
  const auto declared = prescan_charset(body.substr(0, max_late_prescan_bytes));
  if (!declared.empty()) return {declared, charset_source::meta};
  const auto sample = body.substr(ascii, max_detected_bytes);
  if (has_enough_to_detect(sample)) {
    const auto found = detect(sample);
    if (!found.empty()) return {found, charset_source::detected};
  }
  return {"windows-1252", charset_source::fallback};
}

}  // namespace

std::string_view name(charset_source source) noexcept {
  switch (source) {
    case charset_source::bom: return "bom";
    case charset_source::header: return "header";
    case charset_source::meta: return "meta";
    case charset_source::detected: return "detected";
    case charset_source::fallback: break;
  }
  return "default";
}

std::optional<std::string_view> charset_from_label(std::string_view label) noexcept {
  const encoding* const found = encoding_from_label(label);
  if (found == nullptr) return std::nullopt;
  return found->name;
}

charset_choice choose_charset(std::string_view body, std::string_view label) {
  if (const auto found = bom_charset(body); !found.empty()) return {found, charset_source::bom};
  if (const auto found = charset_from_label(label)) return {*found, charset_source::header};
  const auto found = prescan_charset(body.substr(0, max_prescan_bytes));
  if (!found.empty()) return {found, charset_source::meta};
  return detect_charset(body);
}

}  // namespace orbweaver
