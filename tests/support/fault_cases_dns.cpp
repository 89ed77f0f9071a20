// Names that do not lead where they should.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using mood = dns_server::mood;
using zone = dns_server::zone_entry;

fault_case named(std::string what, zone entry, fault_expectation expect) {
  fault_case out{.name = "dns." + what, .expect = std::move(expect)};
  out.play = {say(whole_response("found"))};
  out.zone = std::move(entry);
  out.next = false;
  return out;
}

const fault_expectation found{"fetched", 200, "", "found"};

// More answers than a UDP message of the size we ask for holds; the host's own is the last.
std::vector<std::string> many_addresses() {
  std::vector<std::string> out(60, "{address}");
  return out;
}

}  // namespace

std::vector<fault_case> dns_faults() {
  std::vector<fault_case> out;
  const auto both = [](mood m) { return zone{.v4 = m, .v6 = m}; };
  const std::vector<std::string> here{"{address}"};
  out.push_back(named("nxdomain", both(mood::nxdomain), {"dns_nxdomain"}));
  out.push_back(named("servfail", both(mood::servfail), {"dns_failed"}));
  out.push_back(named("refused", both(mood::refused), {"dns_failed"}));
  out.push_back(named("formerr", both(mood::formerr), {"dns_failed"}));
  out.push_back(named("silent", both(mood::silent), {"dns_timeout"}));
  out.push_back(named("garbage", both(mood::garbage), {"dns_timeout"}));
  out.push_back(
      named("wrong-id", {.a = here, .v4 = mood::wrong_id, .v6 = mood::wrong_id}, {"dns_timeout"}));
  out.push_back(named("chopped", {.a = here, .v4 = mood::chopped}, {"dns_failed"}));
  out.push_back(named("no-address", {}, {"dns_nxdomain"}));
  out.push_back(named("over-tcp", {.a = here, .v4 = mood::truncates_udp}, found));
  out.push_back(named("lost-question", {.a = here, .v4 = mood::loses_first}, found));
  out.push_back(named("many-addresses", {.a = many_addresses()}, found));
  out.push_back(named("aaaa-servfail", {.a = here, .v6 = mood::servfail}, found));
  out.push_back(named("aaaa-nxdomain", {.a = here, .v6 = mood::nxdomain}, found));
  out.push_back(named("aaaa-silent", {.a = here, .v6 = mood::silent}, found));
  out.push_back(named("a-servfail-aaaa-none", {.v4 = mood::servfail}, {"dns_failed"}));
  out.push_back(named("aaaa-refuses-connections", {.a = here, .aaaa = {"::1"}}, found));
  out.push_back(named("aaaa-only", {.aaaa = {"::1"}}, found));
  out.back().url = "http://{host}:{v6}/";
  out.push_back(named("aaaa-only-refused", {.aaaa = {"::1"}}, {"connect_refused"}));
  out.push_back(named("alias", {.a = here, .aliases = {"one.fault.test"}}, found));
  std::vector<std::string> chain;
  for (int i = 0; i < 16; ++i) chain.push_back("alias-" + std::to_string(i) + ".fault.test");
  out.push_back(named("alias-chain", {.a = here, .aliases = chain}, found));
  out.push_back(named("alias-loop", {.aliases = {"one.fault.test", "dns-alias-loop.fault.test"}},
                      {"dns_nxdomain"}));
  out.push_back(named("alias-to-nothing", {.aliases = {"nothing.fault.test"}}, {"dns_nxdomain"}));
  out.push_back(named("ttl-huge", {.a = here, .ttl = 0x7fffffff}, found));
  out.push_back(named("ttl-top-bit", {.a = here, .ttl = 0xffffffff}, found));
  out.push_back(named("ttl-zero", {.a = here, .ttl = 0}, found));
  out.push_back(named("private", {.a = {"10.0.0.1"}}, {"blocked_address"}));
  out.push_back(named("private-v6", {.aaaa = {"fd00::1"}}, {"blocked_address"}));
  out.push_back(named("mixed", {.a = {"{address}", "10.0.0.1"}}, {"blocked_address"}));
  out.push_back(named("mixed-families", {.a = here, .aaaa = {"fe80::1"}}, {"blocked_address"}));
  out.push_back(
      named("rebinding-inside", {.a = {"10.0.0.1"}, .every_other_a = here}, {"blocked_address"}));
  out.push_back(
      named("rebinding-later", {.a = here, .ttl = 0, .every_other_a = {"10.0.0.1"}}, found));
  out.push_back(named("unspecified", {.a = {"0.0.0.0"}}, {"blocked_address"}));
  out.push_back(named("onion", {}, {"dns_nxdomain"}));
  out.back().url = "http://abc.onion/";
  out.push_back(named("label-too-long", {}, {"dns_nxdomain"}));
  out.back().url = "http://" + std::string(64, 'a') + ".fault.test/";
  out.push_back(named("name-too-long", {}, {"dns_nxdomain"}));
  std::string long_name;
  while (long_name.size() < 255) long_name += std::string(49, 'a') + ".";
  out.back().url = "http://" + long_name + "fault.test/";
  out.push_back(named("empty-label", {}, {"dns_nxdomain"}));
  out.back().url = "http://a..fault.test/";
  return out;
}

}  // namespace orbweaver::test
