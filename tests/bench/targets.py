"""The figures that Orbweaver is held to beside whole crawls: each measured, printed with what is
asked for, and met or missed."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import clients
import crawl
import measure
import nginx
import slow_server
import service_cost
import site_walk
import sites

HOSTS = nginx.HOSTS
LIST_URLS = 60_000        # of a service's crawl of a list: enough for CPU time counted in 10 ms
CRAWL_SECONDS = 300
SMALL_PAGE_BYTES = 1024
SLOW_MS, SLOW_HOSTS = 500, 100
IDLE_FEW, IDLE_MANY = 200, 3000
TRIM_SECONDS = 7         # within which a service gives the memory back that it needs no more


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    target: str
    measured: str
    met: bool | None  # None: says nothing here, for the reason that `measured` gives


def at_most(what: str, value: float, limit: float, shown: str = "{:.2f}", more: str = "") -> Row:
    return Row(what, "≤ " + shown.format(limit), shown.format(value) + more, value <= limit)


def at_least(what: str, value: float, limit: float, shown: str = "{:.2f}", more: str = "") -> Row:
    return Row(what, "≥ " + shown.format(limit), shown.format(value) + more, value >= limit)


@dataclasses.dataclass(frozen=True)
class Bench:
    binary: pathlib.Path
    tree: pathlib.Path   # the build tree that the binary is of
    build: pathlib.Path  # where everything is written
    rounds: int

    def folder(self) -> clients.EmptyFolder:
        return clients.EmptyFolder(self.build)


def variants(origin_of: Callable[[int], str], targets: Sequence[str], count: int) -> list[str]:
    """`count` different URLs of the same pages, their hosts in turn."""
    return [f"{origin_of(n % HOSTS)}{targets[n % len(targets)]}?{n // len(targets)}"
            for n in range(count)]


def list_cost(bench: Bench, urls: list[str], connections: int) -> float:
    """CPU microseconds per URL of a list, in a service."""
    with service_cost.service(bench.binary, connections) as service:
        before = service_cost.cpu_seconds(service.process.pid)
        crawl_id = service_cost.create_list(service, urls, HOSTS, connections)
        status = service.await_end(crawl_id, CRAWL_SECONDS)
        after = service_cost.cpu_seconds(service.process.pid)
    if status["counts"]["fetched"] != len(urls):
        raise RuntimeError(f"not every URL of the list was fetched: {status['counts']}")
    return (after - before) / len(urls) * 1e6


def wrk_cost(bench: Bench, server: nginx.Nginx, urls: list[str], connections: int) -> float:
    with bench.folder() as folder:
        slow_server.write_list(folder / "urls", urls)
        server.taken()
        cost = measure.measure([str(clients.PEERS / "wrk/crawl"), str(folder), server.origin + "/",
                                str(connections), str(folder / "urls")])
        return cost.cpu / sum(server.taken().values()) * 1e6


def fetching_alone(bench: Bench) -> list[Row]:
    rows = []
    with bench.folder() as folder:
        for n in range(1000):
            (folder / f"{n}.html").write_bytes(b"<p>" + b"x" * (SMALL_PAGE_BYTES - 3))
        small = [f"/{n}.html" for n in range(1000)]
        rows += fetching_pages(bench, "1 KB pages", folder, small, 1.25)
    site = sites.SITES["cppreference"]
    if (root := site.root()) is None:
        return rows + [Row("fetching alone, 37 KB pages", "≤ 1.15",
                           f"the package {site.package} is not installed", None)]
    pages = sorted(site_walk.walk(root, site.start).pages)
    return fetching_pages(bench, "37 KB pages", root, pages, 1.15) + rows


def fetching_pages(bench: Bench, what: str, root: str | os.PathLike[str], pages: Sequence[str],
                   limit: float) -> list[Row]:
    rows = []
    with nginx.Nginx(root, cpu=measure.SERVER_CPU,
                     keepalive_requests=crawl.KEEPALIVE_REQUESTS) as server:
        urls = variants(lambda n: f"http://127.0.0.{n + 1}:{server.port}", pages, LIST_URLS)
        for connections in (64, 1000):
            own, wrk = [], []
            for _ in range(bench.rounds):
                own.append(list_cost(bench, urls, connections))
                wrk.append(wrk_cost(bench, server, urls, connections))
            ours, theirs = measure.figure(own).median, measure.figure(wrk).median
            rows.append(at_most(
                f"fetching alone, {what}, {connections} connections: CPU against wrk's",
                ours / theirs, limit, more=f" ({ours:.1f} µs to {theirs:.1f} µs)"))
    return rows


def start_and_idle(bench: Bench) -> list[Row]:
    starts = [service_cost.start_seconds(bench.binary) * 1e3 for _ in range(10)]
    with service_cost.service(bench.binary, 1000) as service:
        time.sleep(1)
        idle = service_cost.memory_mib(service.process.pid, "VmRSS")
    return [at_most("start to listening, ms", measure.figure(starts).median, 50, "{:.0f}"),
            at_most("idle memory, MB", idle * 1.048576, 25, "{:.1f}")]


def ten_thousand(bench: Bench, connections: int = 10_000) -> list[Row]:
    pages = connections * 16
    with slow_server.Server(bench.tree, SLOW_MS, SMALL_PAGE_BYTES) as server, \
            service_cost.service(bench.binary, connections) as service:
        service.create(urls=server.chains(connections, SLOW_HOSTS), robots="ignore",
                       sitemap="skip", formats=[], delay=0, limit=pages,
                       perHostConcurrency=connections // SLOW_HOSTS, maxPathDepth=10)
        seen = [(time.monotonic(), *server.count())]
        deadline = time.monotonic() + CRAWL_SECONDS
        while seen[-1][1] < pages and time.monotonic() < deadline:
            time.sleep(0.1)
            seen.append((time.monotonic(), *server.count()))
        peak = service_cost.memory_mib(service.process.pid, "VmHWM")
    middle = [at for at in seen if pages * 0.25 <= at[1] <= pages * 0.9]
    rate = (middle[-1][1] - middle[0][1]) / (middle[-1][0] - middle[0][0])
    most = max(open_now for _, _, open_now in seen)
    ideal = connections / (SLOW_MS / 1000)
    what = f"{connections:,} connections to a {SLOW_MS} ms server"
    return [at_least(f"{what}: rate against the ideal", rate / ideal, 0.97, "{:.0%}",
                     f" ({rate:,.0f} pages/s, {most:,} open at most)"),
            at_most(f"{what}: peak memory, MB", peak * 1.048576, 60, "{:.0f}")]


def held_memory(bench: Bench, urls: list[str], hosts: int, connections: int,
                *options: str) -> tuple[int, float]:
    """(connections kept open, KiB of memory of its own) of a service after a crawl of the list."""
    with service_cost.service(bench.binary, connections, *options) as service:
        pid = service.process.pid
        before = service_cost.descriptors(pid)
        crawl_id = service_cost.create_list(service, urls, hosts, connections)
        service.await_end(crawl_id, CRAWL_SECONDS)
        service.delete(crawl_id)
        time.sleep(TRIM_SECONDS)
        return (service_cost.descriptors(pid) - before,
                service_cost.memory_mib(pid, "RssAnon") * 1024)


def idle_connections(bench: Bench) -> list[Row]:
    """What a connection that is kept for the next page costs, by the difference of two services."""
    with slow_server.Server(bench.tree, SLOW_MS, SMALL_PAGE_BYTES) as server:
        rows = [idle_row("HTTP", 4, *(
            held_memory(bench, server.list_urls(n, SLOW_HOSTS), SLOW_HOSTS, n)
            for n in (IDLE_FEW, IDLE_MANY)))]
    with bench.folder() as folder:
        certificate = make_certificate(folder)
        # Each takes a while, so that all connections are opened before one is free again.
        (folder / "page.html").write_bytes(b"x" * 4 * SMALL_PAGE_BYTES)
        found = []
        for n in (IDLE_FEW // 2, 250 * HOSTS):
            with nginx.Nginx(folder, cpu=measure.SERVER_CPU, certificate=certificate,
                             bytes_per_second=SMALL_PAGE_BYTES) as site:
                urls = variants(lambda h, port=site.port: f"https://127.0.0.{h + 1}:{port}",
                                ["/page.html"], n)
                found.append(held_memory(bench, urls, HOSTS, n, "--ca-file", str(certificate)))
    return rows + [idle_row("HTTPS", 40, *found)]


def idle_row(scheme: str, limit: float, few: tuple[int, float], many: tuple[int, float]) -> Row:
    what = f"idle keep-alive connection, {scheme}: memory, KiB"
    more = many[0] - few[0]
    if more < IDLE_FEW:
        return Row(what, f"≤ {limit}", f"only {many[0]} connections were kept", None)
    return at_most(what, (many[1] - few[1]) / more, limit, "{:.1f}", f" ({many[0]:,} kept)")


def make_certificate(folder: pathlib.Path) -> pathlib.Path:
    """A PEM file with a key and a certificate for the addresses of nginx.py."""
    names = ",".join(f"IP:127.0.0.{n + 1}" for n in range(HOSTS))
    path = folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=bench",
                    "-addext", f"subjectAltName={names}", "-keyout", folder / "key.pem",
                    "-out", folder / "only.pem"], check=True, capture_output=True)
    path.write_bytes((folder / "key.pem").read_bytes() + (folder / "only.pem").read_bytes())
    return path


def two_threads(bench: Bench) -> list[Row]:
    """HTTPS with a new connection for every page, nothing pinned."""
    what, target = "two threads against one, HTTPS, a connection per page: times faster", 1.6
    site = sites.SITES["python"]
    if (root := site.root()) is None:
        return [Row(what, f"≥ {target}", f"the package {site.package} is not installed", None)]
    walls: dict[int, list[float]] = {1: [], 2: []}
    with bench.folder() as folder:
        certificate = make_certificate(folder)
        with nginx.Nginx(root, keepalive_requests=1, certificate=certificate) as server:
            for _ in range(bench.rounds):
                for threads, found in walls.items():
                    found.append(measure.measure(
                        [str(bench.binary), "crawl", server.origin + site.start,
                         *clients.crawl_options(16, threads), "--formats", "none",
                         "--ca-file", str(certificate), "-o", os.devnull], measure.BOTH).wall)
    ratio = measure.figure(walls[1]).median / measure.figure(walls[2]).median
    cores = os.cpu_count() or 1
    if cores < 4:
        return [Row(what, f"≥ {target:.1f}", f"{ratio:.2f}, but nginx and the client share "
                    f"{cores} processors", None if ratio < target else True)]
    return [at_least(what, ratio, target, "{:.1f}")]


def million(bench: Bench) -> list[Row]:
    """Does a page cost more once a million URLs have been seen?"""
    costs = {}
    with slow_server.Server(bench.tree, 0, SMALL_PAGE_BYTES) as server:
        for pages in (10_000, 1_000_000):
            options = [*clients.crawl_options(16, limit=pages), "--formats", "none", "--robots",
                       "ignore", "--sitemap", "skip", "-o", os.devnull]
            costs[pages] = measure.measure(
                [str(bench.binary), "crawl", *server.chains(1000, SLOW_HOSTS), *options])
    first, last = (cost.cpu / pages for pages, cost in costs.items())
    peak = costs[1_000_000].peak_kib / 1024
    return [at_most("1,000,000 pages: CPU per page against 10,000 pages'", last / first, 1.2,
                    more=f" ({last * 1e6:.1f} µs; {peak:,.0f} MiB at most)")]


MEASURES: Mapping[str, Callable[[Bench], list[Row]]] = {
    "fetching": fetching_alone, "start": start_and_idle, "connections": ten_thousand,
    "idle": idle_connections, "threads": two_threads, "million": million,
}

# Of whole crawls: CPU per URL against wget2's, against full records in memory, and how many times
# less than a peer's.
AGAINST_WGET2 = ((clients.ORBWEAVER, 0.40), (clients.RECORDS, 0.55), (clients.DURABLE, 0.65),
                 (clients.WITH_BODIES, 1.0))
AGAINST_MEMORY = ((clients.DURABLE, 1.3), (clients.WITH_BODIES, 2.5))
AGAINST_PEERS = (("colly", 15), ("spider", 25), ("aiohttp", 35), ("Crawlee", 120), ("Scrapy", 180))
AGAINST_WRK = {"cppreference": 0.25, "boost": 0.40}


def of_crawl(table: Mapping[str, Any]) -> list[Row]:
    """What a site's table says of the targets."""
    site, costs = table["site"], {row["name"]: row["cpu_us"] for row in table["clients"]}
    own, rows = costs[clients.ORBWEAVER], []
    for name, limit in AGAINST_WGET2:
        if name in costs and clients.WGET2 in costs:
            rows.append(at_most(f"{site}: {name}, CPU against wget2's",
                                costs[name] / costs[clients.WGET2], limit))
    for name, limit in AGAINST_MEMORY:
        if name in costs and clients.RECORDS in costs:
            rows.append(at_most(f"{site}: {name}, CPU against the memory store's",
                                costs[name] / costs[clients.RECORDS], limit))
    if site in AGAINST_WRK and clients.WRK in costs:
        rows.append(at_least(f"{site}: URLs per CPU second against wrk's",
                             costs[clients.WRK] / own, AGAINST_WRK[site], "{:.0%}"))
    for start, times in AGAINST_PEERS:
        for name, cost in costs.items():
            if name.startswith(start):
                rows.append(at_least(f"{site}: CPU, times less than {name}'s", cost / own, times,
                                     "{:.0f}"))
    return rows


def of_concurrency(table: Sequence[Mapping[str, Any]]) -> list[Row]:
    plain = {row["name"]: row for row in table if row["urls"] == 1000 and not row["searches"]}
    own, rows = plain.get(clients.ORBWEAVER), []
    if own is None:
        return []
    what = "1,000 URLs at 50 ms over 300 connections"
    rows.append(at_most(f"{what}: wall time against the ideal", own["wall"] / own["ideal"], 1.15))
    for name, row in plain.items():
        if name.startswith("curl"):
            rows.append(at_most(f"{what}: CPU against curl's", own["cpu"] / row["cpu"], 1.0))
    return rows


def measure_all(bench: Bench, chosen: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for name in chosen:
        print(f"\r\033[Ktargets: {name}", end="", file=sys.stderr, flush=True)
        rows += MEASURES[name](bench)
    print("\r\033[K", end="", file=sys.stderr)
    return rows
