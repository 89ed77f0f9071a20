#!/usr/bin/env python3
"""How many instructions the hot parts take, counted by valgrind: a regression shows where times are
too noisy to tell.

Each benchmark runs twice, the second time with twice as many iterations, and what it takes more is
divided by those: nothing is left of starting, setting up and reporting. The counts are compared
with those noted in instructions.txt, which hold for one compiler and one kind of processor; both
are shown. Exit code 1: one of them has grown by more than 5 %.
"""

import argparse
import datetime
import json
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping

HERE = pathlib.Path(__file__).resolve().parent
NOTES = HERE / "instructions.txt"
BINARY = HERE.parents[1] / "build/release/tests/bench/orbweaver_microbench"
MOST_GROWTH = 0.05

# The first run's iterations: enough that what two starts differ by is nothing (a few hundred
# instructions, but a part in a hundred of filling a seen_set, which is spread at random), and each
# of the things that a benchmark goes through in turn equally often.
ITERATIONS = {
    "url/parse_absolute": 8_000,
    "url/resolve/../foo/bar.html#x": 10_000,
    "url/resolve/page.html": 10_000,
    "url/resolve/absolute": 10_000,
    "url/resolve/to_encode": 10_000,
    "url/canonical/unchanged": 10_000,
    "url/canonical/changed": 10_000,
    "url/registrable_domain": 10_000,
    "fingerprint/60_bytes": 10_000,
    "response/content_length/reads/1": 1_000,
    "response/content_length/reads/3": 1_000,
    "response/chunked/chunk_bytes/8192": 1_000,
    "scan_page/followed_only/made_up": 100,
    "scan_page/links_title/made_up": 100,
    "scan_page/links_title_text/made_up": 100,
    "scan_page/everything/made_up": 100,
    "is_valid_utf8/made_up": 100,
    "frontier/cycle/hosts/1": 10_000,
    "frontier/cycle/hosts/100": 10_000,
    "frontier/cycle/hosts/10000": 40_000,
    "seen_set/insert/100000": 2,
    "seen_set/find/known/100000": 400_000,
    "seen_set/find/unknown/100000": 400_000,
    "seen_cache/insert/100000": 2,
    "seen_cache/find/known/100000": 400_000,
    "seen_cache/find/unknown/100000": 400_000,
}


def counted(binary: pathlib.Path, name: str, iterations: int) -> int:
    """The instructions of a whole process that runs one benchmark so often."""
    full_name = f"{name}/iterations:{iterations}"
    # Not re.escape(): the library's expressions allow no needless backslash.
    only_this = re.sub(r"[^\w/:#-]", r"\\\g<0>", full_name)
    with tempfile.NamedTemporaryFile("r") as out:
        run = subprocess.run(
            [shutil.which("valgrind") or "valgrind", "--tool=callgrind",
             f"--callgrind-out-file={out.name}", str(binary),
             f"--benchmark_filter=^{only_this}$", "--benchmark_format=json"],
            env={"ORBWEAVER_BENCH_ITERATIONS": str(iterations)}, text=True, capture_output=True)
        try:
            ran = json.loads(run.stdout)["benchmarks"]
            if [(one["name"], one["iterations"]) for one in ran] != [(full_name, iterations)]:
                raise ValueError(ran)
            return int(re.search(r"^totals: (\d+)$", out.read(), re.MULTILINE)[1])
        except (ValueError, KeyError, TypeError) as error:
            sys.exit(f"{full_name} was not counted: {error}\n{run.stderr}")


def per_iteration(binary: pathlib.Path, name: str) -> float:
    n = ITERATIONS[name]
    return (counted(binary, name, 2 * n) - counted(binary, name, n)) / n


def built_with(binary: pathlib.Path) -> str:
    """The compiler by what it left in the binary, the flags by the tree that it lies in."""
    section = subprocess.run(["readelf", "-p", ".comment", str(binary)], text=True,
                             capture_output=True, check=True).stdout
    compilers = re.findall(r"^\s*\[ *[0-9a-f]+\]\s+(.+)$", section, re.MULTILINE)
    flags = "of unknown flags"
    for folder in binary.resolve().parents:
        if (folder / "CMakeCache.txt").exists():
            cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (folder / "CMakeCache.txt").read_text(),
                                    re.MULTILINE))
            build_type = cache["CMAKE_BUILD_TYPE"]
            flags = " ".join([build_type, cache["CMAKE_CXX_FLAGS"],
                              cache[f"CMAKE_CXX_FLAGS_{build_type.upper()}"]])
            break
    return f"{', '.join(compilers)}; {' '.join(flags.split())}"


def runs_on() -> str:
    """What decides which of several ways a function takes: here, or in the C library."""
    avx2 = re.search(r"^flags\s*:.* avx2\b", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{' '.join(platform.libc_ver())}; {platform.machine()}{' with AVX2' if avx2 else ''}"


def read_notes(text: str) -> tuple[str, dict[str, float]]:
    """What they were counted with, and the instructions per iteration by name."""
    lines = text.splitlines()
    how = "\n".join(line[2:] for line in lines if line.startswith("# "))
    rows = (line.rsplit(maxsplit=1) for line in lines if line and not line.startswith("# "))
    return how, {name: float(count) for name, count in rows}


def written_notes(how: str, counts: Mapping[str, float]) -> str:
    return "".join([*(f"# {line}\n" for line in how.splitlines()),
                    *(f"{name} {count:.1f}\n" for name, count in counts.items())])


def change(before: float | None, now: float) -> float | None:
    return (now - before) / before if before else None


def has_grown(before: float | None, now: float) -> bool:
    return (change(before, now) or 0) > MOST_GROWTH


def row(name: str, before: float | None, now: float) -> str:
    by = change(before, now)
    noted, differs = ("–", "new") if by is None else (f"{before:.1f}", f"{by * 100:+.1f} %")
    return f"{name:36}{noted:>12}{now:12.1f}{differs:>10}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks; all if none is given")
    parser.add_argument("--binary", type=pathlib.Path, default=BINARY)
    parser.add_argument("--write", action="store_true", help="note these counts")
    args = parser.parse_args()
    if unknown := set(args.names) - set(ITERATIONS):
        parser.error(f"not counted: {', '.join(sorted(unknown))}")
    if not args.binary.exists() or not shutil.which("valgrind"):
        sys.exit(f"needs valgrind and {args.binary}")
    how = f"{built_with(args.binary)}\n{runs_on()}"
    noted_how, noted = read_notes(NOTES.read_text() if NOTES.exists() else "")
    built = datetime.datetime.fromtimestamp(args.binary.stat().st_mtime)
    print(f"{args.binary}, linked {built:%Y-%m-%d %H:%M:%S}\n{how}")
    if noted and noted_how != how:
        print(f"The noted counts are of something else:\n{noted_how}")
    print(f"\n{'instructions per iteration':36}{'noted':>12}{'now':>12}{'change':>10}")
    counts = {}
    for name in args.names or ITERATIONS:
        counts[name] = per_iteration(args.binary, name)
        print(row(name, noted.get(name), counts[name]), flush=True)
    if args.write:
        kept = {name: (noted | counts).get(name) for name in ITERATIONS}
        NOTES.write_text(written_notes(how, {k: v for k, v in kept.items() if v is not None}))
        return 0
    grown = [name for name, now in counts.items() if has_grown(noted.get(name), now)]
    if grown:
        print(f"\ngrown by more than {MOST_GROWTH:.0%}: {', '.join(grown)}")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
