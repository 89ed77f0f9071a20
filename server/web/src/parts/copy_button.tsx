import { useState } from "preact/hooks";

export function CopyButton({ text }: { text: string }) {
  const [said, setSaid] = useState("Copy");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Not allowed"); // by the browser: it does so where a page comes over plain HTTP
    }
    setTimeout(() => setSaid("Copy"), 2000);
  };
  return (
    <button type="button" class="quiet small" onClick={copy} aria-live="polite">
      {said}
    </button>
  );
}
