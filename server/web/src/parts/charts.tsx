import { useState } from "preact/hooks";
import { bound, count, duration } from "../format";
import { filled, quantile } from "../histogram";
import type { About, Host, Kind, Phase, Statistics, Status } from "../types";
import { BarList, Columns } from "./bars";
import { Foreign, KindDot } from "./text";

const kinds: Kind[] = ["fetched", "failed", "skipped"];

// What URLs ended as, kind by kind. `pick` is told which one is clicked.
export function Outcomes(props: {
  crawl: Status;
  about: About | null;
  pick?: (kind: Kind, code: string) => void;
}) {
  const { crawl, about, pick } = props;
  const rows = Object.entries(crawl.byOutcome).map(([code, value]) => {
    const row = about?.outcomes.find((outcome) => outcome.code === code);
    return { code, value, kind: row?.kind ?? "failed", title: row?.description ?? "" };
  });
  const order = (row: (typeof rows)[0]): number => kinds.indexOf(row.kind) * 1e15 - row.value;
  rows.sort((a, b) => order(a) - order(b));
  return (
    <BarList
      caption="URLs by outcome"
      bars={rows.map((row) => ({
        key: row.code,
        label: (
          <span class="outcome-code">
            <KindDot kind={row.kind} />
            {row.code}
          </span>
        ),
        value: row.value,
        className: `kind-${row.kind}`,
        title: row.title,
        ...(pick && { href: () => pick(row.kind, row.code) }),
      }))}
    />
  );
}

export function Statuses({ crawl }: { crawl: Status }) {
  const className = (code: string): string => `http-${code.charAt(0)}`;
  return (
    <BarList
      caption="Answers by HTTP status"
      bars={Object.entries(crawl.byStatus).map(([code, value]) => ({
        key: code,
        label: code,
        value,
        className: className(code),
      }))}
    />
  );
}

export function ContentTypes({ statistics }: { statistics: Statistics }) {
  return (
    <BarList
      caption="Pages by content type"
      bars={statistics.contentTypes.map(({ type, pages }) => ({
        key: type,
        label: <Foreign text={type || "none said"} />,
        value: pages,
      }))}
    />
  );
}

const phases: Record<Phase, string> = {
  total: "Whole fetch",
  firstByte: "First byte",
  dns: "DNS",
  connect: "Connect",
  tls: "TLS",
};

export function Latency({ statistics }: { statistics: Statistics }) {
  const [phase, setPhase] = useState<Phase>("total");
  return (
    <>
      <div class="tabs" role="group" aria-label="Phase">
        {(Object.keys(phases) as Phase[]).map((name) => (
          <button
            key={name}
            type="button"
            class="tab"
            aria-pressed={name === phase}
            onClick={() => setPhase(name)}
          >
            {phases[name]}
          </button>
        ))}
      </div>
      <LatencyOf statistics={statistics} phase={phase} />
    </>
  );
}

export function LatencyOf({ statistics, phase }: { statistics: Statistics; phase: Phase }) {
  const { bounds } = statistics.latency;
  const histogram = statistics.latency.phases[phase];
  if (!histogram || histogram.count === 0) return <p class="muted">Nothing measured yet.</p>;
  const { from, to } = filled(histogram.buckets);
  const columns = histogram.buckets.slice(from, to).map((value, i) => {
    const at = from + i;
    const low = at === 0 ? 0 : (bounds[at - 1] ?? 0);
    const high = bounds[at];
    return {
      value,
      label: high === undefined ? `> ${bound(low)}` : bound(high),
      title: high === undefined ? `over ${bound(low)}` : `${bound(low)} to ${bound(high)}`,
    };
  });
  const q = (part: number): string => duration(quantile(bounds, histogram, part));
  return (
    <>
      <Columns columns={columns} caption={`${phases[phase]}, time each took`} />
      <p class="facts">
        <span>median {q(0.5)}</span>
        <span>95 % within {q(0.95)}</span>
        <span>mean {duration(histogram.sum / histogram.count)}</span>
        <span>{count(histogram.count)} measured</span>
      </p>
    </>
  );
}

export function Depths({ statistics }: { statistics: Statistics }) {
  const { depths } = statistics;
  const { to } = filled(depths);
  const last = depths.length - 1;
  if (to === 0) return <p class="muted">Nothing yet.</p>;
  const columns = depths.slice(0, to).map((value, at) => ({
    value,
    label: at === last ? `≥ ${at}` : String(at),
    title: at === last ? `${at} links or more from a seed` : `${at} links from a seed`,
  }));
  return <Columns columns={columns} caption="Pages by depth" />;
}

const labels = { time: "Slowest hosts, table", failures: "Most failing hosts, table" };

export function Hosts({ hosts, by }: { hosts: Host[]; by: "time" | "failures" }) {
  if (hosts.length === 0) return <p class="muted">{by === "time" ? "Nothing yet." : "None."}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={labels[by]}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col" class="number">
              Pages
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number">
              Mean
            </th>
            <th scope="col" class="number">
              Longest
            </th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <tr key={host.host}>
              <th scope="row">
                <Foreign text={host.host} />
              </th>
              <td class="number">{count(host.pages)}</td>
              <td class={`number ${host.failures ? "bad" : ""}`}>{count(host.failures)}</td>
              <td class="number">{duration(host.meanSeconds)}</td>
              <td class="number">{duration(host.maxSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
