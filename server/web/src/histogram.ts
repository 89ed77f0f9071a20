import type { Histogram } from "./types";

// The value below which a part of all lies, as far as buckets tell: taken to be spread evenly
// within its bucket. What lies beyond the last bound counts as that.
export function quantile(bounds: number[], { buckets, count }: Histogram, part: number): number {
  let left = part * count;
  for (const [at, n] of buckets.entries()) {
    if (left > n || n === 0) {
      left -= n;
      continue;
    }
    const low = at === 0 ? 0 : (bounds[at - 1] ?? 0);
    const high = bounds[at] ?? low;
    return low + (high - low) * (left / n);
  }
  return bounds[bounds.length - 1] ?? 0;
}

// The buckets from the first to the last that holds anything, one empty one to either side.
export function filled(buckets: number[]): { from: number; to: number } {
  const first = buckets.findIndex((n) => n > 0);
  if (first < 0) return { from: 0, to: 0 };
  const last = buckets.findLastIndex((n) => n > 0);
  return { from: Math.max(first - 1, 0), to: Math.min(last + 2, buckets.length) };
}
