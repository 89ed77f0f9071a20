#include <limits>
#include <new>
#include <zlib.h>

#include "crawler/fetch/decode_output.hpp"

namespace orbweaver {
namespace {

// What inflateReset2 calls window bits.
enum class wrapper : int { zlib = 15, gzip = 15 + 16, raw = -15 };

// RFC 1952 2.3.1: ID1, ID2.
bool is_gzip(std::string_view in) noexcept { return in.starts_with("\x1f\x8b"); }

// RFC 1950 2.2: deflate with a window of up to 32 KiB, check bits right, no preset dictionary.
bool is_zlib(std::string_view in) noexcept {
  if (in.size() < 2) return false;
  const unsigned cmf = static_cast<unsigned char>(in[0]);
  const unsigned flg = static_cast<unsigned char>(in[1]);
  return (cmf & 0x0f) == 8 && cmf >> 4 <= 7 && (cmf << 8 | flg) % 31 == 0 && (flg & 0x20) == 0;
}

// RFC 1952 2.3.1: the last four bytes of a member are its size, modulo 2^32.
std::size_t size_in_trailer(std::string_view in) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4 && i < in.size(); ++i) {
    size = size << 8 | static_cast<unsigned char>(in[in.size() - 1 - i]);
  }
  return size;
}

class inflater {
 public:
  inflater() {
    if (inflateInit2(&stream_, static_cast<int>(wrapper::gzip)) != Z_OK) throw std::bad_alloc();
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  decode_end run(std::string_view in, wrapper format, decode_output& out) {
    inflateReset2(&stream_, static_cast<int>(format));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    rest_ = in.size();
    stream_.avail_in = 0;
    std::size_t member_start = 0;  // of the output
    for (;;) {
      const int code = step(out);
      if (code == Z_STREAM_END) {
        if (format != wrapper::gzip || !is_gzip(unread())) return decode_end::complete;
        inflateReset(&stream_);
        member_start = out.size();
      } else if (code == Z_DATA_ERROR || code == Z_NEED_DICT) {
        // Behind a whole member, bytes that turn out to be none are garbage, and overlooked.
        const bool garbage = member_start != 0 && out.size() == member_start;
        return garbage ? decode_end::complete : decode_end::corrupt;
      } else if (code == Z_MEM_ERROR) {
        throw std::bad_alloc();
      } else if (stopped_ != decode_end::complete) {
        return stopped_;
      } else if (unread().empty() && stream_.avail_out != 0) {
        return decode_end::cut_off;
      }
    }
  }

 private:
  // Z_FINISH spares the copy into zlib's window when the output fits at once.
  int step(decode_output& out) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    if (stream_.avail_in == 0) {
      stream_.avail_in = static_cast<uInt>(std::min(rest_, most));
      rest_ -= stream_.avail_in;
    }
    const std::span<char> room = out.room();
    const std::size_t given = std::min(room.size(), most);
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(given);
    const int code = inflate(&stream_, Z_FINISH);
    stopped_ = out.commit(given - stream_.avail_out);
    return stopped_ == decode_end::complete ? code : Z_OK;
  }

  std::string_view unread() const noexcept {
    return {reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in + rest_};
  }

  z_stream stream_{};
  std::size_t rest_ = 0;  // input behind avail_in
  decode_end stopped_ = decode_end::complete;
};

decode_end run(std::string_view in, wrapper format, decode_output& out) {
  thread_local inflater context;
  out.start(format == wrapper::gzip ? size_in_trailer(in) + 1 : 4 * in.size());
  return context.run(in, format, out);
}

bool nothing_came(decode_end end, const decode_output& out) noexcept {
  return end == decode_end::corrupt && out.size() == 0;
}

}  // namespace

// A zlib stream under this label is decoded too, as curl does; anything else is no gzip.
decode_end undo_gzip(std::string_view in, decode_output& out) {
  if (is_gzip(in)) return run(in, wrapper::gzip, out);
  if (!is_zlib(in)) return decode_end::not_encoded;
  const decode_end end = run(in, wrapper::zlib, out);
  return nothing_came(end, out) ? decode_end::not_encoded : end;
}

// RFC 9110 8.4.1.2: `deflate` is the zlib format, but many send raw deflate (RFC 1951).
decode_end undo_deflate(std::string_view in, decode_output& out) {
  if (is_gzip(in)) return run(in, wrapper::gzip, out);
  if (is_zlib(in)) {
    const decode_end end = run(in, wrapper::zlib, out);
    if (!nothing_came(end, out)) return end;
  }
  const decode_end end = run(in, wrapper::raw, out);
  return end == decode_end::corrupt && begins_like_text(in) ? decode_end::not_encoded : end;
}

}  // namespace orbweaver
