#!/usr/bin/env python3
"""Kills the service at random moments while it crawls, starts it again, and looks for what is lost.

usage: kill_loop.py BINARY [--rounds N] [--pages N] [--site NAME] [--seed N] [--longest SECONDS]
                    [--idle N] [--budget SIZE]

Each round starts the service on the same data directory, reads what the crawl has brought, and
ends it by SIGKILL. In every round: each crawl that was acknowledged is there; each record that was
ever read is there, unchanged; no page with such a record is asked for again; the counts add up. A
crawl that is over is compared with a walk of the site's files, then the next one begins.

With --idle, so many paused crawls share the service's memory with it: next to nothing is left for what
it has seen and queued, and nearly everything is looked up in the store.

Exit code 77: nginx or the site's package is not installed.
"""

import argparse
import pathlib
import random
import sys
import tempfile
import time

import nginx
import orbweaver
import site_walk
import sites

SKIPPED = 77
OWN_ACCORD = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
REQUEST = {"delay": 0, "perHostConcurrency": 8, "limit": 1_000_000}


def make_site(folder, pages, rng):
    """A tree of pages with further links across it, dead ones and folders without their slash."""
    for number in range(pages):
        links = [f"/{child}/page.html" for child in (2 * number + 1, 2 * number + 2)
                 if child < pages]
        links += [f"/{rng.randrange(pages)}/page.html" for _ in range(3)]
        if number % 10 == 0:
            links += [f"/dead/{number}.html", f"/{number}/folder"]
            (folder / str(number) / "folder").mkdir(parents=True)
            (folder / str(number) / "folder" / "index.html").write_text(f"<p>folder {number}")
        (folder / str(number)).mkdir(exist_ok=True)
        text = "".join(f'<a href="{link}">{link}</a>\n' for link in links)
        (folder / str(number) / "page.html").write_text(
            f"<title>{number}</title>" + text + f"<p>{'words ' * 50}")


class Trouble(Exception):
    pass


def must(holds, what):
    if not holds:
        raise Trouble(what)


def check_counts(status):
    n = status["counts"]
    total = n["queued"] + n["inFlight"] + n["fetched"] + n["failed"] + n["skipped"]
    must(n["discovered"] == total, f"the counts do not add up: {n}")
    must(sum(status["byOutcome"].values()) == n["fetched"] + n["failed"] + n["skipped"],
         f"the outcomes do not add up: {status}")


