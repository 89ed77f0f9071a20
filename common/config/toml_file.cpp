#include "common/config/toml_file.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <toml++/toml.h>

namespace orbweaver {
namespace {

std::string place(std::string_view path, toml::source_index line) {
  return std::string(path) + ':' + std::to_string(line) + ": ";
}

std::string_view wanted(option_kind kind) {
  switch (kind) {
    case option_kind::count: return "must be a whole number";
    case option_kind::bytes: return "must be a whole number of bytes or a string such as \"10MiB\"";
    case option_kind::duration: return "must be a number of seconds or a string such as \"30s\"";
    case option_kind::list: return "must be a string or an array of strings";
    case option_kind::text: break;
  }
  return "must be a string";
}

std::string number_text(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

// The value as the setting's parser reads it, or nullopt when it is of the wrong type.
std::optional<std::vector<std::string>> texts_of(const toml::node& node, option_kind kind) {
  using texts = std::vector<std::string>;
  if (const auto* text = node.as_string(); text && kind != option_kind::count) {
    return texts{text->get()};
  }
  if (const auto* whole = node.as_integer();
      whole && kind != option_kind::text && kind != option_kind::list) {
    return texts{std::to_string(whole->get())};
  }
  if (const auto* number = node.as_floating_point(); number && kind == option_kind::duration) {
    return texts{number_text(number->get())};
  }
  const auto* array = node.as_array();
  if (!array || kind != option_kind::list) return std::nullopt;
  texts out;
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (!text) return std::nullopt;
    out.push_back(text->get());
  }
  return out;
}

}  // namespace

toml_settings read_toml(std::string_view path, std::string_view text) {
  toml_settings out;
  toml::table root;
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& e) {
    out.mistakes.push_back(place(path, e.source().begin.line) + std::string(e.description()));
    return out;
  }
  for (const auto& [key, node] : root) {
    const std::string where = place(path, key.source().begin.line) + std::string(key.str());
    const config_option* option = find_option(key.str());
    if (!option) {
      const auto similar = similar_option(key.str());
      out.mistakes.push_back(where + ": no such setting" +
                             (similar ? "; did you mean " + std::string(*similar) + "?" : ""));
      continue;
    }
    if (auto texts = texts_of(node, option->kind)) {
      out.entries.push_back({option, std::move(*texts), where});
    } else {
      out.mistakes.push_back(where + ": " + std::string(wanted(option->kind)));
    }
  }
  return out;
}

}  // namespace orbweaver
