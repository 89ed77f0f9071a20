#include "crawler/parse/markup.hpp"

namespace orbweaver::html {
namespace {

const char* skip_spaces(const char* p, const char* end) noexcept {
  while (p != end && is_space(*p)) ++p;
  return p;
}

// 13.2.5.37 to 13.2.5.39, from behind '='. nullptr when the document ends within the value.
const char* read_value(const char* p, const char* end, std::string_view& value) noexcept {
  // 13.2.5.35 Before attribute value state
  p = skip_spaces(p, end);
  if (p == end) return nullptr;
  if (*p == '"' || *p == '\'') {
    const char* const close = find_byte(p + 1, end, *p);
    if (close == end) return nullptr;
    value = view(p + 1, close);
    return close + 1;
  }
  const char* const begin = p;
  while (p != end && !is_space(*p) && *p != '>') ++p;
  if (p == end) return nullptr;
  value = view(begin, p);
  return p;
}

// Whether `</name` stands at `p`, followed by what ends a name: the appropriate end tag.
bool is_closing(const char* p, const char* end, std::string_view name) noexcept {
  if (name.empty() || static_cast<std::size_t>(end - p) < name.size() + 3 || p[1] != '/')
    return false;
  return equals_ignoring_case({p + 2, name.size()}, name) && ends_name(p[2 + name.size()]);
}

// Whether `<script` stands at `p`, followed by what ends a name.
bool opens_script(const char* p, const char* end) noexcept {
  constexpr std::string_view name = "script";
  return static_cast<std::size_t>(end - p) >= name.size() + 2 &&
         equals_ignoring_case({p + 1, name.size()}, name) && ends_name(p[1 + name.size()]);
}

// 13.2.5.20 to 13.2.5.31: from behind `<!--` in a script. Answers either the '<' of the end tag
// (`closed`), or where script data goes on.
const char* escaped_script_end(const char* p, const char* end, std::string_view name,
                               bool& closed) noexcept {
  const char* const dashes = p - 2;  // those of `<!--` count for `-->`
  bool twice = false;
  for (;; ++p) {
    p = find_any<'<', '>'>(p, end);
    if (p == end) return end;
    if (*p == '>') {
      if (p - dashes >= 2 && p[-1] == '-' && p[-2] == '-') return p + 1;
    } else if (twice) {
      // 13.2.5.31 Script data double escape end state
      if (is_closing(p, end, "script")) twice = false;
    } else if (is_closing(p, end, name)) {
      closed = true;
      return p;
    } else {
      // 13.2.5.26 Script data double escape start state
      twice = opens_script(p, end);
    }
  }
}

}  // namespace

tag_part read_tag_part(const char* p, const char* end) noexcept {
  using enum tag_part::kind;
  // 13.2.5.32 Before attribute name state, 13.2.5.40 Self-closing start tag state
  for (;; ++p) {
    p = skip_spaces(p, end);
    if (p == end) return {cut_off, end, {}};
    if (*p == '>') return {closed, p + 1, {}};
    if (*p != '/') break;
    if (p + 1 != end && p[1] == '>') return {self_closed, p + 2, {}};
  }
  // 13.2.5.33 Attribute name state; a leading '=' belongs to the name.
  const char* const name = p++;
  while (p != end && !ends_name(*p) && *p != '=') ++p;
  raw_attribute found{view(name, p), {}};
  // 13.2.5.34 After attribute name state
  p = skip_spaces(p, end);
  if (p == end) return {cut_off, end, {}};
  if (*p != '=') return {attribute, p, found};
  p = read_value(p + 1, end, found.value);
  if (p == nullptr) return {cut_off, end, {}};
  return {attribute, p, found};
}

raw_comment comment_end(const char* p, const char* end) noexcept {
  const char* const data = p;
  // 13.2.5.43 and 13.2.5.44: `<!-->` and `<!--->` are whole comments.
  if (p != end && *p == '>') return {data, p + 1};
  if (end - p >= 2 && p[0] == '-' && p[1] == '>') return {data, p + 2};
  // 13.2.5.51 and 13.2.5.52: `-->` and `--!>` end it.
  for (p = find_byte(p, end, '>'); p != end; p = find_byte(p + 1, end, '>')) {
    const auto before = view(data, p);
    if (before.ends_with("--")) return {p - 2, p + 1};
    if (before.ends_with("--!")) return {p - 3, p + 1};
  }
  // The document ends within the comment: what might have become its end is not data.
  const auto all = view(data, end);
  for (const std::string_view tail : {"--!", "--", "-"}) {
    if (all.ends_with(tail)) return {end - tail.size(), end};
  }
  return {end, end};
}

raw_comment bogus_comment_end(const char* p, const char* end) noexcept {
  p = find_byte(p, end, '>');
  return {p, p == end ? end : p + 1};
}

raw_comment cdata_end(const char* p, const char* end) noexcept {
  const char* const data = p;
  for (p = find_byte(p, end, '>'); p != end; p = find_byte(p + 1, end, '>')) {
    if (view(data, p).ends_with("]]")) return {p - 2, p + 1};
  }
  return {end, end};
}

const char* raw_text_end(const char* p, const char* end, std::string_view name) noexcept {
  for (p = find_byte(p, end, '<'); p != end; p = find_byte(p + 1, end, '<')) {
    if (is_closing(p, end, name)) return p;
  }
  return end;
}

const char* script_end(const char* p, const char* end, std::string_view name) noexcept {
  for (;;) {
    p = find_byte(p, end, '<');
    if (p == end || is_closing(p, end, name)) return p;
    if (!view(p, end).starts_with(comment_opening)) {
      ++p;
      continue;
    }
    bool closed = false;
    p = escaped_script_end(p + comment_opening.size(), end, name, closed);
    if (closed) return p;
  }
}

const char* xml_text_end(const char* p, const char* end, std::string_view name) noexcept {
  for (p = find_byte(p, end, '<'); p != end; p = find_byte(p, end, '<')) {
    const std::string_view rest = view(p, end);
    if (is_closing(p, end, name)) return p;
    if (rest.starts_with(cdata_opening)) {
      p = cdata_end(p + cdata_opening.size(), end).next;
    } else if (rest.starts_with(comment_opening)) {
      p = comment_end(p + comment_opening.size(), end).next;
    } else {
      ++p;
    }
  }
  return end;
}

raw_doctype read_doctype(std::string_view text, bool cut_off) noexcept {
  raw_doctype out;
  const char* p = text.data();
  const char* const end = p + text.size();
  const auto spaces = [&] { p = skip_spaces(p, end); };
  // 13.2.5.59 and 13.2.5.65: an identifier that is not closed is taken up to the end.
  const auto identifier = [&](std::string_view& id, bool& present) {
    spaces();
    if (p == end || (*p != '"' && *p != '\'')) return false;
    const char* const close = find_byte(p + 1, end, *p);
    id = view(p + 1, close);
    present = true;
    p = close == end ? end : close + 1;
    return close != end;
  };
  const auto incorrect = [&] {
    out.correct = false;
    return out;
  };
  const auto keyword = [&](std::string_view word) {
    if (!equals_ignoring_case(view(p, end).substr(0, word.size()), word)) return false;
    p += word.size();
    return true;
  };

  // 13.2.5.54 Before DOCTYPE name state
  spaces();
  if (p == end) return incorrect();
  const char* const name = p;
  while (p != end && !is_space(*p)) ++p;
  out.name = view(name, p);
  out.has_name = true;
  // 13.2.5.56 After DOCTYPE name state
  spaces();
  if (p != end) {
    if (keyword("public")) {
      if (!identifier(out.public_id, out.has_public_id)) return incorrect();
      // 13.2.5.62 Between DOCTYPE public and system identifiers state: the latter may be missing.
      spaces();
      if (p != end && !identifier(out.system_id, out.has_system_id)) return incorrect();
    } else if (keyword("system")) {
      if (!identifier(out.system_id, out.has_system_id)) return incorrect();
    } else {
      return incorrect();
    }
  }
  // 13.2.5.67: anything more is ignored; only if there is nothing may the document not end here.
  spaces();
  if (p == end && cut_off) out.correct = false;
  return out;
}

}  // namespace orbweaver::html