class Loop:
    def __init__(self, args, server, walk, start):
        self.args, self.server, self.walk, self.start = args, server, walk, start
        self.rng = random.Random(args.seed)
        self.crawl = None
        self.read = {}     # seq -> record, as read before a kill
        self.counted = {}  # as the status said before a kill
        self.asked = {}    # target -> times, of this crawl
        self.done = 0

    def add_idle(self, data):
        """Paused crawls, each of a host of its own that nobody answers for, with a page that waits."""
        port = nginx.free_port()
        with self.service(data) as service:
            for number in range(self.args.idle):
                host = f"http://127.1.{number // 250}.{number % 250 + 1}:{port}"
                crawl = service.create(urls=[host + "/1", host + "/2"], delay=3600)
                service.call("POST", f"/v1/crawls/{crawl}/pause", parse=False)
            service.kill()

    def service(self, data):
        return orbweaver.Service(self.args.binary, "--data-dir", data, "--log-level", "warn",
                                 "--threads", "2", "--memory-budget", self.args.budget)

    def begin(self, service):
        self.crawl = service.create(urls=[self.server.origin + self.start], **REQUEST)
        self.read, self.asked, self.counted = {}, {}, {}

    def take_log(self):
        known = {record["url"][len(self.server.origin):] for record in self.read.values()}
        for target, times in self.server.taken().items():
            if target in OWN_ACCORD:
                continue
            must(target not in known, f"{target} has a record, and was asked for again")
            self.asked[target] = self.asked.get(target, 0) + times

    def read_results(self, service):
        status = service.status(self.crawl)
        check_counts(status)
        for name in ("discovered", "fetched", "failed"):
            now, before = status["counts"][name], self.counted.get(name, 0)
            must(now >= before, f"{name} has fallen from {before} to {now}")
        self.counted = status["counts"]
        records = service.pages_of_results_so_far(self.crawl)
        seqs = [record["seq"] for record in records]
        must(seqs == list(range(1, len(seqs) + 1)), "seq does not count 1, 2, 3 …")
        urls = [record["url"] for record in records]
        must(len(urls) == len(set(urls)), "two records of one URL")
        for seq, record in self.read.items():
            must(seq <= len(records), f"the record {seq} is gone: {record}")
            must(records[seq - 1] == record, f"the record {seq} has changed: {record}")
        return status, {record["seq"]: record for record in records}

    def finish(self, status, records):
        must(status["state"] == "completed", f"it ended as {status}")
        asked = set(self.asked)
        must(self.walk.requests == asked, f"{len(self.walk.requests - asked)} URLs missing, "
                                          f"{len(asked - self.walk.requests)} too many")
        n = status["counts"]
        # Links to elsewhere are in the ledger too, but were never asked for.
        redirected = sum(status["byOutcome"].get(code, 0)
                         for code in ("redirect_to_known", "redirect_target"))
        must(n["fetched"] + n["failed"] + redirected == len(self.walk.requests),
             f"other URLs were found: {n}, {redirected} of them by redirects")
        must(n["fetched"] + n["skipped"] + n["failed"] == n["discovered"], f"not all ended: {n}")
        redirects = sum(bool(record.get("redirects")) for record in records.values())
        must(n["fetched"] == sum(r["outcome"] == "fetched" for r in records.values()),
             f"the counts are not those of the records: {n}")
        must(redirects <= len(self.walk.redirects), "too many redirects")
        self.done += 1

    def round(self, data):
        service = self.service(data)
        try:
            over = False
            if self.crawl is None:
                self.server.taken()
                self.begin(service)
            else:
                status, records = self.read_results(service)
                over = status["state"] == "completed"
                self.take_log()
                self.read = records
            if over:
                self.finish(status, records)
                if self.rng.random() < 0.5:
                    service.delete(self.crawl)
                self.begin(service)
            time.sleep(self.rng.random() ** 2 * self.args.longest)
            if self.rng.random() < 0.5:  # what a client saw just before the end
                _, records = self.read_results(service)
                self.take_log_before(records)
            service.kill()
        except BaseException:
            sys.stderr.write(service.log())
            raise
        finally:
            service.close()

    def take_log_before(self, records):
        """Records seen now may belong to requests logged before."""
        self.take_log()
        self.read = records

    def run_to_end(self, data):
        with self.service(data) as service:
            self.take_log()
            status = service.await_end(self.crawl, 600)
            final, records = self.read_results(service)
            self.take_log()
            self.finish(final, records)
            must(service.stop() == 0, "it did not stop in order")
        return status


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--pages", type=int, default=3000, help="of the site that is made")
    parser.add_argument("--site", help=f"a real one instead, of {', '.join(sites.SITES)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.4, help="seconds between two kills")
    parser.add_argument("--idle", type=int, default=0, help="paused crawls beside it")
    parser.add_argument("--budget", default="512MiB", help="--memory-budget of the service")
    args = parser.parse_args()
    if nginx.find_nginx() is None:
        print("nginx is not installed")
        return SKIPPED
    if args.site and sites.SITES[args.site].root() is None:
        print(f"the package {sites.SITES[args.site].package} is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="orbweaver-kill-") as home:
        home = pathlib.Path(home)
        if args.site:
            root, start = sites.SITES[args.site].root(), sites.SITES[args.site].start
        else:
            root, start = home / "site", "/0/page.html"
            root.mkdir()
            make_site(root, args.pages, random.Random(args.seed))
        walk = site_walk.walk(root, start)
        with nginx.Nginx(root) as server:
            loop = Loop(args, server, walk, start)
            if args.idle:
                loop.add_idle(home / "data")
            begun = time.monotonic()
            for number in range(args.rounds):
                try:
                    loop.round(home / "data")
                except Trouble as trouble:
                    print(f"round {number + 1}, seed {args.seed}: {trouble}")
                    return 1
            loop.run_to_end(home / "data")
            print(f"{args.rounds} kills in {time.monotonic() - begun:.0f} s, {loop.done} crawls of "
                  f"{len(walk.requests)} URLs came to their end whole")
    return 0


if __name__ == "__main__":
    sys.exit(main())
