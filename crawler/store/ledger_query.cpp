#include "crawler/store/store.hpp"

namespace orbweaver {

bool matches(const ledger_query& query, const std::optional<outcome>& fate, std::string_view url) {
  if (query.pending_only && fate) return false;
  if (query.kind && (!fate || kind(*fate) != *query.kind)) return false;
  if (query.fate && fate != query.fate) return false;
  return url.starts_with(query.prefix);
}

}  // namespace orbweaver
