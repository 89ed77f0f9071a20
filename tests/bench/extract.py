#!/usr/bin/env python3
"""Does pulling values out of every page slow the fetching down? Crawls a documentation site with
and without `extract` in turn, on the same processors.

The server and the crawler share two processors. The patterns run on threads of their own,
beside the crawler's loop; what is compared is the rate of fetching, and what the whole costs.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

import clients
import measure
import nginx
import sites

HERE = pathlib.Path(__file__).resolve().parent

VARIANTS = {
    "without": [],
    "every <meta> tag": ["--extract", 'meta={"regex":"<meta[^>]*>","all":true}'],
    "name and content of each": [
        "--extract", r'meta={"regex":"(?i)<meta\\s+name=[\"\']?([a-z:]+)","all":true}',
        "--extract", r'content={"regex":"(?i)<meta\\s[^>]*content=\"([^\"]*)\"","all":true}'],
}


def run(binary, url, extra):
    """(seconds, CPU seconds, records, values pulled)"""
    with tempfile.NamedTemporaryFile() as out:
        command = [binary, "crawl", url, *clients.crawl_options(16), "--formats", "none", "-o",
                   out.name, *extra]
        cost = measure.measure(command, measure.BOTH)
        if cost.exit_code:
            sys.exit(f"exit code {cost.exit_code}: {' '.join(command)}")
        records = values = 0
        with open(out.name, encoding="utf-8") as lines:
            for line in lines:
                records += 1
                for pulled in json.loads(line).get("extracted", {}).values():
                    values += len(pulled) if isinstance(pulled, list) else 1
    return cost.wall, cost.cpu, records, values


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", nargs="?", default="cppreference", choices=sites.SITES)
    parser.add_argument("--binary", default=str(HERE.parents[1] / "build/release/orbweaver"))
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    site = sites.SITES[args.site]
    if site.root() is None:
        sys.exit(f"the package {site.package} is not installed")
    done = {name: [] for name in VARIANTS}
    with nginx.Nginx(site.root(), keepalive_requests=1_000_000) as server:
        for round_number in range(args.rounds + 1):
            for name, extra in VARIANTS.items():
                result = run(args.binary, server.origin + site.start, extra)
                if round_number > 0:
                    done[name].append(result)
    print(f"{site.name}, medians of {args.rounds} interleaved rounds")
    print(f"{'extract':26}{'pages/s':>9}{'of without':>12}{'CPU us/page':>13}{'values':>9}")
    base = None
    for name, runs in done.items():
        pages = runs[0][2]
        rate = pages / statistics.median(r[0] for r in runs)
        base = base or rate
        cpu = statistics.median(r[1] for r in runs) / pages * 1e6
        print(f"{name:26}{rate:9.0f}{rate / base:12.2f}{cpu:13.1f}{runs[0][3]:9}")


if __name__ == "__main__":
    main()
