#include "tests/support/encodings.hpp"

#include <brotli/encode.h>
#include <memory>
#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

namespace orbweaver::test {
namespace {

// `format`: zlib's window bits.
std::string deflated(std::string_view text, int format) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib cannot compress");
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string gzip(std::string_view text) { return deflated(text, 15 + 16); }
std::string zlib_stream(std::string_view text) { return deflated(text, 15); }
std::string raw_deflate(std::string_view text) { return deflated(text, -15); }

std::string brotli(std::string_view text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string out(size, '\0');
  if (BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
                            reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE)
    throw std::runtime_error("brotli cannot compress");
  out.resize(size);
  return out;
}

std::string zstd(std::string_view text, int window_log) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
  ZSTD_inBuffer source{text.data(), text.size(), 0};
  ZSTD_outBuffer sink{out.data(), out.size(), 0};
  // Flushed first: a frame that says how large it is needs no window of its own.
  ZSTD_compressStream2(context.get(), &sink, &source, ZSTD_e_flush);
  ZSTD_compressStream2(context.get(), &sink, &source, ZSTD_e_end);
  out.resize(sink.pos);
  return out;
}

}  // namespace orbweaver::test
