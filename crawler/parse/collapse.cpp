#include "crawler/parse/collapse.hpp"

#include <algorithm>
#include <bit>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/block.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver::html {

bool is_collapsed(std::string_view raw) noexcept {
  const char* p = raw.data();
  const char* const end = p + raw.size();
  std::uint32_t space_before = 0;
  for (; end - p >= block::size; p += block::size) {
    const block b = block::load(p);
    if ((b.at_most(0x1f) | b.equal('&')).bits() != 0) return false;
    const std::uint32_t spaces = b.equal(' ').bits();
    if ((spaces & ((spaces << 1) | space_before)) != 0) return false;
    space_before = spaces >> (block::size - 1);
  }
  for (; p != end; ++p) {
    if (static_cast<unsigned char>(*p) < 0x20 || *p == '&') return false;
    if (*p == ' ' && space_before != 0) return false;
    space_before = *p == ' ' ? 1 : 0;
  }
  return true;
}

const char* words_end(const char* p, const char* end) noexcept {
  std::uint32_t space_before = 0;
  for (++p; end - p >= block::size; p += block::size) {
    const block b = block::load(p);
    const std::uint32_t spaces = b.equal(' ').bits();
    const std::uint32_t stop = b.at_most(0x1f).bits() | (spaces & ((spaces << 1) | space_before));
    if (stop != 0) {
      p += std::countr_zero(stop);
      return p[-1] == ' ' ? p - 1 : p;
    }
    space_before = spaces >> (block::size - 1);
  }
  while (p != end && static_cast<unsigned char>(*p) > 0x1f && (*p != ' ' || p[-1] != ' ')) ++p;
  return p[-1] == ' ' ? p - 1 : p;
}

void collapser::add(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end && !truncated_) {
    if (is_space(*p)) {
      space_ = true;
      ++p;
      continue;
    }
    const char* const words = p;
    p = words_end(p, end);
    if (space_ && !out_->empty()) out_->push_back(' ');
    space_ = false;
    const std::string_view all(words, static_cast<std::size_t>(p - words));
    const std::size_t room = max_bytes_ - std::min(max_bytes_, out_->size());
    out_->append(clip_utf8(all, room));
    if (all.size() > room) {
      truncated_ = true;
      out_->resize(trim(*out_).size());
    }
  }
}

}  // namespace orbweaver::html
