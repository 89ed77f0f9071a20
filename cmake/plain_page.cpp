// What a service without the dashboard (ORBWEAVER_WEB=OFF) has at its root.
#include <array>

#include "server/api/assets.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view text =
    "Orbweaver, a web-crawl service. This build has no dashboard; its API is at /v1:\n"
    "\n"
    "  POST /v1/crawls               start a crawl\n"
    "  GET  /v1/crawls               list them\n"
    "  GET  /v1/crawls/{id}          how one is going\n"
    "  GET  /v1/crawls/{id}/results  its records\n"
    "  GET  /v1/about                every field of a request, every outcome\n";

constexpr std::array<asset, 1> table{
    asset{"/", "text/plain; charset=utf-8", R"(W/"plain-2")", false, text, {}, {}},
};

}  // namespace

std::span<const asset> embedded_assets() noexcept { return table; }

}  // namespace orbweaver
