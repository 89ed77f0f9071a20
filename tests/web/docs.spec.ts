import type { Page } from "@playwright/test";
import { expect, Service, test, watch } from "./support";

const operation = (page: Page, id: string) => page.locator(`.opblock[id$="-${id}"]`);

// Sends the call without parameters, and looks at the status that is shown.
async function execute(page: Page, id: string, status: string): Promise<void> {
  const block = operation(page, id);
  await block.getByRole("button", { name: "Execute" }).click();
  const shown = block.locator(".live-responses-table .response .response-col_status");
  await expect(shown).toContainText(status);
}

async function tryOut(page: Page, id: string, status: string): Promise<void> {
  const block = operation(page, id);
  await block.locator(".opblock-summary-control").click();
  await block.getByRole("button", { name: "Try it out" }).click();
  await execute(page, id, status);
}

test("the docs show every call, and try it out", async ({ page, service }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "API documentation" }).click();
  await expect(page).toHaveURL(`${service.url}/docs`);
  const answer = await page.request.get("/openapi.json");
  const { paths } = (await answer.json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids) await expect(operation(page, id)).toBeVisible();
  await expect(page.locator(".opblock")).toHaveCount(ids.length);
  await expect(page.getByRole("button", { name: "Authorize" })).toBeVisible();
  await tryOut(page, "listCrawls", "200");
  for (const id of ["createCrawl", "getResults"]) {
    await operation(page, id).locator(".opblock-summary-control").click();
    await expect(operation(page, id).locator(".opblock-body")).toBeVisible();
  }
  const creation = operation(page, "createCrawl");
  await expect(creation.locator(".opblock-section-request-body")).toContainText("A small request");
  await expect(creation.locator(".responses-table")).toContainText('"name": "nightly"');
  await page.getByRole("button", { name: "Schemas" }).click();
  await expect(page.locator(".models").getByText("CrawlRequest", { exact: true })).toBeVisible();
  await page.goto("/docs#/crawls/createCrawl");
  await page.reload();
  await expect(operation(page, "createCrawl").locator(".opblock-body")).toBeVisible();
  await expect(operation(page, "listCrawls").locator(".opblock-body")).toBeHidden();
});

test("the docs send a key that is given to them, or to the dashboard", async ({ browser }) => {
  const { service, key } = await Service.withKey();
  const context = await browser.newContext({ baseURL: service.url });
  const page = await context.newPage();
  const wrong = await watch(page, service.url);
  await page.goto("/docs");
  await tryOut(page, "listCrawls", "401");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".dialog-ux");
  await dialog.getByRole("textbox").fill(key);
  await dialog.getByRole("button", { name: "Apply credentials" }).click();
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await execute(page, "listCrawls", "200");
  expect(await page.evaluate(() => localStorage.length)).toBe(0);

  await page.goto("/");
  const asked = page.getByRole("dialog", { name: "API key" });
  await asked.getByLabel("Key", { exact: true }).fill(key);
  await asked.getByRole("button", { name: "Use this key" }).click();
  await expect(asked).toBeHidden();
  await page.getByRole("link", { name: "API documentation" }).click();
  await tryOut(page, "listCrawls", "200");
  expect(wrong).toEqual([]);
  await context.close();
  await service.stop();
});
