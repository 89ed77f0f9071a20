import type { About, Action, LedgerLine, List, Statistics, Status } from "./types";

export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

// What the service answers instead of what was asked for, or that it does not answer (status 0).
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ? `${problem.title}. ${problem.detail}` : `${problem.title}.`);
  }
}

const keyName = "orbweaver-key";

// The API key lives as long as the tab, and is sent nowhere but here.
export const apiKey = {
  get: (): string => sessionStorage.getItem(keyName) ?? "",
  set(key: string): void {
    if (key) sessionStorage.setItem(keyName, key);
    else sessionStorage.removeItem(keyName);
    dispatchEvent(new Event("orbweaver:key"));
  },
};

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { title: response.statusText || "Error", status: response.status, code: "unknown" };
  }
}

// A request with the key; throws ApiError unless the answer is a success.
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (apiKey.get()) headers.set("Authorization", `Bearer ${apiKey.get()}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, redirect: "error" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError({ title: "The service does not answer", status: 0, code: "unreachable" });
  }
  if (response.ok) return response;
  if (response.status === 401) dispatchEvent(new Event("orbweaver:unauthorized"));
  throw new ApiError(await problemOf(response));
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await request(path, init)).json()) as T;
}

function query(parameters: Record<string, string | number | null | undefined>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== undefined && value !== "") out.set(name, String(value));
  return out.size ? `?${out}` : "";
}

export const crawlPath = (id: string): string => `/v1/crawls/${encodeURIComponent(id)}`;

export interface LedgerQuery {
  prefix: string;
  outcome: string;
  reason: string;
}

export const api = {
  about: (): Promise<About> => json("/v1/about"),
  list: (cursor: string | null, state: string, signal: AbortSignal): Promise<List<Status>> =>
    json(`/v1/crawls${query({ limit: 50, cursor, state })}`, { signal }),
  create: (body: unknown): Promise<Status> =>
    json("/v1/crawls", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  status: (id: string, signal?: AbortSignal): Promise<Status> =>
    json(crawlPath(id), signal ? { signal } : {}),
  statistics: (id: string, signal?: AbortSignal): Promise<Statistics> =>
    json(`${crawlPath(id)}/statistics`, signal ? { signal } : {}),
  ledger: (
    id: string,
    asked: LedgerQuery,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<List<LedgerLine>> =>
    json(`${crawlPath(id)}/urls${query({ limit: 25, ...asked, cursor })}`, { signal }),
  change: (id: string, action: Exclude<Action, "delete">): Promise<Status> =>
    json(`${crawlPath(id)}/${action}`, { method: "POST" }),
  remove: async (id: string): Promise<void> => {
    await request(crawlPath(id), { method: "DELETE" });
  },
};
