#include "crawler/frontier/fingerprint.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace orbweaver {
namespace {

constexpr std::size_t stripe_bytes = 64, words = 8;

std::uint32_t word(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}
void set_word(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> 8 * i & 0xff);
}

// Two texts that XXH3 with this secret cannot tell apart: in two stripes the product that a word
// goes into is 0, whatever the word next to it; what that adds elsewhere cancels out.
std::pair<std::string, std::string> two_alike(std::string_view secret) {
  std::string first(1024, 'x');
  const std::size_t lane = 0;
  for (const std::size_t stripe : {std::size_t{0}, std::size_t{1}}) {
    const std::size_t at = stripe * stripe_bytes + lane * words;
    set_word(first, at, word(secret, stripe * words + lane * words));
    set_word(first, at + 4, 1000);
  }
  std::string second = first;
  set_word(second, lane * words + 4, 1001);
  set_word(second, stripe_bytes + lane * words + 4, 999);
  return {first, second};
}

TEST(Fingerprinter, TellsTextsApart) {
  const fingerprinter prints = fingerprinter::random();
  std::string text(300, 'a');
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = 'b';
    EXPECT_NE(prints.of(other), prints.of(text)) << i;
    EXPECT_NE(prints.of(text.substr(0, i)), prints.of(text)) << i;
  }
  EXPECT_EQ(fingerprinter(prints.secret()).of(text), prints.of(text));
}

TEST(Fingerprinter, ASecretOfItsOwnKeepsOthersFromMakingTwoTextsAlike) {
  const auto [first, second] = two_alike(fingerprinter().secret());
  ASSERT_NE(first, second);
  ASSERT_EQ(fingerprinter().of(first), fingerprinter().of(second)) << "the attack is none";
  const fingerprinter ours = fingerprinter::random();
  EXPECT_NE(ours.of(first), ours.of(second));
  EXPECT_NE(ours.of("http://a.example/"), fingerprinter::random().of("http://a.example/"));
}

}  // namespace
}  // namespace orbweaver
