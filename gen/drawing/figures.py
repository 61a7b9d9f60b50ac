"""Lays out plots and writes them as SVG.

Measures are in points. Frame, ticks, lines and type are those of the interactive plots in
web/plot.js, which lie exactly on these.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import svg
from .ink import Fill, Stroke, colour, letters
from .scales import Scale
from .svg import Point

INCH = 72
EDGE = 6.2
ROW = 14.4  # a line of the legend, a title
BELOW = 34.0  # the labels under a panel and the name of the axis
CHARACTER = 5.6  # about the width of one; the page chooses the font
DIGIT = 6.0
ACROSS, UP = 45, 30  # points between ticks, about
KEY, GAP = 24.0, 14.84  # a line in the legend; behind an entry


@dataclass(frozen=True)
class Label:
    """A text centred on a point of a panel, turned by `turn` degrees.

    A `blank` one hides the lines behind it.
    """

    x: float
    y: float
    text: str
    role: str = "ink"
    size: float = 8.5
    turn: float = 0
    blank: bool = False


@dataclass
class Panel:
    """A pair of axes and what is drawn between them, given in the axes' own numbers.

    Where an axis of `zeros` has its 0 there is a line. A `square` panel has the same
    unit on both axes. Areas lie below lines, lines below dots and labels.
    """

    x: Scale
    y: Scale
    across: str = "x"
    up: str = ""
    title: str = ""
    grid: bool = True
    zeros: str = "xy"
    square: bool = False
    areas: list[tuple[Sequence[Point], Fill]] = field(default_factory=list)
    lines: list[tuple[Sequence[Point], Stroke]] = field(default_factory=list)
    dots: list[tuple[Point, str, bool]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def area(self, points: Sequence[Point], fill: Fill) -> None:
        self.areas.append((points, fill))

    def rectangle(self, left: float, bottom: float, right: float, top: float, fill: Fill) -> None:
        self.area(((left, bottom), (right, bottom), (right, top), (left, top)), fill)

    def line(self, xs: Sequence[float], ys: Sequence[float], stroke: Stroke) -> None:
        """A line through the points, broken where a height is NaN."""
        points = zip(xs, ys, strict=True)
        for unknown, run in itertools.groupby(points, key=lambda point: math.isnan(point[1])):
            if not unknown:
                self.lines.append((list(run), stroke))

    def dot(self, x: float, y: float, role: str, closed: bool) -> None:
        """A closed dot where the function has the value, an open one where it only tends to it."""
        self.dots.append(((x, y), role, closed))

    def label(self, label: Label) -> None:
        self.labels.append(label)


@dataclass(frozen=True)
class Box:
    """Where the axes of a panel lie."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Frame:
    """Where a plot's axes lie in its SVG (left, top, right, bottom), and what they span."""

    box: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Figure:
    """Panels side by side, under a legend of (how it is drawn, what it is); sizes in inches."""

    panels: Sequence[Panel]
    legend: Sequence[tuple[Stroke | Fill, str]] = ()
    width: float = 4.8
    height: float = 3.7
    centred: bool = False

    def svg(self, prefix: str) -> str:
        """The drawing; its ids begin with `prefix`."""
        boxes = enumerate(zip(self.panels, self._boxes(), strict=True))
        content = "".join(_panel(panel, box, f"{prefix}-{n}") for n, (panel, box) in boxes)
        width, height = self.width * INCH, self.height * INCH
        return svg.element(
            "svg",
            content + _legend(self._rows(), width if self.centred else 0),
            xmlns="http://www.w3.org/2000/svg",
            width=width * 4 / 3,
            height=height * 4 / 3,
            viewBox=f"0 0 {svg.number(width)} {svg.number(height)}",
        )

    def frame(self) -> Frame:
        """The frame of the first panel."""
        panel, box = self.panels[0], self._boxes()[0]
        edges = (box.left, box.top, box.right, box.bottom)
        spans = (edges, (panel.x.low, panel.x.high), (panel.y.low, panel.y.high))
        return Frame(*(tuple(float(f"{value:.5g}") for value in span) for span in spans))

    def _boxes(self) -> list[Box]:
        top = 12.6 + ROW * len(self._rows()) if self.legend else EDGE
        top += ROW if any(panel.title for panel in self.panels) else 0
        slot = self.width * INCH / len(self.panels)
        bottom = self.height * INCH - BELOW
        return [
            _fit(panel, Box(n * slot, top, (n + 1) * slot - EDGE, bottom))
            for n, panel in enumerate(self.panels)
        ]

    def _rows(self) -> "list[list[tuple[float, Key]]]":
        """The legend in rows, each entry with its left end.

        It stands in columns, as many as there is room for, or flows where there is room for one.
        """
        keys = [Key(look, text) for look, text in self.legend]
        room = self.width * INCH - 9 + GAP
        for count in range(len(keys), 1, -1):
            widths = [max(key.width for key in keys[n::count]) for n in range(count)]
            if sum(widths) <= room:
                lefts = [9 + sum(widths[:n]) for n in range(count)]
                rows = [keys[start : start + count] for start in range(0, len(keys), count)]
                return [list(zip(lefts, row, strict=False)) for row in rows]
        flowing: list[list[tuple[float, Key]]] = []
        used = math.inf
        for key in keys:
            if used + key.width > room:
                flowing.append([])
                used = 0
            flowing[-1].append((9 + used, key))
            used += key.width
        return flowing


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    look: Stroke | Fill
    text: str

    @property
    def width(self) -> float:
        """What it takes, about, with the gap behind it."""
        return KEY + 8 + CHARACTER * len(self.text) + GAP

    def svg(self, x: float, y: float) -> str:
        d = f"M{svg.number(x)} {svg.number(y)}h{KEY:g}"
        if isinstance(self.look, Fill):
            d = f"M{svg.number(x)} {svg.number(y - 3.5)}h{KEY:g}v7h-{KEY:g}z"
        drawn = svg.element("path", d=d, style=self.look.style())
        return drawn + svg.text(x + KEY + 8, y + 3.5, self.text)


