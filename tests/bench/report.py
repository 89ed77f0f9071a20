"""The results as Markdown, as pictures, and in the documentation page."""

import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import clients
import plot

BEGIN, END = "<!-- results: written by tests/bench/run --publish -->", "<!-- end of results -->"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column is words, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def crawl_row(row: Mapping[str, Any]) -> list[str]:
    loads = row["does"] == clients.LOADS
    cells = ["–"] * 3 if loads else [str(row[key]) for key in ("missing", "others", "twice")]
    return [row["name"], f"{row['cpu_us']:.1f}",
            f"{row['cpu_us_least']:.1f}–{row['cpu_us_most']:.1f}", f"{row['urls_per_second']:,.0f}",
            f"{row['peak_mib']:.1f}", *cells, ratio(row["to_wrk"]), ratio(row["to_wget2"])]


def by_cost(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(table["clients"], key=lambda row: row["cpu_us"])


def crawl_section(table: Mapping[str, Any]) -> str:
    head = ["", "CPU µs/URL", "spread", "URLs/s", "peak MiB", "missing", "others", "twice",
            "× wrk", "× wget2"]
    return (f"### {table['site']}\n\n{table['urls']:,} URLs: {table['pages']:,} pages of "
            f"{table['page_bytes'] / 1024:.1f} KiB on average, {table['dead']:,} dead links; "
            f"{table['connections']} connections; medians over {table['rounds']} rounds.\n\n"
            f"![CPU time per URL on {table['site']}](performance-{table['site']}.svg)\n\n"
            + markdown_table(head, [crawl_row(row) for row in by_cost(table)]))


def concurrency_section(table: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for urls, searches in sorted({(row["urls"], row["searches"]) for row in table}):
        rows = [[row["name"], str(row["at_once"]), f"{row['ideal']:.2f}", f"{row['wall']:.2f}",
                 f"{row['start_wall']:.2f}", ratio(row["to_ideal"]), f"{row['cpu'] * 1e3:.0f}",
                 f"{row['start_cpu'] * 1e3:.0f}"]
                for row in table if (row["urls"], row["searches"]) == (urls, searches)]
        kind = "a pattern searched for in each body" if searches else "plain"
        parts.append(f"**{urls:,} URLs, {kind}**\n\n" + markdown_table(
            ["", "at once", "ideal s", "wall s", "of it start s", "rest × ideal", "CPU ms",
             "of it start ms"], rows))
    return "### Many slow answers at once\n\n" + "\n".join(parts)


def target_section(rows: Sequence[Mapping[str, Any]]) -> str:
    words = {True: "met", False: "**missed**", None: "not told"}
    return "### Targets\n\n" + markdown_table(
        ["measure", "target", "measured", ""],
        [[row["what"], row["target"], row["measured"], words[row["met"]]] for row in rows])


def versions_section(results: Mapping[str, Any]) -> str:
    tables = results["sites"]
    lines = [f"- {row['name']}: {row['version']}; {row['does']}"
             for row in (tables[0]["clients"] if tables else [])]
    lines += [f"- left out: {one['name']}: {one['reason']}" for one in results["left_out"]]
    return "### Who took part\n\n" + "\n".join(lines) + "\n" if lines else ""


def markdown(results: Mapping[str, Any]) -> str:
    parts = [f"Measured on {results['date']}: {results['machine']}."]
    parts += [crawl_section(table) for table in results["sites"]]
    if results["concurrency"]:
        parts.append(concurrency_section(results["concurrency"]))
    if results["targets"]:
        parts.append(target_section(results["targets"]))
    return "\n".join(part.rstrip() + "\n" for part in [*parts, versions_section(results)] if part)


def pictures(results: Mapping[str, Any]) -> dict[str, str]:
    """File name -> SVG."""
    return {f"performance-{table['site']}.svg": plot.svg(
        f"A crawl of {table['site']}: CPU time per URL",
        f"{table['urls']:,} URLs, {table['page_bytes'] / 1024:.0f} KiB a page, one processor for "
        "the client; logarithmic scale; wrk fetches alone", by_cost(table), clients.ORBWEAVER,
        clients.WRK) for table in results["sites"]}


def write(results: Mapping[str, Any], folder: pathlib.Path) -> None:
    (folder / "results.md").write_text(markdown(results))
    for name, picture in pictures(results).items():
        (folder / name).write_text(picture)


def publish(results: Mapping[str, Any], docs: pathlib.Path) -> None:
    """Puts the results between the marks of the documentation page, the pictures beside it."""
    page = docs / "performance.md"
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the marks that the results go between")
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}")
    for name, picture in pictures(results).items():
        (docs / name).write_text(picture)
