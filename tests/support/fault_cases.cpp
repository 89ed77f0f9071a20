#include <iterator>

#include "tests/support/fault_case.hpp"

namespace orbweaver::test {

std::string whole_response(const std::string& body, const std::string& fields) {
  return html_start + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::vector<fault_case>& fault_cases() {
  static const std::vector<fault_case> all = [] {
    std::vector<fault_case> out;
    for (const auto group :
         {dns_faults, tcp_faults, tls_faults, status_line_faults, header_faults, length_faults,
          chunk_faults, coding_faults, redirect_faults, robots_faults, speed_faults}) {
      auto cases = group();
      std::move(cases.begin(), cases.end(), std::back_inserter(out));
    }
    return out;
  }();
  return all;
}

}  // namespace orbweaver::test
