#include <memory>
#include <new>
#include <zstd.h>

#include "crawler/fetch/decode_output.hpp"

namespace orbweaver {
namespace {

// RFC 9659 3: a window of up to 8 MiB for the content coding.
constexpr int max_window_log = 23;

struct destroy {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

ZSTD_DCtx& context_of_thread() {
  thread_local const std::unique_ptr<ZSTD_DCtx, destroy> context = [] {
    std::unique_ptr<ZSTD_DCtx, destroy> made(ZSTD_createDCtx());
    if (!made) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(made.get(), ZSTD_d_windowLogMax, max_window_log);
    return made;
  }();
  return *context;
}

// RFC 8878 3.1.1 and 3.1.2: a frame, or a skippable one.
bool is_frame(std::string_view in) noexcept {
  return in.starts_with("\x28\xb5\x2f\xfd") ||
         (in.size() >= 4 && (in[0] & '\xf0') == '\x50' && in.substr(1, 3) == "\x2a\x4d\x18");
}

}  // namespace

// RFC 8878 3: any number of frames. What follows the last one is overlooked.
decode_end undo_zstd(std::string_view in, decode_output& out) {
  if (!is_frame(in)) return decode_end::not_encoded;
  ZSTD_DCtx& context = context_of_thread();
  ZSTD_DCtx_reset(&context, ZSTD_reset_session_only);
  out.start(4 * in.size());
  ZSTD_inBuffer source{in.data(), in.size(), 0};
  for (;;) {
    const std::span<char> room = out.room();
    ZSTD_outBuffer sink{room.data(), room.size(), 0};
    const std::size_t code = ZSTD_decompressStream(&context, &sink, &source);
    const decode_end stopped = out.commit(sink.pos);
    if (stopped != decode_end::complete) return stopped;
    if (ZSTD_isError(code) != 0) return decode_end::corrupt;
    if (code == 0) {
      if (!is_frame(in.substr(source.pos))) return decode_end::complete;
    } else if (source.pos == source.size && sink.pos < sink.size) {
      return decode_end::cut_off;
    }
  }
}

}  // namespace orbweaver
