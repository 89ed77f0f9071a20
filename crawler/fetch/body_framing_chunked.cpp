#include "crawler/fetch/body_framing_chunked.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace orbweaver {
namespace {

constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr unsigned max_digits = 16;
constexpr std::uint64_t max_chunk = std::numeric_limits<std::int64_t>::max();

}  // namespace

// Each read_… eats what it can and answers whether the next phase can go on with what is left.
chunked_decoder::state chunked_decoder::decode(std::span<char> buffer, extent& body) {
  bool go_on = state_ == state::need_more;
  while (go_on) {
    switch (phase_) {
      case phase::size: go_on = read_size(buffer, body); break;
      case phase::extension: go_on = read_extension(buffer, body); break;
      case phase::data: go_on = read_data(buffer, body); break;
      case phase::data_end: go_on = read_data_end(buffer, body); break;
      case phase::trailer: go_on = read_trailer(buffer, body); break;
    }
  }
  return state_;
}

bool chunked_decoder::end_as(state s) noexcept {
  state_ = s;
  return false;
}

// RFC 9112 7.1: chunk-size = 1*HEXDIG.
bool chunked_decoder::read_size(std::span<char> buffer, extent& body) noexcept {
  for (; body.consumed < buffer.size(); ++body.consumed) {
    const int digit = hex_value(buffer[body.consumed]);
    if (digit < 0) {
      if (digits_ == 0 || chunk_left_ > max_chunk) return end_as(state::bad);
      phase_ = phase::extension;
      return true;
    }
    if (++digits_ > max_digits) return end_as(state::bad);
    ++line_bytes_;
    chunk_left_ = chunk_left_ << 4 | static_cast<unsigned>(digit);
  }
  return false;
}

// 7.1.1: whatever follows the size on its line means nothing to us.
bool chunked_decoder::read_extension(std::span<char> buffer, extent& body) noexcept {
  const char* const from = buffer.data() + body.consumed;
  const std::size_t available = buffer.size() - body.consumed;
  if (available == 0) return false;
  const void* const lf = std::memchr(from, '\n', available);
  const std::size_t taken =
      lf != nullptr ? static_cast<std::size_t>(static_cast<const char*>(lf) - from) + 1 : available;
  body.consumed += taken;
  line_bytes_ += taken;
  extension_bytes_ += taken;
  if (line_bytes_ > limits_.max_line_bytes) return end_as(state::bad);
  if (lf == nullptr) return false;
  // The line end itself, CR LF, is no extension.
  extension_bytes_ -= std::min<std::size_t>(extension_bytes_, 2);
  if (extension_bytes_ > limits_.max_extension_bytes) return end_as(state::bad);
  line_bytes_ = 0;
  phase_ = chunk_left_ == 0 ? phase::trailer : phase::data;
  return true;
}

bool chunked_decoder::read_data(std::span<char> buffer, extent& body) noexcept {
  const std::size_t have = body.end - body.begin;
  const std::uint64_t allowed = limits_.max_body_bytes - have;
  if (allowed == 0) return end_as(state::too_long);
  const auto taken = static_cast<std::size_t>(
      std::min({chunk_left_, allowed, std::uint64_t{buffer.size() - body.consumed}}));
  if (taken == 0) return false;
  if (have == 0) {
    body.begin = body.end = body.consumed;
  } else if (body.end != body.consumed) {
    std::memmove(buffer.data() + body.end, buffer.data() + body.consumed, taken);
  }
  body.end += taken;
  body.consumed += taken;
  chunk_left_ -= taken;
  if (chunk_left_ == 0) phase_ = phase::data_end;
  return true;
}

// 7.1: chunk = chunk-size [chunk-ext] CRLF chunk-data CRLF.
bool chunked_decoder::read_data_end(std::span<char> buffer, extent& body) noexcept {
  while (body.consumed < buffer.size()) {
    const char c = buffer[body.consumed];
    if (c != '\r' && c != '\n') return end_as(state::bad);
    ++body.consumed;
    if (++line_bytes_ > limits_.max_line_bytes) return end_as(state::bad);
    if (c == '\n') {
      digits_ = 0;
      phase_ = phase::size;
      return true;
    }
  }
  return false;
}

// 7.1.2: trailer fields are discarded; the section ends with an empty line.
bool chunked_decoder::read_trailer(std::span<char> buffer, extent& body) noexcept {
  while (body.consumed < buffer.size()) {
    const char c = buffer[body.consumed++];
    if (++trailer_bytes_ > limits_.max_trailer_bytes) return end_as(state::bad);
    if (c == '\n') {
      if (line_empty_) return end_as(state::done);
      if (!line_usable_) return end_as(state::bad);
      line_empty_ = true;
      line_usable_ = false;
    } else if (c != '\r') {
      line_usable_ |= c == ':' || (line_empty_ && (c == ' ' || c == '\t'));
      line_empty_ = false;
    }
  }
  return false;
}

}  // namespace orbweaver
