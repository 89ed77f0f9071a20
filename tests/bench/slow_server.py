"""The benchmarks' own server, which answers every request after the same time (slow_server/main.cpp)."""

import json
import os
import pathlib
import subprocess
import urllib.request

import measure

# In a page of SIZE bytes this finds SIZE / 1024 addresses, and one more in what is left.
PATTERN = "[a-z0-9._]+@[a-z0-9.]+[.][a-z]{2,}"


class Server:
    """Answers after `delay_ms` with `body_bytes` bytes until closed."""

    def __init__(self, tree: pathlib.Path, delay_ms: int, body_bytes: int):
        self._process = subprocess.Popen(
            ["taskset", "-c", str(measure.SERVER_CPU), tree / "tests/bench/orbweaver_slow_server",
             str(delay_ms), str(body_bytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def count(self) -> tuple[int, int]:
        """(pages answered since the start, connections open beside this one)"""
        with urllib.request.urlopen(self._host(0) + "/.count", timeout=60) as answer:
            found = json.load(answer)
        return found["answered"], found["open"] - 1

    def list_urls(self, count: int, hosts: int) -> list[str]:
        return [f"{self._host(n % hosts)}/list/{n}" for n in range(count)]

    def chains(self, count: int, hosts: int) -> list[str]:
        """The first pages of endless chains, each page a link to the next."""
        return [f"{self._host(n % hosts)}/chain/{n}/0" for n in range(count)]

    def _host(self, number: int) -> str:
        return f"http://127.0.0.{number + 1}:{self._port}"


def write_list(path: str | os.PathLike[str], urls: list[str]) -> None:
    pathlib.Path(path).write_text("".join(url + "\n" for url in urls))
