import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { apiKey } from "./api";
import { KeyDialog } from "./parts/key_dialog";
import { ThemeButton } from "./parts/theme";
import { to, useRoute } from "./router";
import { CrawlPage } from "./views/crawl";
import { ListPage } from "./views/list";
import { NewPage } from "./views/new";
import { ReportPage } from "./views/report";

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path class="spokes" d="M16 4v24M4 16h24M7.5 7.5l17 17M24.5 7.5l-17 17" />
      <path d="M16 7.5 22 10l2.5 6-2.5 6-6 2.5-6-2.5-2.5-6 2.5-6z" />
      <path d="m16 12 2.8 1.2L20 16l-1.2 2.8L16 20l-2.8-1.2L12 16l1.2-2.8z" />
      <circle cx="22" cy="10" r="2.4" />
    </svg>
  );
}

function View() {
  const route = useRoute();
  // A new page is told to whoever cannot see it, and keyboards go on from its top.
  const first = useRef(true);
  const place = JSON.stringify(route);
  useEffect(() => {
    if (!first.current) {
      document.querySelector("main")?.focus();
      scrollTo(0, 0);
    }
    first.current = false;
  }, [place]);
  switch (route.page) {
    case "list":
      return <ListPage />;
    case "new":
      return <NewPage url={route.url} />;
    case "crawl":
      return <CrawlPage key={route.id} id={route.id} />;
    case "report":
      return <ReportPage key={route.id} id={route.id} />;
    case "missing":
      return (
        <section class="empty">
          <h1>There is no such page</h1>
          <p>
            <a href={to.list}>See the crawls</a>
          </p>
        </section>
      );
  }
}

// Everything is asked for again when the key changes.
function Keyed({ children }: { children: ComponentChildren }) {
  const [key, setKey] = useState(apiKey.get());
  useEffect(() => {
    const look = (): void => setKey(apiKey.get());
    addEventListener("orbweaver:key", look);
    return () => removeEventListener("orbweaver:key", look);
  }, []);
  return <div key={key}>{children}</div>;
}

export function App() {
  const { page } = useRoute();
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector("main")?.focus();
        }}
      >
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={to.list}>
          <Logo />
          <span>Orbweaver</span>
        </a>
        <nav aria-label="Main">
          <a href={to.list} aria-current={page === "list" ? "page" : undefined}>
            Crawls
          </a>
          <a href={to.new()} aria-current={page === "new" ? "page" : undefined}>
            New crawl
          </a>
        </nav>
        <div class="tools">
          <KeyDialog />
          <ThemeButton />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Keyed>
          <View />
        </Keyed>
      </main>
      <footer class="bottom">
        <a href="/docs">API documentation</a> <a href="/licenses.txt">Licences</a>
      </footer>
    </>
  );
}
