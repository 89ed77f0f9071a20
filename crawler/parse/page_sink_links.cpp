#include <algorithm>

#include "crawler/parse/link_attributes.hpp"
#include "crawler/parse/page_sink.hpp"

// What a page refers to.
namespace orbweaver::html {
namespace {

// HTML knows white space between the keywords of rel only. Google's "Qualify your outbound links to
// Google", where nofollow comes from, allows commas as well.
bool has_nofollow(std::string_view rel) noexcept {
  while (!rel.empty()) {
    const std::size_t comma = std::min(rel.find(','), rel.size());
    if (has_token(rel.substr(0, comma), "nofollow")) return true;
    rel.remove_prefix(std::min(comma + 1, rel.size()));
  }
  return false;
}

}  // namespace

// False if there is no link, or none that can be kept.
bool page_sink::add_link(link_element kind, attr url) {
  if (!has(url)) return false;
  if (raw(url).size() > max_url_attribute_bytes) {
    out_.truncated.urls = true;
    return false;
  }
  if (out_.links.size() >= max_page_links) {
    out_.truncated.links = true;
    return false;
  }
  push_link(kind, trimmed(url));
  return true;
}

void page_sink::push_link(link_element kind, std::string_view url) {
  page_link& link = out_.links.emplace_back();
  link.url = url;
  link.element = kind;
  if (has(attr::rel)) {
    link.rel = trimmed(attr::rel);
    link.nofollow = has_nofollow(link.rel);
  }
}

void page_sink::add_srcset(link_element kind) {
  if (!has(attr::srcset)) return;
  if (raw(attr::srcset).size() > max_url_attribute_bytes) {
    out_.truncated.urls = true;
    return;
  }
  auto rest = value(attr::srcset);
  while (const auto url = next_srcset_url(rest)) {
    if (out_.links.size() >= max_page_links) {
      out_.truncated.links = true;
      return;
    }
    push_link(kind, *url);
  }
}

// 13.2.6.4.7, "a start tag whose tag name is a": an open one ends here, with or without href.
void page_sink::on_anchor(attr url) {
  close_anchor();
  if (!add_link(link_element::a, url) || options_.followed_only || !options_.link_text) return;
  anchor_.start(out_.links.size() - 1);
  listen();
}

void page_sink::close_anchor() {
  if (!anchor_.open()) return;
  out_.links[anchor_.link()].text = anchor_.finish(out_.strings, out_.truncated.values);
  listen();
}

void page_sink::on_base() {
  if (have_base_ || !has(attr::href)) return;
  have_base_ = true;
  if (raw(attr::href).size() > max_url_attribute_bytes) {
    out_.truncated.urls = true;
  } else {
    out_.base_href = trimmed(attr::href);
  }
}

// Only forms that are sent with GET lead to a page; a method that is not known means GET.
void page_sink::on_form() {
  if (is(attr::method, "post") || is(attr::method, "dialog")) return;
  add_link(link_element::form, attr::action);
}

}  // namespace orbweaver::html
