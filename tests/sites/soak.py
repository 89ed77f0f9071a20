#!/usr/bin/env python3
"""Does the service give back what its crawls took? Runs crawls one after the other, then many at
once, deletes each, and compares memory and open descriptors before and after.

usage: soak.py BINARY [--store memory|rocksdb] [--crawls N] [--at-once N] [--threads N]
Exit code 1: something is kept.
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile
import time
from typing import NamedTuple

import nginx
import orbweaver

PAGES = 20
WARM_UP_CRAWLS = 200
CRAWL_SECONDS = 60
SETTLE_SECONDS = 30


class Allowed(NamedTuple):
    """What may be more afterwards, and the options that make it so."""
    memory_kib: int
    descriptors: int
    options: tuple[str, ...]


# In memory: the allocator's arenas and the caches may still grow a little; a leak of 4 KiB per
# crawl may not pass (2,000 crawls make 8 MiB of it). On disk, rows that are not in files yet and
# blocks that were read take up to a quarter of the budget, and files are open.
ALLOWED = {
    "memory": Allowed(6 * 1024, 0, ("--store", "memory")),
    "rocksdb": Allowed((6 + 16) * 1024, 64, ("--store", "rocksdb", "--memory-budget", "64MiB")),
}


def small_site(folder):
    links = "".join(f'<a href="{page}.html">{page}</a>' for page in range(PAGES))
    for page in range(PAGES):
        filler = "<p>" + f"page {page} " * 500
        (pathlib.Path(folder) / f"{page}.html").write_text(f"<title>{page}</title>{links}{filler}")


def memory_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} has no VmRSS")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def one_crawl(service, start):
    crawl = service.create(urls=[start], delay=0, perHostConcurrency=4)
    service.follow(crawl, CRAWL_SECONDS)
    status = service.await_end(crawl, 10)
    if status["counts"]["fetched"] != PAGES:
        raise RuntimeError(f"a crawl of {PAGES} pages ended otherwise: {status}")
    service.delete(crawl)


def crawl_many(service, start, crawls, at_once):
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(one_crawl, service, start) for _ in range(crawls)]:
            done.result()
    return time.monotonic() - begin


def settled(pid, wanted_descriptors):
    """(KiB of memory, descriptors), once idle connections have had their time to be closed."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while descriptors(pid) > wanted_descriptors and time.monotonic() < deadline:
        time.sleep(0.2)
    return memory_kib(pid), descriptors(pid)


def show(what, memory, count, note=""):
    print(f"{what:<34}{memory / 1024:9.1f} MiB {count:6} descriptors   {note}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--crawls", type=int, default=2000, help="one after the other")
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2, help="of the service")
    parser.add_argument("--store", choices=ALLOWED, default="memory")
    args = parser.parse_args()
    allowed = ALLOWED[args.store]
    with tempfile.TemporaryDirectory() as folder:
        small_site(folder)
        with nginx.Nginx(folder, keepalive_timeout=5) as site, \
                orbweaver.Service(args.binary, *allowed.options, "--threads",
                                  str(args.threads)) as service:
            start, pid = site.origin + "/0.html", service.process.pid
            fresh = descriptors(pid)
            show("started", memory_kib(pid), fresh)
            crawl_many(service, start, WARM_UP_CRAWLS, 1)
            crawl_many(service, start, args.at_once, args.at_once)
            before = settled(pid, fresh + allowed.descriptors)
            show(f"warmed up by {WARM_UP_CRAWLS} + {args.at_once} crawls", *before)
            for crawls, at_once in ((args.crawls, 1), (args.at_once, args.at_once)):
                took = crawl_many(service, start, crawls, at_once)
                now = settled(pid, before[1] + allowed.descriptors)
                show(f"after {crawls} crawls, {at_once} at once", *now, f"in {took:.1f} s")
            exit_code = service.stop()
    problems = []
    if now[0] - before[0] > allowed.memory_kib:
        problems.append(f"memory grew by {(now[0] - before[0]) / 1024:.1f} MiB")
    if now[1] - before[1] > allowed.descriptors:
        problems.append(f"{now[1] - before[1]} descriptors were not given back")
    if exit_code != 0:
        problems.append(f"the service ended with exit code {exit_code}")
    print("FAILED: " + ", ".join(problems) if problems else "passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