def _legend(rows: Sequence[Sequence[tuple[float, Key]]], width: float) -> str:
    """The legend, centred in `width` unless that is 0."""
    found = ""
    for n, row in enumerate(rows):
        left, (right, last) = row[0][0], row[-1]
        shift = (width - left - right - last.width + GAP) / 2 if width else 0
        found += "".join(key.svg(x + shift, 13.1 + ROW * n) for x, key in row)
    return svg.element("g", found, style=letters()) if found else ""


def _numbers(panel: Panel, height: float) -> float:
    """How much room the ticks of the vertical axis take, with their numbers."""
    return 13 + DIGIT * max(len(text) for _, text in panel.y.ticks(math.ceil(height / UP)))


def _fit(panel: Panel, room: Box) -> Box:
    """The room without that of the names and numbers; less where the panel is square."""
    height = room.bottom - room.top
    left = room.left + _numbers(panel, height) + (ROW if panel.up else 0)
    if not panel.square:
        return Box(left, room.top, room.right, room.bottom)
    wide, high = abs(panel.x.high - panel.x.low), abs(panel.y.high - panel.y.low)
    unit = min((room.right - left) / wide, height / high)
    left += (room.right - left - unit * wide) / 2
    return Box(left, room.bottom - unit * high, left + unit * wide, room.bottom)


