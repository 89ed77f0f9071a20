"""The ways to wait for many slow answers at once, compared: 80 and 1,000 pages from a server that
answers after 50 ms, plain and with a pattern searched for in each body.

The server has a processor, of which it needs little; the clients may use both, or a pool of
processes would be for nothing. A process's time to start is measured apart (the same with no URL to
fetch), as an interpreter takes longer for it than a small crawl does.
"""

import collections
import dataclasses
import math
import pathlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import clients
import measure
import slow_server

DELAY_MS = 50
BODY_BYTES = 20_480
AT_ONCE = 300
HOSTS = 4  # a crawler keeps the connections to one host below that
COUNTS = (80, 1000)
FOLDER = clients.PEERS / "concurrency"


@dataclasses.dataclass(frozen=True)
class Way:
    name: str
    at_once: int
    command: Callable[[pathlib.Path, str], list[str]]  # list of URLs, pattern or ""
    starts: list[str]                                   # does nothing but start and end


def python_way(python: pathlib.Path, name: str, way: str, at_once: int) -> Way:
    start = [str(python), "-B", str(FOLDER / "main.py"), way, str(at_once)]
    return Way(name, at_once,
               lambda urls, pattern: start + [str(urls)] + ([pattern] if pattern else []),
               start + ["/dev/null"])


def own_way(binary: pathlib.Path) -> Way:
    def command(urls: pathlib.Path, pattern: str) -> list[str]:
        extract = ["--extract", f'found={{"regex":"{pattern}","all":true}}'] if pattern else []
        return [str(binary), "crawl", *urls.read_text().split(), *clients.crawl_options(AT_ONCE // HOSTS),
                *clients.URL_LIST, "--formats", "none", *extract]
    return Way(clients.ORBWEAVER, AT_ONCE, command, [str(binary), "version"])


def ways(binary: pathlib.Path, python: pathlib.Path | None) -> list[Way]:
    found = [own_way(binary),
             Way("curl --parallel, grep", AT_ONCE,
                 lambda urls, pattern: [str(FOLDER / "curl"), str(AT_ONCE), str(urls), pattern],
                 ["curl", "--version"])]
    if python is not None:
        found += [python_way(python, *row) for row in (
            ("asyncio with aiohttp", "asyncio", AT_ONCE), ("50 threads", "threads", 50),
            ("5 threads", "threads", 5), ("8 processes", "processes", 8),
            ("task queue (huey), 8 workers", "queue", 8), ("one at a time", "one-by-one", 1))]
    return found


def ideal(count: int, at_once: int) -> float:
    """Seconds that `count` answers take of which `at_once` are awaited at a time."""
    return math.ceil(count / at_once) * DELAY_MS / 1000


def summary(way: Way, count: int, pattern: str, starts: Sequence[measure.Cost],
            costs: Sequence[measure.Cost]) -> dict[str, Any]:
    start_wall, start_cpu = (measure.figure(getattr(cost, key) for cost in starts).median
                             for key in ("wall", "cpu"))
    wall = measure.figure_of(costs, lambda cost: cost.wall).median
    cpu = measure.figure_of(costs, lambda cost: cost.cpu).median
    best = ideal(count, way.at_once)
    return {"name": way.name, "at_once": way.at_once, "urls": count, "searches": bool(pattern),
            "wall": wall, "cpu": cpu, "start_wall": start_wall, "start_cpu": start_cpu,
            "ideal": best, "to_ideal": max(wall - start_wall, 0) / best,
            "exit_codes": sorted({cost.exit_code for cost in costs})}


def run_once(way: Way, server: slow_server.Server, urls: pathlib.Path, count: int,
             pattern: str) -> measure.Cost:
    before = server.count()[0]
    cost = measure.measure(way.command(urls, pattern), measure.BOTH)
    if server.count()[0] - before != count:
        raise RuntimeError(f"{way.name} did not fetch {count} URLs once each")
    return cost


def table(found: Sequence[Way], tree: pathlib.Path, build: pathlib.Path,
          rounds: int) -> list[dict[str, Any]]:
    """One row per way, count and kind of page."""
    starts: dict[str, list[measure.Cost]] = collections.defaultdict(list)
    costs: dict[tuple[str, int, str], list[measure.Cost]] = collections.defaultdict(list)
    with slow_server.Server(tree, DELAY_MS, BODY_BYTES) as server, \
            clients.EmptyFolder(build) as folder:
        for number in range(rounds):
            for way in found:
                print(f"\r\033[Kconcurrency: round {number + 1} of {rounds}, {way.name}", end="",
                      file=sys.stderr, flush=True)
                starts[way.name].append(measure.measure(way.starts, measure.BOTH))
                for count in COUNTS:
                    urls = folder / str(count)
                    slow_server.write_list(urls, server.list_urls(count, HOSTS))
                    for pattern in ("", slow_server.PATTERN):
                        costs[way.name, count, pattern].append(
                            run_once(way, server, urls, count, pattern))
        print("\r\033[K", end="", file=sys.stderr)
    return [summary(way, count, pattern, starts[way.name], costs[way.name, count, pattern])
            for count in COUNTS for pattern in ("", slow_server.PATTERN) for way in found]
