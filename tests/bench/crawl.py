#!/usr/bin/env python3
"""Crawls documentation sites with Orbweaver and with wget2 in turn, and compares what each costs.

One nginx worker has processor 0 to itself and serves the site; the client has processor 1. The
rounds are interleaved, so that a change of the machine's speed hits everybody, and the first is
thrown away. What each client asked for is read from the server's log and compared with a walk of
the site's files: a client that leaves pages out is not fast.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import nginx  # noqa: E402
import site_walk  # noqa: E402
import sites  # noqa: E402

FRESH_FOLDER = "FOLDER"  # of a command: stands for one that is made for each run
SERVER_CPU, CLIENT_CPU = 0, 1
OWN_ACCORD = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
WRK_SECONDS = 3

# wget2 at its fastest that still asks for every page: nothing is written, nothing is printed,
# nothing slows it down, and 8 threads turned out best of 1 to 16 on one processor. It fetches page
# requisites by default. Leaving these out asks for the same URLs as Orbweaver does, yet costs
# wget2 time of its own, so that both are shown.
WGET2 = ["wget2", "--no-config", "--quiet", "--recursive", "--level=inf", "--no-robots",
         "--output-document=/dev/null", "--max-threads=8", "--progress=none", "--no-compression",
         "--no-cookies", "--no-xattr", "--no-hsts", "--no-ocsp", "--http2=off"]
WGET2_LINKS_ONLY = WGET2 + ["--ignore-tags=img,link,script"]

# Every connection asks for the list from its start, over and over.
WRK_SCRIPT = """
local paths, next_one = {{}}, 0
for line in io.lines("{list}") do paths[#paths + 1] = line end
request = function()
  next_one = next_one % #paths + 1
  return wrk.format("GET", paths[next_one])
end
"""


def orbweaver_command(args, url, *more):
    return [args.binary, "crawl", url, *more, "--allow-net", "127.0.0.0/8", "--formats", "none",
            "--delay", "0", "--limit", "1000000", "--threads", "1",
            "--per-host-concurrency", str(args.connections), "--quiet",
            "-o", "/dev/null"]


def clients(args, url):
    """name -> command"""
    found = {"orbweaver": orbweaver_command(args, url)}
    if args.stores:
        disk = ["--store", "rocksdb", "--data-dir"]
        found["on disk"] = orbweaver_command(args, url, *disk, FRESH_FOLDER, "--no-store-bodies")
        found["on disk, bodies"] = orbweaver_command(args, url, *disk, FRESH_FOLDER)
    if shutil.which("wget2"):
        found["wget2"] = WGET2_LINKS_ONLY + [url]
        found["wget2, requisites too"] = WGET2 + [url]
    return found


def measure(command):
    with tempfile.TemporaryDirectory() as folder:
        command = [f"{folder}/data" if word is FRESH_FOLDER else word for word in command]
        return measured(command)


def measured(command):
    line = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "crawl_measure.py"), str(CLIENT_CPU), *command],
        stdout=subprocess.PIPE, check=True).stdout
    return json.loads(line)


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def crawl_site(args, site):
    """Prints the site's table."""
    walk = site_walk.walk(site.root(), site.start)
    urls = len(walk.requests)
    print(f"\n{site.name}: {urls} URLs, {len(walk.pages)} of them pages, "
          f"{len(walk.dead)} dead links; medians of {args.rounds} rounds")
    runs = {}
    with nginx.Nginx(site.root(), cpu=SERVER_CPU, keepalive_requests=1_000_000) as server:
        commands = clients(args, server.origin + site.start)
        for round_number in range(args.rounds + 1):
            for name, command in commands.items():
                server.taken()
                run = measure(command)
                run["taken"] = server.taken()
                if round_number > 0:
                    runs.setdefault(name, []).append(run)
        show(walk, runs)
        if shutil.which("wrk"):
            show_wrk(args, server, walk)


def show(walk, runs):
    print(f"{'':24}{'URLs/s':>9}{'CPU us/URL':>12}{'peak MiB':>10}{'missing':>9}"
          f"{'others':>8}{'twice':>7}{'exit':>6}   spread of CPU")
    costs = {}
    for name, done in runs.items():
        taken = done[-1]["taken"]
        asked = set(taken) - OWN_ACCORD
        # The same number for everybody: what else a client asks for is its own affair.
        count = len(walk.requests & asked) or 1
        costs[name] = median(done, "cpu") / count * 1e6
        spread = [run["cpu"] / count * 1e6 for run in done]
        missing = max(len(walk.requests - set(run["taken"])) for run in done)
        twice = max(sum(times > 1 for times in run["taken"].values()) for run in done)
        print(f"{name:24}{count / median(done, 'wall'):9.0f}{costs[name]:12.1f}"
              f"{median(done, 'peak_kib') / 1024:10.1f}{missing:9}{len(asked - walk.requests):8}"
              f"{twice:7}{done[-1]['exit_code']:6}   {min(spread):.1f} to {max(spread):.1f}")
    for name in ("on disk", "on disk, bodies"):
        if name in costs:
            print(f"{name}: {costs[name] / costs['orbweaver']:.2f} times the CPU of memory alone")
    others = [cost for name, cost in costs.items() if name.startswith("wget2")]
    if others:
        print(f"wget2 at its best takes {min(others) / costs['orbweaver']:.2f} times the CPU")


def show_wrk(args, server, walk):
    """What fetching alone costs, when nothing is done with the pages."""
    with tempfile.TemporaryDirectory() as folder:
        paths, script = pathlib.Path(folder) / "urls", pathlib.Path(folder) / "urls.lua"
        paths.write_text("".join(target + "\n" for target in sorted(walk.requests)))
        script.write_text(WRK_SCRIPT.format(list=paths))
        server.taken()
        run = measure(["wrk", "-t", "1", "-c", str(args.connections), "-d", f"{WRK_SECONDS}s",
                       "-s", str(script), server.origin])
        count = sum(server.taken().values())
    print(f"{'wrk (fetches alone)':24}{count / run['wall']:9.0f}{run['cpu'] / count * 1e6:12.1f}"
          f"{run['peak_kib'] / 1024:10.1f}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="*", metavar="SITE",
                        help=f"of {', '.join(sites.SITES)}; all that are installed by default")
    parser.add_argument("--binary", default=str(HERE.parents[1] / "build/release/orbweaver"))
    parser.add_argument("--stores", action="store_true", help="the store on disk as well")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16, help="of Orbweaver and of wrk")
    args = parser.parse_args()
    if unknown := set(args.sites) - set(sites.SITES):
        parser.error(f"no such site: {', '.join(sorted(unknown))}")
    for name in args.sites or sites.SITES:
        if sites.SITES[name].root() is None:
            print(f"\n{name}: the package {sites.SITES[name].package} is not installed")
        else:
            crawl_site(args, sites.SITES[name])
    print("\nOrbweaver: " + " ".join(orbweaver_command(args, "URL")))
    print("wget2:     " + " ".join(WGET2_LINKS_ONLY) + " URL")


if __name__ == "__main__":
    main()
