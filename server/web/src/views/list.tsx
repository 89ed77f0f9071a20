import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import { bytes, shortCount, time } from "../format";
import { seed } from "../crawl_form";
import { isOver, ProgressBar } from "../parts/progress";
import { Foreign, Problem, StatePill } from "../parts/text";
import { go, to } from "../router";
import type { Status } from "../types";

const refreshTime = 2000; // milliseconds
const states = ["running", "paused", "completed", "cancelled", "failed"];

function QuickStart() {
  const [error, setError] = useState<unknown>(null);
  const [url, setUrl] = useState("");
  const [busy, setBusy] = useState(false);
  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      go(to.crawl((await api.create({ urls: [seed(url.trim())] })).id));
    } catch (why) {
      setError(why);
      setBusy(false);
    }
  };
  return (
    <form class="hero" onSubmit={start}>
      <h1>Crawl a site</h1>
      <label class="hidden" for="quick-url">
        Address to begin with
      </label>
      <div class="row">
        <input
          id="quick-url"
          class="large"
          inputMode="url"
          placeholder="https://example.com/"
          autocomplete="off"
          spellcheck={false}
          required
          value={url}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
        <button type="submit" class="large" disabled={busy}>
          Start
        </button>
      </div>
      <p class="muted">
        Stays on the host, obeys robots.txt, and takes its time.{" "}
        <a href={to.new(url.trim())}>Choose otherwise</a>
      </p>
      <Problem error={error} />
    </form>
  );
}

export const titleOf = (s: Status): string => s.name ?? s.request.urls[0] ?? s.id;

function Row({ crawl }: { crawl: Status }) {
  const n = crawl.counts;
  return (
    <li class="card crawl-row">
      <div class="crawl-head">
        <a class="crawl-title" href={to.crawl(crawl.id)}>
          <Foreign text={titleOf(crawl)} />
        </a>
        <StatePill state={crawl.state} />
      </div>
      <ProgressBar crawl={crawl} />
      <p class="facts">
        <span>{shortCount(n.fetched)} fetched</span>
        {n.failed > 0 && <span class="bad">{shortCount(n.failed)} failed</span>}
        {!isOver(crawl) && <span>{shortCount(n.queued + n.inFlight)} to do</span>}
        <span>{bytes(n.bytesOnWire)}</span>
        <span>
          <time dateTime={crawl.createdAt}>{time(crawl.createdAt)}</time>
        </span>
      </p>
    </li>
  );
}

export function ListPage() {
  const [state, setState] = useState("");
  const [crawls, setCrawls] = useState<Status[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [again, setAgain] = useState(0);
  // Pages beyond the first stay as they were fetched.
  const older = useRef<Status[]>([]);

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    older.current = [];
    const look = async (): Promise<void> => {
      try {
        if (!document.hidden) {
          const page = await api.list(null, state, stop.signal);
          const fresh = new Set(page.data.map((crawl) => crawl.id));
          setCrawls([...page.data, ...older.current.filter((crawl) => !fresh.has(crawl.id))]);
          if (older.current.length === 0) setNext(page.next);
          setError(null);
        }
      } catch (why) {
        if (stop.signal.aborted) return;
        setError(why);
      }
      timer = window.setTimeout(() => void look(), refreshTime);
    };
    void look();
    document.title = "Crawls · Orbweaver";
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [state, again]);

  const more = async (): Promise<void> => {
    try {
      const page = await api.list(next, state, new AbortController().signal);
      older.current = [...(crawls ?? []), ...page.data];
      setCrawls(older.current);
      setNext(page.next);
    } catch (why) {
      setError(why);
    }
  };

  return (
    <>
      <QuickStart />
      <section aria-labelledby="crawls-title">
        <div class="section-head">
          <h2 id="crawls-title">Crawls</h2>
          <label class="inline">
            <span>State</span>
            <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
              <option value="">any</option>
              {states.map((word) => (
                <option key={word}>{word}</option>
              ))}
            </select>
          </label>
        </div>
        <Problem error={error} retry={() => setAgain(again + 1)} />
        {crawls === null && !error && <p class="muted">Loading…</p>}
        {crawls?.length === 0 && (
          <p class="empty-note">
            {state ? `No crawl is ${state}.` : "No crawls yet. Paste an address above to start one."}
          </p>
        )}
        <ul class="crawls">
          {crawls?.map((crawl) => (
            <Row key={crawl.id} crawl={crawl} />
          ))}
        </ul>
        {next && (
          <p class="center">
            <button type="button" class="quiet" onClick={more}>
              Show older ones
            </button>
          </p>
        )}
      </section>
    </>
  );
}
