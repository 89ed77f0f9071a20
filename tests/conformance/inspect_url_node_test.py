#!/usr/bin/env python3
"""Compares `orbweaver inspect url --batch` with Node.js's URL on random mutations of the inputs in
web-platform-tests' urltestdata.json. Where the two differ for a reason listed in KNOWN, that is
counted; any other difference fails.

usage: inspect_url_node_test.py BINARY [COUNT [SEED]]

Exit code 77: the data is not there, or no node that is new enough.
"""

import collections
import pathlib
import random
import re
import shutil
import subprocess
import sys
import unicodedata
import urllib.parse

from inspect_url import PARTS, answers, difference, load, orbweaver, skip

COUNT = 20_000
SEED = 1
SHOWN = 20
# What URL parsers trip over: delimiters, escapes, digits of addresses, what is stripped or mapped,
# and what is no character at all.
PIECES = list(":/?#[]@\\%&=;!$'()*+,^|{}<>`\"~-_. \t\n\r\0\x1f\x7fabcxXF0127890") + [
    "..", "//", "%2e", "%2E%2e", "%00", "%zz", "%c3%a9", "%80", "0x", "0x7f", "256", "65536", "::",
    "[::1]", "127.1", "xn--", "xn--a", "C|", "C:", "localhost", "http:", "file:", "ws:", "a:",
    "\x80", "\xa0", "\xad", "\xdf", "\xe9", "\u0301", "\u05d0", "\u0660", "\u200b", "\u200d",
    "\u2028", "\u3002", "\ufdd0", "\ufeff", "\uff05", "\uff21", "\ufffd", "\ud800", "\udfff",
    "\U0001f600", "\U0001d7d8", "\U0010ffff"]


def mutated(text, others, chance):
    text = list(text)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(6)
        if kind <= 1:
            text[at:at] = chance.choice(PIECES)
        elif kind == 2:
            text[at:at + 1] = chance.choice(PIECES)
        elif kind == 3:
            del text[at:at + chance.choice((1, 1, 2, 5))]
        elif kind == 4:
            text[at:at] = text[at:at + chance.choice((1, 3, 8))]
        else:
            other = chance.choice(others)
            cut = chance.randrange(len(other) + 1)
            text[at:] = other[cut:]
    return "".join(text)


def mutations(count, seed):
    cases = load("urltestdata.json")
    inputs = [case["input"] for case in cases]
    bases = sorted({case["base"] for case in cases if case["base"] is not None})
    chance = random.Random(seed)
    for _ in range(count):
        case = chance.choice(cases)
        base = case["base"]
        if chance.random() < 0.2:
            base = chance.choice(bases)
        if base is not None and chance.random() < 0.3:
            base = mutated(base, bases, chance)
        yield {"input": mutated(case["input"], inputs, chance), "base": base}


def same_but_for(node, ours, *spelling):
    return all(node[part].replace(*spelling) == ours[part].replace(*spelling) for part in PARTS)


def caret_in_path(line, node, ours):
    return "href" in node and "href" in ours and same_but_for(node, ours, "%5E", "^")


def space_at_end_of_opaque_path(line, node, ours):
    return "href" in node and "href" in ours and same_but_for(node, ours, "%20", " ")


def fragment_and_opaque_base(line, node, ours):
    return "base has no path" in ours.get("reason", "") and "#" in line["input"]


def domain_of(text):
    """Roughly what `text` has for a host, escapes undone."""
    text = text.replace("\t", "").replace("\n", "").replace("\r", "")
    found = re.match(r"(?:[^/\\?#:]*:)?[/\\]*([^/\\?#]*)", text)
    return urllib.parse.unquote(found.group(1).rpartition("@")[2])


def domains(line):
    return [domain_of(text) for text in (line["input"], line["base"]) if text is not None]


def ascii_domain(line, node, ours):
    return "failure" in node and any("xn--" in host.lower() and host.isascii()
                                     for host in domains(line))


def bidi_rule(line, node, ours):
    return "international domain" in ours.get("reason", "") and any(
        unicodedata.bidirectional(char) in ("R", "AL", "AN")
        for host in domains(line) for char in unicodedata.normalize("NFKC", host))


def dot_segments_left(line, node, ours):
    return any(segment in (".", "..") for segment in node.get("pathname", "").split("/"))


def dot_segments_alone(line, node, ours):
    return node.get("pathname") == "" and ours.get("pathname") == "/"


def no_drive_letter(line, node, ours):
    if "failure" in node or "failure" in ours or ours["protocol"] != "file:":
        return False
    surplus = node["pathname"].removesuffix(ours["pathname"])
    return re.fullmatch("/[A-Za-z][:|][^/]+", surplus)


def empty_query_of_base(line, node, ours):
    return ours.get("search") == "" and node.get("href") == ours["href"].replace("?", "", 1)


def newer_unicode(line, node, ours):
    """Python's own data, mostly older than ours, do not know the character."""
    return "failure" in node and any(
        unicodedata.category(char) == "Cn" for host in domains(line) for char in host)


OLDEST_ADA = (2, 9)  # of 2024, in Node.js 20; older ones differ in more
# Why the two differ.
KNOWN = {
    "the standard escapes '^' in paths since November 2024": caret_in_path,
    "the standard escapes the last space of an opaque path since 2025": space_at_end_of_opaque_path,
    "the standard takes any ASCII domain since 2026, also with invalid xn-- labels": ascii_domain,
    "Ada does not hold domains to the Bidi rule": bidi_rule,
    "Ada resolves what is more than a fragment against an opaque path": fragment_and_opaque_base,
    "Ada leaves dot segments behind another segment that begins with a dot": dot_segments_left,
    "Ada leaves an empty path where dot segments take all of it away": dot_segments_alone,
    "Ada keeps a base's first segment that only begins like a drive letter": no_drive_letter,
    "Ada drops the '?' of a base's empty query": empty_query_of_base,
    "Ada does not know the newest characters": newer_unicode,
}


def reason(line, node, ours):
    return next((why for why, applies in KNOWN.items() if applies(line, node, ours)), None)


def find_node():
    """Its path and version."""
    path = shutil.which("node")
    if not path:
        skip("no node")
    run = subprocess.run([path, "-p", "process.version + ' ' + (process.versions.ada ?? '0')"],
                         stdout=subprocess.PIPE, check=True, text=True)
    version, ada = run.stdout.split()
    if tuple(map(int, re.findall(r"\d+", ada)))[:2] < OLDEST_ADA:
        skip(f"Node.js {version} has a URL parser older than Ada {'.'.join(map(str, OLDEST_ADA))}")
    return path, version


def main():
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    node, version = find_node()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    lines = list(mutations(count, seed))
    script = pathlib.Path(__file__).with_name("node_url.mjs")
    by_node = answers([node, str(script)], lines)
    by_us = orbweaver(sys.argv[1], lines)
    known = collections.Counter()
    unknown = []
    for line, expected, answer in zip(lines, by_node, by_us):
        if parts := difference(expected, answer):
            if why := reason(line, expected, answer):
                known[why] += 1
            else:
                unknown.append((line, parts))
    none = sum("failure" in answer for answer in by_us)
    print(f"{count} URLs, seed {seed}, Node.js {version}: {none} are none, "
          f"{sum(known.values())} differ for a known reason, {len(unknown)} for no known one")
    for why, times in known.most_common():
        print(f"{times:6} {why}")
    for line, parts in unknown[:SHOWN]:
        print(f"{ascii(line)}: (node, orbweaver) {ascii(parts)}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
