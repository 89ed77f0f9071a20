import { useState } from "preact/hooks";
import { apiKey, crawlPath, request } from "../api";
import type { About, Status } from "../types";
import { Problem } from "./text";

const names: Record<string, string> = { ndjson: "NDJSON", csv: "CSV", warc: "WARC" };
const endings: Record<string, string> = { ndjson: "ndjson", csv: "csv", warc: "warc.gz" };

export function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A link cannot carry a key; then the page fetches the file and hands it over.
export function Downloads({ crawl, about }: { crawl: Status; about: About | null }) {
  const [error, setError] = useState<unknown>(null);
  const fetchIt = async (event: Event, path: string, name: string): Promise<void> => {
    if (!apiKey.get()) return;
    event.preventDefault();
    try {
      saveAs(await (await request(path)).blob(), name);
    } catch (why) {
      setError(why);
    }
  };
  const files = (about?.resultFormats ?? [])
    .filter((format) => format in names)
    .map((format) => ({
      label: names[format],
      path: `${crawlPath(crawl.id)}/results?format=${format}`,
      name: `${crawl.id}.${endings[format]}`,
    }));
  return (
    <>
      {files.map(({ label, path, name }) => (
        <a
          key={path}
          class="button quiet"
          href={path}
          download={name}
          onClick={(event) => void fetchIt(event, path, name)}
        >
          {label} <span aria-hidden="true">↓</span>
          <span class="hidden">, download the records</span>
        </a>
      ))}
      <Problem error={error} />
    </>
  );
}
