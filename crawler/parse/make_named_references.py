#!/usr/bin/env python3
"""Writes named_references.inc: the named character references of the HTML Standard (section
13.5), taken from Python's own copy of that table, html.entities.html5.

    python3 crawler/parse/make_named_references.py > crawler/parse/named_references.inc

Rows are sorted by name (without '&'), so that those with a common prefix are neighbours and a
shorter name comes before the longer ones that begin with it.
"""
from html.entities import html5


def c_string(text):
    return "".join(f"\\{byte:03o}" for byte in text.encode("utf-8"))


def main():
    print("// Written by make_named_references.py; do not edit. {name, UTF-8}")
    for name in sorted(html5, key=lambda n: n.encode("ascii")):
        assert len(name) <= 32 and len(html5[name].encode("utf-8")) <= 2 * (1 + len(name))
        print(f'{{"{name}", "{c_string(html5[name])}"}},')


main()
