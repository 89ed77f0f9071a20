#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace orbweaver {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

// Every coroutine runs on a strand, and the type says so: a typed executor saves a microsecond
// per operation over any_io_executor and makes "which strand?" a question the compiler asks.
using strand = asio::strand<asio::io_context::executor_type>;

template <class T = void>
using task = asio::awaitable<T, strand>;

inline constexpr asio::use_awaitable_t<strand> use_task{};
// Completion token for operations whose failure is expected: `auto [ec, n] = co_await op(as_ec);`.
inline constexpr auto as_ec = asio::as_tuple(use_task);

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, strand>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, strand>;

// Runs `work` on `where`, a strand or a pool's executor, and brings its value (or exception) back
// to the calling coroutine's own strand. `work` is taken by value and must be named by the caller:
// g++ 12 destroys a capturing lambda written inside a co_await expression twice.
template <class Executor, class F>
task<std::invoke_result_t<F&>> run_on(Executor where, F work) {
  using value = std::invoke_result_t<F&>;
  co_await asio::dispatch(asio::bind_executor(where, use_task));
  std::exception_ptr failure;
  if constexpr (std::is_void_v<value>) {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    co_await asio::post(use_task);
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<value> out;
    try {
      out.emplace(work());
    } catch (...) {
      failure = std::current_exception();
    }
    co_await asio::post(use_task);
    if (failure) std::rethrow_exception(failure);
    co_return std::move(*out);
  }
}

}  // namespace orbweaver
