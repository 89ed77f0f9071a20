#!/usr/bin/env python3
"""Writes a seed corpus for each fuzz target below a directory: one sub-directory per target.

usage: seeds.py DIRECTORY

The seeds of the URL and HTML parsers come from the public conformance data, where that is present
(ORBWEAVER_CONFORMANCE_DIR, or ../shared/conformance beside the sources); the others are made here.
"""

import gzip
import hashlib
import json
import os
import pathlib
import sys
import zlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CONFORMANCE = pathlib.Path(
    os.environ.get("ORBWEAVER_CONFORMANCE_DIR", SOURCE.parent / "shared" / "conformance"))

ROBOTS = [
    "User-agent: *\nDisallow: /private/\nAllow: /private/open$\nCrawl-delay: 2.5\n",
    "\ufeffuser-agent: foobot\r\nuser-agent: other/1.0\r\ndissallow: /*.php$\r\nSitemap: http://a/s\r\n",
    "User-agent foobot\rDisallow /a%2fb\rAllow: /a%2Fb/*/c\r",
    "# none\nUser-agent: *\nDisallow:\n\nUser-agent: foobot\nDisallow: /%e3%81%82*b*c*d$\n",
    # Cut within what ends it: nothing of the pattern may be left.
    "User-agent: *\nDisallow: " + "$" * 17_000 + "\nAllow: /" + "*$" * 300 + "\n",
]
PATHS = ["/", "/private/open", "/a%2Fb/x/c", "/index.php?a=1", "/\u3042bcd"]

URLSET = ('<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/'
          'sitemap/0.9"><url><loc>http://a/?x=1&amp;y=&#50;</loc><lastmod>2024-02-03</lastmod>'
          '</url><url><loc><![CDATA[http://a/b]]></loc></url></urlset>')
SITEMAPS = [
    URLSET,
    '<s:sitemapindex xmlns:s="x"><s:sitemap><s:loc> http://a/1.xml </s:loc></s:sitemap>'
    '</s:sitemapindex>',
    '<rss version="2.0"><channel><link>http://a/</link><item><link>http://a/1</link><pubDate>Sat, '
    '03 Feb 2024 10:00:00 GMT</pubDate></item></channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="alternate" href="/e"/><updated>'
    '2024-02-03T10:00:00Z</updated></entry></feed>',
    "http://a/1\nhttp://a/2\r\n\r\nnot a url\n",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>',
    "<!DOCTYPE x [<!-- it's --><!ENTITY a \"]><urlset><url><loc>http://b/</loc></url></urlset>\">]>"
    "<urlset><url attr=it's><loc>http://a/</loc></url></urlset>",
]

RESPONSES = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.0 200\nContent-Type: text/html\n\nuntil close",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 301 Moved\r\nLocation: /x\r\n folded\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\nTransfer-Encoding: gzip, chunked"
    "\r\n\r\n",
    "<html>no header at all",
]

DIRECTIVES = [
    "noindex, nofollow", "none", "otherbot: noindex, foobot: nofollow, noarchive", "index;follow",
    "unavailable_after: Sunday, 25 Jun 2010 15:00:00 PST, nosnippet", "NOINDEX NOFOLLOW",
    "max-snippet:-1, max-image-preview: large, noimageindex", "foobot : none", ",,:,noindex,",
]
EXTRACTS = [
    (0, r"<title>(.*?)</title>", "<title>a</title>"), (1, "x*", "axxb"), (3, "(a)|(b)", "ab b"),
    (1, r"(?i)<meta[^>]*content=\"([^\"]*)\"", '<META name=a content="b&amp;">'),
    (5, r"\b\w+$", "a \u00e9\u4e2d"), (1, r"(?s:\C)", "\u00e9\0"), (0, "(", "("),
]

CHARSETS = ["utf-8", "windows-1252", "shift_jis", "euc-jp", "gb18030", "big5", "koi8-r",
            "iso-8859-2", "utf-16le", "utf-16be", "euc-kr", "iso-2022-jp"]
