// Runs the tests of the dashboard: node run.mjs [PLAYWRIGHT-ARGUMENT...]. Exit code 77: there is no
// Chromium to run them in.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function chromium() {
  const candidates = process.env.WEB_TEST_CHROMIUM
    ? [process.env.WEB_TEST_CHROMIUM]
    : (process.env.PATH ?? "").split(delimiter).flatMap((d) => names.map((name) => join(d, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const browser = chromium();
if (!browser) {
  console.log("No Chromium is installed (Debian's package is named chromium).");
  process.exit(77);
}
const cli = createRequire(import.meta.url).resolve("@playwright/test/cli");
const { status } = spawnSync(process.execPath, [cli, "test", ...process.argv.slice(2)], {
  cwd: dirname(fileURLToPath(import.meta.url)),
  env: { ...process.env, WEB_TEST_CHROMIUM: browser },
  stdio: "inherit",
});
process.exit(status ?? 1);
