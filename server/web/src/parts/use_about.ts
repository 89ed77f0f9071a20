import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import type { About } from "../types";

// What the service says of itself, asked for once per key.
export function useAbout(): { about: About | null; error: unknown } {
  const [about, setAbout] = useState<About | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    api.about().then(setAbout, setError);
  }, []);
  return { about, error };
}
