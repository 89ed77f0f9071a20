#include "server/api/assets.hpp"

#include "crawler/fetch/decode.hpp"
#include "crawler/fetch/headers.hpp"
#include "server/api/accept.hpp"

namespace orbweaver {
namespace {

// Nothing but what this service sends itself: no script or style within the page, no other origin,
// no frame around it, and no text that becomes markup (Trusted Types).
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
// The same but for Trusted Types: Swagger UI makes markup of the Markdown in the service's own
// descriptions, sanitized by its DOMPurify. Answers it shows as text.
constexpr std::string_view docs_path = "/docs";
constexpr std::string_view docs_policy = page_policy.substr(0, page_policy.find("; require-"));
constexpr std::string_view for_a_year = "public, max-age=31536000, immutable";
// To be kept, but asked after before each use.
constexpr std::string_view ask_first = "no-cache";

bool is_known(const asset& file, const request_head& request) {
  bool known = false;
  const std::string tags = request.list("If-None-Match");
  for_each_list_element(
      tags, [&](std::string_view tag) { known = known || tag == "*" || tag == file.etag; });
  return known;
}

std::string plain_text_of(const asset& file) {
  if (!file.plain.empty() || file.gzip.empty()) return std::string(file.plain);
  coding_list codings;
  codings.add(content_coding::gzip);
  std::string out;
  decode_body(file.gzip, codings, {}, out);
  return out;
}

}  // namespace

reply answer_with(const asset& file, const request_head& request) {
  reply out;
  out.headers = {
      {"ETag", std::string(file.etag)},
      {"Cache-Control", std::string(file.hashed ? for_a_year : ask_first)},
      {"Vary", "Accept-Encoding"},
      {"Content-Security-Policy", std::string(file.path == docs_path ? docs_policy : page_policy)},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"}};
  if (is_known(file, request)) {
    out.status = 304;
    return out;
  }
  out.content_type = file.content_type;
  const std::string codings = request.list("Accept-Encoding");
  if (!file.brotli.empty() && accepts_coding(codings, "br")) {
    out.body = file.brotli;
    out.headers.emplace_back("Content-Encoding", "br");
  } else if (!file.gzip.empty() && accepts_coding(codings, "gzip")) {
    out.body = file.gzip;
    out.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    out.body = plain_text_of(file);
  }
  return out;
}

std::vector<route> asset_routes() {
  std::vector<route> out;
  for (const asset& file : embedded_assets())
    out.push_back({"GET", file.path, [&file](request_context& request) -> task<reply> {
                     co_return answer_with(file, request.head);
                   }});
  return out;
}

}  // namespace orbweaver
