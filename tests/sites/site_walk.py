"""Follows a site's links through its files on disk, without a server and without Orbweaver.

This is the second opinion the site tests compare a crawl with, so nothing here is shared with the
crawler: links come from html.parser, URLs are resolved by the few rules below, and what nginx would
answer is read off the directory tree (see nginx.py for the configuration that makes it true).
"""

import dataclasses
import html.parser
import pathlib
import re
import urllib.parse

HTML = ("text/html", "application/xhtml+xml")

# What nginx is told and what the walk believes: one table for both. Everything else is served as
# application/octet-stream.
CONTENT_TYPES = {
    "html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml", "xml": "text/xml",
    "txt": "text/plain", "css": "text/css", "js": "application/javascript", "png": "image/png",
    "gif": "image/gif", "jpg": "image/jpeg", "svg": "image/svg+xml", "pdf": "application/pdf",
    "gz": "application/gzip",
}

# Element -> attribute of the links that are followed; meta refresh is handled apart.
LINK_ATTRIBUTE = {"a": "href", "area": "href", "frame": "src", "iframe": "src"}
FOLLOWED = frozenset(LINK_ATTRIBUTE) | {"meta"}


@dataclasses.dataclass
class Walk:
    """What a complete crawl of one site is: the sets hold path-and-query strings."""
    root: str
    requests: set = dataclasses.field(default_factory=set)   # asked for, each exactly once
    pages: set = dataclasses.field(default_factory=set)      # answered 200 with HTML
    others: set = dataclasses.field(default_factory=set)     # answered 200 with something else
    redirects: set = dataclasses.field(default_factory=set)  # a directory without its slash
    dead: set = dataclasses.field(default_factory=set)       # answered 403 or 404


class _LinkParser(html.parser.HTMLParser):
    def __init__(self, elements):
        super().__init__(convert_charrefs=True)
        self.elements = elements
        self.base = None
        self.links = []
        self.nofollow = False  # the page's own: <meta name=robots content=nofollow>

    def handle_starttag(self, tag, attrs):
        found = {}
        for name, value in attrs:  # the first of two attributes with one name counts
            found.setdefault(name, value or "")
        if tag == "base" and self.base is None and "href" in found:
            self.base = found["href"]
        elif tag == "meta":
            self._handle_meta(found)
        elif tag in LINK_ATTRIBUTE and tag in self.elements and LINK_ATTRIBUTE[tag] in found:
            if "nofollow" not in found.get("rel", "").lower().split():
                self.links.append(found[LINK_ATTRIBUTE[tag]])

    def _handle_meta(self, found):
        content = found.get("content", "")
        if found.get("name", "").lower() == "robots":
            words = {word.strip() for word in content.lower().split(",")}
            self.nofollow |= bool(words & {"nofollow", "none"})
        if found.get("http-equiv", "").lower() == "refresh" and "meta" in self.elements:
            match = re.match(r"\s*[0-9.]*\s*[;,]?\s*(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))",
                             content, re.IGNORECASE | re.DOTALL)
            target = next((group for group in match.groups() if group), "")
            if target:
                self.links.append(target)


def resolve(base, link):
    """The absolute form of `link` without its fragment, or None when it is not http.

    `base` is such an absolute form itself. urllib's urljoin will not do: it drops empty segments,
    which a browser keeps.
    """
    link = re.sub(r"[\t\r\n]", "", link.strip("".join(map(chr, range(0x21)))))
    link, _, query = link.partition("#")[0].partition("?")
    link = link.replace("\\", "/")
    base_scheme, base_host, base_path, base_query = urllib.parse.urlsplit(base)[:4]
    scheme, host, path = base_scheme, base_host, link
    if match := re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", link):
        scheme, path = match.group(1).lower(), link[match.end():]
        if scheme not in ("http", "https"):
            return None
        if scheme != base_scheme:  # slashes or not, a host comes next
            path = "//" + path.lstrip("/")
    if path.startswith("//"):
        host, slash, path = path.lstrip("/").partition("/")
        host, path = host.lower(), slash + path
    elif not path:
        path = base_path
        query = query or base_query
    elif not path.startswith("/"):
        path = base_path[:base_path.rindex("/") + 1] + path
    path = _escape(_without_dots(path or "/"), " \"#<>?`{}")
    return f"{scheme}://{host}{path}" + ("?" + _escape(query, " \"#<>'") if query else "")


def _without_dots(path):
    segments = []
    parts = re.sub("%2e", ".", path, flags=re.IGNORECASE).split("/")[1:]
    for part in parts:
        if part == ".." and segments:
            segments.pop()
        elif part not in (".", ".."):
            segments.append(part)
    return "/" + "/".join(segments) + ("/" if parts[-1] in (".", "..") and segments else "")


def escape_percent(text):
    """Escapes percent signs that begin no escape; a server would refuse them."""
    return re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)


def _escape(text, unsafe):
    """Percent-encodes what may not stand in a request."""
    text = escape_percent(text)
    return "".join(c if 0x20 < ord(c) < 0x7F and c not in unsafe else
                   urllib.parse.quote(c, safe="", errors="surrogateescape") for c in text)


def answer(root, target):
    """(status, content type, file) as nginx answers the path-and-query `target` below `root`."""
    path = target.partition("?")[0]
    file = pathlib.Path(str(root) + urllib.parse.unquote(path, errors="surrogateescape"))
    if path.endswith("/"):
        if not file.is_dir():
            return 404, None, None
        file = file / "index.html"
        if not file.is_file():
            return 403, None, None
    elif file.is_dir():
        return 301, None, None
    elif not file.is_file():
        return 404, None, None
    kind = CONTENT_TYPES.get(file.suffix[1:].lower(), "application/octet-stream")
    return 200, kind, file


def links(base, markup, elements=FOLLOWED):
    """The absolute URLs a page at `base` leads to."""
    parser = _LinkParser(elements)
    parser.feed(markup)
    parser.close()
    if parser.nofollow:
        return set()
    if parser.base is not None:
        base = resolve(base, parser.base) or base
    return {url for url in (resolve(base, link) for link in parser.links) if url}


def walk(root, start, origin="http://site.test", elements=FOLLOWED):
    """Follows the links of `elements` from `start`, staying on `origin`."""
    result = Walk(str(root))
    waiting = [start]
    result.requests.add(start)
    while waiting:
        target = waiting.pop()
        status, kind, file = answer(root, target)
        found = set()
        if status == 301:
            result.redirects.add(target)
            path, mark, query = target.partition("?")
            found = {origin + path + "/" + mark + query}
        elif status != 200:
            result.dead.add(target)
        elif kind not in HTML:
            result.others.add(target)
        else:
            result.pages.add(target)
            markup = file.read_text(encoding="utf-8", errors="surrogateescape")
            found = links(origin + target, markup, elements)
        for url in found:
            if url.startswith(origin + "/") and (target := url[len(origin):]) not in result.requests:
                result.requests.add(target)
                waiting.append(target)
    return result
