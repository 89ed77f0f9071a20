#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "crawler/export/json_text.hpp"
#include "crawler/sitemap/sitemap_file.hpp"
#include "crawler/sitemap/sitemap_reader.hpp"
#include "server/commands/inspect.hpp"
#include "server/commands/inspect_input.hpp"
#include "server/commands/inspect_text.hpp"

namespace orbweaver {
namespace {

void append_sitemap(std::string& out, const sitemap& map) {
  out.append("{\"kind\":\"").append(name(map.kind)).append("\",\"entries\":[");
  for (const sitemap_entry& entry : map.entries) {
    out += &entry == map.entries.data() ? "{\"loc\":" : ",{\"loc\":";
    append_json_string(out, entry.loc);
    out += ",\"lastmod\":";
    if (entry.lastmod.empty())
      out += "null";
    else
      append_json_string(out, entry.lastmod);
    out += '}';
  }
  out += ']';
  if (map.too_large) out += ",\"tooLarge\":true";
  if (map.too_many_entries) out += ",\"tooManyEntries\":true";
  if (map.entry_dropped) out += ",\"entryDropped\":true";
  if (map.malformed) out += ",\"malformed\":true";
  out += '}';
}

bool is_whole(const sitemap& map) {
  return !map.too_large && !map.too_many_entries && !map.entry_dropped && !map.malformed;
}

void append_notes(std::string& out, const sitemap& map) {
  if (map.too_large) append_row(out, "note", "it ends at 50 MiB, the protocol's limit");
  if (map.too_many_entries) append_row(out, "note", "it ends at 50,000 entries, the limit");
  if (map.entry_dropped) append_row(out, "note", "a location is too long and left out");
  if (map.malformed) append_row(out, "note", "it is broken or cut short");
}

}  // namespace

bool inspect_sitemap(std::string_view line, std::string& out) {
  std::array fields{input_field{"xml"}};
  if (const std::string wrong = read_input(line, fields); !wrong.empty())
    return append_error(out, wrong);
  sitemap_reader reader("utf-8");  // as a member of JSON it is decoded, whatever it declares
  reader.put(*fields[0].value);
  append_sitemap(out, reader.finish());
  return true;
}

explanation explain_sitemap(std::string_view file) {
  const sitemap map = read_sitemap(file);
  explanation out;
  out.good = map.kind != sitemap_kind::unknown && is_whole(map);
  append_row(out.text, "kind", name(map.kind));
  append_row(out.text, "entries", std::to_string(map.entries.size()));
  append_notes(out.text, map);
  if (!map.entries.empty()) out.text += '\n';
  for (const sitemap_entry& entry : map.entries) {
    out.text += printable(entry.loc);
    if (!entry.lastmod.empty()) out.text += "  " + printable(entry.lastmod);
    out.text += '\n';
  }
  return out;
}

inspect_run add_sitemap_arguments(CLI::App& command) {
  auto path = std::make_shared<std::string>();
  CLI::Option* file = command.add_option(
      "FILE", *path, "The sitemap, maybe compressed with gzip; '-' is standard input");
  return [path, file] {
    if (!*file) throw CLI::RequiredError("FILE");
    return explain_sitemap(read_source(*path));
  };
}

}  // namespace orbweaver
