"""What plots share: axes and what stands on them, a finished drawing, sampling, the thumbnails."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from ..facts.words import RAISED
from .ink import FILE, INK, Look, pen

matplotlib.style.use(FILE)

INCH = 72  # units of a drawing
EDGE, ROW = 6.2, 14.4  # units: beside a plot; a line of letters
NUMBERS, NAMED, BELOW = 37, 56, 34  # units beside the axes, if they are named, and below them
ACROSS, UP = 30, 17  # units between ticks, at least
AXIS = pen("muted", linewidth=matplotlib.rcParams["axes.linewidth"])
Tick = tuple[float, str]
Curves = Sequence[Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Frame:
    """Where a plot's axes lie in its SVG (left, top, right, bottom), what they span, their ticks,
    and where the entries of the legend begin."""

    box: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    ticks: tuple[list[Tick], list[Tick]]
    keys: list[tuple[float, ...]]


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: what it is called, its SVG, its text alternative, its caption."""

    name: str
    svg: str
    alt: str
    caption: str
    axes: Frame | None = None


def axes(
    width: float = 4.8,
    height: float = 3.7,
    columns: int = 1,
    *,
    rows: int = 1,
    beside: float = NUMBERS,
) -> tuple[Figure, list[Axes]]:
    """A figure of `width` by `height` inches with plots side by side, each with its zero axes.

    Above them is room for so many rows of a legend and titles, to their left for `beside` units.
    """
    figure = Figure((width, height), frameon=False)
    slot = width * INCH / columns
    figure.subplots_adjust(
        left=beside / (columns * slot),
        right=1 - EDGE / (columns * slot),
        bottom=BELOW / (height * INCH),
        top=1 - (ROW * rows + 12.6 if rows else EDGE) / (height * INCH),
        wspace=(beside + EDGE) / (slot - beside - EDGE),
    )
    panels = list(figure.subplots(1, columns, squeeze=False).flat)
    for ax in panels:
        ax.patch.set_visible(False)
        ax.axhline(0, **AXIS, zorder=1)
        ax.axvline(0, **AXIS, zorder=1)
        for axis, most in ((ax.xaxis, ax.bbox.width / ACROSS), (ax.yaxis, ax.bbox.height / UP)):
            axis.set_major_locator(MaxNLocator(int(most), steps=[1, 2, 5, 10]))
    return figure, panels


def window(ax: Axes, across: tuple[float, float], heights: Sequence[float]) -> None:
    """Show x from end to end, and all the heights and 0 with a small margin."""
    low, high = min(*heights, 0.0), max(*heights, 0.0)
    margin = 0.06 * max(high - low, 0.5)
    ax.set(xlim=across, ylim=(low - margin, high + margin), xlabel="x")


def decades(axis: Axis) -> None:
    """Ticks at powers of ten, of a logarithmic axis."""
    axis.set_major_locator(LogLocator(numticks=6))
    axis.set_major_formatter(lambda value, _: _power(value))
    axis.set_minor_locator(NullLocator())


def _power(value: float) -> str:
    return f"{value:g}" if value < 1e4 else f"10{f'{math.log10(value):.0f}'.translate(RAISED)}"


def dot(ax: Axes, x: float, y: float, role: str, *, closed: bool) -> None:
    """A closed dot where the function has the value, an open one where it only tends to it."""
    face = INK[role if closed else "paper"]
    ax.plot([x], [y], "o", color=INK[role], markerfacecolor=face, zorder=3, clip_on=False)


def legend(figure: Figure, looks: Mapping[str, Look], columns: int, **where: Any) -> None:
    """What each line, or area if it has a `facecolor`, is; columns are filled one by one."""
    handles = [
        Patch(label=name, **look) if "facecolor" in look else Line2D([], [], label=name, **look)
        for name, look in looks.items()
    ]
    figure.legend(handles=handles, ncols=columns, **{"loc": "upper left", **where})


def frame(figure: Figure) -> Frame:
    """The frame of the first plot, once its SVG is made."""
    ax, top = figure.axes[0], figure.bbox.height
    (left, bottom), (right, upper) = ax.bbox.get_points()
    starts = [text.get_transform().transform(text.get_position())
              for found in figure.legends for text in found.texts]  # fmt: skip
    return Frame(
        _short(left, top - upper, right, top - bottom),
        _short(*ax.get_xlim()),
        _short(*ax.get_ylim()),
        (_ticks(ax.xaxis), _ticks(ax.yaxis)),
        [_short(x, top - y) for x, y in starts],
    )


def _short(*values: float) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def _ticks(axis: Axis) -> list[Tick]:
    """The values that have a tick, and their labels."""
    low, high = sorted(axis.get_view_interval())
    places = axis.get_majorticklocs().tolist()
    labels = axis.get_major_formatter().format_ticks(places)
    return [(p, label) for p, label in zip(places, labels, strict=True) if low <= p <= high]


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


@dataclass(frozen=True)
class Thumbnail:
    """A small picture: its SVG, and the curves in it, which the card draws large."""

    svg: str
    curves: Curves = ()


def _small(axis: str, kind: str, path: str, curves: Curves = ()) -> Thumbnail:
    svg = (
        '<svg class="af-thumb" viewBox="-4 -4 8 8" aria-hidden="true">'
        f'<path class="af-axis" d="{axis}"/><path class="af-{kind}" d="{path}"/></svg>'
    )
    return Thumbnail(svg, curves)


def thumbnail(curves: Curves) -> Thumbnail:
    """A small SVG of f in the window [-4, 4] × [-4, 4] that all thumbnails share."""
    return _small("M-4,0H4M0,-4V4", "f", "".join(map(_line, curves)), curves)


def _line(curve: Iterable[tuple[float, float]]) -> str:
    """The SVG path of a curve, without the points that nobody would miss in a small picture."""
    path = Path(list(curve))
    path.simplify_threshold = 0.01  # of the window's 8 units
    points = np.asarray(path.cleaned(simplify=True).vertices)[:-1].tolist()
    return "M" + " ".join(f"{round(x, 2):g},{round(-y, 2) + 0:g}" for x, y in points)


def bars(outer: Sequence[Sequence[float]]) -> Thumbnail:
    """A small SVG for a vector map: the inputs' bars on the left, the outputs' on the right."""
    shapes = []
    for side, heights in enumerate(outer):
        top = max(abs(h) for h in heights) or 1
        for place, height in enumerate(heights):
            x, size = -3.6 + 4.2 * side + 1.1 * place, 3 * abs(height) / top
            y = -size if height >= 0 else 0
            shapes.append(f"M{x:g},{round(y, 2):g}h.8v{round(size, 2):g}h-.8z")
    return _small("M-4,0H4", "bar", "".join(shapes))
