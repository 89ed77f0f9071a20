import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { bytes, duration, rate } from "../format";
import type { Statistics } from "../types";
import { onColours } from "./theme";

type Timeline = Statistics["timeline"];

interface Line {
  label: string;
  className: string; // whose colour it takes
  values: (timeline: Timeline) => number[];
}

interface PlotProps {
  timeline: Timeline;
  lines: Line[];
  unit: (value: number) => string;
  steps?: number[]; // between the axis' labels
  label: string;
}

const height = 180;

// The colour that a class has now: canvases know no style sheets.
function colourOf(element: Element, className: string): string {
  const probe = document.createElement("i");
  probe.className = className;
  probe.hidden = true;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const clock = (seconds: number): string => {
  const s = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};

function dataOf({ timeline, lines }: PlotProps): uPlot.AlignedData {
  const times = timeline.endSeconds;
  const lengths = times.map((end, at) => Math.max(end - (times[at - 1] ?? 0), 0.001));
  const perSecond = (sums: number[]): number[] => sums.map((n, at) => n / (lengths[at] ?? 1));
  return [times, ...lines.map((line) => perSecond(line.values(timeline)))];
}

function optionsOf(root: HTMLElement, { lines, unit, steps }: PlotProps): uPlot.Options {
  const text = colourOf(root, "plot-text");
  const grid = { stroke: colourOf(root, "plot-grid"), width: 1 };
  const font = `12px ${getComputedStyle(root).fontFamily}`;
  const axis = { stroke: text, grid, ticks: grid, font };
  return {
    width: Math.max(root.clientWidth, 200),
    height,
    padding: [8, 8, 0, 0],
    cursor: { sync: { key: "timeline" }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, Math.max(max * 1.1, 1)] } },
    axes: [
      { ...axis, values: (_u, splits) => splits.map(clock), space: 70 },
      {
        ...axis,
        values: (_u, splits) => splits.map(unit),
        size: 76,
        space: 36,
        ...(steps && { incrs: steps }),
      },
    ],
    series: [
      { label: "time", value: (_u, v) => (v === null ? "–" : clock(v)) },
      ...lines.map((line) => {
        const stroke = colourOf(root, line.className);
        return {
          label: line.label,
          stroke,
          width: 2,
          points: { show: false },
          fill: colourOf(root, `${line.className} faint`),
          value: (_u: uPlot, v: number | null) => (v === null ? "–" : unit(v)),
        };
      }),
    ],
  };
}

function Plot(props: PlotProps) {
  const ref = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const root = ref.current;
    if (!root) return;
    const build = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(root, latest.current), dataOf(latest.current), root);
    };
    build();
    const fit = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(root.clientWidth, 200), height }),
    );
    fit.observe(root);
    const colours = onColours(build);
    return () => {
      fit.disconnect();
      colours();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(props)), [props.timeline]);

  return (
    <figure class="plot">
      <figcaption>{props.label}</figcaption>
      <div ref={ref} role="img" aria-label={summary(props)} />
    </figure>
  );
}

function summary(props: PlotProps): string {
  const [times, ...series] = dataOf(props);
  const last = series.map((values, at) => {
    const value = values[values.length - 1];
    return `${props.lines[at]?.label} ${typeof value === "number" ? props.unit(value) : "none"}`;
  });
  return `${props.label} over ${duration(times[times.length - 1] ?? 0)}; last: ${last.join(", ")}`;
}

const pages: Line[] = [
  { label: "fetched", className: "line-fetched", values: (t) => t.fetched },
  { label: "failed", className: "line-failed", values: (t) => t.failed },
];
const traffic: Line[] = [{ label: "on the wire", className: "line-bytes", values: (t) => t.bytes }];

const powersOfTwo = Array.from({ length: 50 }, (_, n) => 2 ** n);

export function Timelines({ timeline }: { timeline: Timeline }) {
  return (
    <div class="plots">
      <Plot timeline={timeline} lines={pages} unit={rate} label="Pages per second" />
      <Plot
        timeline={timeline}
        lines={traffic}
        unit={bytes}
        steps={powersOfTwo}
        label="Bytes per second"
      />
    </div>
  );
}
