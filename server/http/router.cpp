#include "server/http/router.hpp"

#include <algorithm>
#include <optional>

namespace orbweaver {
namespace {

// The first part of `path` behind its '/', which is taken away with it.
std::string_view next_part(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

std::optional<std::vector<std::string_view>> captures_of(std::string_view pattern,
                                                         std::string_view path) {
  std::vector<std::string_view> out;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_part(pattern);
    const std::string_view given = next_part(path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return std::nullopt;
    } else if (given.empty()) {
      return std::nullopt;
    } else {
      out.push_back(given);
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return out;
}

// RFC 9110 section 10.2.1, with the methods that every path has.
std::string allow_list(std::vector<std::string_view> methods) {
  if (std::ranges::find(methods, "GET") != methods.end()) methods.push_back("HEAD");
  methods.push_back("OPTIONS");
  std::string out;
  for (const std::string_view method : methods) {
    if (!out.empty()) out += ", ";
    out += method;
  }
  return out;
}

}  // namespace

route_match router::match(std::string_view method, std::string_view path) const {
  if (method == "HEAD") method = "GET";
  route_match out;
  std::vector<std::string_view> methods;
  for (const route& r : routes_) {
    if (path == "*") {
      if (std::ranges::find(methods, r.method) == methods.end()) methods.push_back(r.method);
      continue;
    }
    auto captures = captures_of(r.path, path);
    if (!captures) continue;
    methods.push_back(r.method);
    if (r.method == method && out.found == nullptr) {
      out.found = &r;
      out.captures = std::move(*captures);
    }
  }
  if (!methods.empty()) out.allow = allow_list(std::move(methods));
  return out;
}

}  // namespace orbweaver
