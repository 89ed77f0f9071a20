#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace orbweaver {

enum class log_level : std::uint8_t { debug, info, warn, error, off };
enum class log_format : std::uint8_t { text, json };

// "debug", "info", "warn", "error", "off".
std::string_view name(log_level level) noexcept;

// Further bytes of a message or a value are cut off and replaced by an ellipsis.
inline constexpr std::size_t max_log_text = 8'192;

// The value of a field: a reference to something the caller holds until the line is written, put
// into words only if it is.
class log_value {
 public:
  template <std::same_as<bool> T>  // a pointer is no bool
  log_value(T v) : value_(v) {}
  log_value(double v) : value_(v) {}
  template <std::signed_integral T>
  log_value(T v) : value_(static_cast<std::int64_t>(v)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) log_value(T v) : value_(static_cast<std::uint64_t>(v)) {}
  log_value(std::string_view v) : value_(v) {}
  log_value(const std::string& v) : value_(std::string_view(v)) {}
  log_value(const char* v) : value_(std::string_view(v)) {}
  // In seconds.
  template <class Rep, class Period>
  log_value(std::chrono::duration<Rep, Period> v)
      : value_(std::chrono::duration<double>(v).count()) {}
  log_value(const boost::system::error_code& v)
      : value_(later{&v, [](const void* p) {
                       return static_cast<const boost::system::error_code*>(p)->message();
                     }}) {}
  template <class T>
  requires requires(const T& t) {
    { t.to_string() } -> std::convertible_to<std::string>;
  }
  log_value(const T& v)
      : value_(later{&v, [](const void* p) -> std::string {
                       return static_cast<const T*>(p)->to_string();
                     }}) {}

 private:
  friend class log_line_writer;
  struct later {
    const void* object;
    std::string (*print)(const void*);
  };
  std::variant<bool, double, std::int64_t, std::uint64_t, std::string_view, later> value_;
};

struct log_field {
  std::string_view name;  // lower_snake_case; not "time", "level" or "message"
  log_value value;
};

// One line without its line feed, valid UTF-8 whatever the bytes given: what is not UTF-8 becomes
// U+FFFD; quotes, control characters and characters that reorder or break lines are escaped as in
// JSON. Time is RFC 3339 in UTC with milliseconds.
//   text: 2026-03-01T12:00:00.123Z info  crawl finished crawl=0f3… pages=12 reason="no pages left"
//   json: {"time":"2026-03-01T12:00:00.123Z","level":"info","message":"crawl finished",…}
std::string log_line(log_format format, std::chrono::system_clock::time_point time, log_level level,
                     std::string_view message, std::span<const log_field> fields);

}  // namespace orbweaver
