#include "server/http/descriptor_reserve.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace orbweaver {
namespace {

// The process may open no further file while this lives.
class no_descriptors {
 public:
  no_descriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~no_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

bool can_open() {
  const int fd = ::open("/dev/null", O_RDONLY);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

TEST(DescriptorReserve, GivesOneAtATimeWhenNoneIsLeft) {
  descriptor_reserve reserve(2);
  EXPECT_EQ(reserve.held(), 2u);
  const no_descriptors here;
  ASSERT_FALSE(can_open());
  EXPECT_TRUE(reserve.release());
  EXPECT_TRUE(can_open());
  reserve.refill();
  EXPECT_EQ(reserve.held(), 2u);
  EXPECT_FALSE(can_open());
  EXPECT_TRUE(reserve.release());
  EXPECT_TRUE(reserve.release());
  EXPECT_FALSE(reserve.release());
}

TEST(DescriptorReserve, HoldsWhatItCanGet) {
  const no_descriptors here;
  const descriptor_reserve reserve(2);
  EXPECT_EQ(reserve.held(), 0u);
}

}  // namespace
}  // namespace orbweaver
