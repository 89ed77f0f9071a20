#include "crawler/engine.hpp"

#include "crawler/engine_impl.hpp"

namespace orbweaver {

engine::engine(asio::io_context& context, store& store, resolver& names,
               deadline_service& deadlines, const address_policy& policy, engine_settings settings)
    : impl_(std::make_unique<impl>(context, store, names, deadlines, policy, std::move(settings))) {
  asio::post(impl_->executor(), [this] { impl_->begin(); });
}

engine::~engine() = default;

task<result<crawl_status>> engine::create(crawl_spec spec) {
  auto work = [this, spec = std::move(spec)]() mutable { return impl_->create(std::move(spec)); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<crawl_status>> engine::status(crawl_id id) {
  auto work = [this, id] { return impl_->status(id); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<list_page> engine::list(list_query query) {
  auto work = [this, query = std::move(query)] { return impl_->list(query); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<crawl_status>> engine::pause(crawl_id id) {
  auto work = [this, id] { return impl_->pause(id); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<crawl_status>> engine::resume(crawl_id id) {
  auto work = [this, id] { return impl_->resume(id); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<crawl_status>> engine::cancel(crawl_id id) {
  auto work = [this, id] { return impl_->cancel(id); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<>> engine::remove(crawl_id id) {
  auto work = [this, id] { return impl_->remove(id); };
  const result<> removed = co_await run_on(impl_->executor(), std::move(work));
  if (removed) co_await impl_->records().remove_crawl(id);
  co_return removed;
}

task<result<std::string>> engine::fetch_page(crawl_spec spec) {
  const result<crawl_id> id = co_await begin_fetch(std::move(spec));
  if (!id) co_return id.error();
  co_return co_await finish_fetch(*id);
}

task<result<crawl_id>> engine::begin_fetch(crawl_spec spec) {
  auto work = [this, spec = std::move(spec)]() mutable {
    return impl_->create_fetch(std::move(spec));
  };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<std::string>> engine::finish_fetch(crawl_id id) {
  co_await impl_->wait_finished(id);
  const results_query first{.limit = 1};
  const result<results_page> page = co_await impl_->records().read(id, first);
  const result<> removed = co_await remove(id);
  if (!page) co_return page.error();
  if (!removed) co_return removed.error();
  if (page->records.empty()) co_return make_error_code(service_error::no_record);
  co_return page->records.front().json;
}

task<engine_load> engine::load() {
  auto work = [this] { return impl_->load(); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

asio::thread_pool& engine::compute() noexcept { return impl_->compute(); }

task<> engine::drain(clock::duration grace) { co_await impl_->drain(grace); }

}  // namespace orbweaver
