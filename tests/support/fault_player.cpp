#include "tests/support/fault_player.hpp"

#include <algorithm>

namespace orbweaver::test {
namespace {

using step = fault_step::kind;

constexpr std::size_t max_pieces = 8;
// Up to here a text may also be sent byte by byte.
constexpr std::size_t short_text = 200;
constexpr std::chrono::microseconds longest_pause{1500};  // between two pieces
constexpr std::size_t flood_block = 16 * 1024;

}  // namespace

task<bool> fault_player::perform(fault_socket& socket, const fault_play& play) {
  for (const fault_step& s : play) {
    switch (s.what) {
      case step::send: {
        const bool there = co_await send_in_pieces(socket, s);
        if (!there) co_return false;
        break;
      }
      case step::drip:
        while (co_await socket.write(s.bytes)) co_await pause(s.every);
        co_return false;
      case step::flood: co_await pour(socket, s.bytes); co_return false;
      case step::half_close:
        socket.half_close();
        co_await socket.wait_for_end();
        co_return false;
      case step::hold: co_await socket.wait_for_end(); co_return false;
      case step::close: socket.close(); co_return false;
      case step::cut: socket.cut(); co_return false;
      case step::reset: co_await socket.reset(); co_return false;
    }
  }
  co_return true;
}

// Between two blocks it is everybody else's turn.
task<> fault_player::pour(fault_socket& socket, const std::string& bytes) {
  std::string block;
  while (block.size() < flood_block) block += bytes;
  while (co_await socket.write(block)) co_await asio::post(use_task);
}

// Where the pieces end.
std::vector<std::size_t> fault_player::cuts_for(const fault_step& step) {
  const std::size_t loose = step.bytes.size() - step.glued;
  std::vector<std::size_t> cuts;
  if (loose > 1) {
    const bool each_byte = loose <= short_text && random_() % 8 == 0;
    const std::size_t count = each_byte ? loose : random_() % max_pieces;
    for (std::size_t i = 1; i < count; ++i)
      cuts.push_back(each_byte ? i : 1 + random_() % (loose - 1));
    std::sort(cuts.begin(), cuts.end());
  }
  cuts.push_back(step.bytes.size());
  return cuts;
}

// Some pieces follow at once, some a moment later.
task<bool> fault_player::send_in_pieces(fault_socket& socket, const fault_step& step) {
  const std::string_view all = step.bytes;
  std::size_t sent = 0;
  for (const std::size_t cut : cuts_for(step)) {
    const bool there = co_await socket.write(all.substr(sent, cut - sent));
    if (!there) co_return false;
    sent = cut;
    if (cut != all.size() && random_() % 2 == 0)
      co_await pause(longest_pause * (random_() % 16) / 16);
  }
  co_return true;
}

task<> fault_player::pause(clock::duration time) {
  timer wait(strand_, time);
  co_await wait.async_wait(as_ec);
}

}  // namespace orbweaver::test
