#include "server/api/json_document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using nlohmann::json;

// Where byte `at` stands, for people: lines and columns count from 1, columns in bytes.
std::string position(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Builds the tree of a document. nlohmann's own builder neither bounds the depth nor sees a key
// that is given twice; its parser keeps no recursion, so refusing at the limit is enough.
class tree_builder final : public nlohmann::json_sax<json> {
 public:
  tree_builder(std::string_view text, json& root, std::vector<request_error>& errors)
      : text_(text), root_(root), errors_(errors) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool v) override { return add(v); }
  bool number_integer(number_integer_t v) override { return add(v); }
  bool number_unsigned(number_unsigned_t v) override { return add(v); }
  bool number_float(number_float_t v, const string_t&) override { return add(v); }
  bool string(string_t& v) override { return add(std::move(v)); }
  bool binary(binary_t&) override { return false; }  // never in text
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (open_.back()->contains(name))
      errors_.push_back({child_pointer(here(false), name), "is given twice"});
    keys_.back() = std::move(name);
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const json::exception& e) override {
    constexpr int number_overflow = 406;
    if (e.id == number_overflow) return fail(here(true), "is a number too large to represent");
    return fail("", "is not valid JSON at " + position(text_, at > 0 ? at - 1 : 0));
  }

 private:
  bool fail(std::string pointer, std::string detail) {
    errors_.insert(errors_.begin(), {std::move(pointer), std::move(detail)});
    return false;
  }

  json* place(json&& value) {
    if (open_.empty()) return &(root_ = std::move(value));
    json& parent = *open_.back();
    if (!parent.is_array()) return &(parent[keys_.back()] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }

  bool add(json value) {
    if (++values_ > max_json_values)
      return fail("", "holds more than " + std::to_string(max_json_values) + " values");
    place(std::move(value));
    return true;
  }

  bool open(json container) {
    if (open_.size() == max_json_depth)
      return fail(here(true),
                  "is nested deeper than " + std::to_string(max_json_depth) + " levels");
    if (++values_ > max_json_values)
      return fail("", "holds more than " + std::to_string(max_json_values) + " values");
    open_.push_back(place(std::move(container)));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  // The pointer of the innermost open container, or of the value that is about to be placed in it.
  std::string here(bool of_value) const {
    std::string out;
    const std::size_t levels = open_.size() - (of_value || open_.empty() ? 0 : 1);
    for (std::size_t i = 0; i < levels; ++i) {
      const bool last = i + 1 == open_.size();
      const std::size_t index = open_[i]->size() - (last || open_[i]->empty() ? 0 : 1);
      out = child_pointer(out, open_[i]->is_array() ? std::to_string(index) : keys_[i]);
    }
    return out;
  }

  std::string_view text_;
  json& root_;
  std::vector<request_error>& errors_;
  std::vector<json*> open_;  // a container does not move while it is open: only its back grows
  std::vector<std::string> keys_;
  std::size_t values_ = 0;
};

}  // namespace

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string child_pointer(std::string_view pointer, std::string_view token) {
  std::string out(pointer);
  out += '/';
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

json_document parse_json(std::string_view text) {
  json_document out;
  if (const std::size_t nul = find_nul(text); nul != text.npos) {
    out.errors.push_back({"", "is not valid JSON at " + position(text, nul)});
    return out;
  }
  auto root = std::make_unique<json>();
  tree_builder builder(text, *root, out.errors);
  if (json::sax_parse(text, &builder)) out.value = std::move(root);
  return out;
}

}  // namespace orbweaver
