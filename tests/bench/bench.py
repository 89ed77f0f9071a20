#!/usr/bin/env python3
"""The benchmark of the field: Orbweaver and other crawlers on the same sites, in turn, on the same
processor. tests/bench/run builds what this needs and starts it."""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import sys
from typing import Any

import clients
import concurrency
import crawl
import measure
import report
import targets

ROOT = measure.HERE.parents[1]
PARTS = ("crawl", "concurrency", "targets")


def machine() -> str:
    """In general terms."""
    model = next((line.partition(":")[2].strip()
                  for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, "
            f"Linux {platform.release().split('-')[0]}, load {os.getloadavg()[0]:.1f} at the start")


def words(known: tuple[str, ...]) -> Any:
    def read(text: str) -> tuple[str, ...]:
        found = tuple(word for word in text.split(",") if word)
        if unknown := set(found) - set(known):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
        return found
    return read


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("--parts", type=words(PARTS), default=PARTS, metavar="NAME,...",
                        help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--site", type=words(tuple(crawl.sites.SITES)), metavar="NAME,...",
                        default=("cppreference", "boost"),
                        help=f"of {', '.join(crawl.sites.SITES)}; default: cppreference,boost")
    parser.add_argument("--peers", type=words(clients.PEER_NAMES), default=clients.PEER_NAMES,
                        metavar="NAME,...", help=f"of {', '.join(clients.PEER_NAMES)}; all by "
                        "default; an empty word for none")
    parser.add_argument("--targets", type=words(tuple(targets.MEASURES)), metavar="NAME,...",
                        default=tuple(targets.MEASURES),
                        help=f"of {', '.join(targets.MEASURES)}; all by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16, help="of each crawl of a site")
    parser.add_argument("--tree", type=pathlib.Path, default=ROOT / "build/release",
                        help="the build tree; its orbweaver is measured")
    parser.add_argument("--publish", action="store_true",
                        help="put the results into docs/performance.md")
    parser.add_argument("--render", type=pathlib.Path, metavar="FILE",
                        help="measure nothing; show the results in this JSON file")
    return parser.parse_args()


def measure_everything(args: argparse.Namespace, build: pathlib.Path) -> dict[str, Any]:
    binary = args.tree.resolve() / "orbweaver"
    results: dict[str, Any] = {"date": datetime.date.today().isoformat(), "machine": machine(),
                               "sites": [], "concurrency": [], "targets": [], "left_out": []}
    rows: list[targets.Row] = []
    if "crawl" in args.parts:
        found = clients.all_clients(binary, build, set(args.peers))
        taking_part = [one for one in found if isinstance(one, clients.Client)]
        results["left_out"] = [dataclasses.asdict(one) for one in found
                               if isinstance(one, clients.LeftOut)]
        for name in args.site:
            site = crawl.sites.SITES[name]
            if site.root() is None:
                results["left_out"].append(
                    {"name": name, "reason": f"the package {site.package} is not installed"})
                continue
            results["sites"].append(
                crawl.crawl_site(site, taking_part, args.rounds, args.connections, build))
            rows += targets.of_crawl(results["sites"][-1])
    if "concurrency" in args.parts:
        python = clients.install("concurrency", "the ways of Python", clients.LIST, build)
        if isinstance(python, clients.LeftOut):
            results["left_out"].append(dataclasses.asdict(python))
        interpreter = None if isinstance(python, clients.LeftOut) else \
            build / "peers/concurrency/bin/python"
        results["concurrency"] = concurrency.table(
            concurrency.ways(binary, interpreter), args.tree.resolve(), build, args.rounds)
        rows += targets.of_concurrency(results["concurrency"])
    if "targets" in args.parts:
        rows += targets.measure_all(
            targets.Bench(binary, args.tree.resolve(), build, args.rounds), args.targets)
    results["targets"] = [dataclasses.asdict(row) for row in rows]
    return results


def main() -> None:
    args = arguments()
    build = ROOT / "build/bench"
    folder = build / "results"
    folder.mkdir(parents=True, exist_ok=True)
    if args.render:
        results = json.loads(args.render.read_text())
    else:
        if (os.cpu_count() or 1) < 2:
            sys.exit("one processor for the server and one for the client: two are needed")
        results = measure_everything(args, build)
        (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, folder)
    if args.publish:
        report.publish(results, ROOT / "docs")
    print(report.markdown(results))
    print(f"written: {folder.relative_to(ROOT)}/results.json, results.md and the pictures",
          file=sys.stderr)


if __name__ == "__main__":
    main()
