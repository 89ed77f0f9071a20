#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Which character encoding a document is in, and its text as UTF-8. Encodings and their labels are
// those of the Encoding Standard (4.2); the order in which the signs are believed is that of the
// HTML Standard (13.2.3.2).
namespace orbweaver {

enum class charset_source : std::uint8_t {
  bom,       // a byte order mark
  header,    // the charset parameter of Content-Type
  meta,      // a meta element or XML declaration
  detected,  // what the bytes look like
  fallback   // nothing said or seen: UTF-8 for pure ASCII, otherwise windows-1252
};
// Stable, as records show it: "bom", "header", "meta", "detected", "default".
std::string_view name(charset_source source) noexcept;

struct charset_choice {
  std::string_view name = "UTF-8";  // as the Encoding Standard spells it
  charset_source source = charset_source::fallback;
};

// The encoding a label stands for (Encoding Standard 4.2, "get an encoding"), without regard to
// case and surrounding white space; nullopt for any other.
std::optional<std::string_view> charset_from_label(std::string_view label) noexcept;

// `label` is the charset parameter of Content-Type, or empty. Only a bounded part of `body` is
// examined except for whether it is valid UTF-8.
charset_choice choose_charset(std::string_view body, std::string_view label);

// `body` as UTF-8, without a byte order mark. Answers a part of `body` where that is valid UTF-8
// already, and `buffer` otherwise. Whatever is not valid in the encoding becomes U+FFFD. `charset`
// is a name as in charset_choice.
std::string_view text_in_utf8(std::string_view body, std::string_view charset, std::string& buffer);

// Detection reads no more than this of what follows the first byte that is not ASCII.
inline constexpr std::size_t max_detected_bytes = 16 << 10;
// With fewer bytes beyond ASCII than this, detection is guesswork: the default is likelier right.
inline constexpr std::size_t min_detected_bytes = 8;
// HTML Standard 13.2.3.2, "prescan a byte stream to determine its encoding".
inline constexpr std::size_t max_prescan_bytes = 1024;
// Browsers obey a meta element that comes later, too. It is looked for so far where the text is
// neither ASCII nor UTF-8, for it says more than detection can find out.
inline constexpr std::size_t max_late_prescan_bytes = 16 << 10;

}  // namespace orbweaver
