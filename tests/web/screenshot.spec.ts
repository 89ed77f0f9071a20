import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "./support";

// Python's documentation, as the package python3.11-doc installs it.
const documentation = "/usr/share/doc/python3.11/html";

// A site that answers as unevenly as sites do.
async function serve(address: string, slowness: number): Promise<string> {
  let asked = 0;
  const server = createServer((request, response) => {
    const path = decodeURI((request.url ?? "/").split("?")[0] ?? "/").replace(/\/$/, "/index.html");
    const file = join(documentation, path);
    const n = ++asked;
    const wait = slowness * (0.3 + ((n * 7919) % 100) / 50);
    setTimeout(() => {
      if (slowness > 60 && n % 23 === 0) return request.socket.destroy();
      const there = file.startsWith(documentation) && existsSync(file) && n % 41 !== 0;
      response.writeHead(there ? 200 : n % 41 ? 404 : 503, { "Content-Type": "text/html" });
      return response.end(there ? readFileSync(file) : "");
    }, wait);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return `http://${address}:${(server.address() as AddressInfo).port}/`;
}

test("the dashboard as the README shows it", async ({ page, service }) => {
  const urls = await Promise.all([
    serve("127.9.0.1", 8),
    serve("127.9.0.2", 25),
    serve("127.9.0.3", 90),
  ]);
  const id = await service.crawl({
    urls,
    name: "Documentation, nightly",
    delay: 0.01,
    perHostConcurrency: 3,
    retries: 0,
    limit: 2000,
  });
  await page.setViewportSize({ width: 1280, height: 1010 });
  await page.goto(`/#/crawls/${id}`);
  await expect
    .poll(async () => Number(await page.getByRole("progressbar").getAttribute("aria-valuenow")), {
      timeout: 80_000,
    })
    .toBeGreaterThanOrEqual(45);
  await page.screenshot({ path: process.env["WEB_TEST_SCREENSHOT"] ?? "dashboard.png" });
});
