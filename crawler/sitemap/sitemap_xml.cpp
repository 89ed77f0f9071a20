#include "crawler/sitemap/sitemap_xml.hpp"

#include <algorithm>
#include <utility>

#include "common/ascii.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t slice = 64 << 10;   // bytes
constexpr std::size_t max_name = 64;      // bytes; the names that mean something are short
constexpr std::size_t max_lastmod = 128;  // bytes

struct root_element {
  std::string_view name;
  sitemap_kind kind;
  std::string_view entry;
};
// Also the entries themselves, for files that have lost what stood around them.
constexpr root_element roots[] = {
    {"urlset", sitemap_kind::urlset, "url"},
    {"url", sitemap_kind::urlset, "url"},
    {"sitemapindex", sitemap_kind::index, "sitemap"},
    {"sitemap", sitemap_kind::index, "sitemap"},
    {"rss", sitemap_kind::feed, "item"},
    {"rdf", sitemap_kind::feed, "item"},
    {"feed", sitemap_kind::feed, "entry"},
};

}  // namespace

bool sitemap_xml::put(std::string_view bytes) {
  // In slices, for the scanner keeps a copy of each.
  while (!done_ && !bytes.empty()) {
    scanner_.put(bytes.substr(0, slice));
    bytes.remove_prefix(std::min(slice, bytes.size()));
    take_tokens();
  }
  return !done_;
}

void sitemap_xml::take_tokens() {
  while (!done_) {
    const auto token = scanner_.next();
    if (!token) break;
    if (token->kind != xml_token::type::text && token->kind != xml_token::type::cdata)
      take_tag(*token);
    else if (field_ != field::none)
      text_.append(*token);
  }
  if (scanner_.failed()) out_.malformed = done_ = true;
}

// What is complete of an entry that was cut short counts.
void sitemap_xml::finish() {
  if (done_ && !scanner_.failed()) return;
  if (!root_.empty()) out_.malformed = true;
  field_ = field::none;
  if (in_entry_) end_entry();
}

void sitemap_xml::take_tag(const xml_token& tag) {
  const std::string name = ascii_lowered(tag.name.substr(0, max_name));
  const std::size_t colon = std::min(name.find(':'), name.size());
  const std::string_view prefix = std::string_view(name).substr(0, colon);
  const bool prefixed = colon < name.size();
  const std::string_view local = std::string_view(name).substr(prefixed ? colon + 1 : 0);
  if (tag.kind != xml_token::type::end) open(prefixed ? prefix : std::string_view(), local, tag);
  if (tag.kind != xml_token::type::start) close(prefixed ? prefix : std::string_view(), local);
}

void sitemap_xml::take_root(std::string_view local_name) {
  const auto root = std::ranges::find(roots, local_name, &root_element::name);
  if (root == std::end(roots)) {
    done_ = true;
    return;
  }
  root_ = local_name;
  out_.kind = root->kind;
  entry_name_ = root->entry;
}

void sitemap_xml::open(std::string_view prefix, std::string_view local_name, const xml_token& tag) {
  if (root_.empty()) take_root(local_name);
  if (done_) return;
  end_field();
  if (local_name == entry_name_ && (!in_entry_ || prefix == entry_prefix_)) {
    if (in_entry_) end_entry();  // its end tag is missing
    in_entry_ = true;
    depth_ = 0;
    entry_prefix_ = prefix;
    return;
  }
  if (!in_entry_) return;
  if (depth_++ == 0 && prefix == entry_prefix_) field_ = field_of(local_name, tag);
}

void sitemap_xml::close(std::string_view prefix, std::string_view local_name) {
  end_field();
  const bool ends_entry = local_name == entry_name_ && prefix == entry_prefix_;
  const bool ends_root = local_name == root_ && local_name != entry_name_;
  if (in_entry_ && (ends_entry || ends_root)) end_entry();
  if (in_entry_ && depth_ > 0) --depth_;
  if (ends_root) done_ = true;
}

// Which text an element of an entry holds. An Atom link has an attribute instead.
sitemap_xml::field sitemap_xml::field_of(std::string_view name, const xml_token& tag) {
  if (out_.kind != sitemap_kind::feed) {
    return name == "loc" ? field::loc : name == "lastmod" ? field::lastmod : field::none;
  }
  if (entry_name_ == "item") {
    if (name == "guid" && xml_attribute(tag.attributes, "isPermaLink") != "false")
      return field::permalink;
    return name == "link" ? field::loc : name == "pubdate" ? field::lastmod : field::none;
  }
  if (name == "link" && entry_.loc.empty() &&
      xml_attribute(tag.attributes, "rel").value_or("alternate") == "alternate") {
    entry_.loc = xml_attribute(tag.attributes, "href").value_or("");
    too_long_ = entry_.loc.size() > max_sitemap_loc;
  }
  if (name == "published" || name == "issued") return field::published;
  return name == "updated" || name == "modified" ? field::lastmod : field::none;
}

void sitemap_xml::end_field() {
  const field ended = std::exchange(field_, field::none);
  if (ended == field::none) return;
  const bool too_long = text_.too_long();
  std::string text = text_.take();
  if (ended == field::loc && entry_.loc.empty()) {
    entry_.loc = std::move(text);
    too_long_ = too_long;
  } else if (ended == field::lastmod && entry_.lastmod.empty() && text.size() <= max_lastmod) {
    entry_.lastmod = std::move(text);
  } else if (ended == field::permalink && !too_long) {
    permalink_ = std::move(text);
  } else if (ended == field::published && text.size() <= max_lastmod) {
    published_ = std::move(text);
  }
}

void sitemap_xml::end_entry() {
  in_entry_ = false;
  sitemap_entry entry = std::exchange(entry_, {});
  const std::string permalink = std::exchange(permalink_, {});
  std::string published = std::exchange(published_, {});
  if (entry.loc.empty() && permalink.starts_with("http")) entry.loc = permalink;
  if (entry.lastmod.empty()) entry.lastmod = std::move(published);
  if (std::exchange(too_long_, false))
    out_.entry_dropped = true;
  else if (!entry.loc.empty() && !add_entry(out_, std::move(entry)))
    done_ = true;
}

}  // namespace orbweaver
