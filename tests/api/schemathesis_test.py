#!/usr/bin/env python3
"""Holds a running service to its own description: schemathesis asks for every call of /openapi.json
in every way the description allows, and in ways it does not, and checks each answer against it.
Once without API keys, once with."""

import argparse
import contextlib
import http.server
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import orbweaver  # noqa: E402

SKIPPED = 77
SEED = 20260  # any; the same for every run unless --seed says otherwise
PAGES = 3
HOSTS = 16


class Site(http.server.BaseHTTPRequestHandler):
    """A few pages, whatever is asked for."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = b"".join(b"<a href=/%d>%d</a>" % (n, n) for n in range(PAGES))
        self.answer(200, b"<title>A page</title>" + body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(200, b"")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Crawls that are cancelled hang up: nothing to tell."""


@contextlib.contextmanager
def sites():
    """The URLs of hosts of their own: the service leaves time between two fetches from one, and
    the longest delay that any crawl asks for holds for all."""
    with contextlib.ExitStack() as stack:
        urls = []
        for n in range(HOSTS):
            server = Server((f"127.7.0.{n + 1}", 0), Site)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            urls.append(f"http://{server.server_address[0]}:{server.server_port}/")
        yield urls


def conforms(arguments, service, urls, options):
    """Runs schemathesis; whether it found nothing."""
    crawl = service.create(urls=urls[:1], delay=0)
    service.await_end(crawl, 60)
    environment = dict(os.environ, PYTHONPATH=str(HERE), SCHEMATHESIS_HOOKS="hooks",
                       PYTHONDONTWRITEBYTECODE="1", ORBWEAVER_ORIGIN=service.origin,
                       ORBWEAVER_SITES=" ".join(urls), ORBWEAVER_CRAWL=crawl,
                       ORBWEAVER_KEY=service.key or "")
    with tempfile.TemporaryDirectory(prefix="orbweaver-api-") as folder:
        command = [arguments.venv / "bin" / "schemathesis",
                   "--config-file", HERE / "schemathesis.toml",
                   "run", f"{service.origin}/openapi.json", "--no-color", *options]
        if service.key:
            # Keys that are none are tried by one check, once a call; with more of them the service
            # would hear no further one from this address for a while.
            command += ["--header", f"Authorization: Bearer {service.key}",
                        "--generation-with-security-parameters", "false"]
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              check=False)
    if service.process.poll() is not None:
        print(f"the service has ended:\n{service.log()}")
        return False
    return done.returncode == 0


def without_keys(arguments, urls, options):
    """On disk, so that there are bodies, and crawls to compare with."""
    with orbweaver.Service(arguments.binary) as service:
        return conforms(arguments, service, urls, options)


def with_keys(arguments, urls, options):
    with tempfile.TemporaryDirectory(prefix="orbweaver-keys-") as folder:
        key = subprocess.run([arguments.binary, "key", "create", "--name", "test",
                              "--data-dir", folder],
                             capture_output=True, text=True, check=True).stdout.strip()
        with orbweaver.Service(arguments.binary, "--store", "memory",
                               "--data-dir", folder) as service:
            service.key = key
            return conforms(arguments, service, urls, options)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("venv", type=pathlib.Path, help="a Python environment with schemathesis")
    parser.add_argument("--seed", default=str(SEED), help=f"a number, or random (default: {SEED})")
    parser.add_argument("--examples", type=int, default=60, help="of each call (default: 60)")
    arguments, more = parser.parse_known_args()  # more: schemathesis's own
    arguments.binary, arguments.venv = arguments.binary.resolve(), arguments.venv.absolute()
    if not (arguments.venv / "installed.txt").exists():
        print("schemathesis is not installed: ./test puts it into build/")
        return SKIPPED
    seed = random.randrange(2**32) if arguments.seed == "random" else int(arguments.seed)
    print(f"seed {seed}", flush=True)
    options = ["--seed", str(seed), "--max-examples", str(arguments.examples), *more]
    with sites() as urls:
        return 0 if all([without_keys(arguments, urls, options),
                         with_keys(arguments, urls, options)]) else 1


if __name__ == "__main__":
    sys.exit(main())
