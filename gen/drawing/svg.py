"""Shapes as SVG text of few bytes: hundredths of a unit, steps instead of places."""

import html
import math
from collections.abc import Sequence

Point = tuple[float, float]

SAME = 0.05  # units by which a path may miss a point that it leaves out


def number(value: float) -> str:
    """At most two decimals, and none that are not needed: `12.5`, `.25`, `-3`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if abs(value) < 1 else text


def path(points: Sequence[Point]) -> str:
    """A line through the points as the text of a path; points that change nothing are left out."""
    places = [(round(100 * x), round(100 * y)) for x, y in points]
    kept = _needed(places)
    text, (left, top) = f"M{_pair(*kept[0])}", kept[0]
    for x, y in kept[1:]:
        if y == top:
            text += f"h{number((x - left) / 100)}"
        elif x == left:
            text += f"v{number((y - top) / 100)}"
        else:
            text += f"l{_pair(x - left, y - top)}"
        left, top = x, y
    return text


def _pair(x: int, y: int) -> str:
    second = number(y / 100)
    return number(x / 100) + ("" if second[0] == "-" else " ") + second


def _needed(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The points without those that lie on the line between two that stay (Douglas, Peucker)."""
    keep = {0, len(places) - 1}
    waiting = [(0, len(places) - 1)]
    while waiting:
        first, last = waiting.pop()
        (x0, y0), (x1, y1) = places[first], places[last]
        dx, dy = x1 - x0, y1 - y0
        length = math.hypot(dx, dy)
        farthest, distance = 0, 100 * SAME
        for n in range(first + 1, last):
            x, y = places[n]
            across = abs(dy * (x - x0) - dx * (y - y0))
            off = across / length if length else math.hypot(x - x0, y - y0)
            if off > distance:
                farthest, distance = n, off
        if farthest:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [places[n] for n in sorted(keep)]


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """`<name key="value">content</name>`; an underscore in a key is a hyphen."""
    listed = "".join(
        f' {key.replace("_", "-")}="{value if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{listed}>{content}</{name}>" if content else f"<{name}{listed}/>"


def text(x: float, y: float, content: str, **attributes: str | float) -> str:
    return element("text", html.escape(content, quote=False), x=x, y=y, **attributes)
