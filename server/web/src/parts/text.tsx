import type { ComponentChildren } from "preact";
import type { Kind, State } from "../types";

// An address or title from a crawled page is somebody else's text: shown as text alone, kept from
// turning the writing direction around it, and linked only where it leads to the web.
export function Foreign({ text }: { text: string }) {
  return <bdi>{text}</bdi>;
}

export function webAddress(address: string): string | null {
  try {
    const { protocol, href } = new URL(address);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

export function ForeignLink({ url, children }: { url: string; children?: ComponentChildren }) {
  const href = webAddress(url);
  if (href === null) return <Foreign text={url} />;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">
      {children ?? <Foreign text={url} />}
    </a>
  );
}

export function StatePill({ state }: { state: State }) {
  return <span class={`pill state-${state}`}>{state}</span>;
}

export function KindDot({ kind }: { kind: Kind | "queued" | "inFlight" }) {
  return <span class={`dot kind-${kind}`} aria-hidden="true" />;
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error) return null;
  const text = error instanceof Error ? error.message : String(error);
  return (
    <p class="problem" role="alert">
      {text}{" "}
      {retry && (
        <button type="button" class="link" onClick={retry}>
          Try again
        </button>
      )}
    </p>
  );
}
