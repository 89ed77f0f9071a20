#include "crawler/fetch/decode.hpp"

#include <algorithm>

namespace orbweaver {
namespace {

decode_end undo(content_coding coding, std::string_view in, decode_output& out) {
  switch (coding) {
    case content_coding::gzip: return undo_gzip(in, out);
    case content_coding::deflate: return undo_deflate(in, out);
    case content_coding::br: return undo_brotli(in, out);
    case content_coding::zstd: return undo_zstd(in, out);
  }
  return decode_end::not_encoded;
}

outcome to_error(decode_end end) noexcept {
  switch (end) {
    case decode_end::cut_off: return outcome::body_incomplete;
    case decode_end::corrupt: return outcome::bad_encoding;
    case decode_end::bomb: return outcome::decode_bomb;
    default: return outcome::fetched;
  }
}

}  // namespace

bool begins_like_text(std::string_view body) noexcept {
  return std::ranges::none_of(body.substr(0, 64), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  });
}

decode_result decode_body(std::string_view wire, const coding_list& codings,
                          const decode_limits& limits, std::string& out) {
  decode_result result;
  std::string_view in = wire;
  std::string other;  // with several codings, `in` points into it or into wire
  bool decoded = false;
  // An empty body is an empty body under every label.
  for (std::size_t left = in.empty() ? 0 : codings.size(); left-- > 0;) {
    decode_output output(out, limits, wire.size());
    const decode_end end = undo(codings[left], in, output);
    if (end == decode_end::not_encoded) {
      result.mislabelled = true;
      continue;
    }
    output.finish();
    decoded = true;
    result.at_limit |= end == decode_end::at_limit;
    // The first thing that went wrong explains the others.
    if (result.error == outcome::fetched) result.error = to_error(end);
    if (left == 0) return result;
    if (end == decode_end::bomb) {
      out.clear();  // what came out is still encoded
      return result;
    }
    out.swap(other);
    in = other;
  }
  // Nothing was decoded, or the innermost labels were wrong.
  if (decoded) {
    out.swap(other);
  } else {
    out.assign(in.substr(0, limits.max_output_bytes));
    result.at_limit = in.size() > limits.max_output_bytes;
  }
  return result;
}

}  // namespace orbweaver
