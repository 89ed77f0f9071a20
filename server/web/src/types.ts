// What the API says, as far as the pages use it. docs/ and /openapi.json say it all.

export type State =
  | "queued"
  | "running"
  | "pausing"
  | "paused"
  | "completed"
  | "cancelled"
  | "failed";
export type Kind = "fetched" | "failed" | "skipped";
export type Action = "pause" | "resume" | "cancel" | "delete";

export interface Counts {
  discovered: number;
  queued: number;
  inFlight: number;
  fetched: number;
  failed: number;
  skipped: number;
  duplicates: number;
  bytesOnWire: number;
  bytesStored: number;
}

// The part of a status that a `progress` event brings anew.
export interface Progress {
  counts: Counts;
  rates: { pagesPerSecond: number; bytesPerSecond: number };
  progress: number | null;
  etaSeconds: number | null;
  byStatus: Record<string, number>;
  byOutcome: Record<string, number>;
}

export interface Status extends Progress {
  id: string;
  name: string | null;
  labels: Record<string, string>;
  state: State;
  finishReason: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  request: { urls: string[] } & Record<string, unknown>;
  availableActions: Action[];
  warnings: string[];
}

export interface Reason {
  code: string;
  message?: string;
}

// The data of a `page` event: the head of a record.
export interface Page {
  seq: number;
  url: string;
  depth: number;
  outcome: Kind;
  status?: number;
  title?: string;
  contentType?: string;
  bytes?: number;
  timings?: Record<Phase, number>;
  error?: Reason;
  reason?: Reason;
}

export type Phase = "dns" | "connect" | "tls" | "firstByte" | "total";

export interface Histogram {
  count: number;
  sum: number;
  buckets: number[]; // one more than there are bounds
}

export interface Host {
  host: string;
  pages: number;
  failures: number;
  meanSeconds: number;
  maxSeconds: number;
}

export interface Statistics {
  latency: { bounds: number[]; phases: Record<Phase, Histogram> };
  depths: number[]; // the last one holds all that are deeper, too
  contentTypes: { type: string; pages: number }[];
  hosts: { slowest: Host[]; failing: Host[] };
  // What came up to each of these times, from the one before.
  timeline: { endSeconds: number[]; fetched: number[]; failed: number[]; bytes: number[] };
}

export interface LedgerLine {
  url: string;
  outcome: Kind | "queued" | "inFlight";
  reason?: Reason;
  depth: number;
  referrer?: string;
  duplicateOf?: string;
}

export interface List<T> {
  data: T[];
  next: string | null;
}

export type FieldType =
  | "wholeNumber"
  | "number"
  | "boolean"
  | "text"
  | "word"
  | "words"
  | "texts"
  | "textMap"
  | "credentials"
  | "rules"
  | "webhook";

// A row of the service's own table of request fields.
export interface Field {
  name: string;
  type: FieldType;
  unit: string;
  minimum: number;
  maximum: number;
  default: string;
  words: string[];
  help: string;
}

export interface OutcomeRow {
  code: string;
  kind: Kind;
  description: string;
}

// GET /v1/about
export interface About {
  version: string;
  requestFields: Field[];
  outcomes: OutcomeRow[];
  resultFormats: string[];
}
