#include "crawler/parse/link_attributes.hpp"
#include "crawler/parse/page_sink.hpp"
#include "crawler/parse/utf8.hpp"

// What a page says of itself.
namespace orbweaver::html {

void page_sink::on_html() {
  if (!options_.metadata || !out_.language.empty()) return;
  out_.language = trimmed(has(attr::lang) ? attr::lang : attr::xml_lang);
}

void page_sink::on_link() {
  if (!add_link(link_element::link, attr::href) || !options_.metadata) return;
  const page_link& link = out_.links.back();
  if (out_.canonical.empty() && has_token(link.rel, "canonical")) out_.canonical = link.url;
  if (!has(attr::hreflang) || !has_token(link.rel, "alternate")) return;
  if (out_.alternates.size() < max_language_alternates) {
    out_.alternates.push_back({trimmed(attr::hreflang), link.url});
  } else {
    out_.truncated.metadata = true;
  }
}

void page_sink::on_meta() {
  if (!has(attr::content)) return;
  if (has(attr::name)) {
    const auto name = trimmed(attr::name);
    if (equals_ignoring_case(name, "robots") ||
        (!options_.agent.empty() && equals_ignoring_case(name, options_.agent)))
      on_robots(value(attr::content));
  }
  if (is(attr::http_equiv, "refresh")) on_refresh();
  if (options_.followed_only || !options_.metadata) return;
  if (is(attr::http_equiv, "content-language") && pragma_language_.empty()) {
    // 4.2.5.3: a list of languages says nothing.
    auto rest = value(attr::content);
    if (rest.find(',') == std::string_view::npos) pragma_language_ = next_token(rest);
  }
  if (has(attr::name)) on_named_meta(trimmed(attr::name), trimmed(attr::content));
  if (has(attr::property)) on_named_meta(trimmed(attr::property), trimmed(attr::content));
}

void page_sink::on_named_meta(std::string_view name, std::string_view text) {
  if (name.empty()) return;
  // Whoever writes them compares the names of all entries with each other.
  if (out_.metadata.size() >= max_metadata_entries || name.size() > max_metadata_name_bytes) {
    out_.truncated.metadata = true;
    return;
  }
  if (text.size() > max_value_bytes) {
    text = clip_utf8(text, max_value_bytes);
    out_.truncated.values = true;
  }
  out_.metadata.push_back({name, text});
}

// 4.2.5.3: the first one that is valid counts.
void page_sink::on_refresh() {
  if (have_refresh_) return;
  if (raw(attr::content).size() > max_url_attribute_bytes) {
    out_.truncated.urls = true;
    return;
  }
  const refresh found = parse_refresh(value(attr::content));
  have_refresh_ = found.valid;
  if (found.url.empty()) return;
  if (out_.links.size() < max_page_links) {
    push_link(link_element::meta_refresh, found.url);
  } else {
    out_.truncated.links = true;
  }
}

void page_sink::on_robots(std::string_view list) {
  out_.robots.add(list);
  while (!list.empty()) {
    const auto one = next_directive(list);
    if (one.empty()) continue;
    if (out_.robots_list.size() >= max_robots_directives) {
      out_.truncated.metadata = true;
      return;
    }
    char* const room = out_.strings.room(one.size());
    for (std::size_t i = 0; i < one.size(); ++i) room[i] = to_lower(one[i]);
    out_.robots_list.push_back(out_.strings.keep(one.size()));
  }
}

}  // namespace orbweaver::html
