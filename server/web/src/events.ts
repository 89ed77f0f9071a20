import { ApiError, request } from "./api";

export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

// Reads the event-stream format (HTML Living Standard, section 9.2.6), in pieces as they come.
export class EventParser {
  private rest = "";
  private name = "";
  private data: string[] = [];
  private id: string;

  constructor(lastId = "") {
    this.id = lastId;
  }

  feed(text: string): ServerEvent[] {
    const out: ServerEvent[] = [];
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line.endsWith("\r") ? line.slice(0, -1) : line, out);
    return out;
  }

  private line(line: string, out: ServerEvent[]): void {
    if (line === "") {
      if (this.data.length)
        out.push({ id: this.id, name: this.name || "message", data: this.data.join("\n") });
      this.name = "";
      this.data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id") this.id = value;
  }
}

const firstPause = 1000; // milliseconds before the first new attempt
const longestPause = 15_000;
// The service says something at least this often; a stream that is silent for longer is dead.
const longestSilence = 40_000;

// Follows a stream of events until it ends for good (the service answers 204) or `signal` says so.
// EventSource would do, but for the key that has to be sent along. A page that nobody sees gives
// its connection back, for a browser has only six for one service, and goes on where it was when
// it is looked at again.
export async function follow(
  path: string,
  onEvent: (event: ServerEvent) => void,
  onLink: (up: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId = "";
  let pause = firstPause;
  while (!signal.aborted) {
    await visible(signal);
    if (signal.aborted) return;
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const hide = (): void => (document.hidden ? attempt.abort() : undefined);
    signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", hide);
    let silence = 0;
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (lastId) headers["Last-Event-ID"] = lastId;
      const response = await request(path, { headers, signal: attempt.signal });
      if (response.status === 204 || !response.body) return;
      onLink(true);
      pause = firstPause;
      const parser = new EventParser(lastId);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        silence = window.setTimeout(stop, longestSilence);
        const { value, done } = await reader.read();
        clearTimeout(silence);
        if (done) break;
        for (const event of parser.feed(value)) {
          lastId = event.id;
          onEvent(event);
        }
      }
    } catch (error) {
      if (!signal.aborted && !document.hidden) onLink(false);
      const status = error instanceof ApiError ? error.problem.status : 0;
      if (status >= 400 && status < 500 && status !== 429) throw error;
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", hide);
    }
    if (!document.hidden) {
      await sleep(pause, signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }
}

function visible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
