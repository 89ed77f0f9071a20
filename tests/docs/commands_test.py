#!/usr/bin/env python3
"""Runs the commands of the guides, as a reader would, against a site and a service of this machine.

usage: commands_test.py BINARY SOURCE [FILE...]

Each guide is one shell session in a folder of its own: what a block leaves behind, the next one
finds. `https://example.com` is a site on the loopback, `127.0.0.1:8080` a service; the rest stands as it
is printed. Every command must succeed.

Exit code 77: a program that the guides use is not installed.
"""

import contextlib
import functools
import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sites"))

import blocks
import nginx
import orbweaver

SKIPPED = 77
SESSION_SECONDS = 300
PROGRAMS = ("bash", "curl", "jq", "gzip", "sqlite3")
SITE = "https://example.com"
SERVICE = "127.0.0.1:8080"
OTHER_SERVICE = "127.0.0.1:8099"  # that a guide starts itself

PAGES = {
    "index.html": "<title>Example</title><p>Welcome <a href=/docs/>docs</a> <a href=/gone.html>x</a>",
    "docs/index.html": "<title>Docs</title><p>Price: 12.50 <a href=one.html>1</a> <a href=two.html>2</a>",
    "docs/one.html": "<title>One</title><p>The first page",
    "docs/two.html": "<title>Two</title><p>The second page",
}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def site():
    """Serves PAGES; its origin."""
    with tempfile.TemporaryDirectory(prefix="orbweaver-docs-site-") as root:
        for name, html in PAGES.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(html, encoding="utf-8")
        handler = functools.partial(QuietHandler, directory=root)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


def session_of(guide, origin, service):
    """One script of the guide's blocks; each tells its line when it fails."""
    script, other = ["set -euo pipefail"], f"127.0.0.1:{nginx.free_port()}"
    for block in blocks.blocks_in(guide):
        if block.mark != "":
            continue
        text = block.text.replace(SITE, origin)
        text = text.replace(SERVICE, service).replace(OTHER_SERVICE, other)
        script += [f"trap 'echo {guide.name}:{block.line}: a command of this block fails >&2' ERR",
                   text]
    return "\n".join(script) if len(script) > 1 else None


def run_guide(binary, source, guide):
    """Whether every command of it succeeds."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="orbweaver-docs-")))
        origin = stack.enter_context(site())
        service = stack.enter_context(orbweaver.Service(binary, "--data-dir", folder / "service"))
        script = session_of(guide, origin, f"127.0.0.1:{service.port}")
        if script is None:
            return True
        here, programs = folder / "here", folder / "bin"
        here.mkdir()
        programs.mkdir()
        for place in (programs / "orbweaver", here / "run"):  # `./run crawl …` is the same
            place.symlink_to(binary)
        for name in ("docs", "tests", "packaging", "docker"):
            (here / name).symlink_to(source / name)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ORBWEAVER_")}
        environment |= {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(here),
                        "ORBWEAVER_SERVER": service.origin,
                        "ORBWEAVER_ALLOW_NET": "127.0.0.0/8"}
        ran = subprocess.run(["bash", "-c", script], cwd=here, env=environment, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=SESSION_SECONDS)
        print(f"{guide.name}: exit code {ran.returncode}")
        if ran.returncode != 0:
            print(ran.stdout[-4000:], service.log()[-2000:], sep="\n")
        return ran.returncode == 0


def main():
    binary, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}")
        return SKIPPED
    files = [pathlib.Path(name).resolve() for name in sys.argv[3:]] or blocks.guides(source)
    return 0 if all([run_guide(binary, source, guide) for guide in files]) else 1


if __name__ == "__main__":
    sys.exit(main())
