#!/usr/bin/env python3
"""Crawls a small site of awkward answers into archives and reads them with warcio, which shares no
code with the crawler: every record, digest, length and line of the index."""

import contextlib
import gzip
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import orbweaver  # noqa: E402

SKIPPED = 77
LARGE = "".join(f"<p>{i * 7919}</p>" for i in range(300_000)).encode()  # several pieces of a store
PAGES = {
    "/": b"<a href=/chunked>1</a><a href=/gzip>2</a><a href=/moved>3</a><a href=/twin1>4</a>"
         b"<a href=/twin2>5</a><a href=/short>6</a><a href=/large>7</a><a href=/none>8</a>"
         b"<a href=/empty>9</a>",
    "/chunked": b"<p>in pieces" * 50,
    "/gzip": b"<p>compressed" * 50,
    "/target": b"<p>where it went",
    "/twin1": b"<p>twins",
    "/twin2": b"<p>twins",
    "/short": b"<p>there should be more of this",
    "/large": LARGE,
    "/none": b"<p>no such page",
    "/empty": b"",
}
REDIRECT = b"moved"


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path
        if path == "/moved":
            return self.answer(302, REDIRECT, ("Location", "/target"))
        body = PAGES.get(path, b"?")
        status = 404 if path == "/none" or path not in PAGES else 200
        if path == "/gzip":
            return self.answer(status, gzip.compress(body, mtime=0), ("Content-Encoding", "gzip"))
        if path == "/chunked":
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part)
                              for part in (body[:7], body[7:])) + b"0\r\n\r\n"
            return self.answer(status, chunks, ("Transfer-Encoding", "chunked"), length=None)
        if path == "/short":
            self.close_connection = True
            return self.answer(status, body, length=len(body) + 100)
        return self.answer(status, body)

    def answer(self, status, body, *fields, length=-1):
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        for name, value in fields:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def members(archive):
    """(offset, length) of the archive's gzip members, found without anybody's index."""
    found, offset = [], 0
    while offset < len(archive):
        inflater = zlib.decompressobj(wbits=31)
        inflater.decompress(archive[offset:])
        assert inflater.eof, f"the member at {offset} does not end"
        length = len(archive) - offset - len(inflater.unused_data)
        found.append((offset, length))
        offset += length
    return found


def read_archive(path):
    """What warcio reads, as dictionaries; it raises where a digest or a length is wrong."""
    from warcio.archiveiterator import ArchiveIterator
    out = []
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        for record in records:
            head = record.rec_headers
            out.append({
                "type": record.rec_type,
                "head": dict(head.headers),
                "url": head.get_header("WARC-Target-URI"),
                "http": record.http_headers,
                "raw_length": int(head.get_header("Content-Length")),
                "body": record.content_stream().read(),
                "digest": record.digest_checker.passed,
                "offset": records.get_record_offset(),
                "length": records.get_record_length(),
            })
    return out


