// Servers that take their time.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {

using step = fault_step::kind;

std::vector<fault_case> speed_faults() {
  using namespace std::chrono_literals;
  const auto slow = [](std::string what, fault_play play, fault_expectation expect,
                       double timeout = 60) {
    fault_case out{.name = "speed." + what, .play = std::move(play), .expect = std::move(expect)};
    out.timeout = timeout;
    return out;
  };
  const std::string sized = html_start + "Content-Length: 1000000\r\n\r\n";
  const std::string chunked = html_start + "Transfer-Encoding: chunked\r\n\r\n";
  const fault_expectation cut{"too_slow", 200, "closed", {}, {}, false};
  const fault_expectation over{"total_timeout", 200, "closed", {}, {}, false};
  std::vector<fault_case> out{
      slow("byte-by-byte-body", {say(sized), drip("x", 100ms)}, cut),
      slow("byte-by-byte-until-close", {say(html_start + "\r\n"), drip("x", 100ms)}, cut),
      slow("byte-by-byte-chunks", {say(chunked), drip("1\r\nx\r\n", 100ms)}, cut),
      slow("byte-by-byte-extension", {say(chunked + "4;"), drip("x", 100ms)},
           {"too_slow", 200, "closed", {}, {}, false}),
      slow("byte-by-byte-trailer", {say(chunked + "4\r\nbody\r\n0\r\nX: "), drip("x", 100ms)},
           {"too_slow", 200, "closed", "body", {}, false}),
      slow("byte-by-byte-head", {say(html_start + "X: "), drip("x", 100ms)}, {"too_slow"}),
      slow("byte-by-byte-status", {drip("HTTP/1.1 200 OKAY ", 100ms)}, {"too_slow"}),
      slow("field-by-field", {say(html_start), drip("X: y\r\n", 100ms)}, {"too_slow"}),
      slow("interim-now-and-then", {drip("HTTP/1.1 102 Wait\r\n\r\n", 1s)}, {"too_slow"}),
      slow("empty-lines-for-ever", {say(chunked + "4\r\nbody"), drip("\r", 100ms)},
           {"too_slow", 200, "closed", "body", {}, false}),
      slow("fast-enough-but-endless",
           {say(html_start + "\r\n"), drip(std::string(1024, 'x'), 20ms)}, over, 3),
      slow("endless-chunks",
           {say(chunked), drip("400\r\n" + std::string(1024, 'x') + "\r\n", 20ms)}, over, 3),
      slow("first-byte-after-the-timeout", {then(step::hold)}, {"total_timeout"}, 0.5),
      slow("slow-start-of-redirects",
           {say("HTTP/1.1 302 Found\r\nLocation: /slow\r\nContent-Length: 0\r\n\r\n")},
           {"total_timeout"}, 3),
      slow("fast-then-stall",
           {say(html_start + "\r\n" + std::string(100'000, 'x')), then(step::hold)}, over, 3),
  };
  for (fault_case& c : out) c.routes["/slow"] = {then(step::hold)};
  return out;
}

}  // namespace orbweaver::test
