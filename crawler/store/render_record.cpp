#include "crawler/store/render_record.hpp"

#include "crawler/export/json_text.hpp"

namespace orbweaver {

std::string render_record(std::uint64_t seq, std::optional<std::string_view> referrer,
                          std::optional<std::string_view> duplicate_of, std::string_view members) {
  std::string out;
  out.reserve(members.size() + 160);
  out += "{\"seq\":";
  append_json_number(out, seq);
  const auto append_url = [&out](std::string_view member, std::optional<std::string_view> url) {
    if (!url) return;
    out += member;
    append_json_string(out, *url);
  };
  append_url(",\"referrer\":", referrer);
  append_url(",\"duplicateOf\":", duplicate_of);
  out += ',';
  out += members;
  out += '}';
  return out;
}

}  // namespace orbweaver
