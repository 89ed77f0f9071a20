// Connections that do not come about, or do not last.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;

fault_case accepting(std::string what, fault_play at_accept, fault_expectation expect) {
  fault_case out{.name = "tcp." + what, .expect = std::move(expect)};
  out.at_accept = std::move(at_accept);
  out.next = false;
  return out;
}

fault_case asked(std::string what, fault_play play, fault_expectation expect) {
  return {.name = "tcp." + what, .play = std::move(play), .expect = std::move(expect)};
}

fault_case at(std::string what, std::string url, fault_expectation expect) {
  fault_case out{.name = "tcp." + what, .expect = std::move(expect)};
  out.url = std::move(url);
  return out;
}

}  // namespace

std::vector<fault_case> tcp_faults() {
  const std::string sized = html_start + "Content-Length: 100\r\n\r\nhalf";
  const std::string chunked = html_start + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
  return {
      at("refused", "http://{host}:{dead}/", {"connect_refused"}),
      at("no-answer-to-syn", "http://{host}:{full}/", {"connect_timeout"}),
      at("bad-port-smtp", "http://{host}:25/", {"blocked_port"}),
      at("bad-port-redis-is-none", "http://{host}:6379/", {"connect_refused"}),
      at("bad-port-zero", "http://{host}:0/", {"blocked_port"}),
      accepting("reset-at-once", {then(step::reset)}, {"connection_reset"}),
      accepting("close-at-once", {then(step::close)}, {"connection_closed"}),
      accepting("half-close-at-once", {then(step::half_close)}, {"connection_closed"}),
      accepting("silent", {then(step::hold)}, {"first_byte_timeout"}),
      accepting("speaks-first", {say("220 mail.fault.test ESMTP\r\n"), then(step::hold)},
                {"bad_response"}),
      accepting("ssh", {say("SSH-2.0-OpenSSH_9.2\r\n"), then(step::hold)}, {"bad_response"}),
      accepting("answers-before-it-is-asked", {say(whole_response("early")), then(step::close)},
                {"fetched", 200, "", "early", {}, false}),
      asked("reset-when-asked", {then(step::reset)}, {"connection_reset"}),
      asked("close-when-asked", {then(step::close)}, {"connection_closed"}),
      asked("silent-when-asked", {then(step::hold)}, {"first_byte_timeout"}),
      asked("reset-in-status-line", {say("HTTP/1.1 2"), then(step::reset)}, {"connection_reset"}),
      asked("reset-in-head", {say(html_start), then(step::reset)}, {"connection_reset"}),
      asked("close-in-status-line", {say("HTTP/1.1 2"), then(step::close)}, {"connection_closed"}),
      asked("close-in-head", {say(html_start), then(step::close)}, {"connection_closed"}),
      asked("close-before-empty-line", {say(html_start + "X: y"), then(step::close)},
            {"connection_closed"}),
      asked("stall-in-head", {say(html_start), then(step::hold)}, {"too_slow"}),
      asked("reset-in-sized-body", {say(sized), then(step::reset)},
            {"connection_reset", 200, "closed"}),
      asked("close-in-sized-body", {say(sized), then(step::close)},
            {"body_incomplete", 200, "closed", "half"}),
      asked("half-close-in-sized-body", {say(sized), then(step::half_close)},
            {"body_incomplete", 200, "closed", "half"}),
      asked("stall-in-sized-body", {say(sized), then(step::hold)},
            {"too_slow", 200, "closed", "half"}),
      asked("reset-in-chunked-body", {say(chunked), then(step::reset)},
            {"connection_reset", 200, "closed"}),
      asked("close-in-chunked-body", {say(chunked), then(step::close)},
            {"body_incomplete", 200, "closed", "half"}),
      asked("stall-in-chunked-body", {say(chunked), then(step::hold)},
            {"too_slow", 200, "closed", "half"}),
      asked("reset-after-whole-body", {say(whole_response("whole")), then(step::reset)},
            {"fetched", 200, "", "whole", {}, false}),
      asked("close-after-whole-body", {say(whole_response("whole")), then(step::close)},
            {"fetched", 200, "", "whole", {}, false}),
      asked("half-close-after-whole-body", {say(whole_response("whole")), then(step::half_close)},
            {"fetched", 200, "", "whole", {}, false}),
      asked("until-close", {say(html_start + "\r\nall of it"), then(step::close)},
            {"fetched", 200, "", "all of it", {}, false}),
      asked("until-half-close", {say(html_start + "\r\nall of it"), then(step::half_close)},
            {"fetched", 200, "", "all of it", {}, false}),
      asked("until-reset", {say(html_start + "\r\nsome of it"), then(step::reset)},
            {"connection_reset", 200, "closed"}),
      asked("until-close-empty", {say(html_start + "\r\n"), then(step::close)},
            {"fetched", 200, "", {}, 0, false}),
      asked("whole", {say(whole_response("whole"))}, {"fetched", 200, "", "whole", {}, true}),
  };
}

}  // namespace orbweaver::test
