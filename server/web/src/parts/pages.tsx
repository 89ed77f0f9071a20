import { useState } from "preact/hooks";
import { bytes, duration } from "../format";
import type { Page } from "../types";
import { Foreign, ForeignLink, KindDot } from "./text";

// What one page came to, in a word.
const ended = (page: Page): string =>
  page.error?.code ?? page.reason?.code ?? String(page.status ?? page.outcome);

function Row({ page }: { page: Page }) {
  return (
    <li>
      <span class={`code-pill kind-${page.outcome} ${page.status ? `http-${String(page.status).charAt(0)}` : ""}`}>
        <KindDot kind={page.outcome} />
        {ended(page)}
      </span>
      <span class="page-what">
        {page.title && (
          <span class="page-title">
            <Foreign text={page.title} />
          </span>
        )}
        <span class="page-url">
          <ForeignLink url={page.url} />
        </span>
      </span>
      <span class="page-size muted">
        {page.bytes ? bytes(page.bytes) : ""}
        {page.timings && page.timings.total > 0 && <span>{duration(page.timings.total)}</span>}
      </span>
    </li>
  );
}

export function LastPages({ pages }: { pages: Page[] }) {
  const [held, setHeld] = useState<Page[] | null>(null);
  const shown = held ?? pages;
  return (
    <section class="card" aria-labelledby="pages-title">
      <div class="section-head">
        <h2 id="pages-title">Last pages</h2>
        <button
          type="button"
          class="quiet small"
          aria-pressed={held !== null}
          onClick={() => setHeld(held ? null : pages)}
        >
          {held ? "Go on" : "Hold still"}
        </button>
      </div>
      {shown.length === 0 && <p class="muted">None yet.</p>}
      <ol class="pages" tabIndex={0} aria-label="Last pages, newest first">
        {shown.map((page) => (
          <Row key={page.seq} page={page} />
        ))}
      </ol>
    </section>
  );
}
