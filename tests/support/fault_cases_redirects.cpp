// Redirects that lead nowhere, in circles, or where nobody may go.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;
using namespace std::string_literals;

std::string redirect(const std::string& location, const std::string& status = "302 Found",
                     const std::string& body = "") {
  return "HTTP/1.1 " + status + "\r\nLocation: " + location +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// "/target" and everything named in `routes` is there to be found.
fault_case redirected(std::string what, std::string response, fault_expectation expect,
                      std::map<std::string, fault_play> routes = {}) {
  fault_case out{
      .name = "redirect." + what, .play = {say(std::move(response))}, .expect = std::move(expect)};
  out.routes = std::move(routes);
  out.routes.try_emplace("/target", fault_play{say(whole_response("target"))});
  return out;
}
fault_case leading(std::string what, const std::string& location, fault_expectation expect) {
  return redirected(std::move(what), redirect(location), std::move(expect));
}

const fault_expectation arrived{"fetched", 200, "", "target", {}, {}};
fault_expectation ended_as(const std::string& code, unsigned status = 302) {
  return {code, status, "", {}, {}, {}};
}

std::string six_hundred_fields() {
  std::string out;
  for (int i = 0; i < 600; ++i) out += "\r\nX: y";
  return out;
}

// "/" leads to "/1", that to "/2" and so on; the last one is "/target".
fault_case chain(std::string what, int hops, fault_expectation expect) {
  fault_case out = leading(std::move(what), "/1", std::move(expect));
  for (int i = 1; i < hops; ++i)
    out.routes["/" + std::to_string(i)] = {
        say(redirect(i + 1 == hops ? "/target" : "/" + std::to_string(i + 1)))};
  return out;
}

}  // namespace

