"""Crawls a documentation site with everybody in turn, and compares what each costs.

One nginx worker has one processor to itself and serves the site; the client has the other. The
rounds are interleaved, so that a change of the machine's speed hits everybody; in each, whoever is
quick runs several times, for a disturbance of a second is all of a short run and little of a long
one. What each client asked for is read from the server's log and compared with a walk of the site's
files: a client that leaves pages out is not fast.
"""

import collections
import dataclasses
import pathlib
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import clients
import measure
import nginx
import site_walk
import sites

# Asked for of a crawler's own accord; the sites have none of them.
OWN_ACCORD = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
KEEPALIVE_REQUESTS = 10_000_000
ROUND_SECONDS = 3  # a client that has run for less runs again


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a client asked for, against what the site has."""
    answered: int   # requests, whatever for
    found: int      # URLs of the site asked for
    missing: int    # URLs of the site never asked for
    others: int     # URLs asked for that are none of the site's
    twice: int      # URLs asked for more than once


def asked(wanted: set[str], taken: Mapping[str, int]) -> Asked:
    """`taken`: path and query -> requests, from the server's log."""
    own = set(taken) - OWN_ACCORD
    return Asked(answered=sum(taken.values()), found=len(wanted & own), missing=len(wanted - own),
                 others=len(own - wanted), twice=sum(times > 1 for times in taken.values()))


@dataclasses.dataclass(frozen=True)
class Run:
    cost: measure.Cost
    asked: Asked


def count(client: clients.Client, run: Run) -> int:
    """What the cost is divided by: the URLs of the site, the same number for everybody who asked
    for all of them, whatever else was asked for."""
    return (run.asked.answered if client.does == clients.LOADS else run.asked.found) or 1


def summary(client: clients.Client, runs: Sequence[Run]) -> dict[str, Any]:
    """One client's row."""
    cpu = measure.figure(run.cost.cpu / count(client, run) * 1e6 for run in runs)
    return {
        "name": client.name, "version": client.version, "does": client.does,
        "cpu_us": cpu.median, "cpu_us_least": cpu.least, "cpu_us_most": cpu.most,
        "urls_per_second": measure.figure(
            count(client, run) / run.cost.wall for run in runs).median,
        "peak_mib": measure.figure(run.cost.peak_kib / 1024 for run in runs).median,
        "missing": max(run.asked.missing for run in runs),
        "others": max(run.asked.others for run in runs),
        "twice": max(run.asked.twice for run in runs),
        "exit_codes": sorted({run.cost.exit_code for run in runs}),
    }


def with_ratios(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds each row's CPU time as a multiple of wrk's and of wget2's."""
    costs = {row["name"]: row["cpu_us"] for row in rows}
    for row in rows:
        for key, name in (("to_wrk", clients.WRK), ("to_wget2", clients.WGET2)):
            row[key] = row["cpu_us"] / costs[name] if name in costs else None
    return rows


def run_once(client: clients.Client, site: clients.Site, server: nginx.Nginx, wanted: set[str],
             build: pathlib.Path) -> Run:
    with clients.EmptyFolder(build) as folder:
        server.taken()
        cost = measure.measure(client.command(site, folder))
        return Run(cost, asked(wanted, server.taken()))


def runs_of_a_round(*what: Any) -> list[Run]:
    deadline = time.monotonic() + ROUND_SECONDS
    runs = [run_once(*what)]
    while time.monotonic() < deadline:
        runs.append(run_once(*what))
    return runs


def crawl_site(site: sites.Site, found: Sequence[clients.Client], rounds: int, connections: int,
               build: pathlib.Path) -> dict[str, Any]:
    """The site's table, as it goes into the results."""
    walk = site_walk.walk(site.root(), site.start)
    runs: dict[str, list[Run]] = collections.defaultdict(list)
    with nginx.Nginx(site.root(), cpu=measure.SERVER_CPU,
                     keepalive_requests=KEEPALIVE_REQUESTS) as server:
        urls = build / f"{site.name}.urls"
        urls.write_text("".join(f"{server.origin}{target}\n" for target in sorted(walk.requests)))
        given = clients.Site(server.origin + site.start, urls, connections)
        run_once(found[0], given, server, walk.requests, build)  # nginx has seen each file
        for number in range(rounds):
            for client in found:
                print(f"\r\033[K{site.name}: round {number + 1} of {rounds}, {client.name}",
                      end="", file=sys.stderr, flush=True)
                runs[client.name] += runs_of_a_round(client, given, server, walk.requests, build)
        print("\r\033[K", end="", file=sys.stderr)
    sizes = [site_walk.answer(site.root(), page)[2].stat().st_size for page in walk.pages]
    return {
        "site": site.name, "urls": len(walk.requests), "pages": len(walk.pages),
        "dead": len(walk.dead), "page_bytes": sum(sizes) / len(sizes), "rounds": rounds,
        "connections": connections,
        "clients": with_ratios([summary(client, runs[client.name]) for client in found]),
    }
