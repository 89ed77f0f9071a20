#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "crawler/parse/tokenizer.hpp"
#include "crawler/parse/utf8.hpp"

// The html5lib tokenizer tests. Lists of parse errors are not compared: the tokenizer reports none.
namespace orbweaver::html {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

fs::path test_directory() {
  const char* const given = std::getenv("ORBWEAVER_CONFORMANCE_DIR");
  const fs::path root =
      given != nullptr ? fs::path(given) : fs::path(ORBWEAVER_SOURCE_DIR) / "../shared/conformance";
  return root / "html";
}

// `doubleEscaped` tests write \uXXXX within their strings.
std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\u") == 0 && i + 6 <= text.size()) {
      const auto code = static_cast<char32_t>(std::stoul(text.substr(i + 2, 4), nullptr, 16));
      char bytes[4];
      out.append(bytes, encode_code_point(code, bytes));
      i += 5;
    } else {
      out += text[i];
    }
  }
  return out;
}
json unescape(const json& value) {
  if (value.is_string()) return unescape(value.get<std::string>());
  if (value.is_array()) {
    json out = json::array();
    for (const auto& item : value) out.push_back(unescape(item));
    return out;
  }
  if (value.is_object()) {
    json out = json::object();
    for (const auto& [key, item] : value.items()) out[unescape(key)] = unescape(item);
    return out;
  }
  return value;
}

content state_of(const std::string& name) {
  static const std::map<std::string, content> states = {
      {"Data state", content::data},          {"PLAINTEXT state", content::plaintext},
      {"RCDATA state", content::rcdata},      {"RAWTEXT state", content::rawtext},
      {"Script data state", content::script}, {"CDATA section state", content::cdata}};
  return states.at(name);
}

json optional_text(const std::optional<std::string>& text) { return text ? json(*text) : json(); }

void add_to(json& out, const token& t) {
  switch (t.type) {
    case token::kind::doctype:
      out.push_back({"DOCTYPE", t.has_name ? json(t.data) : json(), optional_text(t.public_id),
                     optional_text(t.system_id), !t.force_quirks});
      break;
    case token::kind::start_tag: {
      json attributes = json::object();
      for (const auto& a : t.attributes) attributes[a.name] = a.value;
      out.push_back({"StartTag", t.data, attributes});
      if (t.self_closing) out.back().push_back(true);
      break;
    }
    case token::kind::end_tag: out.push_back({"EndTag", t.data}); break;
    case token::kind::comment: out.push_back({"Comment", t.data}); break;
    case token::kind::characters:
      if (!out.empty() && out.back()[0] == "Character") {
        out.back()[1] = out.back()[1].get<std::string>() + t.data;
      } else {
        out.push_back({"Character", t.data});
      }
      break;
    case token::kind::end_of_file: break;
  }
}

json tokens(const std::string& input, content where, const std::string& last_start_tag) {
  json out = json::array();
  bool ended = false;
  tokenize(
      input,
      [&](const token& t) {
        EXPECT_FALSE(ended);
        ended = t.type == token::kind::end_of_file;
        add_to(out, t);
        return content::data;
      },
      where, last_start_tag);
  EXPECT_TRUE(ended);
  return out;
}

// Whether the input leaves the tokenizer in another state than the data state.
bool ends_within_something(const json& test, const std::string& input) {
  const json& output = test["output"];
  if (!output.empty() && output.back()[0] != "Character" && !input.ends_with('>')) return true;
  for (const auto& error : test.value("errors", json::array())) {
    if (error["code"].get<std::string>().starts_with("eof-")) return true;
  }
  return false;
}

void run(const json& test) {
  const bool escaped = test.value("doubleEscaped", false);
  const json fields = escaped ? unescape(test) : test;
  const auto input = fields["input"].get<std::string>();
  const auto last_start_tag = test.value("lastStartTag", "");
  for (const auto& state : test.value("initialStates", json::array({"Data state"}))) {
    const content where = state_of(state.get<std::string>());
    EXPECT_EQ(tokens(input, where, last_start_tag), fields["output"])
        << test["description"] << " in " << state << ": " << test["input"];
    // Once more with enough behind it that reading many bytes at a time is possible.
    if (where != content::data || ends_within_something(test, input)) continue;
    json longer = fields["output"];
    const std::string padding(100, ' ');
    longer.push_back({"Comment", padding});
    EXPECT_EQ(tokens(input + "<!--" + padding + "-->", where, last_start_tag), longer)
        << test["description"] << ": " << test["input"];
  }
}

TEST(html_tokenizer, html5lib) {
  if (!fs::is_directory(test_directory()))
    GTEST_SKIP() << "no html5lib tokenizer tests in " << test_directory();
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(test_directory())) {
    if (file.path().extension() != ".test") continue;
    std::ifstream in(file.path());
    const json suite = json::parse(in);
    for (const auto& test : suite["tests"]) {
      run(test);
      ++count;
    }
  }
  EXPECT_GT(count, 0U);
  RecordProperty("tests", static_cast<int>(count));
}

}  // namespace
}  // namespace orbweaver::html
