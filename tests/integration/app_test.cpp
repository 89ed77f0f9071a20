#include "server/app.hpp"

#include <gtest/gtest.h>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using test::loopback_settings;
using test::site_server;

// What an exception on the way leaves behind must come to its end all the same.
TEST(App, EndsInWhateverStateItIsLeft) {
  { const app never_started(loopback_settings()); }
  {
    app never_stopped(loopback_settings());
    ASSERT_TRUE(never_stopped.start());
  }
  app stopped(loopback_settings());
  ASSERT_TRUE(stopped.start());
  stopped.stop(clock::duration::zero());
  stopped.stop(clock::duration::zero());
}

TEST(App, EndsWhenItsPortIsTaken) {
  app first(loopback_settings());
  settings same = loopback_settings();
  same.listen.port(first.start().value().port());
  app second(same);
  EXPECT_EQ(second.start().error(), asio::error::address_in_use);
}

TEST(CrawlRuntime, EndsAmidACrawl) {
  const site_server silent([](const site_server::hit&) -> site_server::reply {
    return {"", site_server::then::silence};
  });
  { const crawl_runtime never_started(loopback_settings()); }
  crawl_runtime runtime(loopback_settings());
  runtime.start();
  EXPECT_TRUE(runtime.call(runtime.crawls().create(test::quick_spec({silent.url()}))));
}

}  // namespace
}  // namespace orbweaver
