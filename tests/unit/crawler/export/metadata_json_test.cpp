#include "crawler/export/metadata_json.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string json_of(const std::vector<meta_entry>& entries) {
  std::string out;
  append_metadata_json(out, entries);
  return out;
}

TEST(MetadataJson, MakesAListOfWhatIsGivenTwice) {
  EXPECT_EQ(json_of({}), "{}");
  EXPECT_EQ(json_of({{"a", "1"}, {"b", "2"}}), R"({"a":"1","b":"2"})");
  EXPECT_EQ(json_of({{"a", "1"}, {"b", ""}, {"a", "3"}, {"a", "1"}}),
            R"({"a":["1","3","1"],"b":""})");
}

TEST(MetadataJson, EscapesNamesAndContents) {
  EXPECT_EQ(json_of({{"\"", "\xff"}}), "{\"\\\"\":\"\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace orbweaver
