#include "common/signals.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace orbweaver {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};

// What the signal handler may touch: lock-free atomics alone (C++20 [support.signal]).
std::atomic<bool> installed{false};
std::atomic<int> wake_fd{-1};
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

std::array<struct sigaction, handled.size()> previous;

void on_signal(int number) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number)) _exit(128 + number);
  const int saved = errno;
  const std::uint64_t one = 1;
  // A fresh eventfd takes it; should the write fail the next signal still ends the process.
  [[maybe_unused]] const ssize_t written = write(wake_fd.load(), &one, sizeof one);
  errno = saved;
}

void install(int number, struct sigaction& before) {
  sigaction(number, nullptr, &before);
  if (number == SIGHUP && before.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

void ignore_sigpipe() {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

stop_signals::stop_signals(strand where, std::function<void(int)> on_stop)
    : wake_(std::move(where)), on_stop_(std::move(on_stop)) {
  if (installed.exchange(true)) throw std::logic_error("signals are handled in one place");
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  wake_.assign(fd);
  wake_fd = fd;
  first_signal = 0;
  for (std::size_t i = 0; i < handled.size(); ++i) install(handled[i], previous[i]);
  wake_.async_wait(wake_.wait_read, [this](error_code ec) {
    if (!ec) on_stop_(first_signal);
  });
}

stop_signals::~stop_signals() {
  for (std::size_t i = 0; i < handled.size(); ++i) sigaction(handled[i], &previous[i], nullptr);
  installed = false;
}

void stop_signals::close() {
  int none = 0;
  first_signal.compare_exchange_strong(none, SIGTERM);
  wake_.cancel();
}

}  // namespace orbweaver
