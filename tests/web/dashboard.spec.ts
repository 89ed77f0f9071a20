import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { hostileTitles } from "./site";
import { expect, quick, Service, test } from "./support";

const state = (page: Page) => page.locator(".crawl-top .pill");

// By axe-core's rules; colours alone are what a second theme changes.
async function accessible(page: Page, rules: string[] = []): Promise<void> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length ? axe.withRules(rules) : axe).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
}

// Nothing sticks out to the right of the window.
async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(over).toBeLessThanOrEqual(0);
}

test("a pasted address becomes a crawl that is watched to its end", async ({ page, site }) => {
  await page.goto("/");
  await page.getByLabel("Address to begin with").fill(site.url);
  await page.keyboard.press("Enter");
  await expect(state(page)).toHaveText("running");
  await expect(page.getByText("A small site")).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(state(page)).toHaveText(/pausing|paused/);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(state(page)).toHaveText("running");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(state(page)).toHaveText("running");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel the crawl" }).click();
  await expect(state(page)).toHaveText("cancelled");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete everything" }).click();
  await expect(page.getByRole("heading", { name: "Crawl a site" })).toBeVisible();
});

test("pages, outcomes and charts come as the crawl goes on", async ({ page, service, site }) => {
  const id = await service.crawl(quick(site));
  await page.goto(`/#/crawls/${id}`);
  const pages = page.getByRole("list", { name: "Last pages, newest first" });
  await expect(pages.getByText("Page 60", { exact: true })).toBeAttached();
  await expect(page.getByRole("img", { name: /^Pages per second/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "robots_disallowed" })).toBeVisible();
  await expect(page.locator(".tile", { hasText: "To do" })).toContainText("1 in flight");
  site.openGate();
  await expect(pages.getByText("Behind the gate")).toBeVisible();
  await expect(state(page)).toHaveText("completed");
  await expect(page.getByText("Every page in scope has been visited")).toBeVisible();
  const answer = await page.request.get(`/v1/crawls/${id}`);
  const { counts } = (await answer.json()) as { counts: { fetched: number } };
  await expect(page.locator(".tile.fetched dd")).toHaveText(String(counts.fetched));
  await expect(page.locator(".columns").first().locator("li").first()).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
});

test("hostile titles and addresses stay text", async ({ page, service, site }) => {
  const id = await service.crawl({ ...quick(site), name: hostileTitles[0] });
  site.openGate();
  await service.ended(id);
  await page.goto("/");
  await expect(page.getByRole("link", { name: hostileTitles[0] })).toBeVisible();
  await page.goto(`/#/crawls/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(hostileTitles[0] ?? "");
  const ledger = page.getByRole("table", { name: "URLs and what became of them" });
  await page.getByLabel("Address, or how it begins").fill(`${site.url}hostile/`);
  await expect(ledger.getByRole("row")).toHaveCount(hostileTitles.length + 2);
  await expect(page.locator("main img, main iframe, main script")).toHaveCount(0);
  for (const link of await page.locator('main a[target="_blank"]').all()) {
    expect(await link.getAttribute("href")).toMatch(/^https?:/);
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
  }
});

test("titles are shown as they were written", async ({ page, service, site }) => {
  const id = await service.crawl({ ...quick(site), limit: 9, perHostConcurrency: 1 });
  site.openGate();
  await service.ended(id);
  await page.goto(`/#/crawls/${id}`);
  for (const title of hostileTitles.slice(0, 3))
    await expect(page.locator(".page-title bdi").getByText(title, { exact: true })).toBeAttached();
});

test("the ledger says why a URL was not crawled", async ({ page, service, site }) => {
  const id = await service.crawl(quick(site));
  site.openGate();
  await service.ended(id);
  await page.goto(`/#/crawls/${id}`);
  const ledger = page.getByRole("table", { name: "URLs and what became of them" });
  await page.getByLabel("Address, or how it begins").fill(`${site.url}private`);
  await expect(ledger.getByRole("row")).toHaveCount(2);
  await expect(ledger).toContainText("robots_disallowed");
  await expect(ledger).toContainText("line 2");
  await page.getByLabel("Address, or how it begins").fill("");
  await page.getByLabel("Outcome").selectOption("failed");
  await expect(ledger).toContainText("connection_closed");
  await expect(ledger.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "out_of_scope" }).click();
  await expect(ledger).toContainText("https://elsewhere.example/");
  await page.getByLabel("Outcome").selectOption("fetched");
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(ledger.getByRole("row")).toHaveCount(51);
});

test("the form explains, shows its call, and tells mistakes where they are", async ({
  page,
  site,
}) => {
  await page.goto("/#/new");
  await page.getByLabel("URLs").fill(site.url);
  await page.locator("summary", { hasText: "Limits" }).click();
  await page.getByLabel("Max depth").fill("0");
  await expect(page.getByText("Follow links at most so far from a seed.")).toBeVisible();
  await page.locator("summary", { hasText: "Scope" }).click();
  await page.getByLabel("Exclude paths").fill("it's (");
  const call = page.locator("#curl");
  await expect(call).toContainText('"maxDepth": 0');
  await expect(call).toContainText(`it'\\''s (`);
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(page.getByText("is not a valid RE2 pattern")).toBeVisible();
  await expect(page.getByLabel("Exclude paths")).toBeFocused();
  await page.getByLabel("Exclude paths").fill("");
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(state(page)).toHaveText("completed");
  await expect(page.locator(".tile.fetched dd")).toHaveText("1");
});

