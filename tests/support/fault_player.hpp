#pragma once

#include <random>

#include "tests/support/fault_case.hpp"
#include "tests/support/fault_socket.hpp"

namespace orbweaver::test {

// Does on a connection what a play says. What is sent is cut into pieces as `seed` says.
class fault_player {
 public:
  fault_player(strand where, unsigned seed) : strand_(std::move(where)), random_(seed) {}

  // False when nothing can follow on this connection. Both must outlive the play.
  task<bool> perform(fault_socket& socket, const fault_play& play);

 private:
  task<> pour(fault_socket& socket, const std::string& bytes);
  task<bool> send_in_pieces(fault_socket& socket, const fault_step& step);
  std::vector<std::size_t> cuts_for(const fault_step& step);
  task<> pause(clock::duration time);

  strand strand_;
  std::mt19937 random_;
};

}  // namespace orbweaver::test
