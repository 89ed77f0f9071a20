#include "crawler/fetch/receive_buffer.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <thread>

namespace orbweaver {
namespace {

void append(receive_buffer& b, std::string_view text, std::size_t room) {
  const auto spare = b.spare(room);
  ASSERT_GE(spare.size(), room);
  std::memcpy(spare.data(), text.data(), text.size());
  b.received(text.size());
}
std::string_view text_of(receive_buffer& b) { return {b.filled().data(), b.filled().size()}; }

TEST(ReceiveBuffer, HoldsNothingBeforeItIsAcquired) {
  receive_buffer b;
  EXPECT_FALSE(b.held());
  b.acquire();
  EXPECT_TRUE(b.held());
  EXPECT_TRUE(b.filled().empty());
}

TEST(ReceiveBuffer, KeepsItsBytesAsItGrows) {
  receive_buffer b;
  b.acquire();
  std::string all;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string piece(1000 * (i + 1), static_cast<char>('a' + i));
    append(b, piece, piece.size());
    all += piece;
  }
  EXPECT_EQ(text_of(b), all);
  b.keep(1500);
  EXPECT_EQ(text_of(b), all.substr(0, 1500));
  append(b, "end", 3);
  EXPECT_EQ(text_of(b), all.substr(0, 1500) + "end");
}

TEST(ReceiveBuffer, GrowsBySteadyFactors) {
  receive_buffer b;
  b.acquire();
  const char* last = nullptr;
  int moves = 0;
  for (std::size_t i = 0; i < 10'000; ++i) {
    append(b, "0123456789", 10);
    moves += std::exchange(last, b.filled().data()) != b.filled().data();
  }
  EXPECT_EQ(b.filled().size(), 100'000u);
  EXPECT_LT(moves, 20);
}

TEST(ReceiveBuffer, ComesBackEmptyAndReady) {
  const char* memory = nullptr;
  {
    receive_buffer b;
    b.acquire();
    b.parser().reset();
    append(b, "HTTP/1.1 200 OK\r\n\r\n", 1000);
    EXPECT_EQ(b.parser().parse(b.filled()), response_parser::state::head_done);
    memory = b.filled().data();
  }
  receive_buffer b;
  b.acquire();
  EXPECT_TRUE(b.filled().empty());
  EXPECT_EQ(b.spare(1000).data(), memory) << "the same memory is used again";
  b.parser().reset();
  EXPECT_EQ(b.parser().status(), 0u);
}

TEST(ReceiveBuffer, TheStockKeepsNoLargeOnes) {
  constexpr std::size_t large = 8 << 20;
  {
    receive_buffer b;
    b.acquire();
    b.spare(large);
  }
  receive_buffer b;
  b.acquire();
  EXPECT_LT(b.spare(1).size(), large);
}

// Else sites that dribble would take the memory for bodies with buffers that hold next to nothing.
TEST(ReceiveBuffer, CountsWhatHasComeAndNotTheRoomForIt) {
  const std::size_t before = receive_buffer::bytes_in_use();
  {
    receive_buffer b;
    b.acquire();
    EXPECT_GE(b.spare(100'000).size(), 100'000u);
    EXPECT_EQ(receive_buffer::bytes_in_use(), before);
    b.received(70'000);
    EXPECT_EQ(receive_buffer::bytes_in_use(), before + 70'000);
    b.spare(1'000'000);
    EXPECT_EQ(receive_buffer::bytes_in_use(), before + 70'000);
    b.keep(10);
    EXPECT_EQ(receive_buffer::bytes_in_use(), before + 10);
  }
  EXPECT_EQ(receive_buffer::bytes_in_use(), before);
}

TEST(ReceiveBuffer, MayEndOnAnotherThread) {
  receive_buffer b;
  b.acquire();
  append(b, "abc", 3);
  std::thread([moved = std::move(b)]() mutable { EXPECT_EQ(text_of(moved), "abc"); }).join();
  EXPECT_FALSE(b.held());
}

}  // namespace
}  // namespace orbweaver
