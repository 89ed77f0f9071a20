#include "crawler/parse/walk.hpp"

#include <gmock/gmock.h>
#include <random>
#include <string>
#include <vector>

namespace orbweaver::html {
namespace {

using testing::ElementsAre;

// Writes down the tags it wants: all, or only those whose name begins with a letter from the
// second half of the alphabet.
class recorder {
 public:
  explicit recorder(bool everything) : everything_(everything) {}

  std::vector<std::string> tags;

  void characters(std::string_view, content) {}
  bool start_tag_name(std::string_view raw) { return begin("<", raw); }
  bool end_tag_name(std::string_view raw) { return begin("</", raw); }
  void attribute(const raw_attribute& one) {
    tag_ += "|" + std::string(one.name) + "=" + std::string(one.value);
  }
  content start_tag(bool self_closing) {
    if (selected_) tags.push_back(tag_ + (self_closing ? "/" : ""));
    return content::data;
  }
  void end_tag(bool self_closing) { start_tag(self_closing); }
  void comment(std::string_view) {}
  void doctype(std::string_view, bool) {}
  bool allows_cdata() { return false; }

 private:
  bool begin(std::string_view how, std::string_view name) {
    tag_ = std::string(how) + std::string(name);
    selected_ = to_lower(name.front()) > 'm';
    return everything_ || selected_;
  }

  bool everything_;
  bool selected_ = false;
  std::string tag_;
};

std::vector<std::string> tags(std::string_view html, bool everything) {
  recorder sink(everything);
  walk(html, sink);
  return sink.tags;
}

TEST(walk, reads_attributes_in_every_shape) {
  EXPECT_THAT(tags("<p a=\"1\" b='2'  c=3 d e/f = g\n\th=\"<>'\" i='\"'j=k/>", true),
              ElementsAre("<p|a=1|b=2|c=3|d=|e=|f=g|h=<>'|i=\"|j=k/"));
  EXPECT_THAT(tags("<p/>< p></p x=1 /><p =a=b ==><P\v>", true),
              ElementsAre("<p/", "</p|x=1/", "<p|=a=b|==", "<P\v"));
}

TEST(walk, what_is_skipped_ends_where_it_would_if_it_were_read) {
  const std::vector<std::string> tricky = {"<a x='>'><p>",
                                           "<a x=\">\"><p>",
                                           "<a x='\">'y=\"'>\"><p>",
                                           "<a x=y'><p>'>",
                                           "<a x=\"y\"z='>'><p>",
                                           "<a ='><p>'>",
                                           "<a x= '><p>'><p y>",
                                           "<a x\n=\n'><p>'><p y>",
                                           "<a'><p>'>",
                                           "<a/'><p>'>",
                                           "<a x='<p>' y><p>",
                                           "<a x=a='><p>'>",
                                           "</a x='><p>'></p>",
                                           "<a x='><p>",
                                           "<a x=\"'\" y='\"><p>'><p z>",
                                           "<a x=''y=''><p>"};
  for (const auto& html : tricky) {
    EXPECT_EQ(tags(html, false), tags(html, true)) << html;
    // With enough around it that the index is used, and where it has to go on.
    for (const std::size_t before : {10U, 4000U, 4080U, 4090U}) {
      const std::string longer = std::string(before, '.') + html + std::string(100, '.');
      EXPECT_EQ(tags(longer, false), tags(longer, true)) << before << html;
    }
  }
}

TEST(walk, skipping_and_reading_agree_on_anything) {
  const std::vector<std::string> pieces = {
      "<",   ">",    "\"", "'",   "=",     "/",        " ",   "\n", "a",
      "p",   "<a",   "<p", "</p", "<p x=", " href=\"", "\"",  "'",  "<!--",
      "-->", "--!>", "<!", "<?",  "</",    "xyz",      "=\"", "='", std::string(70, 'x')};
  std::mt19937 random(20);  // the same sequence on every run
  for (int round = 0; round < 3000; ++round) {
    std::string html;
    const std::size_t size = 1 + random() % 200;
    for (std::size_t i = 0; i < size; ++i) html += pieces[random() % pieces.size()];
    ASSERT_EQ(tags(html, false), tags(html, true)) << html;
  }
}

}  // namespace
}  // namespace orbweaver::html
