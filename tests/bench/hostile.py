#!/usr/bin/env python3
"""Thousands of open fetches, half of them at hostile sites: what is left of the healthy half's rate?

The service crawls healthy sites alone, and then, in a new process, beside as many fetches at sites
that stall, dribble, reset and send bombs. Two fetches are open at each site at any time. Printed are
the healthy pages per second of both runs and their ratio, the most memory the service took, and how
long its status call took meanwhile. Exit code 1: the ratio is below what is asked for.
"""

import argparse
import pathlib
import resource
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import hostile_site  # noqa: E402
import orbweaver  # noqa: E402

LEAST_RATIO = 0.9
URLS_OF_A_HOSTILE_SITE = 30
POLL_SECONDS = 0.2


class Sites:
    """A process that serves them, ended by the end of its input."""

    def __init__(self, kind):
        self.process = subprocess.Popen(
            [sys.executable, "-B", HERE / "hostile_site.py", kind],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def urls(self, network, count, paths):
        return [f"http://127.{network}.{n // 250}.{n % 250 + 1}:{self.port}{path}"
                for n in range(count) for path in paths]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Watch(threading.Thread):
    """Asks for a crawl's status again and again, and notes how long each answer took."""

    def __init__(self, service, crawl):
        super().__init__(daemon=True)
        self.service, self.crawl = service, crawl
        self.latencies = []
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(POLL_SECONDS):
            began = time.monotonic()
            self.service.status(self.crawl)
            self.latencies.append(time.monotonic() - began)

    def stop(self):
        self.over.set()
        self.join()
        return sorted(self.latencies)


def peak_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def crawl(service, urls):
    return service.create(urls=urls, scope="host", robots="ignore", sitemap="skip", delay=0,
                          perHostConcurrency=2, limit=100_000_000, formats=["metadata"])


def run(args, healthy, hostile):
    """The healthy pages per second; `hostile` is None for the run without."""
    half = args.fetches // 2
    with orbweaver.Service(args.binary, "--threads", str(args.threads), "--max-concurrency",
                           str(args.fetches), "--max-connections", str(args.fetches + 500),
                           "--log-level", "warn") as service:
        good = crawl(service, healthy.urls(hostile_site.HEALTHY, half // 2, ["/a0", "/b0"]))
        bad = None
        if hostile:
            paths = [f"/{n}" for n in range(URLS_OF_A_HOSTILE_SITE)]
            each = half // 2 // len(hostile_site.HOSTILE)
            bad = crawl(service, [url for network in hostile_site.HOSTILE
                                  for url in hostile.urls(network, each, paths)])
        time.sleep(args.warm_up)
        watch = Watch(service, good)
        began, before = time.monotonic(), service.status(good)["counts"]["fetched"]
        open_fetches = []
        while time.monotonic() < began + args.seconds:
            time.sleep(1)
            open_fetches.append(sum(service.status(c)["counts"]["inFlight"]
                                    for c in (good, bad) if c))
        pages = service.status(good)["counts"]["fetched"] - before
        rate = pages / (time.monotonic() - began)
        latencies = watch.stop()
        print(f"{'beside hostile sites' if bad else 'alone':22}{rate:9.0f} pages/s"
              f"{sum(open_fetches) / len(open_fetches):9.0f} open fetches"
              f"{peak_mib(service.process.pid):8.0f} MiB at most, status call"
              f" {1e3 * latencies[len(latencies) // 2]:.1f} ms, at most"
              f" {1e3 * latencies[-1]:.1f} ms")
        if bad:
            print(f"{'':22}hostile URLs ended as {service.status(bad)['byOutcome']}")
        return rate


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(HERE.parents[1] / "build/release/orbweaver"))
    parser.add_argument("--fetches", type=int, default=10_000, help="open at once, of both kinds")
    parser.add_argument("--threads", type=int, default=2, help="of the service")
    parser.add_argument("--seconds", type=float, default=20, help="of measuring, for each run")
    parser.add_argument("--warm-up", type=float, default=10, help="seconds before")
    args = parser.parse_args()
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed < args.fetches * 3 // 2:
        parser.error(f"{args.fetches} fetches need more than the {allowed} files allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    with Sites("healthy") as healthy, Sites("hostile") as hostile:
        alone = run(args, healthy, None)
        beside = run(args, healthy, hostile)
    print(f"the healthy half keeps {beside / alone:.1%} of its rate")
    return beside < LEAST_RATIO * alone


if __name__ == "__main__":
    sys.exit(main())
