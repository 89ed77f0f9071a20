#include "server/http/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

namespace orbweaver {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::iequals;

constexpr std::size_t max_reserved = 64 << 10;  // bytes of a body that are believed unseen

bool same_name(std::string_view a, std::string_view b) noexcept {
  return iequals({a.data(), a.size()}, {b.data(), b.size()});
}

// "GET / HTTP/2.0": well formed, but of another version.
bool names_a_version(std::string_view line) noexcept {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (line.size() < 9) return false;
  line.remove_prefix(line.size() - 9);
  return line.starts_with(" HTTP/") && is_digit(line[6]) && line[7] == '.' && is_digit(line[8]);
}

}  // namespace

std::string_view request_head::field(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields)
    if (same_name(key, name)) return value;
  return {};
}

bool request_head::has(std::string_view name) const noexcept {
  return std::ranges::any_of(fields, [&](const auto& one) { return same_name(one.first, name); });
}

std::string request_head::list(std::string_view name) const {
  std::string out;
  for (const auto& [key, value] : fields) {
    if (!same_name(key, name)) continue;
    if (!out.empty()) out += ", ";
    out += value;
  }
  return out;
}

// Beast's grammar with checks of ours on top. Its own header limit counts anew after every field
// it has taken, so the total is kept in put().
class request_parser::impl final : public beast_http::basic_parser<true> {
 public:
  explicit impl(const http_limits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(boost::none);
  }

  std::size_t take(std::string_view bytes);
  bool allow(std::size_t limit);

  stage stage_ = stage::head;
  request_head head_;
  problem failure_{problem_code::malformed_request, "", {}};
  bool expects_continue_ = false;
  bool has_begun_ = false;
  std::string body_;

 private:
  using ec_ref = boost::beast::error_code&;
  using view = boost::beast::string_view;

  void fail(problem_code code, std::string detail) {
    failure_ = {code, std::move(detail), {}};
    stage_ = stage::failed;
  }
  void fail(ec_ref ec, problem_code code, std::string detail) {
    fail(code, std::move(detail));
    ec = beast_http::error::bad_value;
  }
  void fail_from(const boost::beast::error_code& ec, std::string_view rest);
  void count_header(std::size_t used, std::string_view rest);

  void on_request_impl(beast_http::verb, view method, view target, int version,
                       ec_ref ec) override {
    if (target.size() > limits_.target_bytes) return fail(ec, problem_code::target_too_long, "");
    head_.method = std::string(method);
    head_.target = std::string(target);
    head_.http_1_1 = version == 11;
  }
  void on_response_impl(int, view, int, ec_ref) override {}
  void on_field_impl(beast_http::field id, view name, view value, ec_ref ec) override;
  void on_header_impl(ec_ref ec) override {
    // RFC 9112 section 3.2.
    if (hosts_ > 1 || (head_.http_1_1 && hosts_ == 0))
      fail(ec, problem_code::malformed_request, "Exactly one Host header is needed.");
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ec_ref) override {
    if (length)
      body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, max_reserved)));
  }
  std::size_t on_body_impl(view body, ec_ref) override {
    body_.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, view, ec_ref) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, view body, ec_ref ec) override {
    return on_body_impl(body, ec);
  }
  void on_finish_impl(ec_ref) override {}

  const http_limits& limits_;
  bool allowed_ = false;
  std::size_t header_bytes_ = 0;
  std::size_t hosts_ = 0;
};

void request_parser::impl::on_field_impl(beast_http::field id, view name, view value, ec_ref ec) {
  if (is_header_done()) return;  // a trailer: nothing here uses any
  if (head_.fields.size() == limits_.header_fields)
    return fail(ec, problem_code::header_too_large, "There are too many header fields.");
  head_.fields.emplace_back(name, value);
  if (id == beast_http::field::host) {
    ++hosts_;
    // RFC 9112 section 3.2; an obsolete fold has become a blank, too.
    if (value.find_first_of(" \t,/?#@") != view::npos)
      return fail(ec, problem_code::malformed_request, "Host is not a host.");
  }
  // RFC 9110 section 8.4.
  if (id == beast_http::field::content_encoding && !iequals(value, "identity"))
    return fail(ec, problem_code::unsupported_media_type, "No content coding is known.");
  if (id == beast_http::field::transfer_encoding) {
    // RFC 9112 section 6.1: what is not understood, or came by HTTP/1.0, cannot be framed.
    if (!head_.http_1_1)
      return fail(ec, problem_code::malformed_request, "HTTP/1.0 has no Transfer-Encoding.");
    if (!iequals(value, "chunked"))
      return fail(ec, problem_code::not_implemented, "The only transfer coding known is chunked.");
  }
  if (id == beast_http::field::expect) {
    if (!iequals(value, "100-continue"))
      return fail(ec, problem_code::expectation_failed,
                  "The only expectation known is 100-continue.");
    expects_continue_ = head_.http_1_1;
  }
}

