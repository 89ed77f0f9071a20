#include <benchmark/benchmark.h>
#include <random>
#include <string>
#include <zlib.h>
#include <zstd.h>

#include "crawler/fetch/decode.hpp"

namespace orbweaver {
namespace {

// Text like that of a page: it shrinks to about a fifth.
std::string page(std::size_t bytes) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < bytes) {
    text += "<li class=\"item\"><a href=\"/articles/" + std::to_string(random() % 1000000) +
            "\">An article about " + std::to_string(random() % 1000) + "</a></li>\n";
  }
  text.resize(bytes);
  return text;
}

std::string gzip_of(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void decode(benchmark::State& state, const std::string& wire, content_coding coding) {
  coding_list codings;
  codings.add(coding);
  std::string out;
  for (auto _ : state) {
    const decode_result r = decode_body(wire, codings, {}, out);
    if (r.error != outcome::fetched) state.SkipWithError("not decoded");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(out.size() * state.iterations()));
}

void with_gzip(benchmark::State& state) {
  decode(state, gzip_of(page(static_cast<std::size_t>(state.range(0)))), content_coding::gzip);
}
BENCHMARK(with_gzip)->Name("decode/gzip")->Arg(37 << 10)->Arg(1 << 20);

// What zlib costs by itself: an initialised stream, the output allocated and of the right size.
void bare_inflate(benchmark::State& state) {
  const std::string text = page(static_cast<std::size_t>(state.range(0)));
  const std::string wire = gzip_of(text);
  std::string out(text.size(), '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  for (auto _ : state) {
    inflateReset(&stream);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(wire.data()));
    stream.avail_in = static_cast<uInt>(wire.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END) state.SkipWithError("not inflated");
  }
  inflateEnd(&stream);
  state.SetBytesProcessed(static_cast<std::int64_t>(out.size() * state.iterations()));
}
BENCHMARK(bare_inflate)->Name("decode/inflate_alone")->Arg(37 << 10)->Arg(1 << 20);

void with_zstd(benchmark::State& state) {
  const std::string text = page(static_cast<std::size_t>(state.range(0)));
  std::string wire(ZSTD_compressBound(text.size()), '\0');
  wire.resize(ZSTD_compress(wire.data(), wire.size(), text.data(), text.size(), 3));
  decode(state, wire, content_coding::zstd);
}
BENCHMARK(with_zstd)->Name("decode/zstd")->Arg(37 << 10)->Arg(1 << 20);

// An uncompressed stream of the brotli library: what remains is the cost of an instance.
void with_brotli(benchmark::State& state) {
  decode(state, "\x83\x0c\x80hello brotli, hello brotli\x03", content_coding::br);
}
BENCHMARK(with_brotli)->Name("decode/brotli_instance");

}  // namespace
}  // namespace orbweaver
