#include "server/webhooks/delivery_state.hpp"

#include <nlohmann/json.hpp>

namespace orbweaver {

using nlohmann::json;

delivery_state read_delivery_state(std::string_view text) try {
  delivery_state out;
  const json in = json::parse(text);
  out.started = in.at(0).get<bool>();
  out.after = in.at(1).get<std::uint64_t>();
  out.ended = in.at(2).get<bool>();
  out.delivered = in.at(3).get<std::uint64_t>();
  out.given_up = in.at(4).get<std::uint64_t>();
  out.last_error = in.at(5).get<std::string>();
  return out;
} catch (const json::exception&) {
  return {};
}

std::string to_text(const delivery_state& state) {
  const json out{state.started,   state.after,    state.ended,
                 state.delivered, state.given_up, state.last_error};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

nlohmann::ordered_json delivery_as_json(const delivery_state& state) {
  nlohmann::ordered_json out{{"delivered", state.delivered}, {"givenUp", state.given_up}};
  out["lastError"] = nullptr;
  if (!state.last_error.empty()) out["lastError"] = state.last_error;
  return out;
}

}  // namespace orbweaver
