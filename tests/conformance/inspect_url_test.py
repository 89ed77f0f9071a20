#!/usr/bin/env python3
"""Feeds web-platform-tests' urltestdata.json and toascii.json to `orbweaver inspect url --batch`
and compares every part of every answer.

usage: inspect_url_test.py BINARY

Exit code 77: the data is not there (ORBWEAVER_CONFORMANCE_DIR, or ../shared/conformance).
"""

import sys

from inspect_url import PARTS, difference, load, orbweaver


def cases():
    """(line for the command, expected answer)"""
    for case in load("urltestdata.json"):
        yield {"input": case["input"], "base": case["base"]}, case
    for case in load("toascii.json"):
        line = {"input": f"https://{case['input']}/x", "base": None}
        output = case["output"]
        yield line, {"failure": True} if output is None else {
            "href": f"https://{output}/x", "protocol": "https:", "username": "", "password": "",
            "host": output, "hostname": output, "port": "", "pathname": "/x", "search": "",
            "hash": ""}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pairs = list(cases())
    found = orbweaver(sys.argv[1], [line for line, _ in pairs])
    wrong = 0
    for (line, expected), answer in zip(pairs, found):
        if "failure" not in answer and tuple(answer) != PARTS:
            sys.exit(f"{line}: the members are {list(answer)}")
        if parts := difference(expected, answer):
            wrong += 1
            print(f"{line}: (expected, answered) {parts}")
    print(f"{len(pairs)} URLs, {wrong} answered wrongly")
    return 1 if wrong or len(pairs) < 800 else 0


if __name__ == "__main__":
    sys.exit(main())