void request_parser::impl::fail_from(const boost::beast::error_code& ec, std::string_view rest) {
  if (stage_ == stage::failed) return;  // by a check of ours
  if (ec == beast_http::error::body_limit) return fail(problem_code::body_too_large, "");
  if (ec == beast_http::error::header_limit) return count_header(limits_.header_bytes, rest);
  if (ec == beast_http::error::bad_version && names_a_version(rest.substr(0, rest.find("\r\n"))))
    return fail(problem_code::version_not_supported, "HTTP/1.0 and HTTP/1.1 are.");
  fail(problem_code::malformed_request, ec.message());
}

// The header is too large once more than the limit has come and it has still not ended, or did
// so too late. Without a line end in sight, it is the target that does not end.
void request_parser::impl::count_header(std::size_t used, std::string_view rest) {
  header_bytes_ += used;
  const bool whole = is_header_done();
  if (header_bytes_ + (whole ? 0 : rest.size()) < limits_.header_bytes + (whole ? 1 : 0)) return;
  const bool line_ended =
      !head_.method.empty() ||
      rest.substr(0, limits_.header_bytes).find("\r\n") != std::string_view::npos;
  fail(line_ended ? problem_code::header_too_large : problem_code::target_too_long, "");
}

std::size_t request_parser::impl::take(std::string_view bytes) {
  std::size_t used = 0;
  if (stage_ == stage::head && !has_begun_) {
    // RFC 9112 section 2.2: empty lines before a request are ignored.
    while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
    bytes.remove_prefix(used);
  }
  if (bytes.empty() || stage_ == stage::failed || is_done()) return used;
  if (stage_ == stage::body && !allowed_) return used;
  has_begun_ = true;
  boost::beast::error_code ec;
  const std::size_t n = put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec && ec != beast_http::error::need_more) {
    fail_from(ec, bytes.substr(n));
  } else if (stage_ == stage::head) {
    count_header(n, bytes.substr(n));
    if (stage_ == stage::head && is_header_done()) stage_ = stage::body;
  } else if (is_done()) {
    stage_ = stage::done;
  }
  return used + n;
}

bool request_parser::impl::allow(std::size_t limit) {
  if (is_done()) {
    stage_ = stage::done;
    return true;
  }
  if (content_length().value_or(0) > limit) {
    fail(problem_code::body_too_large, "At most " + std::to_string(limit) + " bytes are accepted.");
    return false;
  }
  body_limit(limit);
  allowed_ = true;
  eager(true);
  return true;
}

request_parser::request_parser(const http_limits& limits) : impl_(std::make_unique<impl>(limits)) {}
request_parser::~request_parser() = default;

std::size_t request_parser::put(std::string_view bytes) { return impl_->take(bytes); }
request_parser::stage request_parser::where() const noexcept { return impl_->stage_; }
bool request_parser::has_begun() const noexcept { return impl_->has_begun_; }
const problem& request_parser::failure() const noexcept { return impl_->failure_; }
const request_head& request_parser::head() const noexcept { return impl_->head_; }
bool request_parser::keep_alive() const noexcept {
  return impl_->is_header_done() && impl_->keep_alive();
}
bool request_parser::expects_continue() const noexcept { return impl_->expects_continue_; }
bool request_parser::allow_body(std::size_t limit) { return impl_->allow(limit); }
std::size_t request_parser::body_memory() const noexcept { return impl_->body_.capacity(); }
std::string request_parser::take_body() noexcept { return std::move(impl_->body_); }

}  // namespace orbweaver
