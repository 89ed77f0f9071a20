// Crawlee's CheerioCrawler crawls a site and keeps nothing.
//
// usage: main.mjs URL CONNECTIONS
//
// Its documentation, "Scaling our crawlers": "minConcurrency and maxConcurrency control how many
// parallel requests may be run at any time"; "If you set minConcurrency too high compared to the
// available system resources, the crawler will run very slow or crash": here both are the number of
// connections, as nothing is scarce but the processor. Storage stays in memory ("persistStorage"),
// and no sessions are kept, as nothing blocks us.
import { CheerioCrawler, Configuration, LogLevel, log } from '@crawlee/cheerio';

const start = process.argv[2];
const connections = Number(process.argv[3]);
log.setLevel(LogLevel.OFF);

const crawler = new CheerioCrawler(
  {
    minConcurrency: connections,
    maxConcurrency: connections,
    maxRequestRetries: 0,
    useSessionPool: false,
    persistCookiesPerSession: false,
    respectRobotsTxtFile: false,
    additionalMimeTypes: ['*/*'],
    async requestHandler({ enqueueLinks, contentType }) {
      if (contentType.type !== 'text/html') return;
      await enqueueLinks({ strategy: 'same-hostname', selector: 'a[href], area[href]' });
    },
  },
  new Configuration({ persistStorage: false }),
);
await crawler.run([start]);
