import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { time } from "../format";
import { ContentTypes, Depths, Hosts, LatencyOf, Outcomes, Statuses } from "../parts/charts";
import { saveAs } from "../parts/downloads";
import { ProgressText } from "../parts/progress";
import { Foreign, Problem, StatePill } from "../parts/text";
import { useAbout } from "../parts/use_about";
import { to } from "../router";
import type { Statistics, Status } from "../types";
import { Tiles } from "./crawl";
import { titleOf } from "./list";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// The report as a document of its own: what is shown, and the style sheet. It holds no script, and
// asks for none.
async function save(crawl: Status): Promise<void> {
  const report = document.getElementById("report");
  if (!report) return;
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  const styles = await Promise.all(sheets.map(async (s) => (await fetch(s.href)).text()));
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(titleOf(crawl))}</title>
<style>${styles.join("\n")}</style>
<main>${report.outerHTML}</main>
</html>
`;
  saveAs(new Blob([text], { type: "text/html" }), `${crawl.id}.html`);
}

export function ReportPage({ id }: { id: string }) {
  const [crawl, setCrawl] = useState<Status | null>(null);
  const [statistics, setStatistics] = useState<Statistics | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { about } = useAbout();
  useEffect(() => {
    const stop = new AbortController();
    Promise.all([api.status(id, stop.signal), api.statistics(id, stop.signal)]).then(
      ([status, numbers]) => {
        document.title = `Report: ${titleOf(status)} · Orbweaver`;
        setCrawl(status);
        setStatistics(numbers);
      },
      (why) => stop.signal.aborted || setError(why),
    );
    return () => stop.abort();
  }, [id]);
  if (!crawl || !statistics)
    return error ? <Problem error={error} /> : <p class="muted">Loading…</p>;
  return (
    <>
      <div class="row wrap no-print">
        <a class="button quiet" href={to.crawl(id)}>
          Back to the crawl
        </a>
        <button type="button" class="quiet" onClick={() => print()}>
          Print
        </button>
        <button type="button" class="quiet" onClick={() => void save(crawl).catch(setError)}>
          Save as HTML
        </button>
      </div>
      <Problem error={error} />
      <article id="report" class="report">
        <header>
          <p class="muted">Crawl report · Orbweaver</p>
          <h1>
            <Foreign text={titleOf(crawl)} />
          </h1>
          <p class="facts">
            <StatePill state={crawl.state} />
            <ProgressText crawl={crawl} />
          </p>
        </header>
        <dl class="pairs">
          <dt>Seeds</dt>
          <dd>
            {crawl.request.urls.slice(0, 10).map((url) => (
              <div key={url}>
                <Foreign text={url} />
              </div>
            ))}
            {crawl.request.urls.length > 10 && `and ${crawl.request.urls.length - 10} more`}
          </dd>
          <dt>Started</dt>
          <dd>{crawl.startedAt ? time(crawl.startedAt) : "not yet"}</dd>
          <dt>Ended</dt>
          <dd>{crawl.finishedAt ? time(crawl.finishedAt) : "not yet"}</dd>
          <dt>Crawl</dt>
          <dd>
            <code>{crawl.id}</code>
          </dd>
        </dl>
        <Tiles crawl={crawl} />
        <section>
          <h2>Outcomes</h2>
          <Outcomes crawl={crawl} about={about} />
        </section>
        <div class="halves">
          <section>
            <h2>HTTP status</h2>
            <Statuses crawl={crawl} />
          </section>
          <section>
            <h2>Content types</h2>
            <ContentTypes statistics={statistics} />
          </section>
          <section>
            <h2>Time per fetch</h2>
            <LatencyOf statistics={statistics} phase="total" />
          </section>
          <section>
            <h2>Depth</h2>
            <Depths statistics={statistics} />
          </section>
        </div>
        <section>
          <h2>Slowest hosts</h2>
          <Hosts hosts={statistics.hosts.slowest} by="time" />
        </section>
        <section>
          <h2>Most failing hosts</h2>
          <Hosts hosts={statistics.hosts.failing} by="failures" />
        </section>
      </article>
    </>
  );
}
