import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { LedgerQuery } from "../api";
import { bytes, count, duration, rate, time } from "../format";
import { Actions } from "../parts/actions";
import { ContentTypes, Depths, Hosts, Latency, Outcomes, Statuses } from "../parts/charts";
import { Downloads } from "../parts/downloads";
import { Ledger } from "../parts/ledger";
import { LastPages } from "../parts/pages";
import { isOver, ProgressBar, ProgressText } from "../parts/progress";
import { Foreign, ForeignLink, Problem, StatePill } from "../parts/text";
import { Timelines } from "../parts/timeline";
import { useAbout } from "../parts/use_about";
import { useCrawl } from "../parts/use_crawl";
import { to } from "../router";
import type { Status } from "../types";
import { titleOf } from "./list";

function Tile(props: { label: string; value: string; note?: string; className?: string }) {
  return (
    <div class={`tile ${props.className ?? ""}`}>
      <dt>{props.label}</dt>
      <dd>
        {props.value}
        {props.note && <span class="note">{props.note}</span>}
      </dd>
    </div>
  );
}

export const ranFor = (crawl: Status): number => {
  if (!crawl.startedAt) return 0;
  const end = crawl.finishedAt ? Date.parse(crawl.finishedAt) : Date.now();
  return Math.max((end - Date.parse(crawl.startedAt)) / 1000, 0);
};

export function Tiles({ crawl }: { crawl: Status }) {
  const n = crawl.counts;
  return (
    <dl class="tiles">
      <Tile label="Fetched" value={count(n.fetched)} className="fetched" />
      <Tile label="Failed" value={count(n.failed)} className={n.failed ? "failed" : ""} />
      <Tile label="Skipped" value={count(n.skipped)} />
      <Tile
        label="To do"
        value={count(n.queued + n.inFlight)}
        note={`${count(n.inFlight)} in flight`}
      />
      <Tile
        label={isOver(crawl) ? "Mean speed" : "Speed"}
        value={rate(crawl.rates.pagesPerSecond)}
        note="pages/s"
      />
      <Tile
        label="On the wire"
        value={bytes(n.bytesOnWire)}
        note={`${bytes(crawl.rates.bytesPerSecond)}/s`}
      />
      <Tile label="Duplicates" value={count(n.duplicates)} note="pages" />
      <Tile label="Time" value={duration(ranFor(crawl))} />
    </dl>
  );
}

function Card({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const noQuery: LedgerQuery = { prefix: "", outcome: "", reason: "" };

export function CrawlPage({ id }: { id: string }) {
  const { status, pages, statistics, connected, error, take } = useCrawl(id);
  const { about } = useAbout();
  const [query, setQuery] = useState(noQuery);
  const title = status ? titleOf(status) : "Crawl";
  useEffect(() => {
    document.title = `${title} · Orbweaver`;
  }, [title]);

  if (!status) return error ? <Problem error={error} /> : <p class="muted">Loading…</p>;
  const pick = (outcome: string, reason: string): void => {
    setQuery({ ...noQuery, outcome, reason });
    document.getElementById("ledger")?.scrollIntoView();
  };
  return (
    <>
      <div class="crawl-top">
        <div class="crawl-head">
          <h1>
            <Foreign text={title} />
          </h1>
          <StatePill state={status.state} />
        </div>
        <p class="facts">
          {status.name && status.request.urls[0] && <ForeignLink url={status.request.urls[0]} />}
          <span>
            Created <time dateTime={status.createdAt}>{time(status.createdAt)}</time>
          </span>
          <ProgressText crawl={status} />
          {!connected && <span class="bad">The connection is lost; trying again</span>}
        </p>
        <div class="row wrap">
          <Actions crawl={status} take={take} />
          <Downloads crawl={status} about={about} />
          <a class="button quiet" href={to.report(id)}>
            Report
          </a>
        </div>
      </div>
      <ProgressBar crawl={status} />
      <Problem error={error} />
      {status.warnings.map((warning) => (
        <p class="warning" key={warning}>
          {warning}
        </p>
      ))}
      <Tiles crawl={status} />
      {statistics && (
        <section class="card" aria-label="Speed over time">
          <Timelines timeline={statistics.timeline} />
        </section>
      )}
      <div class="grid">
        <Card title="Outcomes">
          <Outcomes crawl={status} about={about} pick={pick} />
          <h3>HTTP status</h3>
          <Statuses crawl={status} />
        </Card>
        {statistics && (
          <>
            <Card title="Time per fetch">
              <Latency statistics={statistics} />
            </Card>
            <Card title="Depth">
              <Depths statistics={statistics} />
            </Card>
            <Card title="Content types">
              <ContentTypes statistics={statistics} />
            </Card>
            <Card title="Slowest hosts">
              <Hosts hosts={statistics.hosts.slowest} by="time" />
            </Card>
            <Card title="Most failing hosts">
              <Hosts hosts={statistics.hosts.failing} by="failures" />
            </Card>
          </>
        )}
      </div>
      <LastPages pages={pages} />
      <Ledger id={id} about={about} query={query} setQuery={setQuery} version={isOver(status)} />
      <details class="card">
        <summary>
          <span class="group-title">The request</span>
          <span class="muted">every option with the value in effect</span>
        </summary>
        <pre class="code" tabIndex={0}>
          {JSON.stringify(status.request, null, 2)}
        </pre>
      </details>
    </>
  );
}
