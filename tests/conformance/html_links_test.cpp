#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <libxml/HTMLparser.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/page_scan.hpp"

// The links of real sites as the page scan finds them and as libxml2's parser does, which builds a
// tree. The sites are documentation packages; those that are not installed are passed over.
namespace orbweaver {
namespace {

namespace fs = std::filesystem;
using link_set = std::multiset<std::pair<std::string, std::string>>;

constexpr std::size_t max_pages = 400;  // of each site

const std::map<std::string, std::string> url_attributes = {
    {"a", "href"},    {"area", "href"}, {"link", "href"},  {"iframe", "src"},
    {"frame", "src"}, {"img", "src"},   {"script", "src"}, {"source", "src"},
    {"video", "src"}, {"audio", "src"}, {"form", "action"}};

std::string attribute_of(xmlNode* node, const std::string& name) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
      xmlGetProp(node, reinterpret_cast<const xmlChar*>(name.c_str())), xmlFree);
  return value ? reinterpret_cast<const char*>(value.get()) : "";
}

void collect(xmlNode* node, link_set& out) {
  if (node->type != XML_ELEMENT_NODE) return;
  const std::string name = reinterpret_cast<const char*>(node->name);
  const auto found = url_attributes.find(name);
  if (found == url_attributes.end()) return;
  const auto* attribute = reinterpret_cast<const xmlChar*>(found->second.c_str());
  if (xmlHasProp(node, attribute) == nullptr) return;
  if (name == "form" && html::equals_ignoring_case(attribute_of(node, "method"), "post")) return;
  out.emplace(name, html::trim(attribute_of(node, found->second)));
}

link_set links_by_libxml2(const std::string& page) {
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      htmlReadMemory(
          page.data(), static_cast<int>(page.size()), nullptr, "utf-8",
          HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER | HTML_PARSE_NONET),
      &xmlFreeDoc);
  link_set out;
  xmlNode* node = document ? xmlDocGetRootElement(document.get()) : nullptr;
  while (node != nullptr) {
    collect(node, out);
    if (node->children != nullptr && node->type == XML_ELEMENT_NODE) {
      node = node->children;
      continue;
    }
    while (node != nullptr && node->next == nullptr) node = node->parent;
    if (node != nullptr) node = node->next;
  }
  return out;
}

link_set links_by_scan(const std::string& page) {
  static page_scan scan;
  scan_page(page, {}, scan);
  link_set out;
  for (const auto& link : scan.links) {
    if (link.element != link_element::meta_refresh)
      out.emplace(std::string(name(link.element)), std::string(link.url));
  }
  return out;
}

std::vector<fs::path> pages_of(const fs::path& site) {
  std::vector<fs::path> out;
  std::error_code ec;
  for (fs::recursive_directory_iterator i(site, ec), end; !ec && i != end; i.increment(ec)) {
    if (i->is_regular_file() && i->path().extension() == ".html") out.push_back(i->path());
  }
  std::sort(out.begin(), out.end());
  // Spread over the whole site.
  std::vector<fs::path> some;
  const std::size_t step = std::max<std::size_t>(1, out.size() / max_pages);
  for (std::size_t i = 0; i < out.size(); i += step) some.push_back(out[i]);
  return some;
}

class html_links : public testing::TestWithParam<const char*> {};

TEST_P(html_links, are_those_libxml2_finds) {
  const auto pages = pages_of(GetParam());
  if (pages.empty()) GTEST_SKIP() << "no HTML below " << GetParam();
  std::size_t links = 0;
  for (const auto& path : pages) {
    std::ifstream in(path, std::ios::binary);
    const std::string page(std::istreambuf_iterator<char>(in), {});
    const link_set expected = links_by_libxml2(page);
    EXPECT_EQ(links_by_scan(page), expected) << path;
    links += expected.size();
  }
  EXPECT_GT(links, pages.size());
  RecordProperty("links", static_cast<int>(links));
}

INSTANTIATE_TEST_SUITE_P(sites, html_links,
                         testing::Values("/usr/share/doc/libboost1.74-doc",
                                         "/usr/share/doc/python3.11/html",
                                         "/usr/share/doc/postgresql-doc-15/html",
                                         "/usr/share/cppreference/doc/html"));

}  // namespace
}  // namespace orbweaver
