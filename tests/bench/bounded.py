#!/usr/bin/env python3
"""One crawl of a site without end: what a page costs, and how much memory the service takes, at the
beginning and after millions of URLs; then how soon it is ready again after a SIGKILL.

usage: bounded.py BINARY [--urls N] [--links N] [--budget SIZE] [--step PAGES]
"""

import argparse
import multiprocessing
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sites"))
import nginx      # noqa: E402
import orbweaver  # noqa: E402
import endless_site  # noqa: E402

READY_SECONDS = 5


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mebibytes(pid, what):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def follow(service, crawl, urls, step):
    """Prints a line per `step` pages; the costs of a page in each, in microseconds."""
    costs, pid, pages, cpu = [], service.process.pid, 0, cpu_seconds(service.process.pid)
    print(f"{'pages':>9} {'URLs':>9} {'us/page':>8} {'RSS MiB':>8}")
    while True:
        time.sleep(0.05)
        n = service.status(crawl)["counts"]
        if n["fetched"] - pages >= step:
            now = cpu_seconds(pid)
            costs.append((now - cpu) / (n["fetched"] - pages) * 1e6)
            pages, cpu = n["fetched"], now
            rss = mebibytes(pid, "VmRSS")
            print(f"{pages:9} {n['discovered']:9} {costs[-1]:8.0f} {rss:8.0f}", flush=True)
        if n["discovered"] >= urls:
            return costs


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--urls", type=int, default=5_000_000)
    parser.add_argument("--links", type=int, default=100, help="new ones on each page")
    parser.add_argument("--budget", default="512MiB")
    parser.add_argument("--step", type=int, default=10_000, help="pages")
    args = parser.parse_args()
    port = nginx.free_port()
    site = multiprocessing.Process(target=endless_site.serve, args=(port, args.links), daemon=True)
    site.start()
    with tempfile.TemporaryDirectory(prefix="orbweaver-bounded-") as home:
        options = ["--data-dir", home + "/data", "--memory-budget", args.budget, "--threads", "1"]
        with orbweaver.Service(args.binary, *options) as service:
            crawl = service.create(urls=[f"http://127.0.0.1:{port}/"], delay=0, sitemap="skip",
                                   perHostConcurrency=64, limit=1_000_000_000, formats=[])
            costs = follow(service, crawl, args.urls, args.step)
            print(f"most memory: {mebibytes(service.process.pid, 'VmHWM'):.0f} MiB")
            if len(costs) > 1:
                print(f"a page later costs {costs[-1] / costs[0]:.2f} times one of the first")
            service.kill()
        begun = time.monotonic()
        with orbweaver.Service(args.binary, *options) as service:
            ready = time.monotonic() - begun
            busy = cpu_seconds(service.process.pid)
            known = service.status(crawl)["counts"]["discovered"]
            before = service.status(crawl)["counts"]["fetched"]
            while service.status(crawl)["counts"]["fetched"] == before:
                time.sleep(0.01)
            on = time.monotonic() - begun
            print(f"ready {ready:.2f} s ({busy:.2f} s of CPU) after a SIGKILL with {known} URLs, "
                  f"the next page after {on:.2f} s")
            service.kill()
    site.terminate()
    return 0 if ready < READY_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
