#include "crawler/parse/visible_text.hpp"

#include <gtest/gtest.h>
#include <string>

#include "crawler/parse/page_scan.hpp"

namespace orbweaver {
namespace {

std::string text(std::string_view html) {
  page_scan page;
  scan_page(html, {.visible_text = true}, page);
  return page.text;
}

TEST(visible_text, white_space_is_collapsed) {
  EXPECT_EQ(text("  a\n\t b <b> c</b>d  e &nbsp;&amp; f "), "a b cd e \u00A0& f");
  EXPECT_EQ(text("a<b> </b>b<i>c </i>d"), "a bc d");
  EXPECT_EQ(text(std::string_view("a\0b\x01 c", 6)), "ab\x01 c");
  EXPECT_EQ(text(" \n "), "");
}

TEST(visible_text, blocks_stand_in_lines) {
  EXPECT_EQ(text("a<div>b</div>c<div><div>d</div></div>e"), "a\nb\nc\nd\ne");
  EXPECT_EQ(text("<h1>t</h1><p>a<p>b</p>c"), "t\n\na\n\nb\n\nc");
  EXPECT_EQ(text("<ul><li>a<li>b<ul><li>c</ul></ul>d"), "a\nb\nc\nd");
  EXPECT_EQ(text("a<br>b<br><br>c<br><br><br>d"), "a\nb\n\nc\n\nd");
  EXPECT_EQ(text("<div>a<br></div><div>b</div>"), "a\nb");
  EXPECT_EQ(text("<dl><dt>a<dd>b</dl>"), "a\nb");
}

TEST(visible_text, cells_are_separated_by_tabs) {
  EXPECT_EQ(text("x<table><tr><th>a</th><th>b</th></tr> <tr><td>c<td>d</table>y"),
            "x\n\na\tb\nc\td\n\ny");
  EXPECT_EQ(text("<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr><tr><td><p>d</table>"),
            "a\n\nb\tc\nd");
  EXPECT_EQ(text("<table><tr><td>a<tr><td><td>b</table>"), "a\n\tb");
}

TEST(visible_text, preformatted_text_is_kept) {
  EXPECT_EQ(text("a<pre>\n  x\n\n\ty  z\r\n</pre>b"), "a\n\n  x\n\n\ty  z\n\nb");
  EXPECT_EQ(text("<pre>\n\nx</pre>"), "\nx");
  EXPECT_EQ(text("<pre><b>\nx</b> y</pre>"), "\nx y");
  EXPECT_EQ(text("a<xmp> <b>  &amp;</xmp>b"), "a\n\n <b>  &amp;\n\nb");
  EXPECT_EQ(text("a<plaintext> </b>  x"), "a\n\n </b>  x");
}

TEST(visible_text, what_is_no_text_of_the_page) {
  EXPECT_EQ(text("<head><title>t</title><style>s</style></head>a<script>s</script>b"), "ab");
  EXPECT_EQ(text("a<textarea>t</textarea>b<select><option>o</select>c<iframe>i</iframe>d"), "abcd");
  EXPECT_EQ(text("a<template>t<p>u</template>b<video>v</video>c<noscript>n</noscript>"), "abcn");
  EXPECT_EQ(text("a<svg><title>t</title><text>s</text><foreignObject>f</foreignObject></svg>b"),
            "afb");
  EXPECT_EQ(text("<math><mi>x</mi><mo>=</mo><annotation>tex</annotation></math>"), "x=");
  EXPECT_EQ(text("a<!-- c -->b"), "ab");
}

TEST(visible_text, hidden_elements) {
  EXPECT_EQ(text("a<div hidden>b<div>c</div>d</div>e"), "a\ne");
  EXPECT_EQ(text("a<span style='color:red; DISPLAY : none !important'>b</span>c"), "ac");
  EXPECT_EQ(text("a<my-element hidden>b</my-element>c"), "ac");
  EXPECT_EQ(text("a<dialog>b</dialog><dialog open>c</dialog>"), "a\nc");
  EXPECT_EQ(text("a<span aria-hidden=true>b</span>c<img hidden>d"), "abcd");
  EXPECT_EQ(text("<body hidden>a"), "a");
  EXPECT_EQ(text("<head hidden><title>t</title><p>a"), "a");
  EXPECT_EQ(text("<pre>a<pre hidden>b</pre>  c</pre>"), "a\n\n  c");
}

TEST(visible_text, a_hidden_element_ends_where_the_block_around_it_ends) {
  EXPECT_EQ(text("<div>a<span hidden>b</div>c"), "a\nc");
  EXPECT_EQ(text("<ul><li hidden>a<ul><li>b</ul>c<li>d</ul>e"), "d\ne");
  EXPECT_EQ(text("<p hidden>a<p>b"), "b");
  EXPECT_EQ(text("<p hidden>a<div>b</div>"), "b");
  EXPECT_EQ(text("<div><p hidden>a</div>b"), "b");
  EXPECT_EQ(text("<table><tr><td hidden>a<td>b<tr hidden><td>c<tr><td>d</table>e"), "b\nd\n\ne");
  EXPECT_EQ(text("<ul><li hidden>a</ul>b"), "b");
  EXPECT_EQ(text("<div hidden><section>a</div>b"), "b");
}

TEST(visible_text, a_hidden_inline_element_ends_with_the_paragraph_item_or_cell_around_it) {
  EXPECT_EQ(text("<body><p><span style='display:none'>x</p><p>para</p><h1>head</h1>"
                 "<div>div</div>end</body>"),
            "para\n\nhead\n\ndiv\nend");
  EXPECT_EQ(text("<p><span hidden>x<ul><li>a</ul>b<p>c"), "a\nb\n\nc");
  EXPECT_EQ(text("<p><span hidden>x</p><ul><li>a</ul>b<p>c"), "a\nb\n\nc");
  EXPECT_EQ(text("<p><label hidden>x<p>y<p>z"), "y\n\nz");
  EXPECT_EQ(text("<p><label hidden>x<hr>y"), "y");
  EXPECT_EQ(text("<ul><li><span hidden>x</li><li>y</li></ul>z"), "y\nz");
  EXPECT_EQ(text("<ul><li><span hidden>x<li>y</ul>z"), "y\nz");
  EXPECT_EQ(text("<ul><li><p><span hidden>x<li>y</ul>z"), "y\nz");
  EXPECT_EQ(text("<ul><li><div hidden>x<li>y</ul>z"), "y\nz");
  EXPECT_EQ(text("<ul><li><div hidden>x</li><li>y</ul>z"), "y\nz");
  EXPECT_EQ(text("<dl><dt><span hidden>x<dd>y</dl>z"), "y\nz");
  EXPECT_EQ(text("<dl><dt>a<dd><span hidden>x</dd><dt>y</dl>z"), "a\ny\nz");
  EXPECT_EQ(text("<table><tr><td><span hidden>x</td><td>y</td></tr></table>z"), "y\n\nz");
  EXPECT_EQ(text("<table><tr><th><span hidden>x<td>y<tr><td>z</table>"), "y\nz");
  EXPECT_EQ(text("<table><tr><td><span hidden>x</tr><tr><td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<table><caption><span hidden>x<tr><td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<table><tr><td><b hidden>x<td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<h1><span hidden>x</h2>y<h1 hidden>x<h2>z"), "y\n\nz");
  EXPECT_EQ(text("<table><span hidden>x<tr><td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<table><span hidden>x<table><tr><td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<div><button><span hidden>x<button>y</button>z</div>"), "yz");
  EXPECT_EQ(text("<table><td>a<div><td><span hidden>x<td>b</table>"), "a\t\tb");
}

TEST(visible_text, a_hidden_inline_element_goes_on_where_nothing_around_it_ends) {
  EXPECT_EQ(text("<div><span hidden>x<p>x</p>x<p>x<div>x</div>x</span>y</div>z"), "y\nz");
  EXPECT_EQ(text("<div><span hidden>x<p>x</p>x<ul><li>x</li><li>x</ul>x</span>y</div>"), "y");
  EXPECT_EQ(text("<div><my-list hidden><li>x<li>x</li>x</my-list>y"), "y");
  EXPECT_EQ(text("<ul><li><span hidden>x<ul><li>x</li><li>x</ul>x</span>y"), "y");
  EXPECT_EQ(text("<span hidden>x</p>x</li>x</td>x</div>x</span>y"), "y");
  EXPECT_EQ(text("<table><tr><td><span hidden><table><tr><td>x</td><td>x</table>x</span>y"), "y");
  EXPECT_EQ(text("<div hidden><table><tr><td>x</div>x</table>x</div>y"), "y");
  EXPECT_EQ(text("<p>a<button hidden><div>x</div><p>x</p>x</button>b"), "ab");
  EXPECT_EQ(text("<p>a<span hidden>x<button>x</p>x</button>x</span>b"), "ab");
  EXPECT_EQ(text("<h1><span hidden>x<h2>x</h2>x</span>y</h1>z"), "y\n\nz");
  EXPECT_EQ(text("<p>a<select><option><div>x</div><option>x</select>b"), "ab");
  EXPECT_EQ(text("<p>a<datalist><option>x<option>x</datalist>b"), "ab");
  EXPECT_EQ(text("<p>a<object>x<p>x</p>x</object>b"), "ab");
  // Outside of tables their parts are ignored.
  EXPECT_EQ(text("<div><span hidden>x<tr><td>x</div>y"), "y");
  EXPECT_EQ(text("<div><td><span hidden>x<td>x</td>x</span>y"), "y");
  // An end tag does not reach out of the block it stands in.
  EXPECT_EQ(text("<span hidden>x<div>x</span>x<span>x</div>x</span>y"), "y");
  EXPECT_EQ(text("<span hidden>x<span>x</span>x</span>y"), "y");
}

TEST(visible_text, hidden_formatting_is_opened_again_in_the_next_block) {
  EXPECT_EQ(text("<p><b hidden>x<p>x</b>y"), "y");
  EXPECT_EQ(text("<p><a hidden>x</p><p>x</a>y"), "y");
  EXPECT_EQ(text("<ul><li><em hidden>x<li>x<ul><li>x</ul></em>y</ul>z"), "y\nz");
  EXPECT_EQ(text("<b hidden>x<div>x</b>y</div>z"), "y\nz");
  EXPECT_EQ(text("<div>a<b hidden>x</div>x<h1>x</b>b"), "a\nb");
  EXPECT_EQ(text("<p>a<b hidden>x<p>x</b>b"), "a\n\nb");
  EXPECT_EQ(text("a<b hidden>x<div>x</b>b"), "a\nb");
  EXPECT_EQ(text("<table><tr><td><p><b hidden>x</p>x</td><td>y</table>z"), "y\n\nz");
  EXPECT_EQ(text("<p><b hidden>x<table><tr><td></b>x</table>x</b>y"), "y");
  // There is no anchor in an anchor.
  EXPECT_EQ(text("<p><a hidden>x<a>y</a>z"), "yz");
  EXPECT_EQ(text("<p><a hidden>x<a hidden>x</a>z"), "z");
}

TEST(visible_text, blocks_are_remembered_up_to_a_depth) {
  const auto nested = [](std::size_t depth) {
    std::string out;
    for (std::size_t n = 0; n < depth; ++n) out += "<div>";
    return out;
  };
  const auto closed = [](std::size_t depth) {
    std::string out;
    for (std::size_t n = 0; n < depth; ++n) out += "</div>";
    return out;
  };
  constexpr std::size_t most = html::open_blocks::max_depth;
  const std::string hidden = "<p><span hidden>x<p>y";
  EXPECT_EQ(text(nested(most - 1) + hidden), "y");
  EXPECT_EQ(text(nested(most - 1) + hidden + closed(most - 1) + hidden), "y\n\ny");
  // Beyond it what is hidden is still found to end, if later or sooner.
  EXPECT_EQ(text(nested(most) + "<div hidden>x<div>x</div>x</div>y"), "y");
  EXPECT_EQ(text(nested(most) + hidden + closed(1) + "z"), "z");
  EXPECT_EQ(text(nested(most + 2) + closed(most) + "<span hidden>x</div>y</div>z"), "y\nz");
  EXPECT_EQ(text(nested(most + 2) + "<div hidden><section>x</section>y</div>z"), "y\nz");
}

TEST(visible_text, goes_with_links) {
  page_scan page;
  scan_page("<p>See <a href=x>the <b>page</b></a>.", {.visible_text = true}, page);
  EXPECT_EQ(page.text, "See the page.");
  EXPECT_EQ(page.links.at(0).text, "the page");
  scan_page("<p>See", {.followed_only = true, .visible_text = true}, page);
  EXPECT_EQ(page.text, "");
}

TEST(visible_text, has_a_limit) {
  const std::string word(1000, 'x');
  std::string html;
  while (html.size() <= max_text_bytes) html += word + "<br>";
  page_scan page;
  scan_page(html, {.visible_text = true}, page);
  EXPECT_FALSE(page.truncated.text);
  while (html.size() <= 2 * max_text_bytes) html += word + "<br>";
  scan_page(html, {.visible_text = true}, page);
  EXPECT_TRUE(page.truncated.text);
  EXPECT_EQ(page.text.size(), max_text_bytes);
}

TEST(visible_text, styles_that_hide) {
  using html::style_hides;
  EXPECT_TRUE(style_hides("display:none"));
  EXPECT_TRUE(style_hides("a:b;display: NONE ;c:d"));
  EXPECT_FALSE(style_hides("display:none;display:block"));
  EXPECT_FALSE(style_hides("x-display:none"));
  EXPECT_FALSE(style_hides("display"));
  EXPECT_FALSE(style_hides(""));
}

}  // namespace
}  // namespace orbweaver
