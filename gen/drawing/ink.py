"""Colours and line styles: each has one meaning, on every plot and in both colour schemes.

A colour is a CSS variable with the light scheme's value as its fallback, so that the page's scheme
colours an inlined drawing and a file still stands alone.
"""

import json
from dataclasses import dataclass

INK = {
    "f": "#0072b2",
    "df": "#d55e00",
    "ddf": "#009e73",
    "ink": "#1a1b1c",
    "muted": "#6a6b6c",
    "grid": "#e1e2e3",
    "paper": "#fefdfc",
}
# the lengths of dashes and gaps in widths of the line; none is solid
Dashes = tuple[float, ...]
STYLE: dict[str, Dashes] = {"f": (), "df": (5, 2), "ddf": (1, 1.5)}
DASHES: list[Dashes] = [(), (6, 2), (2, 1.5), (6, 1.5, 1, 1.5)]
LINE_WIDTH = 1.9


def colour(role: str) -> str:
    return f"var(--af-{role}, {INK[role]})"


def dash_array(dashes: Dashes, width: float = LINE_WIDTH) -> str:
    """The dashes of a line of this width, as SVG's stroke-dasharray."""
    return " ".join(f"{width * part:g}" for part in dashes)


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn."""

    role: str
    dashes: Dashes = ()
    width: float = LINE_WIDTH
    opacity: float = 1
    blunt: bool = False

    def style(self) -> str:
        cap = "butt" if self.dashes or self.blunt else "round"
        dashed = f"; stroke-dasharray: {dash_array(self.dashes, self.width)}" if self.dashes else ""
        faint = f"; stroke-opacity: {self.opacity:g}" if self.opacity < 1 else ""
        return (
            f"fill: none; stroke: {colour(self.role)}; stroke-width: {self.width:g}{dashed}{faint};"
            f" stroke-linecap: {cap}; stroke-linejoin: round"
        )


@dataclass(frozen=True)
class Fill:
    """How an area is drawn; `edge` is the colour of a thin line around it."""

    role: str
    opacity: float = 1
    edge: str = ""

    def style(self) -> str:
        faint = f"; fill-opacity: {self.opacity:g}" if self.opacity < 1 else ""
        edge = f"; stroke: {colour(self.edge)}; stroke-width: 0.6" if self.edge else ""
        return f"fill: {colour(self.role)}{faint}{edge}"


def own(role: str, width: float = LINE_WIDTH) -> Stroke:
    """f, f′ or f″ in its own style."""
    return Stroke(role, STYLE[role], width)


def letters(role: str = "ink", size: float = 10) -> str:
    """The style of text."""
    return f"font-size: {size:g}px; font-family: var(--af-font, sans-serif); fill: {colour(role)}"


def look() -> str:
    """The module that tells scripts how f, f′ and f″ are drawn: as in the static plots."""
    dashes = {role: dash_array(style) for role, style in STYLE.items()}
    known = {"ink": INK, "dashes": dashes, "width": LINE_WIDTH}
    lines = [f"export const {name} = {json.dumps(value)};" for name, value in known.items()]
    return "\n".join(lines) + "\n"
