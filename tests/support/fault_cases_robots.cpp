// robots.txt that cannot be read, or is none.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;

std::string redirect(const std::string& location) {
  return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

fault_case ruled(std::string what, fault_play robots, fault_expectation expect) {
  fault_case out{
      .name = "robots." + what, .play = {say(whole_response("page"))}, .expect = std::move(expect)};
  out.robots = true;
  out.next = false;
  out.routes["/robots.txt"] = std::move(robots);
  return out;
}
std::string rules(const std::string& text, const std::string& type = "text/plain") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}
std::string status(const std::string& line) {
  return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

std::vector<fault_case> robots_faults() {
  const fault_expectation allowed{"fetched", 200, "", "page", {}, {}};
  const fault_expectation unreachable{"robots_unreachable"};
  const fault_expectation disallowed{"robots_disallowed"};
  const std::string no = "User-agent: *\nDisallow: /\n";
  std::vector<fault_case> out{
      ruled("none", {say(status("404 Not Found"))}, allowed),
      ruled("403", {say(status("403 Forbidden"))}, allowed),
      ruled("401", {say(status("401 Unauthorized"))}, allowed),
      ruled("410", {say(status("410 Gone"))}, allowed),
      ruled("204", {say("HTTP/1.1 204 No Content\r\n\r\n")}, allowed),
      ruled("429", {say(status("429 Too Many Requests"))}, unreachable),
      ruled("500", {say(status("500 Oops"))}, unreachable),
      ruled("503", {say(status("503 Unavailable"))}, unreachable),
      ruled("disallow", {say(rules(no))}, disallowed),
      ruled("html", {say(rules("<html><body>no robots here</body></html>", "text/html"))}, allowed),
      ruled("disallow-as-html", {say(rules(no, "text/html"))}, disallowed),
      ruled("bom", {say(rules("\xef\xbb\xbf" + no))}, disallowed),
      ruled("cr-alone", {say(rules("User-agent: *\rDisallow: /\r"))}, disallowed),
      ruled("binary", {say(rules(std::string(5000, '\0')))}, allowed),
      ruled("disallow-in-first-500-kib", {say(rules(no + std::string(600'000, '#')))}, disallowed),
      ruled("disallow-beyond-500-kib", {say(rules(std::string(600'000, '#') + "\n" + no))},
            allowed),
      ruled("endless",
            {say("HTTP/1.1 200 OK\r\n\r\n" + no), flood("# " + std::string(5000, 'x') + "\n")},
            disallowed),
      ruled("silent", {then(step::hold)}, unreachable),
      ruled("stalls", {say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser"), then(step::hold)},
            unreachable),
      ruled("reset", {then(step::reset)}, unreachable),
      ruled("close", {then(step::close)}, unreachable),
      ruled("no-http", {say("SSH-2.0\r\n"), then(step::close)}, unreachable),
      ruled("cut", {say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + no), then(step::close)},
            unreachable),
      ruled("redirect", {say(redirect("/rules"))}, disallowed),
      ruled("redirect-loop", {say(redirect("/robots.txt"))}, allowed),
      ruled("redirect-to-other-host", {say(redirect("http://{other}/rules"))}, disallowed),
      ruled("redirect-to-private", {say(redirect("http://10.0.0.1/robots.txt"))},
            {"blocked_address"}),
      ruled("redirect-to-bad-url", {say(redirect("http://["))}, allowed),
      ruled("retried", {say(status("503 Unavailable"))}, unreachable),
  };
  for (fault_case& c : out) c.routes["/rules"] = {say(rules(no))};
  out.back().retries = 1;
  return out;
}

}  // namespace orbweaver::test
