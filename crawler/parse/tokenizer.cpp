#include "crawler/parse/tokenizer.hpp"

#include <unordered_set>

#include "crawler/parse/character_reference.hpp"

namespace orbweaver::html {
namespace {

// Names and identifiers: no references, NUL becomes U+FFFD.
std::string plain(std::string_view raw) {
  std::string out;
  append_decoded(out, raw, {references::none, nul_bytes::replace});
  return out;
}
std::string lowered(std::string_view raw) {
  std::string out = plain(raw);
  for (char& c : out) c = to_lower(c);
  return out;
}

decode_mode mode_of(content where) noexcept {
  switch (where) {
    // 13.2.5.1: what a NUL becomes here is for tree construction to say.
    case content::data: return {references::in_text, nul_bytes::keep};
    case content::rcdata: return {references::in_text, nul_bytes::replace};
    case content::cdata: return {references::none, nul_bytes::keep};
    default: return {references::none, nul_bytes::replace};
  }
}

class token_sink {
 public:
  token_sink(const token_handler& handler, bool foreign) : handler_(handler), foreign_(foreign) {}

  void characters(std::string_view raw, content where) {
    token out{.type = token::kind::characters};
    append_decoded(out.data, raw, mode_of(where));
    emit(out);
  }
  bool start_tag_name(std::string_view raw) { return begin(token::kind::start_tag, raw); }
  bool end_tag_name(std::string_view raw) { return begin(token::kind::end_tag, raw); }
  void attribute(const raw_attribute& raw) {
    std::string name = lowered(raw.name);
    // 13.2.5.33: of two attributes with the same name the first counts.
    if (!names_.insert(name).second) return;
    auto& added = tag_.attributes.emplace_back();
    added.name = std::move(name);
    append_decoded(added.value, raw.value, attribute_mode);
  }
  content start_tag(bool self_closing) {
    tag_.self_closing = self_closing;
    return emit(tag_);
  }
  void end_tag(bool self_closing) { start_tag(self_closing); }
  void comment(std::string_view raw) {
    token out{.type = token::kind::comment};
    out.data = plain(raw);
    emit(out);
  }
  void doctype(std::string_view raw, bool cut_off) {
    const raw_doctype read = read_doctype(raw, cut_off);
    token out{.type = token::kind::doctype};
    out.data = lowered(read.name);
    out.has_name = read.has_name;
    if (read.has_public_id) out.public_id = plain(read.public_id);
    if (read.has_system_id) out.system_id = plain(read.system_id);
    out.force_quirks = !read.correct;
    emit(out);
  }
  bool allows_cdata() const noexcept { return foreign_; }
  void end_of_file() { emit({}); }

 private:
  bool begin(token::kind type, std::string_view name) {
    tag_ = {};
    tag_.type = type;
    tag_.data = lowered(name);
    names_.clear();
    return true;
  }
  content emit(const token& one) { return handler_(one); }

  const token_handler& handler_;
  bool foreign_;
  token tag_;
  std::unordered_set<std::string> names_;
};

}  // namespace

void tokenize(std::string_view html, const token_handler& handler, content where,
              std::string_view last_start_tag, bool foreign) {
  token_sink sink(handler, foreign);
  walk(html, sink, where, last_start_tag);
  sink.end_of_file();
}

}  // namespace orbweaver::html
