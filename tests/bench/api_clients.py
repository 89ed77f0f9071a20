#!/usr/bin/env python3
"""Thousands of API clients that keep still, dribble or hardly read: how long takes a status call?

GET /v1/crawls/{id} is asked for over and over: first with no other client there, then beside idle
ones, which connect and say nothing, and slow ones: a third of them send a header byte by byte, a
third read the crawl's records at a trickle, and a third so the API's description, which needs no key,
asked for many times over. Each has an address of its own. The service does not let all
of them stay: who is turned away comes back after a second. Printed are the latencies of calls over
a kept connection and over a new one each, failed calls, and what became of the others.
"""

import argparse
import asyncio
import collections
import http.client
import json
import multiprocessing
import pathlib
import resource
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import endless_site  # noqa: E402
import nginx         # noqa: E402
import orbweaver     # noqa: E402

RECORDS = 2000
LINKS = 50                # of each page: what makes a record large
AGAIN_SECONDS = 1.0       # until a client that was turned away comes back
BYTE_SECONDS = 1.0        # between two bytes of a dribbled header
TRICKLE_BYTES = 512       # read a second
SMALL_WINDOW = 4096       # bytes the kernel takes for a client that reads at a trickle
CONNECTING = 200          # at one time
CALL_SECONDS = 30
PIPELINED = 20            # requests for the description
IDLE, DRIBBLE, TRICKLE, OPEN = "idle", "dribbling", "trickling", "trickling without a key"
READERS = (TRICKLE, OPEN)


class Client(asyncio.BufferedProtocol):
    """One connection of the kind; `over` is set when it has ended."""

    def __init__(self, kind, stream, counts):
        self.kind, self.stream, self.counts = kind, stream, counts
        self.over = asyncio.Event()
        self.space = bytearray(TRICKLE_BYTES)
        self.timer = None

    def connection_made(self, transport):
        self.transport = transport
        self.counts[self.kind, "open"] += 1
        if self.kind in READERS:
            transport.write(self.stream)
        elif self.kind == DRIBBLE:
            self.unsent = iter(self.stream)
            self.send_byte()

    def connection_lost(self, _):
        self.counts[self.kind, "open"] -= 1
        self.counts[self.kind, "turned away"] += 1
        if self.timer:
            self.timer.cancel()
        self.over.set()

    def send_byte(self):
        byte = next(self.unsent, None)
        if byte is not None:
            self.transport.write(bytes([byte]))
            self.timer = asyncio.get_running_loop().call_later(BYTE_SECONDS, self.send_byte)

    def get_buffer(self, _):
        return self.space

    def buffer_updated(self, count):
        if self.kind in READERS:
            self.counts[self.kind, "bytes"] += count
            self.transport.pause_reading()
            self.timer = asyncio.get_running_loop().call_later(1, self.transport.resume_reading)


async def keep_coming(n, kind, port, request, counts, connecting):
    loop = asyncio.get_running_loop()
    while True:
        client = Client(kind, request, counts)
        plug = socket.socket()
        plug.setblocking(False)
        if kind in READERS:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        try:
            async with connecting:
                plug.bind((f"127.20.{n // 250}.{n % 250 + 1}", 0))
                await loop.sock_connect(plug, ("127.0.0.1", port))
            await loop.create_connection(lambda made=client: made, sock=plug)
            await client.over.wait()
        except OSError:
            counts[kind, "not let in"] += 1
            plug.close()
        await asyncio.sleep(AGAIN_SECONDS)


async def attack(port, crawl, idle, slow):
    """Goes on until standard input ends; says how many are open once a second."""
    counts, connecting = collections.Counter(), asyncio.Semaphore(CONNECTING)
    stream = (f"GET /v1/crawls/{crawl}/results HTTP/1.1\r\nHost: localhost\r\n"
              "Accept: application/x-ndjson\r\n\r\n").encode()
    description = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * PIPELINED
    third = slow // 3
    kinds = [IDLE] * idle + [DRIBBLE] * third + [OPEN] * third + [TRICKLE] * (slow - 2 * third)
    clients = [asyncio.create_task(keep_coming(n, kind, port, description if kind == OPEN else stream,
                                               counts, connecting))
               for n, kind in enumerate(kinds)]
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    ended = asyncio.create_task(reader.read())
    while not ended.done():
        counts_by_kind = {f"{kind}, {what}": n for (kind, what), n in sorted(counts.items())}
        print(json.dumps(counts_by_kind), flush=True)
        await asyncio.wait({ended}, timeout=1)
    for client in clients:
        client.cancel()


