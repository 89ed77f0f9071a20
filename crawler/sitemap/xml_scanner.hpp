#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

struct xml_token {
  enum class type : std::uint8_t {
    start,  // <name attributes>
    empty,  // <name attributes/>
    end,    // </name>
    text,   // entities not decoded; may come in several pieces
    cdata,  // the same for a CDATA section, which has no entities
  };
  type kind;
  std::string_view name;        // of a tag, with its prefix
  std::string_view attributes;  // of a start or empty tag, not decoded
  std::string_view text;
};

// Splits XML into tags and text, and no more: it checks no nesting, reads no DTD, knows no entity.
// Comments, processing instructions and document types are skipped, whatever their size. Takes
// time linear in the input and keeps the last bytes put and one unfinished tag.
class xml_scanner {
 public:
  // Longer tags, in bytes, end the scan.
  static constexpr std::size_t max_tag = 64 << 10;

  void put(std::string_view bytes);
  // nullopt: more bytes are needed, or it has failed. Views hold until the next call of put().
  std::optional<xml_token> next();
  // A tag was too long.
  bool failed() const noexcept { return failed_; }

 private:
  enum class state : std::uint8_t { text, instruction, comment, cdata, doctype };
  // What a step did: found a token, moved on, or needs more bytes.
  enum class step : std::uint8_t { token, moved, wait };

  step in_text(xml_token& out);
  step in_cdata(xml_token& out);
  step in_doctype() noexcept;
  step in_declaration() noexcept;
  step take_tag(xml_token& out);
  step skip_to(std::string_view terminator) noexcept;
  void skip(std::string_view start, state inner) noexcept;
  std::string_view rest() const noexcept { return std::string_view(buffer_).substr(at_); }

  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;   // of an unfinished tag, from at_
  char quote_ = 0;            // that is open there, or in a document type
  std::size_t brackets_ = 0;  // open in a document type
  state state_ = state::text;
  state outer_ = state::text;  // around a comment or an instruction
  bool failed_ = false;
};

}  // namespace orbweaver
