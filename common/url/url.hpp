#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// Why a string is not a URL.
enum class url_error : std::uint8_t {
  none,
  too_long,
  no_scheme,
  base_has_opaque_path,
  no_host,
  forbidden_host_character,
  invalid_domain,
  invalid_ipv4,
  invalid_ipv6,
  invalid_port,
};
// One sentence for people.
std::string_view message(url_error why) noexcept;

enum class url_scheme : std::uint8_t { other, http, https, ws, wss, ftp, file };

enum class host_kind : std::uint8_t {
  none,    // the URL has no authority at all: "mailto:x"
  empty,   // an authority without a host: "file:///x"
  domain,  // lower-case ASCII, IDNA applied
  ipv4,    // four decimal numbers, however it was written
  ipv6,    // in brackets, compressed
  opaque,  // the host of a scheme the standard does not know
};

// A URL as the URL Standard (https://url.spec.whatwg.org) parses and serialises it: one string and
// the places where its parts begin, so that a part is a view and a copy is one string's copy.
//
// Input is UTF-8. Bytes that are not valid UTF-8 make a host invalid; elsewhere each of them is
// escaped as it stands, so that a server is asked for the bytes it named.
class url {
 public:
  // Longer input is refused; in bytes.
  static constexpr std::size_t max_input = 16 << 20;

  url() = default;

  // Parses `input`, against `base` where there is one.
  static std::optional<url> parse(std::string_view input, const url* base = nullptr);
  // The same into this object, whose memory is used again. Answers false, leaves the object empty
  // and tells the reason in `*why` when `input` is no URL. `input` and `base` may be this object.
  bool assign(std::string_view input, const url* base = nullptr, url_error* why = nullptr);

  // True for a default-constructed object and after a failed assign().
  bool empty() const noexcept { return href_.empty(); }

  // The parts, as the URL API (section 6.1) names and prints them.
  std::string_view href() const noexcept { return part(0, end_); }
  std::string_view protocol() const noexcept { return part(0, scheme_end_); }  // with ':'
  std::string_view username() const noexcept;
  std::string_view password() const noexcept;
  std::string_view host() const noexcept;  // with the port
  std::string_view hostname() const noexcept { return part(host_, host_end_); }
  std::string_view port() const noexcept;  // "" when it is the scheme's own
  std::string_view pathname() const noexcept { return part(path_, query_); }
  std::string_view search() const noexcept;  // with '?', "" when nothing follows it
  std::string_view hash() const noexcept;    // with '#', "" when nothing follows it
  // "https://h:8080"; "null" for an opaque origin (section 4.7).
  std::string_view origin() const noexcept;

  url_scheme scheme() const noexcept { return scheme_; }
  bool is_http() const noexcept {
    return scheme_ == url_scheme::http || scheme_ == url_scheme::https;
  }
  bool is_https() const noexcept { return scheme_ == url_scheme::https; }
  bool is_special() const noexcept { return scheme_ != url_scheme::other; }
  host_kind kind_of_host() const noexcept { return host_kind_; }
  bool has_opaque_path() const noexcept { return opaque_path_; }
  bool has_credentials() const noexcept { return host_ > username_; }
  bool has_query() const noexcept { return fragment_ > query_; }   // true for a bare '?'
  bool has_fragment() const noexcept { return end_ > fragment_; }  // true for a bare '#'
  // The port written, else the scheme's own, else 0.
  std::uint16_t effective_port() const noexcept;

  std::string_view href_without_fragment() const noexcept { return part(0, fragment_); }
  // Path and query: what an HTTP request asks for. At least "/".
  std::string_view request_target() const noexcept;

  friend bool operator==(const url& a, const url& b) noexcept { return a.href() == b.href(); }

 private:
  friend class url_parser;

  std::string_view part(std::uint32_t from, std::uint32_t to) const noexcept {
    return {href_.data() + from, to - from};
  }
  void clear() noexcept;

  // https://user:pass@example.com:8080/path?query#fragment, then maybe an origin of its own
  //       |  |       |          |     |    |     |        |
  //  scheme_end_     host_      |   path_ query_ |       end_
  //          username_      host_end_        fragment_
  std::string href_;
  std::uint32_t scheme_end_ = 0;  // behind the ':'
  std::uint32_t username_ = 0;
  std::uint32_t username_end_ = 0;
  std::uint32_t host_ = 0;
  std::uint32_t host_end_ = 0;
  std::uint32_t path_ = 0;
  std::uint32_t query_ = 0;     // at the '?'; equals fragment_ when there is none
  std::uint32_t fragment_ = 0;  // at the '#'; equals end_ when there is none
  std::uint32_t end_ = 0;       // what follows is the origin, where it is no prefix of the href
  std::uint16_t port_ = 0;      // meaningful when has_port_
  bool has_port_ = false;
  bool opaque_path_ = false;
  url_scheme scheme_ = url_scheme::other;
  host_kind host_kind_ = host_kind::none;
};

}  // namespace orbweaver