class Others:
    """The process of the other clients, ended by the end of its input."""

    def __init__(self, service, crawl, args):
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__, "--attack", str(service.port), crawl,
             "--idle", str(args.idle), "--slow", str(args.slow)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def counts(self):
        """The next that it says."""
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def measure(service, crawl, seconds, rate, kept):
    """Latencies of the status calls, in order of size, and how many of them failed and how."""
    latencies, failures = [], collections.Counter()
    connection = None
    began = time.monotonic()
    for n in range(int(seconds * rate)):
        time.sleep(max(0.0, began + n / rate - time.monotonic()))
        call_began = time.monotonic()
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", service.port, CALL_SECONDS)
            connection.request("GET", f"/v1/crawls/{crawl}")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                latencies.append(time.monotonic() - call_began)
            else:
                failures[f"status {answer.status}"] += 1
        except (OSError, http.client.HTTPException) as error:
            failures[type(error).__name__] += 1
            answer = None
        if answer is None or answer.will_close or not kept:
            connection.close()
            connection = None
    return sorted(latencies), failures


def show(title, latencies, failures):
    milliseconds = [1e3 * latency for latency in latencies] or [float("nan")]
    p99 = milliseconds[min(len(milliseconds) - 1, len(milliseconds) * 99 // 100)]
    failed = ", ".join(f"{n} {what}" for what, n in failures.items()) or "none"
    print(f"{title:40}{milliseconds[len(milliseconds) // 2]:9.2f}{p99:9.2f}{milliseconds[-1]:9.2f}"
          f"{len(latencies):9}   {failed}", flush=True)


def show_counts(when, counts):
    print(f"{when}: " + "; ".join(f"{what} {n}" for what, n in counts.items()), flush=True)


def peak_mib(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def run(args, site):
    with orbweaver.Service(args.binary, "--store", "memory", "--threads", str(args.threads),
                           "--log-level", "error") as service:
        crawl = service.create(urls=[site], delay=0, sitemap="skip", robots="ignore",
                               perHostConcurrency=32, limit=RECORDS)
        service.await_end(crawl, 120)

        def both(what):
            for kept, how in ((True, "a kept connection"), (False, "a new one each")):
                show(f"{what}, {how}", *measure(service, crawl, args.seconds, args.rate, kept))

        print(f"{'status calls, ms':40}{'median':>9}{'p99':>9}{'max':>9}{'calls':>9}   failures")
        both("alone")
        with Others(service, crawl, args) as others:
            for _ in range(max(1, int(args.warm_up))):
                counts = others.counts()
            show_counts("at the beginning", counts)
            both(f"beside {args.idle} idle, {args.slow} slow")
            for _ in range(int(2 * args.seconds)):
                counts = others.counts()
            show_counts("at the end", counts)
        both("afterwards")
        print(f"most memory of the service: {peak_mib(service.process.pid):.0f} MiB")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(HERE.parents[1] / "build/release/orbweaver"))
    parser.add_argument("--idle", type=int, default=10_000, help="clients that say nothing")
    parser.add_argument("--slow", type=int, default=1_000, help="clients that dribble or trickle")
    parser.add_argument("--threads", type=int, default=2, help="of the service")
    parser.add_argument("--rate", type=float, default=50, help="status calls a second")
    parser.add_argument("--seconds", type=float, default=15, help="of each of the measurings")
    parser.add_argument("--warm-up", type=float, default=20, help="seconds beside the others")
    parser.add_argument("--attack", nargs=2, metavar=("PORT", "CRAWL"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed < args.idle + args.slow + 100:
        parser.error(f"{args.idle + args.slow} clients need more than the {allowed} files allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    if args.attack:
        asyncio.run(attack(int(args.attack[0]), args.attack[1], args.idle, args.slow))
        return 0
    port = nginx.free_port()
    site = multiprocessing.Process(target=endless_site.serve, args=(port, LINKS), daemon=True)
    site.start()
    try:
        run(args, f"http://127.0.0.1:{port}/")
    finally:
        site.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
