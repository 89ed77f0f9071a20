import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { Site } from "./site";

export { expect };

// The service as its users run it, on a port of its own, with everything in memory.
export class Service {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  private static binary(): string {
    const binary = process.env["WEB_TEST_BINARY"];
    if (!binary) throw new Error("WEB_TEST_BINARY names the service to test");
    return binary;
  }

  // One that asks for a key, and the key.
  static async withKey(): Promise<{ service: Service; key: string }> {
    const folder = ["--data-dir", mkdtempSync(join(tmpdir(), "orbweaver-web-"))];
    const make = ["key", "create", "--name", "test", ...folder];
    const key = execFileSync(Service.binary(), make, { encoding: "utf8" }).trim();
    return { service: await Service.start(folder), key };
  }

  static async start(more: string[] = []): Promise<Service> {
    const binary = Service.binary();
    const options = ["--listen", "127.0.0.1:0", "--allow-net", "127.0.0.0/8", "--store", "memory", ...more];
    const child = spawn(binary, ["serve", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      const hear = (text: string): void => {
        said += text;
        const address = /listens on (http:\/\/\S+)/.exec(said)?.[1];
        if (address) resolve(address);
      };
      child.stdout.setEncoding("utf8").on("data", hear);
      child.stderr.setEncoding("utf8").on("data", hear);
      child.on("exit", () => reject(new Error(`the service does not run: ${said}`)));
    });
    return new Service(child, url);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
  }

  // A crawl that must be accepted; answers its id.
  async crawl(request: Record<string, unknown>): Promise<string> {
    const response = await fetch(`${this.url}/v1/crawls`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
    });
    const answer = (await response.json()) as { id: string };
    if (response.status !== 201) throw new Error(JSON.stringify(answer));
    return answer.id;
  }

  // Leaves nothing for the next test to wait for.
  async clear(): Promise<void> {
    const list = await fetch(`${this.url}/v1/crawls?limit=1000`);
    for (const { id } of ((await list.json()) as { data: { id: string }[] }).data)
      await fetch(`${this.url}/v1/crawls/${id}`, { method: "DELETE" });
  }

  // Comes back when the crawl is over.
  async ended(id: string): Promise<void> {
    const records = await fetch(`${this.url}/v1/crawls/${id}/results?follow=true`);
    await records.text();
  }
}

// What no page may do: break its own policy, throw, ask another origin, or be taken over.
export async function watch(page: Page, origin: string): Promise<string[]> {
  const wrong: string[] = [];
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    ),
  );
  page.on("pageerror", (error) => wrong.push(`threw ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    // A refused request is told by the browser itself; tests of refusals look at the page.
    if (message.type() === "error" && !text.startsWith("Failed to load resource"))
      wrong.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`))
      wrong.push(`asked ${url}`);
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return wrong;
}

let sites = 0;

interface Fixtures {
  guarded: void;
}
interface WorkerFixtures {
  service: Service;
}

export const test = base.extend<Fixtures & { site: Site }, WorkerFixtures>({
  service: [
    async ({}, use) => {
      const service = await Service.start();
      await use(service);
      await service.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ service }, use) => use(service.url),
  // Each test has a host of its own, for the service remembers how hosts have behaved.
  site: async ({ service }, use) => {
    const site = await Site.start(60, `127.8.0.${++sites}`);
    await use(site);
    await service.clear();
    await site.stop();
  },
  // For every test: nothing of what no page may do has happened at its end.
  guarded: [
    async ({ page, service }, use) => {
      const wrong = await watch(page, service.url);
      await use();
      expect(wrong).toEqual([]);
      const pwned = await page.evaluate(() => document.documentElement.dataset["pwned"] ?? "no");
      expect(pwned).toBe("no");
    },
    { auto: true },
  ],
});

// As fast as this machine can, without robots.txt or sitemaps unless a test asks for them.
export const quick = (site: Site): Record<string, unknown> => ({
  urls: [site.url],
  delay: 0,
  retries: 0,
  perHostConcurrency: 8,
  sitemap: "skip",
});
