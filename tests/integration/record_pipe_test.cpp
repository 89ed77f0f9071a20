#include "server/commands/record_pipe.hpp"

#include <gtest/gtest.h>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using test::site_server;

// Every page leads to two further ones.
site_server::reply endless(const site_server::hit& request) {
  return {test::html_response("<a href='" + request.target + "a'>x</a><a href='" + request.target +
                              "b'>x</a>" + std::string(1000, 'x'))};
}

crawl_spec raw_pages(const site_server& site) {
  crawl_spec spec = test::quick_spec({site.url("/p")});
  spec.robots = robots_policy::ignore;
  spec.delay = seconds_f(0.003);  // or it is over before the first batch
  spec.limit = 300;
  spec.formats.add(format::raw_html);
  return spec;
}

TEST(RecordPipe, PausesTheCrawlForASlowReader) {
  const site_server site{site_server::script(endless)};
  crawl_runtime runtime(test::loopback_settings());
  runtime.start();
  const crawl_id id = runtime.call(runtime.crawls().create(raw_pages(site)))->id;
  record_pipe pipe(runtime, id, 50'000);
  crawl_status status;
  while (status.state != crawl_state::paused) status = *runtime.call(runtime.crawls().status(id));
  EXPECT_LT(status.counts.fetched, 300u);
  std::size_t records = 0;
  for (bool last = false; !last;) {
    const auto batch = pipe.next(1s);
    records += batch.records.size();
    last = batch.last;
  }
  EXPECT_EQ(records, 300u);
  EXPECT_EQ(runtime.call(runtime.crawls().status(id))->reason, finish_reason::limit);
}

TEST(RecordPipe, MayBeLeftAtAnyMoment) {
  const site_server site{site_server::script(endless)};
  crawl_runtime runtime(test::loopback_settings());
  runtime.start();
  const crawl_id id = runtime.call(runtime.crawls().create(raw_pages(site)))->id;
  { record_pipe never_read(runtime, id, 1); }
  {
    record_pipe pipe(runtime, id, 1);
    while (pipe.next(1s).records.empty()) continue;
  }
  EXPECT_TRUE(runtime.call(runtime.crawls().remove(id)));
  record_pipe removed(runtime, id, 1);
  const auto nothing = removed.next(60s);
  EXPECT_TRUE(nothing.last);
  EXPECT_EQ(nothing.failed, service_error::not_found) << "that is no end as of a crawl";
}

}  // namespace
}  // namespace orbweaver
