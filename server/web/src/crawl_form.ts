import type { Field } from "./types";

// What the form holds of one field. Text that stands for a number or a list stays as it was typed.
export interface Rule {
  name: string;
  regex: string;
  group: string;
  all: boolean;
  on: "body" | "text";
}
export interface Webhook {
  url: string;
  secret: string;
}
export type Value =
  | string
  | boolean
  | string[]
  | Rule[]
  | { username: string; password: string }
  | Webhook;
export type FormState = Record<string, Value>;

export interface Group {
  title: string;
  note: string;
  fields: string[];
}

// How the form arranges the fields. One that is not named here is shown in the last group, so that
// a newer service's fields are there, too.
export const groups: Group[] = [
  {
    title: "Limits",
    note: "When the crawl is over.",
    fields: ["limit", "maxDepth", "maxDuration", "maxBytes", "maxPagesPerHost"],
  },
  {
    title: "Scope",
    note: "Which links are followed.",
    fields: ["scope", "includePaths", "excludePaths", "regexOnFullURL", "sitemap"],
  },
  {
    title: "Politeness",
    note: "How gently sites are asked.",
    fields: [
      "robots",
      "respectNofollow",
      "delay",
      "perHostConcurrency",
      "maxConcurrency",
      "userAgent",
    ],
  },
  {
    title: "Requests",
    note: "What sites are sent, and how long they may take.",
    fields: ["timeout", "retries", "headers", "cookies", "auth", "proxy", "tlsVerify"],
  },
  {
    title: "Records",
    note: "What is kept of each page.",
    fields: ["formats", "extract", "contentTypes", "maxBodyBytes", "storeBodies"],
  },
  {
    title: "Naming and notice",
    note: "To find the crawl again, and who is told of it.",
    fields: ["name", "labels", "webhook"],
  },
  { title: "Traps and duplicates", note: "What keeps a crawl out of endless spaces.", fields: [] },
];

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

// "Name: value" on each line.
function pairs(text: string): Record<string, string> {
  const out: [string, string][] = [];
  for (const line of lines(text)) {
    const mark = line.search(/[:=]/);
    out.push(mark < 0 ? [line, ""] : [line.slice(0, mark).trim(), line.slice(mark + 1).trim()]);
  }
  return Object.fromEntries(out);
}

const defaultWords = (field: Field): string[] =>
  field.words.filter((word) => field.default.split(/[ ,]+/).includes(word));

// What the form shows before anything has been chosen.
export function initial(field: Field): Value {
  switch (field.type) {
    case "boolean":
      return field.default === "true";
    case "word":
      return field.default;
    case "words":
      return defaultWords(field);
    case "rules":
      return [];
    case "credentials":
      return { username: "", password: "" };
    case "webhook":
      return { url: "", secret: "" };
    default:
      return "";
  }
}

// The value as JSON, or undefined where the default will do.
function written(field: Field, value: Value): unknown {
  switch (field.type) {
    case "wholeNumber":
    case "number":
      return value === "" ? undefined : Number(value);
    case "boolean":
    case "word":
      return value === initial(field) ? undefined : value;
    case "words": {
      const chosen = value as string[];
      return chosen.join() === defaultWords(field).join() ? undefined : chosen;
    }
    case "text":
      return (value as string).trim() || undefined;
    case "texts": {
      const all = lines(value as string);
      return all.length ? all : undefined;
    }
    case "textMap": {
      const all = pairs(value as string);
      return Object.keys(all).length ? all : undefined;
    }
    case "credentials":
      return (value as { username: string }).username ? value : undefined;
    case "webhook":
      return webhook(value as Webhook);
    case "rules":
      return rules(value as Rule[]);
  }
}

const webhook = ({ url, secret }: Webhook): unknown =>
  url.trim() ? { url: url.trim(), ...(secret && { secret }) } : undefined;

function rules(all: Rule[]): unknown {
  const out: Record<string, unknown> = {};
  for (const rule of all) {
    if (!rule.name && !rule.regex) continue;
    out[rule.name] = {
      regex: rule.regex,
      ...(rule.group !== "" && { group: Number(rule.group) }),
      ...(rule.all && { all: true }),
      ...(rule.on === "text" && { on: "text" }),
    };
  }
  return Object.keys(out).length ? out : undefined;
}

// A seed is often pasted without its scheme.
export const seed = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+:\d+(\/|$)/.test(text) ? text : `https://${text}`;

// The body of POST /v1/crawls: what differs from the defaults.
export function requestOf(fields: Field[], state: FormState): Record<string, unknown> {
  const out: Record<string, unknown> = { urls: lines((state["urls"] as string) ?? "").map(seed) };
  for (const field of fields) {
    const value = state[field.name];
    if (field.name === "urls" || value === undefined) continue;
    const json = written(field, value);
    if (json !== undefined) out[field.name] = json;
  }
  return out;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

// The same call for a shell. The key is not written out.
export function curlOf(origin: string, body: Record<string, unknown>, withKey: boolean): string {
  return [
    `curl ${quoted(`${origin}/v1/crawls`)}`,
    ...(withKey ? [`-H "Authorization: Bearer $ORBWEAVER_KEY"`] : []),
    `-H 'Content-Type: application/json'`,
    `--data-binary ${quoted(JSON.stringify(body, null, 2))}`,
  ].join(" \\\n  ");
}

// Which field a mistake's JSON pointer is in: "/extract/title/regex" → "extract".
export const fieldOf = (pointer: string): string =>
  (pointer.split("/")[1] ?? "").replaceAll("~1", "/").replaceAll("~0", "~");
