#pragma once

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace orbweaver {

// A page of about 55 KB, the same everywhere: figures for it can be compared from one machine to
// another, those for installed packages cannot. It has what a page of documentation has, in about
// its measure: navigation, paragraphs with links and entities, code marked up word by word, a
// table, a script, a comment.
class made_up_page {
 public:
  std::string text() {
    put(
        {"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<title>A page &mdash; made up</title>\n<meta name=\"description\" content=\"",
         words(12),
         "\">\n<link rel=\"stylesheet\" href=\"/_static/style.css?v=3\">\n"
         "<link rel=\"canonical\" href=\"https://docs.example.org/page.html\">\n"
         "<script src=\"/_static/script.js\"></script>\n</head>\n<body>\n<nav><ul>\n"});
    for (int i = 0; i < 40; ++i) put({"<li class=\"toctree\">", link(), "</li>\n"});
    put({"</ul></nav>\n<!-- ", words(30), "-->\n"});
    for (int i = 0; i < 20; ++i) section();
    put({"<table>\n"});
    for (int i = 0; i < 30; ++i) put({"<tr><td>", link(), "</td><td>", number(), "</td></tr>\n"});
    put({"</table>\n<script>\nif (a < b && c > d) { document.title = \"", words(40),
         "\"; }\n</script>\n<img src=\"/_static/logo.png\" alt=\"logo\">\n</body>\n</html>\n"});
    return out_;
  }

 private:
  // A list, as its elements are evaluated in order; a compiler may do so with sums in any.
  void put(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) out_ += part;
  }

  std::string number() { return std::to_string(random_() % 100'000); }

  std::string words(std::size_t count) {
    constexpr std::string_view all[] = {"crawler", "of", "a",      "page", "which", "answers",
                                        "the",     "in", "server", "and",  "link",  "politely"};
    std::string out;
    for (; count != 0; --count) out.append(all[random_() % std::size(all)]) += ' ';
    return out;
  }

  std::string link() {
    std::string out = "<a class=\"reference internal\" href=\"../chapter-" + number();
    out += "/part.html#s" + number();
    out += "\" title=\"" + words(2);
    out += "\">" + words(2);
    return out + "</a>";
  }

  void section() {
    put({"<h2 id=\"s", number(), "\">", words(4), "</h2>\n"});
    for (int i = 0; i < 3; ++i)
      put({"<p>", words(30), link(), words(15), "&amp; <em>", words(2), "</em>", words(15),
           "</p>\n"});
    put({"<div class=\"highlight\"><pre>"});
    for (int i = 0; i < 8; ++i)
      put({"<span class=\"kt\">int</span> <span class=\"n\">x", number(),
           "</span> <span class=\"o\">=</span> <span class=\"mi\">", number(), "</span>;\n"});
    put({"</pre></div>\n"});
  }

  std::mt19937 random_{7};
  std::string out_;
};

}  // namespace orbweaver
