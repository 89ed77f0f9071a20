"""Who takes part: Orbweaver as it is started for each measure, and the peers below peers/."""

import dataclasses
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE / "peers"
ORBWEAVER = "Orbweaver"
RECORDS = f"{ORBWEAVER}, full records"
DURABLE = f"{ORBWEAVER}, durable"
WITH_BODIES = f"{ORBWEAVER}, durable with bodies"
WGET2, WRK = "wget2", "wrk"

# What a client does. One that LOADS asks for the list over and over for a fixed time, so that its
# cost is per request and complete is no word for it; one that gets a LIST finds no links.
CRAWLS, LIST, LOADS = "crawls", "gets the list", "fetches alone, from the list, over and over"

# What a crawl of a list is told, so that it asks for the list and for nothing else.
URL_LIST = ["--scope", "list", "--robots", "ignore", "--sitemap", "skip"]


@dataclasses.dataclass(frozen=True)
class Site:
    """What a client is given to crawl."""
    url: str           # of the start page
    urls: pathlib.Path  # file with every URL of the site, one a line
    connections: int


@dataclasses.dataclass(frozen=True)
class Client:
    name: str
    version: str
    does: str
    command: Callable[[Site, pathlib.Path], list[str]]  # the path: an empty folder to write in


@dataclasses.dataclass(frozen=True)
class LeftOut:
    name: str
    reason: str


# In the order of the tables: what the folder's name stands for, and what it does.
PEER_LIST: tuple[tuple[str, str, str], ...] = (
    ("wrk", WRK, LOADS),
    ("wget2", WGET2, CRAWLS),
    ("curl", "curl --parallel", LIST),
    ("colly", "colly (Go)", CRAWLS),
    ("undici", "undici + htmlparser2 (Node.js)", CRAWLS),
    ("spider", "spider (Rust)", CRAWLS),
    ("aiohttp", "aiohttp + lxml (Python)", CRAWLS),
    ("crawlee", "Crawlee, Cheerio (Node.js)", CRAWLS),
    ("scrapy", "Scrapy (Python)", CRAWLS),
)
PEER_NAMES = tuple(folder for folder, _, _ in PEER_LIST)


def install(folder: str, name: str, does: str, build: pathlib.Path) -> Client | LeftOut:
    """Runs the peer's `install`; its last line is the version, or on stderr the reason."""
    target = build / "peers" / folder
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([PEERS / folder / "install", target], cwd=PEERS / folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    if done.returncode != 0:
        return LeftOut(name, said[-1] if said else f"install ended with {done.returncode}")
    script = str(PEERS / folder / "crawl")
    return Client(name, said[-1], does, lambda site, _: [
        script, str(target), site.url, str(site.connections), str(site.urls)])


def help_of(binary: pathlib.Path, command: str) -> str:
    return subprocess.run([binary, command, "--help"], capture_output=True, text=True,
                          check=True).stdout


def version_of(binary: pathlib.Path) -> str:
    words = subprocess.run([binary, "version"], capture_output=True, text=True,
                           check=True).stdout.split()
    return words[1] if len(words) > 1 else "unknown"


def crawl_options(connections: int, threads: int = 1, limit: int = 10_000_000) -> list[str]:
    """What every crawl of the benchmarks is started with: no delay, nothing printed."""
    return ["--allow-net", "127.0.0.0/8", "--delay", "0", "--limit", str(limit),
            "--threads", str(threads), "--per-host-concurrency", str(connections), "--quiet"]


def own_variants(binary: pathlib.Path) -> list[Client | LeftOut]:
    """Orbweaver by what it is asked to remember. What the binary does not offer is left out."""
    offered, version = help_of(binary, "crawl"), version_of(binary)

    def client(name: str, *options: str, out: str = "", data: str = "") -> Client:
        def command(site: Site, folder: pathlib.Path) -> list[str]:
            return [str(binary), "crawl", site.url, *crawl_options(site.connections), *options,
                    "-o", str(folder / out) if out else "/dev/null",
                    *(["--data-dir", str(folder / data)] if data else [])]
        return Client(name, version, CRAWLS, command)

    found: list[Client | LeftOut] = [
        client(ORBWEAVER, "--formats", "none"),
        client(RECORDS, out="records.ndjson"),
    ]
    durable = "rocksdb" in offered and "--data-dir" in offered
    bodies, no_bodies = "--store-bodies", "--no-store-bodies"
    if durable:
        without = [no_bodies] if no_bodies in offered else []
        found.append(client(DURABLE, "--store", "rocksdb", *without, data="data"))
    else:
        found.append(LeftOut(DURABLE, "this binary keeps records in memory alone"))
    if durable and bodies in offered:
        found.append(client(WITH_BODIES, "--store", "rocksdb", bodies, data="data"))
    else:
        found.append(LeftOut(WITH_BODIES, "this binary keeps no bodies"))
    return found


def all_clients(binary: pathlib.Path, build: pathlib.Path,
                chosen: set[str]) -> list[Client | LeftOut]:
    """Orbweaver's variants and the chosen peers, installed."""
    return own_variants(binary) + [install(*peer, build) for peer in PEER_LIST if peer[0] in chosen]


class EmptyFolder:
    """A folder for one run's output, gone afterwards."""

    def __init__(self, build: pathlib.Path):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=build))

    def __enter__(self) -> pathlib.Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
