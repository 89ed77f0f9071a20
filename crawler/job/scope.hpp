#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "common/error.hpp"
#include "common/url/url.hpp"
#include "crawler/model.hpp"
#include "crawler/pattern_set.hpp"

namespace orbweaver {

// Which URLs belong to a crawl: its scope, patterns and depth. Pure.
class scope {
 public:
  // The spec's seeds and patterns are valid.
  explicit scope(const crawl_spec& spec);
  scope(const scope&) = delete;
  scope& operator=(const scope&) = delete;

  struct verdict {
    std::optional<outcome> fate;  // none: it belongs to the crawl
    std::string reason;           // the pattern or the limit that decided, where one did
  };
  // `depth` is the number of links from a seed; seeds themselves are held to exclude_paths only.
  verdict check(const url& candidate, std::uint32_t depth) const;

  // Whether a redirect of a URL found at `depth` may lead to `target`. In a list of seeds it may
  // lead anywhere; seeds are held to the same patterns here as they are themselves.
  verdict check_redirect(const url& target, std::uint32_t depth) const;

  // Takes in where a seed redirects to, if that is another host of the same site (registrable
  // domain): a seed `example.com` may live at `www.example.com`. With scope `path` the seed's
  // directory is taken in there. False if it is not to be followed.
  bool follow_seed(const url& seed, const url& target);

 private:
  void add_seed(const url& seed);
  void add_directory(std::string_view host, std::string_view path);
  bool lies_in_directory(std::string_view place) const;
  bool contains(const url& candidate) const;
  verdict check_patterns(const url& candidate, bool seed) const;

  scope_kind kind_;
  std::optional<std::uint32_t> max_depth_;
  bool on_full_url_;
  std::unordered_set<std::string> places_;  // hosts with their ports, or registrable domains
  // Hosts with their ports and a directory, its escapes in normal form. None lies in another, so
  // that the one a place may lie in is the last that does not stand behind it.
  std::set<std::string, std::less<>> directories_;
  pattern_set include_;
  pattern_set exclude_;
};

}  // namespace orbweaver
