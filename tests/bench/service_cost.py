"""What a running service costs, by what the kernel says of its process."""

import os
import pathlib
import socket
import subprocess
import time

import clients
import measure
import nginx
import orbweaver

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def memory_mib(pid: int, kind: str) -> float:
    """`kind`: VmRSS, VmHWM (the most so far), RssAnon ..."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(kind + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no {kind}")


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def pin(pid: int, cpu: int) -> None:
    for thread in os.listdir(f"/proc/{pid}/task"):
        os.sched_setaffinity(int(thread), {cpu})


def service(binary: pathlib.Path, connections: int, *options: str) -> orbweaver.Service:
    """One of one thread, on the client's processor."""
    found = orbweaver.Service(
        binary, "--threads", "1", "--max-concurrency", str(connections),
        "--max-connections", str(connections + 100), "--log-level", "warn",
        *(["--store", "memory"] if "--store " in clients.help_of(binary, "serve") else []), *options)
    pin(found.process.pid, measure.CLIENT_CPU)
    return found


def create_list(to: orbweaver.Service, urls: list[str], hosts: int, connections: int) -> str:
    """A crawl of the list and nothing else, outcomes only."""
    return to.create(urls=urls, scope="list", robots="ignore", sitemap="skip", formats=[], delay=0,
                     perHostConcurrency=-(-connections // hosts), maxQueryVariants=1_000_000,
                     limit=len(urls))


def start_seconds(binary: pathlib.Path) -> float:
    """From the start of the process until it takes a connection."""
    port = nginx.free_port()
    began = time.monotonic()
    process = subprocess.Popen([binary, "serve", "--listen", f"127.0.0.1:{port}"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        while not takes_connection(port):
            if process.poll() is not None:
                raise RuntimeError("the service does not start")
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def takes_connection(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
