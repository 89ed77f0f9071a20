import { useEffect, useState } from "preact/hooks";

// The pages have addresses after the hash, so that the service knows one document only.
export type Route =
  | { page: "list" }
  | { page: "new"; url: string }
  | { page: "crawl"; id: string }
  | { page: "report"; id: string }
  | { page: "missing" };

export function routeOf(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean);
  if (parts.length === 0) return { page: "list" };
  if (parts[0] === "new" && parts.length === 1)
    return { page: "new", url: new URLSearchParams(search).get("url") ?? "" };
  const id = parts[1];
  if (parts[0] !== "crawls" || id === undefined) return { page: "missing" };
  if (parts.length === 2) return { page: "crawl", id };
  return parts.length === 3 && parts[2] === "report" ? { page: "report", id } : { page: "missing" };
}

export const to = {
  list: "#/",
  new: (url = ""): string => (url ? `#/new?${new URLSearchParams({ url })}` : "#/new"),
  crawl: (id: string): string => `#/crawls/${encodeURIComponent(id)}`,
  report: (id: string): string => `#/crawls/${encodeURIComponent(id)}/report`,
};

export function go(hash: string): void {
  location.hash = hash;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const look = (): void => setRoute(routeOf(location.hash));
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return route;
}
