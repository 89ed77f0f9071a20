#include "crawler/export/csv.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string header() {
  std::string out;
  append_csv_header(out);
  return out;
}
std::string row(std::string_view record) {
  std::string out;
  append_csv_row(out, record);
  return out;
}

// The row's cell in the column of that name; for rows whose other cells hold no comma.
std::string cell(std::string_view record, std::string_view name) {
  const std::string names = header(), cells = row(record);
  const auto at = ("," + names).find("," + std::string(name));
  const auto before =
      std::count(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(at), ',');
  std::size_t begin = 0;
  for (auto i = before; i > 0; --i) begin = cells.find(',', begin) + 1;
  return cells.substr(begin, cells.find_first_of(",\r", begin) - begin);
}

TEST(Csv, EveryLineHasEveryColumn) {
  const std::string record =
      R"({"seq":1,"url":"http://a.example/","outcome":"fetched","status":200,"bytes":12,)"
      R"("timings":{"dns":0.1,"total":0.25},"redirects":["http://a.example/0"],"attempts":1})";
  const std::string names = header(), cells = row(record);
  EXPECT_TRUE(names.starts_with("seq,url,finalUrl,outcome,status,code,message,"));
  EXPECT_TRUE(names.ends_with("\r\n"));
  EXPECT_TRUE(cells.ends_with("\r\n"));
  EXPECT_EQ(std::ranges::count(names, ','), std::ranges::count(cells, ','));
  EXPECT_EQ(std::ranges::count(names, ','), std::ranges::count(row("{}"), ','));
  EXPECT_EQ(cell(record, "seq"), "1");
  EXPECT_EQ(cell(record, "status"), "200");
  EXPECT_EQ(cell(record, "totalSeconds"), "0.25");
  EXPECT_EQ(cell(record, "redirects"), "1");
  EXPECT_EQ(cell(record, "title"), "");
}

TEST(Csv, ErrorsAndReasonsShareTheirColumns) {
  EXPECT_EQ(cell(R"({"error":{"code":"dns_failed","message":"m"}})", "code"), "dns_failed");
  EXPECT_EQ(cell(R"({"reason":{"code":"too_deep","message":"m"}})", "code"), "too_deep");
}

TEST(Csv, QuotesWhatWouldEndACell) {
  EXPECT_NE(row(R"({"title":"a, \"b\"\r\nc"})").find("\"a, \"\"b\"\"\r\nc\""), std::string::npos);
}

TEST(Csv, FormulasBecomeText) {
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\\tx", "\\rx"})
    EXPECT_NE(row(std::string(R"({"title":")") + text + "\"}").find(",\"'"), std::string::npos)
        << text;
  EXPECT_EQ(cell(R"({"title":"1=1"})", "title"), "1=1");
}

TEST(Csv, LargeMembersAreLeftOut) {
  EXPECT_EQ(row(R"({"links":[{"url":"http://a.example/"}],"text":"t","metadata":{"x":[1,2]}})"),
            row("{}"));
}

}  // namespace
}  // namespace orbweaver
