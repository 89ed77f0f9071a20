#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orbweaver {

// How far a crawl's webhook has been told, as the store keeps it and the status shows it.
struct delivery_state {
  bool started = false;         // of the crawl's start
  std::uint64_t after = 0;      // of the records up to this seq
  bool ended = false;           // of everything, or there is nobody to be told
  std::uint64_t delivered = 0;  // messages
  std::uint64_t given_up = 0;   // messages that nobody took
  std::string last_error;       // of the last attempt that failed, in words; empty: none
};

// What to_text() made; any other text makes a state in which nobody has been told of anything.
delivery_state read_delivery_state(std::string_view text);
std::string to_text(const delivery_state& state);

// `delivered`, `givenUp`, `lastError`.
nlohmann::ordered_json delivery_as_json(const delivery_state& state);

}  // namespace orbweaver
