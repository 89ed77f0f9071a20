// Answers each line of NDJSON as `orbweaver inspect url --batch` does, by this Node.js's own URL.
import { createInterface } from "node:readline";

const parts = ["href", "protocol", "username", "password", "host", "hostname", "port", "pathname",
               "search", "hash"];

function answer({ input, base }) {
  let url;
  try {
    url = base === null ? new URL(input) : new URL(input, base);
  } catch {
    return { failure: true };
  }
  return Object.fromEntries(parts.map((part) => [part, url[part]]));
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
