"""The `orbweaver` binary as a test sees it: the `crawl` command, and the service with its REST API."""

import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import nginx

ALLOW_LOOPBACK = ["--allow-net", "127.0.0.0/8"]
START_SECONDS = 60  # a binary built for a sanitizer is slow to start
CALL_SECONDS = 60
FINAL_STATES = ("completed", "cancelled", "failed")


def read_records(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Service:
    """`orbweaver serve` on a free port of the loopback, ended by its pid when closed."""

    def __init__(self, binary, *options):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="orbweaver-service-"))
        self.process = None
        self.key = None  # sent with every call, where there is one
        try:
            self.port = nginx.free_port()
            self.origin = f"http://127.0.0.1:{self.port}"
            with (self.home / "service.log").open("wb") as log:
                self.process = subprocess.Popen(
                    [pathlib.Path(binary).resolve(), "serve",
                     "--listen", f"127.0.0.1:{self.port}", *ALLOW_LOOPBACK, *options], cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self._await_ready()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _await_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.call("GET", "/readyz", parse=False)
            time.sleep(0.02)
        raise RuntimeError(f"the service does not start:\n{self.log()}")

    def log(self):
        return (self.home / "service.log").read_text(errors="replace")

    def call(self, method, path, body=None, accept="application/json", parse=True,
             timeout=CALL_SECONDS):
        """The parsed answer (the raw bytes if not `parse`); anything but 2xx raises."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data=data, method=method,
                                         headers={"Accept": accept})
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.key is not None:
            request.add_header("Authorization", f"Bearer {self.key}")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace")
            raise RuntimeError(f"{method} {path}: {error.code} {detail}") from error
        except http.client.IncompleteRead as cut:
            got = len(cut.partial)
            raise RuntimeError(f"{method} {path}: the answer breaks off after {got} bytes") from cut
        return json.loads(content) if parse and content else content

    def create(self, **request):
        """The new crawl's id."""
        return self.call("POST", "/v1/crawls", request)["id"]

    def status(self, crawl):
        return self.call("GET", f"/v1/crawls/{crawl}")

    def await_end(self, crawl, timeout):
        """The status object of the crawl once it has ended."""
        deadline = time.monotonic() + timeout
        while (status := self.status(crawl))["state"] not in FINAL_STATES:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the crawl has not ended after {timeout} s: {status}")
            time.sleep(0.01)
        return status

    def follow(self, crawl, timeout):
        """Every record, read as a stream that the service ends together with the crawl."""
        stream = self.call("GET", f"/v1/crawls/{crawl}/results?follow=true", parse=False,
                           accept="application/x-ndjson", timeout=timeout)
        return [json.loads(line) for line in stream.decode().splitlines()]

    def pages_of_results(self, crawl, limit):
        """Every record, read page by page with a cursor."""
        records, cursor = [], None
        while True:
            query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor is not None else "")
            page = self.call("GET", f"/v1/crawls/{crawl}/results{query}")
            records += page["data"]
            cursor = page["next"]
            if cursor is None:
                return records

    def pages_of_results_so_far(self, crawl, limit=1000):
        """Every record there is now, of a crawl that may go on."""
        records, cursor = [], None
        while True:
            query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor is not None else "")
            page = self.call("GET", f"/v1/crawls/{crawl}/results{query}")
            records += page["data"]
            cursor = page["next"]
            if cursor is None or len(page["data"]) == 0:
                return records

    def ledger(self, crawl, outcome):
        """Every line there is now of URLs with this outcome."""
        stream = self.call("GET", f"/v1/crawls/{crawl}/urls?outcome={outcome}", parse=False,
                           accept="application/x-ndjson")
        return [json.loads(line) for line in stream.decode().splitlines()]

    def kill(self):
        """Ends the service as a power cut would, but for what the system still has in memory."""
        self.process.kill()
        self.process.wait()

    def delete(self, crawl):
        self.call("DELETE", f"/v1/crawls/{crawl}", parse=False)

    def stop(self):
        """Ends the service as an operator would; its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
