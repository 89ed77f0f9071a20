#!/usr/bin/env python3
"""Kills the service at random moments while it crawls, starts it again, and looks for what is lost.

usage: kill_loop.py BINARY [--rounds N] [--starts N] [--pages N] [--site NAME] [--seed N]
                    [--longest SECONDS] [--idle N] [--budget SIZE]

First, it is killed while it starts on an empty directory, and has to start there afterwards. Then
each round starts the service on the same data directory, reads what the crawl has brought, and ends
it by SIGKILL; often another start, cut short at some moment, comes before. In every round: each
crawl that was acknowledged is there; each record that was ever read is there, unchanged; the counts
add up, and are those of the ledger. No URL that has ended in the ledger, which is read before the
site answers anything to the service started anew, is asked for again. A crawl that is over is
compared with a walk of the site's files, then the next one begins. In the end `orbweaver store
check` finds nothing wrong.

With --idle, so many paused crawls share the service's memory with it: next to nothing is left for what
it has seen and queued, and nearly everything is looked up in the store.

Exit code 77: nginx or the site's package is not installed.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import nginx
import orbweaver
import site_walk
import sites

SKIPPED = 77
OWN_ACCORD = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
SKIPPED_WHEN_ASKED = ("redirect_to_known", "redirect_target", "unwanted_content_type")
# As long as a start takes, or a little more.
START_SECONDS = 0.15
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
    def __init__(self, args, home, server, walk, start):
        self.args, self.home = args, home
        self.server, self.walk, self.start = server, walk, start
        self.rng = random.Random(args.seed)
        self.crawl = None
        self.read = {}     # seq -> record, as read before a kill
        self.ended = set()  # targets that had ended by the ledger when the service was started
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

    def kill_a_start(self, data):
        """Starts the service and kills it at some moment, most often before it is ready."""
        command = [pathlib.Path(self.args.binary).resolve(), "serve", "--data-dir", data,
                   "--listen", f"127.0.0.1:{nginx.free_port()}", "--threads", "2",
                   "--memory-budget", self.args.budget, "--log-level", "warn",
                   *orbweaver.ALLOW_LOOPBACK]
        process = subprocess.Popen(command, cwd=self.home, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.rng.random() * START_SECONDS)
        must(process.poll() is None, f"a start has ended by itself, with {process.poll()}")
        process.kill()
        process.wait()

    def first_starts(self):
        """On directories that were empty, or have seen nothing but such starts."""
        for number in range(self.args.starts):
            data = self.home / f"first-{number}"
            for _ in range(self.rng.randint(1, 3)):
                self.kill_a_start(data)
            with self.service(data) as service:
                must(service.call("GET", "/readyz") == {"status": "ready", "store": "well"},
                     "a store is not well from the start")
                service.kill()

    def begin(self, service):
        self.server.taken()
        self.crawl = service.create(urls=[self.server.origin + self.start], **REQUEST)
        self.read, self.ended, self.asked, self.counted = {}, set(), {}, {}

    def target_of(self, url):
        """As the server's log has it; None: it is another's."""
        return url[len(self.server.origin):] if url.startswith(self.server.origin + "/") else None

    def take_log(self):
        known = self.ended | {self.target_of(record["url"]) for record in self.read.values()}
        for target, times in self.server.taken().items():
            if target in OWN_ACCORD:
                continue
            must(target not in known, f"{target} had ended, and was asked for again")
            self.asked[target] = self.asked.get(target, 0) + times

    def read_ledger(self, service, status):
        """While nothing can end: all that had ended before the service was started."""
        ended = set()
        for outcome in ("fetched", "failed"):
            lines = service.ledger(self.crawl, outcome)
            must(len(lines) == status["counts"][outcome],
                 f"{len(lines)} lines of the ledger are {outcome}: {status['counts']}")
            ended |= {self.target_of(line["url"]) for line in lines}
        must(self.ended <= ended, f"{len(self.ended - ended)} URLs had ended, and have not any more")
        self.ended = ended

    def restart(self, data):
        """The service, and what it has of the crawl before it goes on."""
        self.take_log()
        self.server.freeze()
        service = None
        try:
            service = self.service(data)
            status, records = self.read_results(service)
            self.read_ledger(service, status)
        except BaseException:
            if service is not None:
                sys.stderr.write(service.log())
                service.close()
            raise
        finally:
            self.server.thaw()
        self.read = records
        return service, status

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
        skipped = sum(status["byOutcome"].get(code, 0) for code in SKIPPED_WHEN_ASKED)
        must(n["fetched"] + n["failed"] + skipped == len(self.walk.requests),
             f"other URLs were found: {n}, {status['byOutcome']}")
        must(n["fetched"] + n["skipped"] + n["failed"] == n["discovered"], f"not all ended: {n}")
        redirects = sum(bool(record.get("redirects")) for record in records.values())
        must(n["fetched"] == sum(r["outcome"] == "fetched" for r in records.values()),
             f"the counts are not those of the records: {n}")
        must(redirects <= len(self.walk.redirects), "too many redirects")
        self.done += 1

    def round(self, data):
        if self.rng.random() < 0.3:
            self.kill_a_start(data)
        status = None
        if self.crawl is None:
            service = self.service(data)
        else:
            service, status = self.restart(data)
        try:
            if status is None:
                self.begin(service)
            elif status["state"] == "completed":
                self.finish(status, self.read)
                if self.rng.random() < 0.5:
                    service.delete(self.crawl)
                self.begin(service)
            time.sleep(self.rng.random() ** 2 * self.args.longest)
            if self.rng.random() < 0.5:  # what a client saw just before the end
                _, records = self.read_results(service)
                self.take_log()  # records seen now may belong to requests logged before
                self.read = records
            service.kill()
        except BaseException:
            sys.stderr.write(service.log())
            raise
        finally:
            service.close()

    def run_to_end(self, data):
        service, _ = self.restart(data)
        with service:
            status = service.await_end(self.crawl, 600)
            final, records = self.read_results(service)
            self.take_log()
            self.finish(final, records)
            must(service.stop() == 0, "it did not stop in order")
        checked = subprocess.run([self.args.binary, "store", "check", data], text=True,
                                 capture_output=True, check=False)
        must(checked.returncode == 0, checked.stdout + checked.stderr)
        return status


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--starts", type=int, default=20, help="of empty directories, killed")
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
            loop = Loop(args, home, server, walk, start)
            if args.idle:
                loop.add_idle(home / "data")
            begun, number = time.monotonic(), 0
            try:
                loop.first_starts()
                for number in range(1, args.rounds + 1):
                    loop.round(home / "data")
                loop.run_to_end(home / "data")
            except Trouble as trouble:
                print(f"round {number}, seed {args.seed}: {trouble}")
                return 1
            print(f"{args.rounds} kills in {time.monotonic() - begun:.0f} s, {loop.done} crawls of "
                  f"{len(walk.requests)} URLs came to their end whole")
    return 0


if __name__ == "__main__":
    sys.exit(main())
