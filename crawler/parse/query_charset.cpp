#include "crawler/parse/query_charset.hpp"

#include <algorithm>
#include <iconv.h>
#include <optional>

#include "common/url/percent.hpp"
#include "crawler/parse/ascii.hpp"
#include "crawler/parse/charset_table.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

// Encoding Standard 4.3, "get an output encoding": empty for those that are written as UTF-8.
std::string_view converter_of(std::string_view charset) noexcept {
  const encoding* const code = encoding_from_name(charset);
  if (code == nullptr || charset.starts_with("UTF-")) return {};
  if (charset == "windows-1252") return "CP1252";
  return charset == "GBK" ? charset : code->converter;
}

// URL Standard 1.3, "percent-encode after encoding".
class query_writer {
 public:
  explicit query_writer(std::string_view charset)
      : handle_(iconv_open(std::string(charset).c_str(), "UTF-8")) {}
  ~query_writer() {
    if (ok()) iconv_close(handle_);
  }
  query_writer(const query_writer&) = delete;
  query_writer& operator=(const query_writer&) = delete;

  bool ok() const noexcept {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
  }

  void append(std::string& out, std::string_view utf8) const {
    while (!utf8.empty()) {
      const std::size_t ascii = ascii_length(utf8);
      out.append(utf8.substr(0, ascii));
      utf8.remove_prefix(ascii);
      const auto end =
          std::ranges::find_if(utf8, [](char c) { return static_cast<signed char>(c) >= 0; });
      const auto run = static_cast<std::size_t>(end - utf8.begin());
      append_run(out, utf8.substr(0, run));
      utf8.remove_prefix(run);
    }
  }

 private:
  // Some charsets switch between sets of characters: each run ends in ASCII again.
  void append_run(std::string& out, std::string_view run) const {
    while (!run.empty()) {
      char* from = const_cast<char*>(run.data());  // iconv does not write there
      std::size_t left = run.size();
      char buffer[512];
      char* to = buffer;
      std::size_t room = sizeof buffer - max_character;
      const bool stuck = iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1) &&
                         room >= max_character;
      room += max_character;
      if (stuck || left == 0) iconv(handle_, nullptr, nullptr, &to, &room);
      for (const char* p = buffer; p != to; ++p) {
        if (must_encode(*p, encode_set::special_query))
          append_escape(out, *p);
        else
          out.push_back(*p);
      }
      run.remove_prefix(run.size() - left);
      if (stuck) append_reference(out, run);
    }
  }

  // The first character of `run`, which the charset does not have.
  static void append_reference(std::string& out, std::string_view& run) {
    const auto lead = static_cast<unsigned char>(run[0]);
    const std::size_t size = std::min<std::size_t>(lead >= 0xf0   ? 4
                                                   : lead >= 0xe0 ? 3
                                                   : lead >= 0xc0 ? 2
                                                                  : 1,
                                                   run.size());
    std::uint32_t code = size == 1 ? 0xfffd : lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
      code = code << 6 | (static_cast<unsigned char>(run[i]) & 0x3fU);
    out.append("%26%23").append(std::to_string(code)).append("%3B");
    run.remove_prefix(size);
  }

  static constexpr std::size_t max_character = 16;  // bytes, with what switches to its set

  iconv_t handle_;
};

// Whether `link` has no scheme, which means that of its page, or is http(s).
bool is_http(std::string_view link) noexcept {
  const std::size_t colon = link.find_first_of(":/?#");
  if (colon == link.npos || link[colon] != ':') return true;
  const std::string_view scheme = link.substr(0, colon);
  return html::equals_ignoring_case(scheme, "http") || html::equals_ignoring_case(scheme, "https");
}

// The query of `link`, from its '?' on, if there is more than ASCII in it.
std::string_view query_to_encode(std::string_view link) noexcept {
  link = link.substr(0, link.find('#'));
  const std::string_view query = link.substr(std::min(link.find('?'), link.size()));
  return ascii_length(query) == query.size() || !is_http(link) ? std::string_view() : query;
}

}  // namespace

void encode_queries(page_scan& page, std::string_view charset) {
  const std::string_view converter = converter_of(charset);
  if (converter.empty()) return;
  std::optional<query_writer> writer;  // few pages need one
  const auto encode = [&](std::string_view& link) {
    const std::string_view query = query_to_encode(link);
    if (query.empty()) return;
    if (!writer) writer.emplace(converter);
    if (!writer->ok()) return;
    const auto at = static_cast<std::size_t>(query.data() - link.data());
    page.scratch.assign(link, 0, at);
    writer->append(page.scratch, query);
    page.scratch.append(link, at + query.size());
    link = page.strings.copy(page.scratch);
  };
  for (page_link& link : page.links) encode(link.url);
  for (language_alternate& one : page.alternates) encode(one.url);
  encode(page.canonical);
}

}  // namespace orbweaver