std::vector<fault_case> redirect_faults() {
  const std::string bare = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n";
  std::vector<fault_case> out{
      redirected("301", redirect("/target", "301 Moved"), arrived),
      redirected("302", redirect("/target"), arrived),
      redirected("303", redirect("/target", "303 See Other"), arrived),
      redirected("307", redirect("/target", "307 Temporary"), arrived),
      redirected("308", redirect("/target", "308 Permanent"), arrived),
      redirected("300", redirect("/target", "300 Choices", "choose"),
                 {"fetched", 300, "", "choose", {}, true}),
      redirected("304", redirect("/target", "304 Not Modified"), {"fetched", 304, "", {}, 0, true}),
      redirected("305", redirect("/target", "305 Use Proxy"), {"fetched", 305, "", {}, 0, true}),
      redirected("306", redirect("/target", "306 Unused"), {"fetched", 306, "", {}, 0, true}),
      redirected("399", redirect("/target", "399 Odd"), {"fetched", 399, "", {}, 0, true}),
      leading("absolute", "http://{self}/target", arrived),
      leading("without-scheme", "//{self}/target", arrived),
      leading("relative", "a/../target", arrived),
      leading("query-alone", "?q", ended_as("fetched", 404)),
      leading("fragment", "/target#part", arrived),
      leading("white-space-around", " \t/target \t", arrived),
      leading("backslashes", "\\target", arrived),
      leading("raw-utf8", "/\xc3\xa4", ended_as("fetched", 404)),
      leading("raw-latin1", "/\xe4", ended_as("fetched", 404)),
      leading("empty", "", ended_as("redirect_loop")),
      leading("fragment-alone", "#top", ended_as("redirect_loop")),
      leading("to-itself", "/", ended_as("redirect_loop")),
      redirected("loop-of-two", redirect("/2"), ended_as("redirect_loop"),
                 {{"/2", {say(redirect("/"))}}}),
      redirected("loop-off-the-start", redirect("/2"), ended_as("redirect_loop"),
                 {{"/2", {say(redirect("/3"))}}, {"/3", {say(redirect("/2"))}}}),
      chain("chain-of-10", 10, arrived),
      chain("chain-of-11", 11, ended_as("too_many_redirects")),
      redirected("no-location", bare, {"fetched", 302, "", {}, 0, true}),
      redirected("no-location-but-body", "HTTP/1.1 301 Moved\r\nContent-Length: 4\r\n\r\nbody",
                 {"fetched", 301, "", {}, 0, {}}),
      redirected("with-body", redirect("/target", "302 Found", "<p>moved</p>"), arrived),
      redirected("with-endless-body", "", arrived),
      redirected("with-reset-in-body", "", arrived),
      redirected("with-body-that-never-comes",
                 "HTTP/1.1 302 Found\r\nLocation: /target\r\nContent-Length: 40\r\n\r\nbody",
                 arrived),
      redirected("location-twice",
                 "HTTP/1.1 302 Found\r\nLocation: /target\r\nLocation: /elsewhere\r\n"
                 "Content-Length: 0\r\n\r\n",
                 arrived),
      leading("bad-url", "http://[", ended_as("bad_redirect")),
      leading("bad-host", "http://a b/", ended_as("bad_redirect")),
      leading("bad-port-number", "http://{host}:99999/", ended_as("bad_redirect")),
      leading("to-ftp", "ftp://{host}/", ended_as("bad_redirect")),
      leading("to-file", "file:///etc/passwd", ended_as("bad_redirect")),
      leading("to-javascript", "javascript:alert(1)", ended_as("bad_redirect")),
      leading("to-data", "data:text/html,x", ended_as("bad_redirect")),
      leading("to-mail", "mailto:a@fault.test", ended_as("bad_redirect")),
      leading("to-bad-port", "http://{host}:22/", ended_as("blocked_port", 0)),
      leading("to-dead-port", "http://{host}:{dead}/", ended_as("connect_refused", 0)),
      leading("to-other-host", "http://{other}/target", arrived),
      leading("to-private-address", "http://10.0.0.1/", ended_as("blocked_address", 0)),
      leading("to-metadata-service", "http://169.254.169.254/latest/",
              ended_as("blocked_address", 0)),
      leading("to-decimal-address", "http://167772161/", ended_as("blocked_address", 0)),
      leading("to-mapped-address", "http://[::ffff:10.0.0.1]/", ended_as("blocked_address", 0)),
      leading("to-nothing", "http://nothing.fault.test/", ended_as("dns_nxdomain", 0)),
      leading("to-silent-tls", "https://{self}/", ended_as("tls_timeout", 0)),
      leading("url-too-long", "/" + std::string(100'000, 'l'), ended_as("url_too_long")),
      redirected("meta-refresh",
                 whole_response("<meta http-equiv=refresh content='0; url=/target'>"),
                 {"fetched", 200, "", {}, {}, true}),
      redirected("refresh-field", whole_response("here", "Refresh: 0; url=/target\r\n"),
                 {"fetched", 200, "", "here", {}, true}),
      redirected("too-many-fields-together", redirect("/2" + six_hundred_fields()),
                 ended_as("too_many_headers", 0),
                 {{"/2", {say(redirect("/target" + six_hundred_fields()))}}}),
      redirected("heads-too-large-together", redirect("/2\r\nX: " + std::string(200'000, 'x')),
                 ended_as("header_too_large", 0),
                 {{"/2", {say(redirect("/target\r\nX: " + std::string(100'000, 'x')))}}}),
  };
  for (fault_case& c : out) {
    if (c.expect.code == "blocked_address") c.anywhere = true;
    if (c.name == "redirect.with-endless-body")
      c.play = {say("HTTP/1.1 302 Found\r\nLocation: /target\r\n\r\n"),
                flood(std::string(65536, 'x'))};
    if (c.name == "redirect.with-reset-in-body")
      c.play = {say("HTTP/1.1 302 Found\r\nLocation: /target\r\nContent-Length: 9\r\n\r\nb"),
                then(step::reset)};
  }
  return out;
}

}  // namespace orbweaver::test
