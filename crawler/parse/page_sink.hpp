#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crawler/parse/anchor_text.hpp"
#include "crawler/parse/foreign_content.hpp"
#include "crawler/parse/names.hpp"
#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/visible_text.hpp"
#include "crawler/parse/walk.hpp"

namespace orbweaver::html {

// The page scanner's end of walk(): picks out the tags that concern it (a lookup in a table and a
// mask), and fills in a page_scan.
class page_sink {
 public:
  page_sink(std::string_view html, const scan_options& options, page_scan& out);
  // The document is over.
  void finish();

  void characters(std::string_view raw, content where) {
    if (listening_) on_characters(raw, where);
  }
  bool start_tag_name(std::string_view raw) noexcept {
    if (!every_tag_ && (element_filter.find(raw) & wanted_starts_) == 0) return false;
    key_ = read_key(raw, end_);
    element_ = &find_element(key_);
    seen_ = decoded_ = 0;
    return every_tag_ || element_->has(wanted_starts_);
  }
  bool end_tag_name(std::string_view raw) noexcept {
    if (!every_tag_ && (element_filter.find(raw) & wanted_ends_) == 0) return false;
    key_ = read_key(raw, end_);
    element_ = &find_element(key_);
    return every_tag_ || element_->has(wanted_ends_);
  }
  void attribute(const raw_attribute& one) noexcept {
    if (attribute_filter.find(one.name) == 0) return;
    const auto which = find_attribute(read_key(one.name, end_));
    // 13.2.5.33: of two attributes with the same name the first counts.
    if (which == html::attribute::other || has(which)) return;
    seen_ |= bit(which);
    values_[static_cast<std::size_t>(which)] = one.value;
  }
  content start_tag(bool self_closing);
  void end_tag(bool self_closing);
  void comment(std::string_view) noexcept {}
  void doctype(std::string_view, bool) noexcept {}
  bool allows_cdata() const noexcept { return options_.xml || foreign_.inside(); }

 private:
  using attr = html::attribute;
  enum class capture : std::uint8_t { none, title, json_ld };

  static constexpr std::uint32_t bit(attr which) noexcept {
    return std::uint32_t{1} << static_cast<unsigned>(which);
  }
  bool has(attr which) const noexcept { return (seen_ & bit(which)) != 0; }
  std::string_view raw(attr which) const noexcept {
    return values_[static_cast<std::size_t>(which)];
  }
  // Decoded; an absent attribute is empty.
  std::string_view value(attr which);
  std::string_view trimmed(attr which);
  bool is(attr which, std::string_view keyword);

  void listen() noexcept;
  void foreign_start_tag(bool self_closing);
  void html_start_tag(bool self_closing);
  void html_end_tag();
  content go_on_in_xml(bool self_closing);
  bool opens_shadow_root();
  bool hidden();
  void record();
  bool add_link(link_element kind, attr url);
  void push_link(link_element kind, std::string_view url);
  void add_srcset(link_element kind);
  void on_anchor(attr url);
  void close_anchor();
  void on_base();
  void on_form();
  void on_html();
  void on_link();
  void on_meta();
  void on_named_meta(std::string_view name, std::string_view content);
  void on_refresh();
  void on_robots(std::string_view list);
  void on_characters(std::string_view raw, content where);
  void take_title(std::string_view raw);
  void take_json_ld(std::string_view raw);

  const char* const end_;
  const scan_options& options_;
  page_scan& out_;

  // Of the tag being read.
  name_key key_;
  const element_info* element_ = &other_element;
  std::uint32_t seen_ = 0;  // its attributes
  std::uint32_t decoded_ = 0;
  std::array<std::string_view, attribute_names.size()> values_;

  unsigned wanted_starts_ = 0;  // traits
  unsigned wanted_ends_ = 0;
  const bool every_tag_;    // for the visible text
  bool listening_ = false;  // characters matter now

  foreign_content foreign_;
  std::size_t templates_ = 0;  // open ones whose content is inert
  anchor_text anchor_;
  visible_text text_;
  capture capture_ = capture::none;
  bool have_base_ = false;
  bool have_refresh_ = false;
  std::string_view pragma_language_;
  std::size_t json_ld_bytes_ = 0;
};

}  // namespace orbweaver::html
