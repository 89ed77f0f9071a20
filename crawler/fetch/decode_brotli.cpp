#include <brotli/decode.h>
#include <memory>
#include <new>

#include "crawler/fetch/decode_output.hpp"

namespace orbweaver {
namespace {

struct destroy {
  void operator()(BrotliDecoderState* state) const noexcept { BrotliDecoderDestroyInstance(state); }
};

decode_end run(std::string_view in, decode_output& out) {
  // The library has no way to reset an instance; its window is no larger than the body needs.
  const std::unique_ptr<BrotliDecoderState, destroy> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) throw std::bad_alloc();
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  std::size_t left = in.size();
  for (;;) {
    const std::span<char> room = out.room();
    auto* next_out = reinterpret_cast<std::uint8_t*>(room.data());
    std::size_t free = room.size();
    const BrotliDecoderResult code =
        BrotliDecoderDecompressStream(state.get(), &left, &next_in, &free, &next_out, nullptr);
    const decode_end stopped = out.commit(room.size() - free);
    if (stopped != decode_end::complete) return stopped;
    switch (code) {
      case BROTLI_DECODER_RESULT_SUCCESS: return decode_end::complete;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return decode_end::cut_off;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: break;
      case BROTLI_DECODER_RESULT_ERROR: return decode_end::corrupt;
    }
  }
}

}  // namespace

// RFC 7932 has no magic number: whether it is brotli shows only in the attempt.
decode_end undo_brotli(std::string_view in, decode_output& out) {
  out.start(4 * in.size());
  const decode_end end = run(in, out);
  return end == decode_end::corrupt && begins_like_text(in) ? decode_end::not_encoded : end;
}

}  // namespace orbweaver
