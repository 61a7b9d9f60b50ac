"""Draws with matplotlib, and turns each drawing into one SVG that serves both colour schemes.

A colour has one meaning everywhere: f, f′ and f″ keep their hue and line style. In the SVG each
colour is a CSS variable with the light scheme's value as its fallback, so that the page's scheme
colours an inlined drawing and the file still stands alone.
"""

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib

matplotlib.use("svg")
import itertools

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import node

INK = {
    "f": "#0072b2",
    "df": "#d55e00",
    "ddf": "#009e73",
    "ink": "#1a1b1c",
    "muted": "#6a6b6c",
    "grid": "#e1e2e3",
    "paper": "#fefdfc",
}
STYLE: dict[str, Any] = {"f": "-", "df": (0, (5, 2)), "ddf": (0, (1, 1.5))}
LINE_WIDTH = 1.9
DASHES = ["-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 1.5, 1, 1.5))]

plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "activation functions",
        "font.family": "sans-serif",
        "font.size": 10,
        "text.color": INK["ink"],
        "axes.labelcolor": INK["ink"],
        "axes.edgecolor": INK["muted"],
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": INK["grid"],
        "grid.linewidth": 0.6,
        "xtick.color": INK["muted"],
        "ytick.color": INK["muted"],
        "xtick.labelcolor": INK["ink"],
        "ytick.labelcolor": INK["ink"],
        "lines.linewidth": LINE_WIDTH,
        "lines.solid_capstyle": "round",
        "legend.frameon": False,
        "legend.handlelength": 2.4,
        "figure.constrained_layout.use": True,
        "path.simplify_threshold": 0.05,
    }
)


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: what it is called, its SVG, its text alternative, its caption."""

    name: str
    svg: str
    alt: str
    caption: str
    axes: "Frame | None" = None


@dataclass(frozen=True)
class Frame:
    """Where a plot's axes lie in its SVG (left, top, right, bottom), and what they span."""

    box: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]


def finish(figure: Figure, prefix: str) -> str:
    """Close the figure and return its SVG: small, deterministic, coloured by CSS variables."""
    raw = io.StringIO()
    figure.savefig(raw, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: var(--af-font, sans-serif)", raw.getvalue())
    for role, colour in INK.items():
        svg = svg.replace(colour, f"var(--af-{role}, {colour})")
    return node.optimise(svg, prefix)


def dash_array(role: str) -> str:
    """The role's line style as SVG's stroke-dasharray; matplotlib scales dashes by the width."""
    style = STYLE[role]
    return "" if style == "-" else " ".join(f"{LINE_WIDTH * part:g}" for part in style[1])


def frame_of(figure: Figure) -> Frame:
    """The frame of a finished figure's first axes."""
    ax = figure.axes[0]
    width, height = 72 * figure.get_size_inches()
    place = ax.get_position()
    edges = (place.x0 * width, (1 - place.y1) * height, place.x1 * width, (1 - place.y0) * height)
    box, x, y = (
        tuple(float(f"{number:.5g}") for number in numbers)
        for numbers in (edges, ax.get_xlim(), ax.get_ylim())
    )
    return Frame(box, x, y)


def axes(width: float = 4.8, height: float = 3.7, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """A figure with one or more plots side by side, each with its zero axes drawn."""
    figure, grid = plt.subplots(1, columns, figsize=(width, height), squeeze=False)
    return figure, list(grid[0])


def zero_axes(ax: Axes) -> None:
    ax.axhline(0, color=INK["muted"], linewidth=0.8, zorder=1)
    ax.axvline(0, color=INK["muted"], linewidth=0.8, zorder=1)


def frame(ax: Axes, window: tuple[float, float], heights: Sequence[float]) -> None:
    """Set the window; the height shows all given values with a small margin."""
    low, high = min(*heights, 0.0), max(*heights, 0.0)
    margin = 0.06 * max(high - low, 0.5)
    ax.set_xlim(*window)
    ax.set_ylim(low - margin, high + margin)
    zero_axes(ax)


def dot(ax: Axes, x: float, y: float, role: str, closed: bool) -> None:
    """A closed dot where the function has the value, an open one where it only tends to it."""
    ax.plot(
        [x],
        [y],
        "o",
        markersize=5,
        color=INK[role],
        markeredgewidth=1.4,
        zorder=5,
        markerfacecolor=INK[role] if closed else INK["paper"],
        clip_on=False,
    )


def stretches(
    window: tuple[float, float], cuts: Sequence[float], count: int = 401
) -> Iterator[list[float]]:
    """Sample the window between cuts; each stretch starts and ends next to its cuts, 0 included."""
    low, high = window
    edges = [low, *(c for c in sorted(cuts) if low < c < high), high]
    for start, stop in itertools.pairwise(edges):
        first = math.nextafter(start, stop) if start in cuts else start
        last = math.nextafter(stop, start) if stop in cuts else stop
        points = max(3, round(count * (stop - start) / (high - low)))
        inner = [start + (stop - start) * i / (points - 1) for i in range(1, points - 1)]
        zero = [0.0] if first < 0 < last else []
        yield sorted({first, *inner, *zero, last})


def ticks(values: Sequence[float]) -> list[str]:
    return [f"{v:g}".replace("-", "−") for v in values]


@dataclass(frozen=True)
class Thumbnail:
    """A small picture: its SVG, and the curves in it, which the card draws large."""

    svg: str
    curves: Sequence[Sequence[tuple[float, float]]] = ()


def thumbnail(curves: Sequence[Sequence[tuple[float, float]]]) -> Thumbnail:
    """A small SVG of f in the window [-4, 4] × [-4, 4] that all thumbnails share."""
    path = " ".join(
        "M" + " ".join(f"{round(x, 2):g},{round(-y, 2):g}" for x, y in curve) for curve in curves
    )
    svg = (
        '<svg class="af-thumb" viewBox="-4 -4 8 8" aria-hidden="true">'
        '<path class="af-axis" d="M-4,0H4M0,-4V4"/>'
        f'<path class="af-f" d="{path}"/></svg>'
    )
    return Thumbnail(svg, curves)


def bars(outer: Sequence[Sequence[float]]) -> Thumbnail:
    """A small SVG for a vector map: the inputs' bars on the left, the outputs' on the right."""
    shapes = []
    for side, heights in enumerate(outer):
        top = max(abs(h) for h in heights) or 1
        for place, height in enumerate(heights):
            x, size = -3.6 + 4.2 * side + 1.1 * place, 3 * abs(height) / top
            y = -size if height >= 0 else 0
            shapes.append(f"M{x:g},{round(y, 2):g}h.8v{round(size, 2):g}h-.8z")
    return Thumbnail(
        '<svg class="af-thumb" viewBox="-4 -4 8 8" aria-hidden="true">'
        '<path class="af-axis" d="M-4,0H4"/>'
        f'<path class="af-bar" d="{"".join(shapes)}"/></svg>'
    )
