#include "server/api/query.hpp"

#include <array>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using mistakes = std::vector<request_error>;

constexpr std::array<std::string_view, 2> colours{"red", "green"};
constexpr std::array known{
    query_parameter{"text", parameter_type::text, 0, 0, 0, {}, "", ""},
    query_parameter{"number", parameter_type::whole_number, 1, 1000, 100, {}, "", ""},
    query_parameter{"flag", parameter_type::boolean, 0, 0, 0, {}, "", ""},
    query_parameter{"code", parameter_type::outcome_code, 0, 0, 0, {}, "", ""},
    query_parameter{"colour", parameter_type::word, 0, 0, 0, colours, "", ""},
};

struct values {
  std::optional<std::string> text;
  std::uint64_t number = 0;
  bool flag = false;
  std::optional<std::string_view> colour;
  std::optional<outcome> code;
  mistakes wrong;
};

values read(const std::string& query) {
  const auto target = parse_target("/?" + query);
  query_reader reader(*target, known);
  values out;
  out.text = reader.text("text");
  out.number = reader.whole_number("number");
  out.flag = reader.flag("flag");
  out.colour = reader.word("colour");
  out.code = reader.outcome_code("code");
  if (auto wrong = reader.finish()) {
    EXPECT_EQ(wrong->code, problem_code::invalid_parameter);
    out.wrong = std::move(wrong->errors);
  }
  return out;
}

TEST(Query, HasDefaults) {
  const values v = read("");
  EXPECT_EQ(v.text, std::nullopt);
  EXPECT_EQ(v.number, 100u);
  EXPECT_FALSE(v.flag);
  EXPECT_EQ(v.colour, std::nullopt);
  EXPECT_EQ(v.wrong, mistakes{});
}

TEST(Query, IsRead) {
  const values v = read("text=a+b&number=1000&flag=true&colour=green&code=robots_disallowed");
  EXPECT_EQ(v.text, "a b");
  EXPECT_EQ(v.number, 1000u);
  EXPECT_TRUE(v.flag);
  EXPECT_EQ(v.colour, "green");
  EXPECT_EQ(v.code, outcome::robots_disallowed);
  EXPECT_EQ(v.wrong, mistakes{});
}

TEST(Query, NamesEveryMistake) {
  EXPECT_EQ(read("number=1001&flag=yes&colour=blue&code=odd&text=a&text=b&numbr=1&other").wrong,
            (mistakes{{"text", "is given twice"},
                      {"number", "must be a whole number, 1 to 1000"},
                      {"flag", "must be true or false"},
                      {"colour", "must be one of red, green"},
                      {"code", "is not the code of an outcome"},
                      {"numbr", "is not a known parameter; did you mean \"number\"?"},
                      {"other", "is not a known parameter"}}));
  for (const char* number : {"0", "-1", "+1", "1.0", "0x1", "", " 1", "99999999999999999999"})
    EXPECT_EQ(read("number=" + std::string(number)).wrong.size(), 1u) << number;
}

}  // namespace
}  // namespace orbweaver
