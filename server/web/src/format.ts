const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const count = (n: number): string => whole.format(n);
export const shortCount = (n: number): string => (n < 10_000 ? whole.format(n) : compact.format(n));

// Three significant digits, or what is whole.
function digits(n: number): string {
  if (n === 0 || n >= 100) return whole.format(Math.round(n));
  return n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

export const rate = (n: number): string => digits(n);

// Units of 1024, as the service counts.
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    ++at;
  }
  return `${at === 0 ? whole.format(Math.round(n)) : digits(n)} ${units[at]}`;
}

// A time as short as a latency or as long as a crawl, from seconds.
export function duration(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${digits(seconds * 1000)} ms`;
  if (seconds < 60) return `${digits(seconds)} s`;
  const s = Math.round(seconds);
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

// Of a histogram's bound, from seconds: 1 ms, 2.5 s.
export const bound = (seconds: number): string =>
  seconds < 1 ? `${+(seconds * 1000).toFixed(3)} ms` : `${+seconds.toFixed(3)} s`;

export const percent = (part: number): string => {
  const p = part * 100;
  if (p > 0 && p < 0.1) return "< 0.1 %";
  return `${p > 0 && p < 10 ? p.toFixed(1) : Math.floor(p)} %`;
};

export const time = (rfc3339: string): string => moment.format(new Date(rfc3339));

// "maxDepth" as people write it: "Max depth".
export function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " ");
  const lower = spaced.replace(/\b[A-Z](?=[a-z])/g, (c) => c.toLowerCase());
  const named = lower.replace(/\burl(s?)\b/i, "URL$1").replace(/^tls\b/, "TLS");
  return named.charAt(0).toUpperCase() + named.slice(1);
}
