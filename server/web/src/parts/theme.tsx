import { useEffect, useState } from "preact/hooks";

type Theme = "auto" | "light" | "dark";
const kept = "orbweaver-theme";
const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const signs: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

function read(): Theme {
  const theme = localStorage.getItem(kept);
  return theme === "light" || theme === "dark" ? theme : "auto";
}

export function ThemeButton() {
  const [theme, setTheme] = useState(read);
  useEffect(() => {
    if (theme === "auto") localStorage.removeItem(kept);
    else localStorage.setItem(kept, theme);
    document.documentElement.dataset["theme"] = theme;
    dispatchEvent(new Event("orbweaver:theme"));
  }, [theme]);
  return (
    <button
      type="button"
      class="quiet icon"
      aria-label={`Colours: ${theme}. Change to ${next[theme]}`}
      title={`Colours: ${theme}`}
      onClick={() => setTheme(next[theme])}
    >
      <span aria-hidden="true">{signs[theme]}</span>
    </button>
  );
}

// Calls back when the colours may have changed.
export function onColours(callback: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", callback);
  addEventListener("orbweaver:theme", callback);
  return () => {
    system.removeEventListener("change", callback);
    removeEventListener("orbweaver:theme", callback);
  };
}
