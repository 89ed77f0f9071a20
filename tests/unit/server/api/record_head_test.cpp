#include "server/api/record_head.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string head_of(std::string_view record) {
  std::string out;
  append_record_head(out, record);
  return out;
}

TEST(RecordHead, KeepsWhatSaysHowThePageEndedAsItIs) {
  EXPECT_EQ(head_of(R"({"seq":7,"url":"http://a/","links":[{"url":"x"}],"text":"t",)"
                    R"("error":{"code":"dns_failed","message":"a, b}"},"outcome":"failed"})"),
            R"({"seq":7,"url":"http://a/","error":{"code":"dns_failed","message":"a, b}"},)"
            R"("outcome":"failed"})");
}

TEST(RecordHead, IsNotMisledByQuotesAndBrackets) {
  EXPECT_EQ(
      head_of(R"({"text":"\\\",\"title\":\"no\"]}","title":"a\\","links":["]","\\"],"bytes":1})"),
      R"({"title":"a\\","bytes":1})");
}

TEST(RecordHead, LooksAtTheOutermostMembersOnly) {
  EXPECT_EQ(head_of(R"({"metadata":{"title":"inner","url":"u"},"status":200})"),
            R"({"status":200})");
}

TEST(RecordHead, BringsWhatCanBeReadOfTextThatIsNoRecord) {
  for (const std::string_view text : {"", "x", "{", "{}", "[]", "{\"seq\"", "{\"seq\":", "{\"seq",
                                      "{\"links\":[[[", "{\"title\":\"abc", "{\"title\":\"abc\\\""})
    EXPECT_EQ(head_of(text), "{}") << text;
  EXPECT_EQ(head_of(R"({"seq":1,"title":"broken)"), R"({"seq":1})");
}

}  // namespace
}  // namespace orbweaver
