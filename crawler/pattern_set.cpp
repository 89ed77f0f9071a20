#include "crawler/pattern_set.hpp"

#include <algorithm>
#include <re2/re2.h>
#include <re2/set.h>

namespace orbweaver {
namespace {

re2::RE2::Options options(std::int64_t memory) {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_max_mem(memory);
  return out;
}

}  // namespace

struct pattern_set::program {
  explicit program(std::int64_t memory) : set(options(memory), re2::RE2::UNANCHORED) {}
  re2::RE2::Set set;
};

pattern_set::pattern_set(std::vector<user_pattern> patterns, std::int64_t memory)
    : patterns_(std::move(patterns)) {
  if (patterns_.size() < 2) return;
  auto made = std::make_shared<program>(memory);
  for (const user_pattern& p : patterns_)
    if (made->set.Add(p.text(), nullptr) < 0) return;
  if (made->set.Compile()) together_ = std::move(made);
}

const user_pattern* pattern_set::first_match(std::string_view subject) const {
  if (together_) {
    std::vector<int> matching;
    re2::RE2::Set::ErrorInfo failure{};
    const re2::StringPiece text(subject.data(), subject.size());
    if (together_->set.Match(text, &matching, &failure))
      return &patterns_[static_cast<std::size_t>(*std::ranges::min_element(matching))];
    if (failure.kind == re2::RE2::Set::kNoError) return nullptr;
  }
  const auto it =
      std::ranges::find_if(patterns_, [&](const user_pattern& p) { return p.matches(subject); });
  return it == patterns_.end() ? nullptr : &*it;
}

}  // namespace orbweaver
