// Any bytes: the first line is a base, the rest a URL. What parses prints itself, its parts lie
// where they should, and its key is its own key.
#include <cstdint>
#include <cstdlib>

#include "common/url/canonical.hpp"
#include "common/url/site.hpp"
#include "common/url/url.hpp"
#include "common/url/wire_target.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orbweaver;
  static const canonicalizer canonical;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = all.find('\n');
  const bool has_base = line != all.npos;
  const auto base = has_base ? url::parse(all.substr(0, line)) : std::nullopt;
  const auto u = url::parse(has_base ? all.substr(line + 1) : all, base ? &*base : nullptr);
  if (!u) return 0;

  const auto again = url::parse(u->href());
  require(again && *again == *u && again->pathname() == u->pathname());
  require(again->host() == u->host() && again->origin() == u->origin());
  require(u->kind_of_host() == again->kind_of_host() && u->search() == again->search());
  require(!u->is_special() || u->pathname().starts_with('/'));
  require(u->href_without_fragment().size() + u->hash().size() + 1 >= u->href().size());

  std::string first, second;
  const std::string_view key = canonical.key(*u, first);
  const auto keyed = url::parse(key);
  require(keyed && keyed->href() == key && canonical.key(*keyed, second) == key);
  require(wire_target(*u).size() >= u->request_target().size());
  require(u->hostname().size() >= registrable_domain(u->hostname()).size());
  return 0;
}
