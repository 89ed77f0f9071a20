"""A site's table as a picture: horizontal bars of CPU time per URL, on a logarithmic scale.

The picture is an SVG of its own without a background, readable on light and on dark pages.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 860, 240, 110, 78, 30, 18

STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 16px }
.small { font-size: 12px; fill: #59636e }
.own { fill: #0969da } .limit { fill: #9a9fa5 } .other { fill: #bf8700 }
.grid { stroke: #8c959f; stroke-opacity: .35 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .small { fill: #9198a1 }
  .own { fill: #4493f8 } .limit { fill: #7d8590 } .other { fill: #d29922 }
}
"""


def powers(least: float, most: float) -> list[float]:
    """The powers of ten that enclose both."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    return [10.0 ** n for n in range(first, max(last, first + 1) + 1)]


def place(value: float, scale: Sequence[float]) -> float:
    """Where a value lies on the scale: 0 at its first power, 1 at its last."""
    first, last = math.log10(scale[0]), math.log10(scale[-1])
    return (math.log10(value) - first) / (last - first)


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def bar(row: Mapping[str, Any], number: int, scale: Sequence[float], own: str, limit: str) -> str:
    """One client's line, with a whisker from its least to its most."""
    y = TOP + number * ROW
    kind = "own" if row["name"].startswith(own) else "limit" if row["name"] == limit else "other"
    space = WIDTH - LEFT - RIGHT
    end, least, most = (LEFT + space * place(row[key], scale)
                        for key in ("cpu_us", "cpu_us_least", "cpu_us_most"))
    middle = y + BAR / 2
    return (f'<text x="{LEFT - 10}" y="{middle + 5}" text-anchor="end">{escape(row["name"])}</text>'
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" rx="2"/>'
            f'<line x1="{least:.1f}" x2="{most:.1f}" y1="{middle}" y2="{middle}" stroke="#656d76"'
            f' stroke-width="2"/><text x="{max(end, most) + 8:.1f}" y="{middle + 5}">'
            f'{short(row["cpu_us"])} µs</text>')


def svg(title: str, note: str, rows: Sequence[Mapping[str, Any]], own: str, limit: str) -> str:
    """`rows`: a table's, in the order they are to be shown; names that begin with `own` stand out,
    and the one that is `limit` steps back."""
    scale = powers(min(row["cpu_us_least"] for row in rows),
                   max(row["cpu_us_most"] for row in rows))
    height = TOP + len(rows) * ROW + 26
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
             f"<title>{escape(title)}</title><style>{STYLE}</style>",
             f'<text class="title" x="10" y="24">{escape(title)}</text>',
             f'<text class="small" x="10" y="46">{escape(note)}</text>']
    for value in scale:
        x = LEFT + (WIDTH - LEFT - RIGHT) * place(value, scale)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}"'
                     f' y2="{height - 26}"/><text class="small" x="{x:.1f}" y="{height - 8}"'
                     f' text-anchor="middle">{short(value)} µs</text>')
    parts += [bar(row, number, scale, own, limit) for number, row in enumerate(rows)]
    return "\n".join(parts) + "\n</svg>\n"
