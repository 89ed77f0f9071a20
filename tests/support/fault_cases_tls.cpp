// Handshakes that fail, certificates that prove nothing, streams that end without a word.
#include <openssl/ssl.h>

#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;
using enum fault_certificate;

fault_case secured(std::string what, fault_play play, fault_expectation expect) {
  fault_case out{.name = "tls." + what, .play = std::move(play), .expect = std::move(expect)};
  out.tls = true;
  out.url = "https://{self}/";
  return out;
}

fault_case showing(std::string what, fault_certificate certificate, std::string code) {
  fault_case out = secured(std::move(what), {say(whole_response("x"))}, {std::move(code)});
  out.certificate = certificate;
  out.next = false;
  return out;
}

fault_case handshaking(std::string what, fault_play at_accept, std::string code) {
  fault_case out = secured(std::move(what), {}, {std::move(code)});
  out.at_accept = std::move(at_accept);
  out.next = false;
  return out;
}

fault_case up_to(std::string what, int version, fault_expectation expect) {
  fault_case out = secured(std::move(what), {say(whole_response("x"))}, std::move(expect));
  out.max_tls_version = version;
  out.next = false;
  return out;
}

// RFC 8446 section 6: an alert record; fatal, unless it says otherwise.
std::string alert(char description, char level = 2) {
  using namespace std::string_literals;
  return "\x15\x03\x03\x00\x02"s + level + description;
}

}  // namespace

std::vector<fault_case> tls_faults() {
  using namespace std::string_literals;
  const std::string sized = html_start + "Content-Length: 100\r\n\r\nhalf";
  const std::string chunked = html_start + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
  std::vector<fault_case> out{
      secured("whole", {say(whole_response("whole"))}, {"fetched", 200, "", "whole", {}, true}),
      showing("expired", expired, "tls_expired"),
      showing("not-yet-valid", not_yet_valid, "tls_not_yet_valid"),
      showing("wrong-host", wrong_host, "tls_wrong_host"),
      showing("self-signed", self_signed, "tls_self_signed"),
      showing("unknown-issuer", unknown_issuer, "tls_unknown_issuer"),
      up_to("version-1.0", TLS1_VERSION, {"tls_protocol"}),
      up_to("version-1.1", TLS1_1_VERSION, {"tls_protocol"}),
      up_to("version-1.2", TLS1_2_VERSION, {"fetched", 200, "", "x"}),
      handshaking("plain-http", {say("HTTP/1.1 400 Bad Request\r\n\r\n"), then(step::close)},
                  "tls_protocol"),
      handshaking("garbage", {say(std::string(100, '\x7f')), then(step::hold)}, "tls_protocol"),
      handshaking("silent", {then(step::hold)}, "tls_timeout"),
      handshaking("stall-in-record", {say("\x16\x03\x03\x00\x7a\x02\x00"s), then(step::hold)},
                  "tls_timeout"),
      handshaking("dribble", {drip("\x16", std::chrono::milliseconds(100))}, "tls_protocol"),
      handshaking("close-at-once", {then(step::close)}, "connection_closed"),
      handshaking("reset-at-once", {then(step::reset)}, "connection_reset"),
      handshaking("close-in-record", {say("\x16\x03\x03\x00\x7a\x02\x00"s), then(step::close)},
                  "connection_closed"),
      handshaking("alert-handshake-failure", {say(alert(40)), then(step::close)}, "tls_protocol"),
      handshaking("alert-protocol-version", {say(alert(70)), then(step::close)}, "tls_protocol"),
      handshaking("alert-unrecognized-name", {say(alert(112)), then(step::close)},
                  "tls_handshake_failed"),
      handshaking("alert-internal-error", {say(alert(80)), then(step::close)},
                  "tls_handshake_failed"),
      handshaking("record-too-long", {say("\x16\x03\x03\xff\xff"s + std::string(70000, 'x'))},
                  "tls_handshake_failed"),
      secured("sized-body-then-cut", {say(whole_response("whole")), then(step::cut)},
              {"fetched", 200, "", "whole", {}, false}),
      secured("cut-in-head", {say(html_start), then(step::cut)}, {"connection_closed"}),
      secured("cut-in-sized-body", {say(sized), then(step::cut)},
              {"body_incomplete", 200, "closed", "half"}),
      secured("cut-in-chunked-body", {say(chunked), then(step::cut)},
              {"body_incomplete", 200, "closed", "half"}),
      secured("close-in-sized-body", {say(sized), then(step::close)},
              {"body_incomplete", 200, "closed", "half"}),
      secured("until-close", {say(html_start + "\r\nall of it"), then(step::close)},
              {"fetched", 200, "", "all of it", {}, false}),
      secured("until-cut", {say(html_start + "\r\nmay be all"), then(step::cut)},
              {"body_incomplete", 200, "closed", "may be all"}),
      secured("reset-in-body", {say(sized), then(step::reset)},
              {"connection_reset", 200, "closed"}),
      secured("silent-when-asked", {then(step::hold)}, {"first_byte_timeout"}),
      secured("close-when-asked", {then(step::close)}, {"connection_closed"}),
      secured("reset-when-asked", {then(step::reset)}, {"connection_reset"}),
  };
  out.push_back(
      secured("plain-request-to-tls-port", {say(whole_response("x"))}, {"connection_closed"}));
  out.back().url = "http://{self}/";
  out.back().next = false;
  return out;
}

}  // namespace orbweaver::test
