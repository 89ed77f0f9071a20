#include "crawler/parse/page_links.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string base_href(std::string_view html, std::string_view address = "https://h/a/b") {
  page_scan page;
  scan_page(html, {}, page);
  const url own = *url::parse(address);
  url scratch;
  return std::string(base_of(page, own, scratch).href());
}

std::vector<std::string> resolved(const std::vector<page_link>& links, const url& base) {
  std::vector<std::string> out;
  const auto visit = [&](const page_link&, const url& u) { out.emplace_back(u.href()); };
  const auto refuse = [&](const page_link& link, url_error why) {
    out.push_back("no URL: " + std::string(link.url) + " " + std::string(message(why)));
  };
  for_each_link(
      links, base, [](const page_link&) { return true; }, visit, refuse);
  return out;
}

TEST(PageLinks, AreRelativeToTheBaseElementOrToThePage) {
  EXPECT_EQ(base_href(""), "https://h/a/b");
  EXPECT_EQ(base_href("<base href='/c/'>"), "https://h/c/");
  EXPECT_EQ(base_href("<base href='ftp://f/'>"), "ftp://f/");
  EXPECT_EQ(base_href("<base href='http://['>"), "https://h/a/b");
  EXPECT_EQ(base_href("<base href='data:,x'>"), "https://h/a/b");
  EXPECT_EQ(base_href("<base href='JavaScript:x'>"), "https://h/a/b");
}

TEST(PageLinks, LeaveOutWhatIsUnwanted) {
  const std::vector<page_link> links{
      {.url = "x"}, {.url = "http://["}, {.url = "y", .element = link_element::img}, {.url = ""}};
  const url base = *url::parse("https://h/a/b");
  EXPECT_EQ(
      resolved(links, base),
      (std::vector<std::string>{"https://h/a/x",
                                "no URL: http://[ " + std::string(message(url_error::invalid_ipv6)),
                                "https://h/a/y", "https://h/a/b"}));
  std::vector<std::string_view> seen;
  for_each_link(
      links, base, [](const page_link& l) { return is_followed(l.element); },
      [&](const page_link& l, const url&) { seen.push_back(l.url); },
      [&](const page_link&, url_error) { seen.push_back("no URL"); });
  EXPECT_EQ(seen, (std::vector<std::string_view>{"x", "no URL", ""}));
}

TEST(PageLinks, EndBeforeTheyComeToMoreThanTheirLimit) {
  const std::size_t length = 1 << 20;
  const url base = *url::parse("https://h/" + std::string(length - 10 - 1, 'a') + "/");
  const std::size_t fitting = max_resolved_link_bytes / (length + 1);
  const std::vector<page_link> links(fitting + 5, {.url = "?"});
  EXPECT_EQ(resolved(links, base).size(), fitting);
  const auto any = [](const page_link&) { return true; };
  const auto nothing = [](const page_link&, const url&) {};
  const auto none = [](const page_link&, url_error) {};
  EXPECT_FALSE(for_each_link(links, base, any, nothing, none));
  EXPECT_TRUE(for_each_link(std::span(links).first(fitting), base, any, nothing, none));
}

TEST(PageLinks, ThatAreNoUrlsCountTowardsTheLimit) {
  const std::string written = "http://[" + std::string((1 << 20) - 8, 'x');
  const std::vector<page_link> links(max_resolved_link_bytes / written.size() + 1,
                                     {.url = written});
  std::size_t refused = 0;
  EXPECT_FALSE(for_each_link(
      links, *url::parse("https://h/"), [](const page_link&) { return true; },
      [](const page_link&, const url&) {}, [&](const page_link&, url_error) { ++refused; }));
  EXPECT_EQ(refused, links.size() - 1);
}

}  // namespace
}  // namespace orbweaver
