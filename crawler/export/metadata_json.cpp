#include "crawler/export/metadata_json.hpp"

#include <algorithm>

#include "crawler/export/json_text.hpp"

namespace orbweaver {

void append_metadata_json(std::string& out, std::span<const meta_entry> entries) {
  out += '{';
  bool first = true;
  for (auto e = entries.begin(); e != entries.end(); ++e) {
    const auto same = [e](const meta_entry& other) { return other.name == e->name; };
    if (std::any_of(entries.begin(), e, same)) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, e->name);
    out += ':';
    auto next = std::find_if(e + 1, entries.end(), same);
    const bool list = next != entries.end();
    if (list) out += '[';
    append_json_string(out, e->content);
    for (; next != entries.end(); next = std::find_if(next + 1, entries.end(), same)) {
      out += ',';
      append_json_string(out, next->content);
    }
    if (list) out += ']';
  }
  out += '}';
}

}  // namespace orbweaver
