#pragma once

#include <cstddef>
#include <span>

#include "common/url/url.hpp"
#include "crawler/parse/page_scan.hpp"

namespace orbweaver {

// The URLs of one page's links in all, in bytes: a long base and many short links let a small page
// come to gigabytes. Links beyond it are left out.
inline constexpr std::size_t max_resolved_link_bytes = 64 << 20;

// What the links of a page from `address` are relative to (HTML Standard, section 4.2.3): what
// <base href> says, unless that is no URL or one with the scheme data or javascript. The answer is
// `address` or `scratch`.
const url& base_of(const page_scan& page, const url& address, url& scratch);

// Calls for each link that is `wanted(link)`, in document order, `visit(link, url)` or, if it is no
// URL, `refuse(link, url_error)`. False if the last ones lay beyond max_resolved_link_bytes.
template <class Wanted, class Visit, class Refuse>
bool for_each_link(std::span<const page_link> links, const url& base, Wanted wanted, Visit visit,
                   Refuse refuse) {
  thread_local url target;
  std::size_t room = max_resolved_link_bytes;
  for (const page_link& link : links) {
    if (!wanted(link)) continue;
    url_error why = url_error::none;
    const bool good = target.assign(link.url, &base, &why);
    const std::size_t size = good ? target.href().size() : link.url.size();
    if (size > room) return false;
    room -= size;
    if (good)
      visit(link, target);
    else
      refuse(link, why);
  }
  return true;
}

}  // namespace orbweaver
