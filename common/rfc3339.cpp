#include "common/rfc3339.hpp"

namespace orbweaver {
namespace {

void put(char* at, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

void append_rfc3339(std::string& out, std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto ms = floor<milliseconds>(time);
  const auto day = floor<days>(ms);
  const year_month_day date(day);
  const hh_mm_ss clock(ms - day);
  char text[] = "0000-00-00T00:00:00.000Z";
  put(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put(text + 5, static_cast<unsigned>(date.month()), 2);
  put(text + 8, static_cast<unsigned>(date.day()), 2);
  put(text + 11, static_cast<unsigned>(clock.hours().count()), 2);
  put(text + 14, static_cast<unsigned>(clock.minutes().count()), 2);
  put(text + 17, static_cast<unsigned>(clock.seconds().count()), 2);
  put(text + 20, static_cast<unsigned>(clock.subseconds().count()), 3);
  out += text;
}

std::string to_rfc3339(std::chrono::system_clock::time_point time) {
  std::string out;
  append_rfc3339(out, time);
  return out;
}

}  // namespace orbweaver
