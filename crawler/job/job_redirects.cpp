// Where redirects lead a crawl.
#include <algorithm>

#include "crawler/job/job.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_redirects = 10;

}  // namespace

// Why the redirect is not followed, whatever the crawl's scope is; nothing: it may be.
std::optional<outcome> job::redirect_refused(const frontier_entry& entry,
                                             const std::string& target) const {
  const redirect_chain* chain = entry.redirects.get();
  if (chain && chain->hops.size() >= max_redirects) return outcome::too_many_redirects;
  if (target == entry.url || (chain && std::ranges::find(chain->hops, target) != chain->hops.end()))
    return outcome::redirect_loop;
  if (target.size() > spec().max_url_length) return outcome::url_too_long;
  return std::nullopt;
}

// Whether parsed_, which `entry` redirects to, is in scope: a seed may widen that.
bool job::redirect_in_scope(const frontier_entry& entry, const url& asked,
                            const std::string& target, redirect_step& step) {
  const auto verdict = scope_.check_redirect(parsed_, entry.depth);
  if (!verdict.fate) return true;
  if (verdict.fate != outcome::out_of_scope || entry.depth != 0 ||
      !scope_.follow_seed(asked, parsed_))
    return false;
  warn("The seed " + entry.url + " redirects to " + target + ": that host is crawled as well.");
  seed_origins_.emplace(parsed_.origin());
  followed_seeds_.emplace_back(entry.url, target);
  step.widens_scope = changed_ = true;
  return !scope_.check_redirect(parsed_, entry.depth).fate;
}

job::redirect_step job::redirect(const frontier_entry& entry, const std::string& target) {
  redirect_step step;
  step.end = redirect_refused(entry, target);
  if (step.end) return step;
  url asked;
  if (!asked.assign(entry.url) || !parsed_.assign(target)) {
    step.end = outcome::bad_redirect;
    return step;
  }
  if (!redirect_in_scope(entry, asked, target, step)) {
    step.end = outcome::redirect_out_of_scope;
    step.detail = target;
    return step;
  }
  const fingerprint print = profile->keeps.prints.of(profile->canonical.key(parsed_, key_));
  if (!seen_.find(print)) {
    auto trap = traps_.check(parsed_);
    step.end = trap.fate;
    step.detail = std::move(trap.reason);
    if (step.end) return step;
    traps_.add(parsed_);
  }
  const auto [known, fresh, mark] = seen_.insert(print, next_id_);
  if (!fresh && known != entry.id && !has_passed(entry, print, known)) {
    step.end = outcome::redirect_to_known;
    step.detail = target;
    step.known_as = known;
    return step;
  }
  step.target_row.first = next_id_;
  if (fresh) {
    passed_[entry.id].push_back(next_id_);
    add(step.target_row, {.url = target,
                          .referrer = entry.id,
                          .depth = entry.depth,
                          .fate = outcome::redirect_target,
                          .reason = {},
                          .print = print});
  }
  return step;
}

std::vector<url_id> job::passed_by(url_id from) const {
  const auto it = passed_.find(from);
  return it == passed_.end() ? std::vector<url_id>() : it->second;
}

// A chain may come by one URL in two spellings: the second is not somebody else's. Nor are its
// targets, when it is followed once more after a failure or a restart.
bool job::has_passed(const frontier_entry& entry, fingerprint print, url_id known) {
  const auto before = passed_.find(entry.id);
  if (before != passed_.end() && std::ranges::find(before->second, known) != before->second.end())
    return true;
  const auto same = [&](const std::string& hop) {
    return parsed_.assign(hop) &&
           profile->keeps.prints.of(profile->canonical.key(parsed_, key_)) == print;
  };
  return same(entry.url) || (entry.redirects && std::ranges::any_of(entry.redirects->hops, same));
}

}  // namespace orbweaver
