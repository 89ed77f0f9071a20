import { useEffect, useState } from "preact/hooks";
import { api, type LedgerQuery } from "../api";
import { words } from "../format";
import type { About, LedgerLine } from "../types";
import { ForeignLink, KindDot, Problem } from "./text";

const typingTime = 300; // milliseconds without a key before a search begins
const wanted = 25; // lines at a time
const mostCalls = 20; // for them: each looks at some ten thousand lines

// Lines from `cursor` on. The service looks at so many lines in one call, and may find none.
async function read(
  id: string,
  query: LedgerQuery,
  cursor: string | null,
  signal: AbortSignal,
): Promise<{ lines: LedgerLine[]; next: string | null }> {
  const lines: LedgerLine[] = [];
  for (let calls = 0; calls < mostCalls; ++calls) {
    const page = await api.ledger(id, query, cursor, signal);
    lines.push(...page.data);
    const atEnd = page.next === null || (page.data.length === 0 && page.next === cursor);
    if (atEnd) return { lines, next: null };
    cursor = page.next;
    if (lines.length >= wanted) break;
  }
  return { lines, next: cursor };
}

function Line({ line }: { line: LedgerLine }) {
  return (
    <tr>
      <td>
        <ForeignLink url={line.url} />
      </td>
      <td>
        <span class="ledger-fate">
          <KindDot kind={line.outcome} />
          <strong>{line.reason?.code ?? words(line.outcome).toLowerCase()}</strong>
        </span>
        {line.reason?.message && <bdi class="ledger-why">{line.reason.message}</bdi>}
        {line.duplicateOf && (
          <span class="ledger-why">
            The same as <ForeignLink url={line.duplicateOf} />
          </span>
        )}
      </td>
      <td>{line.referrer ? <ForeignLink url={line.referrer} /> : <em class="muted">a seed</em>}</td>
      <td class="number">{line.depth}</td>
    </tr>
  );
}

interface Props {
  id: string;
  about: About | null;
  query: LedgerQuery;
  setQuery: (query: LedgerQuery) => void;
  version: unknown; // read again when it changes
}

export function Ledger({ id, about, query, setQuery, version }: Props) {
  const [lines, setLines] = useState<LedgerLine[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const found = await read(id, query, null, stop.signal);
        setLines(found.lines);
        setNext(found.next);
        setError(null);
      } catch (why) {
        if (!stop.signal.aborted) setError(why);
      }
    };
    const timer = setTimeout(() => void look(), typingTime);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id, query, version]);

  const more = async (): Promise<void> => {
    try {
      const found = await read(id, query, next, new AbortController().signal);
      setLines([...(lines ?? []), ...found.lines]);
      setNext(found.next);
    } catch (why) {
      setError(why);
    }
  };
  const set = (change: Partial<LedgerQuery>): void => setQuery({ ...query, ...change });
  const reasons = about?.outcomes.filter((row) => !query.outcome || row.kind === query.outcome);

  return (
    <section class="card" id="ledger" aria-labelledby="ledger-title">
      <h2 id="ledger-title">Why was this URL not crawled?</h2>
      <p class="muted">The ledger has every URL that this crawl has ever seen, and what became of it.</p>
      <div class="filters" role="search" aria-label="Ledger">
        <label class="field grow">
          <span>Address, or how it begins</span>
          <input
            type="search"
            spellcheck={false}
            placeholder="https://example.com/docs/"
            value={query.prefix}
            onInput={(event) => set({ prefix: event.currentTarget.value.trim() })}
          />
        </label>
        <label class="field">
          <span>Outcome</span>
          <select
            value={query.outcome}
            onChange={(event) => set({ outcome: event.currentTarget.value, reason: "" })}
          >
            <option value="">any</option>
            <option>fetched</option>
            <option>failed</option>
            <option>skipped</option>
            <option>queued</option>
          </select>
        </label>
        <label class="field">
          <span>Reason</span>
          <select
            value={query.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          >
            <option value="">any</option>
            {reasons?.map((row) => (
              <option key={row.code} value={row.code} title={row.description}>
                {row.code}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Problem error={error} />
      {lines?.length === 0 && (
        <p class="empty-note">
          {query.prefix ? "This crawl has seen no such URL." : "No such line."}
        </p>
      )}
      {lines !== null && lines.length > 0 && (
        <table class="data ledger">
          <caption class="hidden">URLs and what became of them</caption>
          <thead>
            <tr>
              <th scope="col">URL</th>
              <th scope="col">Outcome</th>
              <th scope="col">Found on</th>
              <th scope="col" class="number">
                Depth
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, at) => (
              <Line key={at} line={line} />
            ))}
          </tbody>
        </table>
      )}
      {next && (
        <p class="center">
          <button type="button" class="quiet" onClick={more}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}
