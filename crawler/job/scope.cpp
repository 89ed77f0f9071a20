#include "crawler/job/scope.hpp"

#include <algorithm>

#include "common/url/percent.hpp"
#include "common/url/site.hpp"

namespace orbweaver {
namespace {

// "/a/b" and "/a/" both lie in "/a/".
std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// Where both "/~a/" and "/%7Ea/" are one place.
std::string place_of(std::string_view host, std::string_view path) {
  std::string out(host);
  append_normal_escapes(out, path);
  return out;
}

}  // namespace

scope::scope(const crawl_spec& spec)
    : kind_(spec.scope),
      max_depth_(spec.max_depth),
      on_full_url_(spec.regex_on_full_url),
      include_(spec.include_paths),
      exclude_(spec.exclude_paths) {
  for (const std::string& seed : spec.urls)
    if (const auto parsed = url::parse(seed)) add_seed(*parsed);
}

// A host is one with its port; the default ports of http and https count as the same.
void scope::add_seed(const url& seed) {
  switch (kind_) {
    case scope_kind::host: places_.emplace(seed.host()); break;
    case scope_kind::domain: places_.emplace(registrable_domain(seed.hostname())); break;
    case scope_kind::path: add_directory(seed.host(), directory_of(seed.pathname())); break;
    case scope_kind::any:
    case scope_kind::list: break;
  }
}

void scope::add_directory(std::string_view host, std::string_view path) {
  std::string place = place_of(host, path);
  if (lies_in_directory(place)) return;
  auto inner = directories_.lower_bound(place);
  while (inner != directories_.end() && inner->starts_with(place))
    inner = directories_.erase(inner);
  directories_.insert(inner, std::move(place));
}

bool scope::lies_in_directory(std::string_view place) const {
  const auto behind = directories_.upper_bound(place);
  return behind != directories_.begin() && place.starts_with(*std::prev(behind));
}

bool scope::contains(const url& candidate) const {
  switch (kind_) {
    case scope_kind::host: return places_.contains(std::string(candidate.host()));
    case scope_kind::domain:
      return places_.contains(std::string(registrable_domain(candidate.hostname())));
    case scope_kind::path:
      return lies_in_directory(place_of(candidate.host(), candidate.pathname()));
    case scope_kind::any: return true;
    case scope_kind::list: return false;
  }
  return false;
}

scope::verdict scope::check(const url& candidate, std::uint32_t depth) const {
  if (!candidate.is_http()) return {outcome::unsupported_scheme, {}};
  if (depth != 0 && !contains(candidate)) return {outcome::out_of_scope, {}};
  verdict by_pattern = check_patterns(candidate, depth == 0);
  if (!by_pattern.fate && max_depth_ && depth > *max_depth_)
    return {outcome::too_deep, "maxDepth is " + std::to_string(*max_depth_)};
  return by_pattern;
}

scope::verdict scope::check_redirect(const url& target, std::uint32_t depth) const {
  if (!target.is_http()) return {outcome::unsupported_scheme, {}};
  if (kind_ != scope_kind::list && !contains(target)) return {outcome::out_of_scope, {}};
  return check_patterns(target, depth == 0);
}

scope::verdict scope::check_patterns(const url& candidate, bool seed) const {
  const std::string_view subject =
      on_full_url_ ? candidate.href_without_fragment() : candidate.request_target();
  if (const user_pattern* hit = exclude_.first_match(subject))
    return {outcome::excluded_by_pattern, hit->text()};
  if (!seed && !include_.empty() && !include_.first_match(subject))
    return {outcome::not_included_by_pattern, {}};
  return {};
}

bool scope::follow_seed(const url& seed, const url& target) {
  if (!target.is_http() || !same_site(seed.hostname(), target.hostname())) return false;
  if (kind_ != scope_kind::path) {
    add_seed(target);
    return true;
  }
  if (target.host() == seed.host()) return false;
  add_directory(target.host(), directory_of(seed.pathname()));
  return true;
}

}  // namespace orbweaver
