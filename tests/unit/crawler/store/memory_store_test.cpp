#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

class MemoryStore : public store_fixture {
 protected:
  store& kept() override { return records; }
  memory_store records{context};
};

using numbers = std::vector<std::uint64_t>;
numbers seqs(const result<results_page>& page) {
  numbers out;
  for (const auto& r : page->records) out.push_back(r.seq);
  return out;
}

TEST_F(MemoryStore, DropsWhatWasReadForGood) {
  open();
  for (int i = 0; i < 4; ++i) add("http://a.example/" + std::to_string(i));
  records.trim(crawl, 2);
  EXPECT_EQ(seqs(read()), (numbers{3, 4}));
  EXPECT_EQ(seqs(read({.after = 3})), numbers{4});
  records.trim(crawl, 1);
  EXPECT_EQ(seqs(read()), (numbers{3, 4})) << "trimming goes forward only";
  records.trim(crawl, 100);
  EXPECT_EQ(seqs(read()), numbers{});
  EXPECT_EQ(read()->next, 4u);
  add("http://a.example/4");
  EXPECT_EQ(seqs(read()), numbers{5}) << "numbers go on";
}

}  // namespace
}  // namespace orbweaver::test
