#!/usr/bin/env python3
"""Writes unicode_tables.inc: what Unicode says of each code point, as UTS 46 needs it.

Run it when a new version of Unicode is out:
    pip install idna unicodedata2
    python3 common/url/unicode_tables.py > common/url/unicode_tables.inc
Both packages carry the Unicode Character Database's own data (Unicode License v3).
"""
import sys

import unicodedata2 as ucd
from idna import idnadata, uts46data

LAST = 0x10FFFF
# Kinds of rows in the mapping table; unicode.cpp has the same numbers.
VALID, DISALLOWED, IGNORED, SHIFT, PAIRS, POOL = range(6)
BIDI = {"L": 0, "R": 1, "AL": 1, "AN": 2, "EN": 3, "ES": 4, "CS": 4, "ET": 4, "ON": 4, "BN": 4,
        "NSM": 5}
JOINING = {"L": 1, "D": 2, "R": 3, "T": 4}


def statuses():
    """For each code point: None if disallowed, else what it becomes."""
    out = [None] * (LAST + 1)
    starts = list(uts46data.uts46_starts) + [LAST + 1]
    for i, kind in enumerate(uts46data.uts46_statuses):
        for cp in range(starts[i], starts[i + 1]):
            if chr(kind) in "VD":
                out[cp] = chr(cp)
            elif chr(kind) == "M":
                out[cp] = uts46data.uts46_replacements[i]
            elif chr(kind) == "I":
                out[cp] = ""
    return out


def utf16(text):
    raw = text.encode("utf-16-be")
    return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]


def mapping_rows(becomes, pool):
    """(first, kind, value): a row reaches up to the next one's first."""

    def is_valid(cp):
        return cp <= LAST and becomes[cp] == chr(cp)

    def is_single(cp, shift):
        return cp <= LAST and shift != 0 and 0 <= cp + shift <= LAST and \
            becomes[cp] == chr(cp + shift)

    def run_end(cp, same):
        while cp <= LAST and same(cp):
            cp += 1
        return cp

    rows = []
    cp = 0
    while cp <= LAST:
        to = becomes[cp]
        if to is None or to == "":
            rows.append((cp, DISALLOWED if to is None else IGNORED, 0))
            cp = run_end(cp, lambda c: becomes[c] == to)
        elif is_valid(cp):
            rows.append((cp, VALID, 0))
            cp = run_end(cp, is_valid)
        elif is_single(cp, 1) and is_valid(cp + 1):
            # Upper and lower case in turns: A a B b ...
            rows.append((cp, PAIRS, 0))
            while is_single(cp, 1) and is_valid(cp + 1):
                cp += 2
        else:
            shift = ord(to) - cp if len(to) == 1 else 0
            end = run_end(cp, lambda c: is_single(c, shift))
            if end > cp + 1 or (end > cp > 0xFFFF):
                rows.append((cp, SHIFT, shift))
                cp = end
                continue
            first, units, length = cp, [], len(utf16(to))
            while cp <= LAST and (to := becomes[cp]) and not is_valid(cp) and \
                    len(utf16(to)) == length:
                shift = ord(to) - cp if len(to) == 1 else 0
                if cp > first and is_single(cp, shift) and is_single(cp + 1, shift):
                    break
                units += utf16(to)
                cp += 1
            rows.append((first, POOL, len(pool) << 5 | length))
            pool += units
    return rows


def properties(becomes):
    joining = {}
    for kind, ranges in idnadata.joining_types.items():
        for packed in ranges:
            for cp in range(packed >> 32, packed & 0xFFFFFFFF):
                joining[cp] = JOINING.get(kind, 0)
    records, rows = [], []
    for cp in range(LAST + 1):
        if becomes[cp] != chr(cp):
            continue  # never asked for: any record will do
        c = chr(cp)
        record = (ucd.combining(c), BIDI.get(ucd.bidirectional(c), 6), joining.get(cp, 0),
                  int(ucd.category(c)[0] == "M"))
        if record not in records:
            records.append(record)
        index = records.index(record)
        if not rows or rows[-1][1] != index:
            rows.append((cp, index))
    rows[0] = (0, rows[0][1])
    return records, rows


def compositions(becomes):
    rows = []
    for cp in range(LAST + 1):
        parts = ucd.decomposition(chr(cp)).split()
        if len(parts) != 2 or parts[0].startswith("<"):
            continue
        a, b = (int(p, 16) for p in parts)
        if ucd.normalize("NFC", chr(a) + chr(b)) == chr(cp) and becomes[cp] == chr(cp):
            rows.append((a, b, cp))
    return sorted(rows)


def put(name, kind, items, note):
    print(f"\n// {note}\nconstexpr {kind} {name}[] = {{")
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            print(line)
            line = "   "
        line += " " + item + ","
    print(line + "\n};")


def main():
    becomes = statuses()
    pool = []
    mapping = mapping_rows(becomes, pool)
    records, rows = properties(becomes)
    triples = compositions(becomes)
    assert len(records) < 256
    print("// Written by unicode_tables.py from Unicode " + ucd.unidata_version +
          " data (Unicode License v3). Not for editing.")
    put("mapping_rows", "mapping_row", [f"{{{f << 3 | k:#x}, {v}}}" for f, k, v in mapping],
        "first code point << 3 | kind; value")
    put("mapping_pool", "char16_t", [f"{u:#x}" for u in pool], "UTF-16")
    put("property_records", "property_record",
        [f"{{{c}, {b}, {j}, {m}}}" for c, b, j, m in records], "ccc, bidi, joining, mark")
    put("property_rows", "std::uint32_t", [f"{f << 8 | i:#x}" for f, i in rows],
        "first code point << 8 | record")
    put("compositions", "composition", [f"{{{a:#x}, {b:#x}, {c:#x}}}" for a, b, c in triples],
        "first, second, composite; in this order")
    print(f"{len(mapping)} {len(pool)} {len(records)} {len(rows)} {len(triples)}",
          file=sys.stderr)


if __name__ == "__main__":
    main()
