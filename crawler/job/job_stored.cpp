// What a crawl leaves to the store and asks of it: what it has seen beyond its memory, and
// everything at a restart.
#include "crawler/export/statistics_json.hpp"
#include "crawler/job/job.hpp"
#include "crawler/job/seen_marks.hpp"

namespace orbweaver {
namespace {

// Of eight bytes of memory for what has been seen, one is for contents, and two for what caps
// count.
constexpr std::size_t seen_shares = 8;
constexpr std::size_t contents_shares = 1;
constexpr std::size_t trap_shares = 2;

}  // namespace

void job::set_seen_capacity(std::size_t bytes) {
  const std::size_t share = bytes / seen_shares;
  contents_.set_capacity(contents_shares * share);
  traps_.set_capacity(trap_shares * share);
  seen_.set_capacity(bytes - (contents_shares + trap_shares) * share);
}

seen_query job::questions(const fetch_report& report) {
  seen_.make_room();
  contents_.make_room();
  seen_query out;
  if (report.code != outcome::fetched) return out;
  const auto ask = [&](fingerprint print) {
    if (seen_.is_doubtful(print)) out.prints.push_back(print);
  };
  if (report.location) {
    if (parsed_.assign(*report.location))
      ask(profile->keeps.prints.of(profile->canonical.key(parsed_, key_)));
    return out;
  }
  if (!seen_.complete())
    for (const link_batch::link& link : report.links.links) ask(link.print);
  if (report.content_hash != 0 && contents_.is_doubtful(print_of_content(report.content_hash)))
    out.contents.push_back(report.content_hash);
  return out;
}

void job::end_look_up(const look_up& begun) {
  seen_.end_look_up(begun.urls);
  contents_.end_look_up(begun.contents);
}

// What another page has brought meanwhile is newer than the answer.
void job::learn(const seen_answer& answer) {
  for (const seen_url& one : answer.urls) {
    const bool news = seen_.insert(one.print, one.id).fresh;
    if (news && refusal_of(one.fate) != refused_link::no)
      seen_.mark(one.print, static_cast<std::uint8_t>(refusal_of(one.fate)));
  }
  for (const seen_content& one : answer.contents)
    contents_.insert(print_of_content(one.hash), one.id);
}

void job::restore(const stored_crawl& kept, clock::time_point now) {
  status_ = status_of(kept);
  if (status_.state == crawl_state::queued) status_.state = crawl_state::running;
  if (status_.state == crawl_state::pausing) status_.state = crawl_state::paused;
  next_id_ = kept.tally.next_url;
  ran_before_ms_ = kept.tally.ran_ms;
  wire_bytes_taken_ = status_.counts.bytes_on_wire;
  if (next_id_ != 0) {
    seen_.set_incomplete();
    contents_.set_incomplete();
  }
  client = kept.header.client;
  followed_seeds_ = kept.header.followed_seeds;
  url target;
  for (const auto& [from, to] : followed_seeds_)
    if (parsed_.assign(from) && target.assign(to)) scope_.follow_seed(parsed_, target);
  if (auto statistics = statistics_from_json(kept.header.statistics))
    statistics_.restore(std::move(*statistics), sums(now));
  if (auto jar = cookie_jar::restore(kept.header.cookies)) cookies_ = std::move(*jar);
  sitemaps_read_ = kept.header.sitemaps_read;
  if (!sitemaps_read_)
    for (const std::string& seed : spec().urls)
      if (parsed_.assign(seed)) seed_origins_.emplace(parsed_.origin());
  began_ = now;
  sample(now);
}

// As they were counted when they were judged and started: see judge(), redirect() and takes_page().
void job::restore_caps(const known_url& known) {
  if (known.found && known.found != outcome::redirect_target) return;
  if (!parsed_.assign(known.url)) return;
  traps_.add(parsed_);
  if (known.ended && kind(*known.ended) != outcome_kind::skipped)
    traps_.takes_page(parsed_.hostname());
}

void job::restore_seen(const seen_page& page) {
  for (const fingerprint& print : page.prints) seen_.remind(print);
  for (const std::uint64_t hash : page.contents) contents_.remind(print_of_content(hash));
}

void job::restore_waiting(const queued_url& waits) {
  if (!waits.passed.empty()) passed_[waits.id] = waits.passed;
  if (waits.attempts != 0 && parsed_.assign(waits.url)) traps_.takes_page(parsed_.hostname());
}

}  // namespace orbweaver