def check_archive(path, origin, warcio_check):
    records = read_archive(path)
    assert [(r["offset"], r["length"]) for r in records] == members(path.read_bytes()), \
        "each record is a member of its own"
    checked = subprocess.run([*warcio_check, str(path)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert records[0]["type"] == "warcinfo" and b"software: Orbweaver/" in records[0]["body"]
    ids = [r["head"]["WARC-Record-ID"] for r in records]
    assert len(set(ids)) == len(ids)
    answers = {r["url"][len(origin):]: r for r in records if r["type"] in ("response", "revisit")}
    assert set(answers) == {*PAGES, "/moved"}, sorted(answers)
    check_answers(answers)
    check_twins(answers, ids)
    check_requests(records)
    return records


def check_answers(answers):
    for path, r in answers.items():
        head = r["head"]
        assert head["WARC-IP-Address"] == "127.0.0.1"
        if r["type"] == "revisit":
            continue
        expected = REDIRECT if path == "/moved" else PAGES[path]
        assert r["body"] == expected, path
        assert r["digest"] is True, f"{path}: its digests were not verified"
        status = {"/moved": "302", "/none": "404"}.get(path, "200")
        assert r["http"].get_statuscode() == status, path
        assert head.get("WARC-Truncated") == ("disconnect" if path == "/short" else None), path
    assert answers["/moved"]["http"].get_header("Location") == "/target"
    chunked = answers["/chunked"]["http"]
    assert chunked.get_header("Transfer-Encoding") is None
    assert chunked.get_header("X-Crawler-Transfer-Encoding") == "chunked"
    # Compressed as it came: the record is shorter than the page.
    assert answers["/gzip"]["http"].get_header("Content-Encoding") == "gzip"
    assert answers["/gzip"]["raw_length"] < len(PAGES["/gzip"])


def check_twins(answers, ids):
    twins = sorted((answers["/twin1"], answers["/twin2"]), key=lambda r: r["type"])
    first, again = twins
    assert (first["type"], again["type"]) == ("response", "revisit")
    head = again["head"]
    assert head["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert head["WARC-Refers-To"] == first["head"]["WARC-Record-ID"]
    assert ids.index(head["WARC-Refers-To"]) < ids.index(head["WARC-Record-ID"])
    assert head["WARC-Refers-To-Target-URI"] == first["url"]
    assert head["WARC-Refers-To-Date"] == first["head"]["WARC-Date"]
    assert head["WARC-Payload-Digest"] == first["head"]["WARC-Payload-Digest"]
    assert again["http"].get_statuscode() == "200" and again["body"] == b""


def check_requests(records):
    for answer, request in zip(records[1::2], records[2::2]):
        assert request["type"] == "request" and request["url"] == answer["url"]
        assert request["head"]["WARC-Concurrent-To"] == answer["head"]["WARC-Record-ID"]
        assert request["http"].protocol == "GET", request["http"].protocol


def check_index(path, records, name):
    lines = path.read_text().splitlines()
    assert lines == sorted(lines, key=str.encode)
    by_offset = {r["offset"]: r for r in records if r["type"] in ("response", "revisit")}
    assert len(lines) == len(by_offset)
    for line in lines:
        key, time, fields = line.split(" ", 2)
        entry = json.loads(fields)
        record = by_offset[int(entry["offset"])]
        assert int(entry["length"]) == record["length"]
        assert entry["url"] == record["url"] and entry["filename"] == name
        assert entry["digest"] == record["head"]["WARC-Payload-Digest"]
        assert entry["status"] == record["http"].get_statuscode()
        assert (entry["mime"] == "warc/revisit") == (record["type"] == "revisit")
        assert len(time) == 14 and key.startswith("1,0,0,127:")


REQUEST = {"delay": 0, "sitemap": "skip", "robots": "ignore", "retries": 0}


def crawl(binary, origin, folder, store):
    archive, index = folder / f"{store}.warc.gz", folder / f"{store}.cdxj"
    subprocess.run(
        [binary, "crawl", origin + "/", *orbweaver.ALLOW_LOOPBACK, "--delay", "0", "--sitemap",
         "skip", "--robots", "ignore", "--retries", "0", "--quiet", "--format", "warc", "--store",
         store, "--data-dir", str(folder / "data"), "-o", str(archive), "--cdxj", str(index)],
        check=True, timeout=120)
    return archive, index


def serve(binary, origin, folder):
    """The archive and its index as the service gives them."""
    archive, index = folder / "served.warc.gz", folder / "served.cdxj"
    with orbweaver.Service(binary, "--data-dir", str(folder / "service")) as service:
        crawl_id = service.create(urls=[origin + "/"], **REQUEST)
        service.await_end(crawl_id, 60)
        results = f"/v1/crawls/{crawl_id}/results"
        archive.write_bytes(service.call("GET", results, accept="application/warc", parse=False))
        index.write_bytes(service.call("GET", results + "?format=cdxj", parse=False))
        for record in service.pages_of_results(crawl_id, 100):
            if not record["url"].endswith("/large"):
                continue
            body = service.call("GET", f"{results}/{record['seq']}/body", parse=False, accept="*/*")
            assert body == LARGE
    return archive, index, crawl_id + ".warc.gz"


def main():
    binary, venv = sys.argv[1], pathlib.Path(sys.argv[2])
    sys.path[:0] = [str(path) for path in venv.glob("lib/python3*/site-packages")]
    try:
        import warcio  # noqa: F401
    except ImportError:
        print(f"warcio is not installed in {venv}; ./test does that, with a network")
        return SKIPPED
    check = [str(venv / "bin" / "python"), "-m", "warcio.cli", "check"]
    with tempfile.TemporaryDirectory() as name, site() as origin:
        folder = pathlib.Path(name)
        for store in ("memory", "rocksdb"):
            archive, index = crawl(binary, origin, folder, store)
            check_index(index, check_archive(archive, origin, check), archive.name)
            print(f"crawl --store {store}: well")
        archive, index, served_as = serve(binary, origin, folder)
        check_index(index, check_archive(archive, origin, check), served_as)
        print("serve: well")
    return 0


if __name__ == "__main__":
    sys.exit(main())
