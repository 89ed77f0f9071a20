"""Fetches a list of URLs in one of the ways that Python offers, and searches each body if told.

usage: main.py WAY AT_ONCE LIST [PATTERN]      WAY: one-by-one, threads, processes, asyncio, queue

Prints how many bodies came and how many matches they held. Each way as its documentation has it:
requests with a session per thread or process, concurrent.futures for the pools, one aiohttp session.
The queue is huey, a task queue like Celery that needs no broker beside it: its consumer runs
AT_ONCE worker processes, and tasks and results go through a file of SQLite.
"""

import asyncio
import concurrent.futures
import pathlib
import re
import sys
import threading
from collections.abc import Iterable

import aiohttp
import requests

local = threading.local()


def session() -> requests.Session:
    """This thread's."""
    if not hasattr(local, "session"):
        local.session = requests.Session()
    return local.session


def search(pattern: str, body: bytes) -> int:
    return len(re.findall(pattern.encode(), body)) if pattern else 0


def fetch(url: str, pattern: str) -> int:
    answer = session().get(url)
    answer.raise_for_status()
    return search(pattern, answer.content)


def one_by_one(_: int, urls: list[str], pattern: str) -> Iterable[int]:
    return [fetch(url, pattern) for url in urls]


def threads(at_once: int, urls: list[str], pattern: str) -> Iterable[int]:
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(fetch, urls, [pattern] * len(urls)))


def processes(at_once: int, urls: list[str], pattern: str) -> Iterable[int]:
    with concurrent.futures.ProcessPoolExecutor(at_once) as pool:
        return list(pool.map(fetch, urls, [pattern] * len(urls)))


def in_asyncio(at_once: int, urls: list[str], pattern: str) -> Iterable[int]:
    async def one(client: aiohttp.ClientSession, url: str) -> int:
        async with client.get(url) as answer:
            answer.raise_for_status()
            return search(pattern, await answer.read())

    async def every() -> list[int]:
        connector = aiohttp.TCPConnector(limit=at_once)
        async with aiohttp.ClientSession(connector=connector) as client:
            return await asyncio.gather(*(one(client, url) for url in urls))
    return asyncio.run(every())


def queue(at_once: int, urls: list[str], pattern: str) -> Iterable[int]:
    import queue_of_tasks
    return queue_of_tasks.run(at_once, urls, pattern)


WAYS = {"one-by-one": one_by_one, "threads": threads, "processes": processes,
        "asyncio": in_asyncio, "queue": queue}


def main() -> None:
    way, at_once, urls = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    pattern = sys.argv[4] if len(sys.argv) > 4 else ""
    found = list(WAYS[way](at_once, urls.read_text().split(), pattern))
    print(len(found), sum(found))


if __name__ == "__main__":
    main()
