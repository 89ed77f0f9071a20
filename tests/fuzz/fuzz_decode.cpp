// Any bytes under any stack of codings: the limits hold, and the thread's decoders stay usable.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <zlib.h>

#include "crawler/fetch/decode.hpp"

namespace {

using namespace orbweaver;

void require(bool holds) {
  if (!holds) std::abort();
}

// Two bits a coding, so that a byte names up to four.
coding_list codings_from(std::uint8_t bits, std::size_t count) {
  coding_list list;
  for (; count-- > 0; bits = static_cast<std::uint8_t>(bits >> 2)) {
    list.add(static_cast<content_coding>(bits & 3));
  }
  return list;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(data) + 2, size - 2);
  const coding_list codings = codings_from(data[0], 1 + (data[1] & 3));
  const decode_limits limits{.max_output_bytes = std::size_t{100'000} + data[1],
                             .max_ratio = 100,
                             .bomb_floor_bytes = 50'000};
  std::string out;
  const decode_result first = decode_body(wire, codings, limits, out);
  require(out.size() <= limits.max_output_bytes);
  require(!first.at_limit || out.size() == limits.max_output_bytes ||
          first.error != outcome::fetched || codings.size() > 1);
  require(first.error == outcome::fetched || first.error == outcome::bad_encoding ||
          first.error == outcome::decode_bomb || first.error == outcome::body_incomplete);

  std::string again;
  const decode_result second = decode_body(wire, codings, limits, again);
  require(again == out && second.error == first.error);

  // What zlib packs comes back.
  std::string packed(compressBound(wire.size()), '\0');
  uLongf packed_size = packed.size();
  require(compress(reinterpret_cast<Bytef*>(packed.data()), &packed_size, data + 2, wire.size()) ==
          Z_OK);
  packed.resize(packed_size);
  coding_list deflated;
  deflated.add(content_coding::deflate);
  require(decode_body(packed, deflated, {}, out).error == outcome::fetched && out == wire);
  return 0;
}