def _panel(panel: Panel, box: Box, name: str) -> str:
    x, y = panel.x.onto(box.left, box.right), panel.y.onto(box.bottom, box.top)
    inside = svg.element(
        "rect", x=box.left, y=box.top, width=box.right - box.left, height=box.bottom - box.top
    )
    found = svg.element("clipPath", inside, id=name) if panel.lines else ""
    found += _axes(panel, box)
    for points, fill in panel.areas:
        corners = "L".join(f"{svg.number(x(p))} {svg.number(y(q))}" for p, q in points)
        found += svg.element("path", d=f"M{corners}z", style=fill.style())
    drawn = "".join(
        svg.element("path", d=svg.path([(x(p), y(q)) for p, q in points]), style=stroke.style())
        for points, stroke in panel.lines
    )
    found += svg.element("g", drawn, clip_path=f"url(#{name})") if drawn else ""
    left, top, right, bottom = map(svg.number, (box.left, box.top, box.right, box.bottom))
    spines = f"M{left} {top}V{bottom}H{right}"
    found += svg.element("path", d=spines, style=_thin("muted", 0.8, "square"))
    for (p, q), role, closed in panel.dots:
        ink = colour(role if closed else "paper")
        style = f"fill: {ink}; stroke: {colour(role)}; stroke-width: 1.4"
        found += svg.element("circle", cx=x(p), cy=y(q), r=2.5, style=style)
    return found + "".join(_label(label, x(label.x), y(label.y)) for label in panel.labels)


def _axes(panel: Panel, box: Box) -> str:
    """The grid, the ticks with their numbers, the zeros, the names."""
    x, y = panel.x.onto(box.left, box.right), panel.y.onto(box.bottom, box.top)
    left, top, right, bottom = map(svg.number, (box.left, box.top, box.right, box.bottom))
    grid = marks = centred = ending = ""
    for value, text in panel.x.ticks(math.ceil((box.right - box.left) / ACROSS)):
        grid += f"M{svg.number(x(value))} {bottom}V{top}"
        marks += f"M{svg.number(x(value))} {bottom}v3.5"
        centred += svg.text(x(value), box.bottom + 14.6, text)
    for value, text in panel.y.ticks(math.ceil((box.bottom - box.top) / UP)):
        grid += f"M{left} {svg.number(y(value))}H{right}"
        marks += f"M{left} {svg.number(y(value))}h-3.5"
        ending += svg.text(box.left - 7, y(value) + 3.8, text)
    if "x" in panel.zeros and panel.x.low < 0 < panel.x.high:
        marks += f"M{svg.number(x(0))} {bottom}V{top}"
    if "y" in panel.zeros and panel.y.low < 0 < panel.y.high:
        marks += f"M{left} {svg.number(y(0))}H{right}"
    middle = (box.left + box.right) / 2
    centred += svg.text(middle, box.bottom + 28.6, panel.across)
    if panel.title:
        centred += svg.text(middle, box.top - 6, panel.title)
    if panel.up:
        place = box.left - _numbers(panel, box.bottom - box.top) - 4
        centred += _turned(place, (box.top + box.bottom) / 2, panel.up, -90)
    return (
        (svg.element("path", d=grid, style=_thin("grid", 0.6)) if panel.grid else "")
        + svg.element("path", d=marks, style=_thin("muted", 0.8))
        + svg.element("g", centred, style=f"{letters()}; text-anchor: middle")
        + svg.element("g", ending, style=f"{letters()}; text-anchor: end")
    )


def _thin(role: str, width: float, cap: str = "butt") -> str:
    return f"fill: none; stroke: {colour(role)}; stroke-width: {width:g}; stroke-linecap: {cap}"


def _turned(x: float, y: float, text: str, degrees: float, **style: str) -> str:
    turn = f"rotate({svg.number(degrees)} {svg.number(x)} {svg.number(y)})"
    return svg.text(x, y, text, transform=turn, **style)


def _label(label: Label, x: float, y: float) -> str:
    style = f"{letters(label.role, label.size)}; text-anchor: middle; dominant-baseline: central"
    if label.blank:
        style += f"; paint-order: stroke; stroke: {colour('paper')}; stroke-width: 6"
    return _turned(x, y, label.text, label.turn, style=style)
