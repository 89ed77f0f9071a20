import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

// What pages may be called by somebody who means harm.
export const hostileTitles = [
  `<img src=x onerror="document.documentElement.dataset.pwned=1">`,
  `</title><script>document.documentElement.dataset.pwned=2</script>`,
  `"><svg onload=document.documentElement.dataset.pwned=3>`,
  `javascript:document.documentElement.dataset.pwned=4`,
  `\u202Egnp.exe \u2066 turned around`,
  `{{constructor.constructor("document.documentElement.dataset.pwned=5")()}}`,
];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const page = (title: string, links: string[]): string =>
  `<!doctype html><html lang=en><title>${escaped(title)}</title><body>${links
    .map((link) => `<a href="${escaped(link)}">link</a>`)
    .join("\n")}</body></html>`;

// A web site on loopback: /  leads to hostile pages, a few that fail, and /many/1 … /many/N, each of
// which leads to the next ones. /gate answers only when it is opened.
export class Site {
  private readonly server: Server;
  private waiting: (() => void)[] = [];
  private open = false;

  private constructor(private readonly many: number) {
    this.server = createServer((request, response) => {
      const path = request.url ?? "/";
      const send = (status: number, type: string, body: string): void => {
        response.writeHead(status, { "Content-Type": type });
        response.end(body);
      };
      const html = (title: string, links: string[] = []): void =>
        send(200, "text/html; charset=utf-8", page(title, links));
      const number = Number(/\d+$/.exec(path)?.[0] ?? 0);
      if (path === "/robots.txt") send(200, "text/plain", "User-agent: *\nDisallow: /private\n");
      else if (path === "/") html("A small site", this.firstLinks());
      else if (path.startsWith("/hostile/")) html(hostileTitles[number] ?? "none");
      else if (path.startsWith("/many/")) html(`Page ${number}`, this.linksOf(number));
      else if (path === "/gate") this.whenOpen(() => html("Behind the gate"));
      else if (path === "/broken") request.socket.destroy();
      else if (path === "/error") send(500, "text/html", page("An error", []));
      else if (path === "/picture.png") send(200, "image/png", "no picture");
      else send(404, "text/html", page("Not found", []));
    });
  }

  static async start(many: number, address: string): Promise<Site> {
    const site = new Site(many);
    await new Promise<void>((resolve) => site.server.listen(0, address, resolve));
    return site;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}/`;
  }

  openGate(): void {
    this.open = true;
    for (const answer of this.waiting.splice(0)) answer();
  }

  async stop(): Promise<void> {
    this.openGate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private whenOpen(answer: () => void): void {
    if (this.open) answer();
    else this.waiting.push(answer);
  }

  private firstLinks(): string[] {
    return [
      ...hostileTitles.map((_, at) => `/hostile/${at}`),
      "/private/secret",
      "/missing",
      "/error",
      "/broken",
      "/picture.png",
      "/gate",
      "https://elsewhere.example/",
      `/hostile/"><script>document.documentElement.dataset.pwned=6</script>`,
      ...this.linksOf(0),
    ];
  }

  private linksOf(from: number): string[] {
    const first = from * 3 + 1;
    return [first, first + 1, first + 2]
      .filter((n) => n <= this.many)
      .map((n) => `/many/${n}`);
  }
}
