#include "server/api/since.hpp"

namespace orbweaver {

task<std::optional<std::string>> settle_since(store& records, crawl_spec& spec) {
  if (!spec.since) co_return std::nullopt;
  if (!records.is_durable()) co_return "needs a store on disk";
  const result<stored_crawl> crawl = co_await records.describe(spec.since->id);
  if (!crawl || !crawl->header.listed) co_return "names no crawl of this store";
  if (!crawl->tally.finished) co_return "names a crawl that is not over";
  spec.since->formats = crawl->header.spec->formats;
  co_return std::nullopt;
}

}  // namespace orbweaver
