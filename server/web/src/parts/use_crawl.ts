import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, crawlPath } from "../api";
import { follow } from "../events";
import type { Page, Progress, Statistics, Status } from "../types";

const keptPages = 50;
const paintTime = 200; // milliseconds between two paints of what came
const statisticsTime = 2000;

const over = new Set(["completed", "cancelled", "failed"]);

export interface Live {
  status: Status | null;
  pages: Page[]; // newest first
  statistics: Statistics | null;
  connected: boolean;
  error: unknown;
  take: (status: Status) => void; // what a call has answered
}

// One crawl, followed as it goes on. Pages may come by the thousand, so they are gathered, and
// painted a few times a second.
export function useCrawl(id: string): Live {
  const [status, setStatus] = useState<Status | null>(null);
  const [pages, setPages] = useState<Page[]>([]);
  const [connected, setConnected] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const came = useRef<Page[]>([]);

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    let current: Status | null = null;
    const paint = (): void => {
      timer = 0;
      setPages(came.current);
      setStatus(current);
    };
    const soon = (): void => {
      timer ||= window.setTimeout(paint, paintTime);
    };
    const take = (name: string, data: unknown): void => {
      if (name === "state") current = data as Status;
      if (name === "progress" && current) current = { ...current, ...(data as Progress) };
      if (name === "page") came.current = [data as Page, ...came.current].slice(0, keptPages);
      if (name === "state") paint();
      else soon();
    };
    follow(
      `${crawlPath(id)}/events?tail=${keptPages}`,
      (event) => take(event.name, JSON.parse(event.data)),
      setConnected,
      stop.signal,
    ).catch(setError);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id]);

  const statistics = useStatistics(id, status);
  return { status, pages, statistics, connected, error, take: setStatus };
}

// Asked for again and again while the crawl runs, and once more when it is over.
function useStatistics(id: string, status: Status | null): Statistics | null {
  const [statistics, setStatistics] = useState<Statistics | null>(null);
  const active = status !== null && !over.has(status.state);
  const known = status !== null;
  useEffect(() => {
    if (!known) return;
    const stop = new AbortController();
    let timer = 0;
    const look = async (): Promise<void> => {
      try {
        if (!document.hidden) setStatistics(await api.statistics(id, stop.signal));
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof ApiError && error.problem.status === 404) return;
      }
      if (active) timer = window.setTimeout(() => void look(), statisticsTime);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id, known, active]);
  return statistics;
}
