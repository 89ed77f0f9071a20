#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace orbweaver::test {

// Runs `body` on a thread with a network of its own, in which every address there is belongs to
// this machine: nothing leaves it, and a listener on any address hears whatever is dialled.
// Threads that `body` starts live there too. Answers why that is not possible here (it takes root
// and iproute2); empty: it was done.
std::string in_own_network(const std::function<void()>& body);

// How often TCP began to connect in the calling thread's network, as the kernel counts it.
std::uint64_t connects_begun();

}  // namespace orbweaver::test
