import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  // Not a test: it draws the picture of the README.
  testIgnore: process.env["WEB_TEST_SCREENSHOT"] ? [] : ["screenshot.spec.ts"],
  workers: 1, // one browser at a time is all that a loaded machine with two cores bears
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env["WEB_TEST_CHROMIUM"] ?? "chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    },
  },
});
