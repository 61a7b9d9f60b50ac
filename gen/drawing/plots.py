"""What the kinds share of their plots: a finished drawing, sampling, and the thumbnails."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .figures import Frame
from .scales import Scale


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: what it is called, its SVG, its text alternative, its caption."""

    name: str
    svg: str
    alt: str
    caption: str
    axes: Frame | None = None


def heights(values: Sequence[float]) -> Scale:
    """A vertical axis that shows all given values and 0, with a small margin."""
    low, high = min(*values, 0.0), max(*values, 0.0)
    margin = 0.06 * max(high - low, 0.5)
    return Scale(low - margin, high + margin)


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
