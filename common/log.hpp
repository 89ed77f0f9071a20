#pragma once

#include <atomic>
#include <initializer_list>
#include <string_view>

#include "common/log_line.hpp"

namespace orbweaver {

struct log_settings {
  log_level level = log_level::info;  // lines below it are not written
  log_format format = log_format::text;
};

// Lines go to standard error, each written whole, from any thread. Without a call: the defaults.
// May be called again; lines being written meanwhile take either format.
void configure_log(log_settings settings);

namespace log_detail {
inline std::atomic<log_level> threshold{log_level::info};
void write(log_level level, std::string_view message, std::initializer_list<log_field> fields);
}  // namespace log_detail

inline bool log_enabled(log_level level) noexcept {
  return level >= log_detail::threshold.load(std::memory_order_relaxed);
}

// log_info("crawl finished", {{"crawl", id}, {"pages", n}});
// A message is a constant phrase in lower case; what varies goes into fields. Below the threshold
// nothing is put into words.
inline void log_at(log_level level, std::string_view message,
                   std::initializer_list<log_field> fields = {}) {
  if (log_enabled(level)) log_detail::write(level, message, fields);
}
inline void log_debug(std::string_view message, std::initializer_list<log_field> fields = {}) {
  log_at(log_level::debug, message, fields);
}
inline void log_info(std::string_view message, std::initializer_list<log_field> fields = {}) {
  log_at(log_level::info, message, fields);
}
inline void log_warn(std::string_view message, std::initializer_list<log_field> fields = {}) {
  log_at(log_level::warn, message, fields);
}
inline void log_error(std::string_view message, std::initializer_list<log_field> fields = {}) {
  log_at(log_level::error, message, fields);
}

}  // namespace orbweaver
