#!/usr/bin/env python3
"""Crawls a real documentation site and compares with a walk of its files: nothing missing, nothing
asked for twice, at 1, 2 and 8 threads, by the `crawl` command and through the REST API.

usage: documentation_test.py BINARY SITE [UNITTEST-OPTION...]

Exit code 77: nginx or the site's package is not installed.
"""

import collections
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import nginx
import orbweaver
import site_walk
import sites

SKIPPED = 77
THREADS = (1, 2, 8)
CRAWL_SECONDS = 240
PER_HOST_CONCURRENCY = 16
SHOWN = 10
# Asked for by a crawler of its own accord; the sites have neither.
OWN_ACCORD = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
# What `contentTypes` stands at when nobody sets it.
WANTED_TYPES = site_walk.HTML + ("text/xml", "text/plain")


def some(items):
    items = sorted(items)
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(map(str, items[:SHOWN])) + more


def request_problems(walk, taken):
    """What is wrong with the requests the server saw, one sentence each; `taken`: target -> times."""
    asked = set(taken) - OWN_ACCORD
    problems = []
    if missing := walk.requests - asked:
        problems.append(f"{len(missing)} URLs were never asked for: {some(missing)}")
    if surplus := asked - walk.requests:
        problems.append(f"{len(surplus)} URLs were asked for that no page links: {some(surplus)}")
    if twice := {target for target, times in taken.items() if times > 1}:
        problems.append(f"{len(twice)} URLs were asked for more than once: {some(twice)}")
    return problems


def record_problems(walk, origin, records):
    """What is wrong with a finished crawl's records."""
    problems = []
    if [record["seq"] for record in records] != list(range(1, len(records) + 1)):
        problems.append("seq does not count 1, 2, 3 …")
    # A record shows a URL as a browser would: a percent sign that begins no escape stays as it is,
    # though it cannot be sent so.
    fetched = collections.Counter(
        site_walk.escape_percent(record.get("finalUrl") or record["url"]) for record in records
        if record["outcome"] == "fetched")
    wanted = {other for other in walk.others
              if site_walk.answer(walk.root, other)[1] in WANTED_TYPES}
    expected = {origin + target for target in walk.pages | walk.dead | wanted}
    if missing := expected - set(fetched):
        problems.append(f"{len(missing)} URLs have no record: {some(missing)}")
    if surplus := set(fetched) - expected:
        problems.append(f"{len(surplus)} records are of no page of the site: {some(surplus)}")
    if twice := {url for url, times in fetched.items() if times > 1}:
        problems.append(f"{len(twice)} URLs have more than one record: {some(twice)}")
    statuses = collections.Counter(
        record["status"] for record in records if record["outcome"] == "fetched")
    if statuses[200] != len(walk.pages | wanted):
        problems.append(f"{statuses[200]} records of status 200, not {len(walk.pages | wanted)}")
    return problems


def status_problems(status, records):
    """What is wrong with a finished crawl's status object."""
    problems = []
    if (status["state"], status["finishReason"]) != ("completed", "exhausted"):
        problems.append(f"ended as {status['state']}, {status['finishReason']}")
    counts = status["counts"]
    parts = ("queued", "inFlight", "fetched", "failed", "skipped")
    if counts["discovered"] != sum(counts[part] for part in parts):
        problems.append(f"the counts do not add up: {counts}")
    if counts["queued"] or counts["inFlight"] or counts["failed"]:
        problems.append(f"queued, inFlight and failed are not all 0: {counts}")
    fetched = sum(record["outcome"] == "fetched" for record in records)
    if counts["fetched"] != fetched:
        problems.append(f"{counts['fetched']} fetched by the status, {fetched} by the records")
    return problems


class DocumentationTest(unittest.TestCase):
    binary = None
    site = None

    @classmethod
    def setUpClass(cls):
        root = cls.site.root()
        cls.walk = site_walk.walk(root, cls.site.start)
        cls.server = nginx.Nginx(root)
        cls.addClassCleanup(cls.server.close)
        print(f"{root}: {len(cls.walk.requests)} URLs, {len(cls.walk.pages)} pages, "
              f"{len(cls.walk.dead)} dead links, {len(cls.walk.others)} other files", flush=True)

    def assert_none(self, problems):
        if problems:
            self.fail("\n".join(problems))

    def test_walk_is_complete(self):
        """Else the crawl would be compared with too little."""
        self.assertGreaterEqual(len(self.walk.pages), self.site.least_pages)

    def test_crawl_command(self):
        for threads in THREADS:
            with self.subTest(threads=threads), tempfile.TemporaryDirectory() as folder:
                self.server.taken()
                output = pathlib.Path(folder) / "records.ndjson"
                start = time.monotonic()
                done = subprocess.run(
                    [self.binary, "crawl", self.server.origin + self.site.start,
                     *orbweaver.ALLOW_LOOPBACK, "--formats", "none", "--delay", "0",
                     "--limit", "100000", "--per-host-concurrency", str(PER_HOST_CONCURRENCY),
                     "--threads", str(threads), "-o", str(output)],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    timeout=CRAWL_SECONDS, check=False)
                elapsed = time.monotonic() - start
                self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
                self.assertEqual(done.stdout, b"", "with -o nothing belongs on stdout")
                records = orbweaver.read_records(output)
                self.assert_none(request_problems(self.walk, self.server.taken()) +
                                 record_problems(self.walk, self.server.origin, records))
                print(f"crawl, {threads} threads: {len(records)} records in {elapsed:.2f} s",
                      flush=True)

    def test_service(self):
        for threads in THREADS:
            with self.subTest(threads=threads), \
                    orbweaver.Service(self.binary, "--threads", str(threads)) as service:
                self.server.taken()
                start = time.monotonic()
                crawl = service.create(
                    urls=[self.server.origin + self.site.start], formats=[], delay=0,
                    limit=100000, perHostConcurrency=PER_HOST_CONCURRENCY)
                followed = service.follow(crawl, CRAWL_SECONDS)
                elapsed = time.monotonic() - start
                status = service.await_end(crawl, 10)
                self.assert_none(request_problems(self.walk, self.server.taken()) +
                                 record_problems(self.walk, self.server.origin, followed) +
                                 status_problems(status, followed))
                self.assertEqual(service.pages_of_results(crawl, limit=997), followed,
                                 "paging and following give different records")
                service.delete(crawl)
                self.assertEqual(service.stop(), 0, service.log())
                print(f"serve, {threads} threads: {len(followed)} records in {elapsed:.2f} s",
                      flush=True)


def main():
    if len(sys.argv) < 3 or sys.argv[2] not in sites.SITES:
        sys.exit(f"{__doc__}\nsites: {', '.join(sites.SITES)}")
    DocumentationTest.binary = sys.argv[1]
    DocumentationTest.site = sites.SITES[sys.argv[2]]
    if nginx.find_nginx() is None:
        print("skipped: nginx is not installed (package nginx-light)")
        sys.exit(SKIPPED)
    if DocumentationTest.site.root() is None:
        print(f"skipped: the package {DocumentationTest.site.package} is not installed")
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])


if __name__ == "__main__":
    main()