TEXT = "\u65e5\u672c\u8a9e \u043f\u0440\u0438\u0432\u0435\u0442 caf\u00e9 \uc548\ub155 "


def url_seeds():
    yield from (b"http://a/b?c#d", b"http://a/b/c\n../d;e=f?g#h", b"file:///C|/x\nC:/../y")
    path = CONFORMANCE / "url" / "urltestdata.json"
    if path.exists():
        for case in json.loads(path.read_text()):
            if isinstance(case, dict):
                base = case.get("base")
                text = case["input"] if base is None else f"{base}\n{case['input']}"
                yield text.encode("utf-8", "surrogatepass")


def html_seeds():
    yield b"<!doctype html><title>a&amp;b</title><base href=/x/><a href='y' rel=nofollow>t</a>"
    yield b"<script><!--<script></script>--></script><img srcset='a 1x, b 2x'><meta name=robots>"
    yield b"<meta http-equiv=refresh content='3; url=x'><div hidden>no</div><pre>\n a\n</pre>"
    for path in sorted((CONFORMANCE / "html").glob("*.test")):
        for case in json.loads(path.read_text())["tests"]:
            yield case["input"].encode("utf-8", "surrogatepass")


def robots_seeds():
    for text in ROBOTS:
        for path in PATHS:
            yield f"{path}\n{text}".encode()


def sitemap_seeds():
    # The first byte: in which pieces, and from 0x10 on the charset in Content-Type.
    for text in SITEMAPS:
        yield b"\0" + text.encode()
        yield b"\3" + gzip.compress(text.encode(), mtime=0)
        yield b"\1\xff\xfe" + text.encode("utf-16-le")
        yield b"\x43" + text.encode("utf-16-be")
    for label, name in ((0x20, "latin-1"), (0x50, "shift_jis"), (0x60, "iso2022_jp"),
                        (0x70, "gb18030")):
        word = "caf\u00e9" if name == "latin-1" else "\u65e5\u672c"
        text = f"<urlset><url><loc>http://a/{word}</loc></url></urlset>"
        yield bytes([label]) + text.encode(name)
        yield b"\2" + f"<?xml version='1.0' encoding='{name}'?>{text}".encode(name)


def response_seeds():
    for text in RESPONSES:
        yield b"\0" + text.encode()
        yield b"\1" + text.encode()


def decode_seeds():
    plain = (URLSET * 3).encode()
    raw = zlib.compressobj(wbits=-15)
    packed = [gzip.compress(plain, mtime=0) * 2, zlib.compress(plain),
              raw.compress(plain) + raw.flush(), gzip.compress(bytes(200_000), mtime=0), plain]
    for wire in packed:
        for codings in range(8):
            for stacked in range(2):
                yield bytes([codings, stacked]) + wire


def charset_seeds():
    for name in CHARSETS:
        text = f"<meta charset={name}>{TEXT * 8}"
        body = text.encode(name, "replace")
        yield body
        yield f"{name}\n".encode() + body
    yield b"\n\xef\xbb\xbf" + TEXT.encode()


def directives_seeds():
    for text in DIRECTIVES:
        yield f"foobot\n{text}".encode()
        yield f"\n{text}".encode()


def extract_seeds():
    for options, pattern, body in EXTRACTS:
        yield bytes([options]) + f"{pattern}\n{body}".encode()


SEEDS = {"url": url_seeds, "html": html_seeds, "robots": robots_seeds, "sitemap": sitemap_seeds,
         "response": response_seeds, "decode": decode_seeds, "charset": charset_seeds,
         "directives": directives_seeds, "extract": extract_seeds}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for target, seeds in SEEDS.items():
        directory = pathlib.Path(sys.argv[1]) / f"fuzz_{target}"
        directory.mkdir(parents=True, exist_ok=True)
        for seed in seeds():
            (directory / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main()
