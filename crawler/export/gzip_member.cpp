#include "crawler/export/gzip_member.hpp"

#include <array>
#include <new>
#include <zlib.h>

namespace orbweaver {
namespace {

constexpr int gzip_window_bits = 15 + 16;  // the largest window, and a gzip header
constexpr int memory_level = 8;

}  // namespace

gzip_member::gzip_member() {
  auto made = std::make_unique<z_stream>();
  if (deflateInit2(made.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  stream_.reset(made.release());
}

gzip_member::~gzip_member() = default;

void gzip_member::destroy::operator()(z_stream_s* stream) const noexcept {
  deflateEnd(stream);
  delete stream;
}

void gzip_member::begin() { deflateReset(stream_.get()); }

void gzip_member::add(std::string_view bytes, std::string& out) {
  // zlib takes what it does not change as not const.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  while (stream_->avail_in != 0) deflate_into(out, Z_NO_FLUSH);
}

void gzip_member::end(std::string& out) {
  stream_->next_in = nullptr;
  stream_->avail_in = 0;
  deflate_into(out, Z_FINISH);
}

void gzip_member::deflate_into(std::string& out, int flush) {
  std::array<Bytef, 16 << 10> room;
  do {
    stream_->next_out = room.data();
    stream_->avail_out = room.size();
    deflate(stream_.get(), flush);
    out.append(reinterpret_cast<const char*>(room.data()), room.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

}  // namespace orbweaver
