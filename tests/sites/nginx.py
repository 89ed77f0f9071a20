"""A private nginx on a free port of the loopback, for one folder, with a readable access log."""

import collections
import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

import site_walk

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  types {{
{types}
  }}
  default_type application/octet-stream;
  log_format crawl '$status $request_method $request_uri';
  access_log {home}/access.log crawl;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  scgi_temp_path {home}/scgi;
  uwsgi_temp_path {home}/uwsgi;
  sendfile on;
  keepalive_requests {keepalive_requests};
  keepalive_timeout {keepalive_timeout};
  open_file_cache max={cached} inactive=1h;
  open_file_cache_valid 1h;
  server {{
{listen}
    {tls}
    {rate}
    root {root};
    index index.html;
    location = /.fence {{ return 204; }}
  }}
}}
"""
HOSTS = 4  # addresses that it listens on, from 127.0.0.1: a crawler keeps few connections to each
CONNECTIONS = 8000   # that nginx takes
CACHED_FILES = 10_000  # that it keeps open beside them
START_SECONDS = 10
STOP_SECONDS = 10


def find_nginx():
    """nginx's path, or None; an ordinary user's PATH often leaves /usr/sbin out."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """Serves `root` until closed. One worker, so that the log is in order (see `taken`).

    `certificate`: a PEM file with a key and its certificate, to serve HTTPS.
    `bytes_per_second`: of each answer, at most; one of twice as many takes a second.
    """

    def __init__(self, root, cpu=None, keepalive_requests=1000, keepalive_timeout=75,
                 certificate=None, bytes_per_second=None):
        self.root = pathlib.Path(root)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="orbweaver-nginx-"))
        self._process = None
        self._read = 0  # bytes of the access log that taken() has answered already
        try:
            for attempt in range(5):  # another process may take the port between probe and use
                self.port = free_port()
                if self._start(cpu, keepalive_requests, keepalive_timeout, certificate,
                               bytes_per_second):
                    break
            else:
                raise RuntimeError("nginx does not start:\n" + self._errors())
        except BaseException:
            self.close()
            raise
        self.origin = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self._trust = ssl.create_default_context(cafile=certificate) if certificate else None
        self._fences = 0
        self.taken()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self, cpu, keepalive_requests, keepalive_timeout, certificate, bytes_per_second):
        types = collections.defaultdict(list)
        for extension, kind in site_walk.CONTENT_TYPES.items():
            types[kind].append(extension)
        # A master that runs as root hands its worker to "nobody" unless told otherwise.
        user = f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};" \
            if os.geteuid() == 0 else ""
        (self.home / "nginx.conf").write_text(CONFIGURATION.format(
            home=self.home, port=self.port, root=self.root, user=user,
            keepalive_requests=keepalive_requests, keepalive_timeout=keepalive_timeout,
            connections=CONNECTIONS, cached=CACHED_FILES,
            files=CONNECTIONS + CACHED_FILES + 1000,
            listen="\n".join(f"    listen 127.0.0.{n + 1}:{self.port} "
                             f"{'ssl' if certificate else ''} backlog=1024;" for n in range(HOSTS)),
            tls=f"ssl_certificate {certificate}; ssl_certificate_key {certificate};"
            if certificate else "",
            rate=f"limit_rate {bytes_per_second};" if bytes_per_second else "",
            types="\n".join(f"    {kind} {' '.join(names)};" for kind, names in types.items())))
        pin = ["taskset", "-c", str(cpu)] if cpu is not None else []
        with (self.home / "start.log").open("wb") as log:
            self._process = subprocess.Popen(
                pin + [find_nginx(), "-e", "stderr", "-p", str(self.home),
                       "-c", str(self.home / "nginx.conf")],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.01)
        self._stop()
        return False

    def _errors(self):
        logs = (self.home / name for name in ("start.log", "error.log"))
        return "".join(log.read_text(errors="replace") for log in logs if log.exists())

    def taken(self):
        """Counter of (path and query) -> requests logged since the last call.

        nginx logs a request after it has sent the answer, so a crawl can be over before its last
        line is written. A request of our own, answered by the same single worker, comes later in
        the log than all of them.
        """
        return collections.Counter(target for _, target in self.log_lines())

    def log_lines(self):
        """(status, path and query) of the requests logged since the last call, in order."""
        self._fences += 1
        fence = f"/.fence?{self._fences}"
        with urllib.request.urlopen(self.origin + fence, timeout=10, context=self._trust):
            pass
        deadline = time.monotonic() + 10
        while True:
            with (self.home / "access.log").open(errors="surrogateescape") as log:
                log.seek(self._read)
                lines = log.read()
                if fence + "\n" in lines:
                    self._read = log.tell()
                    break
            if time.monotonic() > deadline:
                raise RuntimeError("nginx's access log does not go on")
            time.sleep(0.01)
        found = []
        for line in lines.splitlines():
            status, _, target = line.split(" ", 2)
            if not target.startswith("/.fence"):
                found.append((int(status), target))
        return found

    def freeze(self):
        """From now on nobody is answered; connections are taken all the same, by the system."""
        self._signal_worker(signal.SIGSTOP)

    def thaw(self):
        self._signal_worker(signal.SIGCONT)

    def _signal_worker(self, number):
        master = self._process.pid
        for worker in pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split():
            os.kill(int(worker), number)

    def _stop(self):
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def close(self):
        self._stop()
        shutil.rmtree(self.home, ignore_errors=True)