test("the shown call is one that a shell can make", async ({ page, site, service }) => {
  await page.goto(`/#/new?url=${encodeURIComponent(site.url)}`);
  await page.locator("summary", { hasText: "Naming" }).click();
  await page.getByLabel("Name", { exact: true }).fill("it's $HOME `id` \"x\"");
  await expect(page.locator("#curl")).toContainText("$HOME");
  const { execFileSync } = await import("node:child_process");
  const call = await page.locator("#curl").textContent();
  const answer = execFileSync("bash", ["-c", `${call} -s`], { encoding: "utf8" });
  const { id, name } = JSON.parse(answer) as { id: string; name: string };
  expect(name).toBe("it's $HOME `id` \"x\"");
  await page.request.delete(`${service.url}/v1/crawls/${id}`);
});

test("the report is printed and saved without a script", async ({ page, service, site }) => {
  const id = await service.crawl({ ...quick(site), name: hostileTitles[1] });
  site.openGate();
  await service.ended(id);
  await page.goto(`/#/crawls/${id}/report`);
  await expect(page.getByRole("heading", { name: "Outcomes" })).toBeVisible();
  await accessible(page);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as HTML" }).click();
  const saved = await (await coming).createReadStream();
  let text = "";
  for await (const piece of saved) text += String(piece);
  expect(text).toContain("robots_disallowed");
  expect(text).not.toMatch(/<script/i);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Outcomes" })).toBeVisible();
});

test("records are downloaded, with a key as well", async ({ page, service, site }) => {
  const id = await service.crawl({ ...quick(site), limit: 3 });
  site.openGate();
  await service.ended(id);
  const lines = async (): Promise<number> => {
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: /^NDJSON/ }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(`${id}.ndjson`);
    let text = "";
    for await (const piece of await download.createReadStream()) text += String(piece);
    return text.trim().split("\n").length;
  };
  await page.goto(`/#/crawls/${id}`);
  expect(await lines()).toBeGreaterThanOrEqual(3);
  await page.getByRole("button", { name: "API key" }).click();
  await page.getByLabel("Key", { exact: true }).fill("secret");
  const asked = page.waitForRequest((request) => request.url().includes("/events"));
  await page.getByRole("button", { name: "Use this key" }).click();
  expect((await asked).headers()["authorization"]).toBe("Bearer secret");
  expect(await lines()).toBeGreaterThanOrEqual(3);
});

test("a service with keys asks for one", async ({ browser, site }) => {
  const { service, key } = await Service.withKey();
  const context = await browser.newContext({ baseURL: service.url });
  const page = await context.newPage();
  await page.goto("/");
  const dialog = page.getByRole("dialog", { name: "API key" });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Key", { exact: true }).fill("ow_wrong");
  await dialog.getByRole("button", { name: "Use this key" }).click();
  await expect(dialog).toContainText("does not accept this key");
  await dialog.getByLabel("Key", { exact: true }).fill(key);
  await dialog.getByRole("button", { name: "Use this key" }).click();
  await expect(dialog).toBeHidden();
  await page.getByLabel("Address to begin with").fill(site.url);
  await page.keyboard.press("Enter");
  await expect(state(page)).toHaveText("running");
  await expect(page.getByText("A small site")).toBeVisible();
  await page.reload();
  await expect(state(page)).toHaveText("running");
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await context.close();
  await service.stop();
});

test("everything can be done from the keyboard", async ({ page, site }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByText("Skip to the content")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type(site.url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(state(page)).toHaveText("running");
  await page.getByRole("button", { name: "Cancel" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  const focused = page.getByRole("button", { name: "Cancel" });
  await expect(focused).toBeFocused();
  await expect(focused).toHaveCSS("outline-style", "solid");
});

for (const colorScheme of ["light", "dark"] as const)
  test(`the pages are accessible in ${colorScheme}, and fit a phone`, async ({
    page,
    service,
    site,
  }) => {
    await page.emulateMedia({ colorScheme });
    const id = await service.crawl(quick(site));
    site.openGate();
    await service.ended(id);
    for (const address of ["/#/", "/#/new", `/#/crawls/${id}`]) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (address.includes("crawls"))
        await expect(page.getByRole("table", { name: "URLs and what" })).toBeVisible();
      await accessible(page, colorScheme === "dark" ? ["color-contrast"] : []);
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(page);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

test("a crawl that is not there is said not to be", async ({ page }) => {
  await page.goto("/#/crawls/00000000000000000000000000");
  await expect(page.getByRole("alert")).toContainText("There is no such crawl");
});
