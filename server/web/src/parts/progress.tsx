import { count, duration, percent } from "../format";
import type { Status } from "../types";

const over = new Set(["completed", "cancelled", "failed"]);
export const isOver = (crawl: Status): boolean => over.has(crawl.state);

// How far the crawl is. Without an estimate, a running one shows that something is going on.
export function ProgressBar({ crawl }: { crawl: Status }) {
  const n = crawl.counts;
  const ended = n.fetched + n.failed;
  const total = ended + n.queued + n.inFlight;
  const part = isOver(crawl) ? 1 : crawl.progress;
  const failed = ended ? n.failed / ended : 0;
  const text =
    part === null ? "Not known yet" : `${percent(part)}, ${count(ended)} of ${count(total)} known`;
  return (
    <div
      class={`bar state-${crawl.state} ${part === null ? "unknown" : ""}`}
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      {...(part !== null && { "aria-valuenow": Math.floor(part * 100) })}
    >
      <div class="done" style={{ width: `${(part ?? 0) * 100}%` }}>
        <div class="failed" style={{ width: `${failed * 100}%` }} />
      </div>
    </div>
  );
}

export function ProgressText({ crawl }: { crawl: Status }) {
  if (isOver(crawl)) {
    const reason = crawl.finishReason ?? "";
    return <span>{finishWords[reason] ?? reason}</span>;
  }
  if (crawl.state === "paused" || crawl.state === "pausing") return <span>Paused by request</span>;
  return (
    <span>
      {crawl.progress === null ? "Finding out how much there is" : percent(crawl.progress)}
      {crawl.etaSeconds !== null && ` · about ${duration(crawl.etaSeconds)} left`}
    </span>
  );
}

const finishWords: Record<string, string> = {
  exhausted: "Every page in scope has been visited",
  limit: "Ended at the limit of pages",
  duration: "Ended at the limit of time",
  bytes: "Ended at the limit of bytes",
  cancelled: "Cancelled by request",
  error: "Ended by an error",
};
