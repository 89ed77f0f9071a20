#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/dns_server.hpp"

namespace orbweaver::test {

// One thing a server does on a connection.
struct fault_step {
  enum class kind : std::uint8_t {
    send,        // `bytes`, in pieces cut at random
    drip,        // `bytes`, again and again, `every` apart, until the client goes
    flood,       // the same as fast as the client takes them
    hold,        // nothing more, until the client goes
    close,       // in order: over TLS with its own close before
    cut,         // without a word of TLS
    reset,       // RST
    half_close,  // sends no more, and waits for the client to go
  };
  kind what = kind::send;
  std::string bytes = {};
  std::chrono::milliseconds every{0};
  std::size_t glued = 0;  // so many bytes at the end come with the byte before them
};
// What follows one request. After the last step comes the next request.
using fault_play = std::vector<fault_step>;

inline fault_step say(std::string bytes) { return {fault_step::kind::send, std::move(bytes)}; }
// `tail` is in the client's hands as soon as the last of `bytes` is.
inline fault_step say_glued(std::string bytes, const std::string& tail) {
  bytes += tail;
  return {fault_step::kind::send, std::move(bytes), {}, tail.size()};
}
inline fault_step drip(std::string bytes, std::chrono::milliseconds every) {
  return {fault_step::kind::drip, std::move(bytes), every};
}
inline fault_step flood(std::string bytes) { return {fault_step::kind::flood, std::move(bytes)}; }
inline fault_step then(fault_step::kind what) { return {what}; }

enum class fault_certificate : std::uint8_t {
  good,
  expired,
  not_yet_valid,
  wrong_host,
  self_signed,
  unknown_issuer,
};

// What becomes of the URL.
struct fault_expectation {
  std::string code;            // "fetched" or the outcome's name
  unsigned status = 0;         // 0: the record has none
  std::string truncated = {};  // empty: the record has no such member
  std::optional<std::string> body = {};
  std::optional<std::size_t> bytes = {};  // of the body, where it is too long to be told
  // Whether the next page came over the same connection; unset: either will do.
  std::optional<bool> kept = {};
};

inline constexpr int curl_untried = -1;

// One way for a server to go wrong, and what is to come of it. In texts that are sent, and in URLs,
// {self} stands for the case's own host and port, {other} for a second host of its own, {host} for
// the name alone, {port} for the server's port, {dead} for a port where nobody listens, {full} for
// one whose queue of connections is full, {v6} for one of ::1, {address} for the host's address.
struct fault_case {
  std::string name;  // GROUP.WHAT, also the label of its host
  fault_play play = {};
  fault_expectation expect;
  // The exit code of curl 7.88 (0: it accepts the response); where it judges otherwise than we do,
  // `why` says why.
  int curl = curl_untried;
  std::string why = {};
  std::map<std::string, fault_play> routes = {};  // by target, for more than the first URL
  std::optional<fault_play> at_accept = {};       // played at once instead of serving
  bool tls = false;
  fault_certificate certificate = fault_certificate::good;
  int max_tls_version = 0;  // TLS1_1_VERSION and the like; 0: the newest
  // unset: the host has its own IPv4 address and no other
  std::optional<dns_server::zone_entry> zone = {};
  std::string url = "http://{self}/";
  bool robots = false;        // robots.txt is obeyed
  bool anywhere = false;      // no host is out of scope
  bool next = true;           // another page of the host is asked for afterwards, and comes
  double timeout = 60;        // seconds
  std::uint32_t retries = 0;  // a transient failure is tried again
};

// All of them, at least 150.
const std::vector<fault_case>& fault_cases();

// Its groups, each in a file of its own.
std::vector<fault_case> dns_faults();
std::vector<fault_case> tcp_faults();
std::vector<fault_case> tls_faults();
std::vector<fault_case> status_line_faults();
std::vector<fault_case> header_faults();
std::vector<fault_case> length_faults();
std::vector<fault_case> chunk_faults();
std::vector<fault_case> coding_faults();
std::vector<fault_case> redirect_faults();
std::vector<fault_case> robots_faults();
std::vector<fault_case> speed_faults();

// "HTTP/1.1 200 OK" with a media type; the rest of the head is to follow.
inline const std::string html_start = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
// A whole response without fault.
std::string whole_response(const std::string& body, const std::string& fields = "");

}  // namespace orbweaver::test
