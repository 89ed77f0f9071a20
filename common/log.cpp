#include "common/log.hpp"

#include <memory>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace orbweaver {
namespace {

std::atomic<log_format> current_format{log_format::text};

spdlog::logger& stderr_logger() {
  static const auto logger = [] {
    auto out = std::make_unique<spdlog::logger>("orbweaver",
                                                std::make_shared<spdlog::sinks::stderr_sink_mt>());
    out->set_pattern("%v");                // the line is complete as it comes
    out->set_level(spdlog::level::trace);  // the threshold was passed already
    out->flush_on(spdlog::level::trace);
    return out;
  }();
  return *logger;
}

}  // namespace

void configure_log(log_settings settings) {
  current_format.store(settings.format, std::memory_order_relaxed);
  log_detail::threshold.store(settings.level, std::memory_order_relaxed);
}

void log_detail::write(log_level level, std::string_view message,
                       std::initializer_list<log_field> fields) {
  if (level == log_level::off) return;
  const std::string line = log_line(current_format.load(std::memory_order_relaxed),
                                    std::chrono::system_clock::now(), level, message, fields);
  stderr_logger().log(spdlog::level::info, spdlog::string_view_t(line));
}

}  // namespace orbweaver
