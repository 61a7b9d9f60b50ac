"""How the halves of a gate lie in the one tensor that it is given."""

from collections.abc import Sequence

from ..facts import words
from . import inline, plots
from .ink import INK, pen
from .plots import Drawing

HIGH, GAP = 0.9, 2.4  # of a cell, and between the feet of the rows, in widths of a cell


def drawing(slug: str, name: str, pairs: Sequence[tuple[int, int]]) -> Drawing:
    """The row that goes in above the row that comes out; `pairs` has, of each output, the places of
    its a and its b in the input, counted from 0."""
    count = 2 * len(pairs)
    figure, (ax,) = plots.axes(height=1.2, rows=0)
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    ax.clear()
    ax.set(xlim=(-0.7, count - 0.3), ylim=(-0.5, GAP + HIGH + 0.5))
    ax.axis("off")
    starts = [(count - len(pairs)) / 2 + n for n in range(len(pairs))]
    for n, (pair, start) in enumerate(zip(pairs, starts, strict=True), 1):
        _cell(ax, start, 0, f"y{_low(n)}", "f")
        for place, half, look in zip(pair, "ab", ("-", "--"), strict=True):
            _cell(ax, place, GAP, f"{half}{_low(n)}", "ink", look)
            ax.plot([place, start], [GAP, HIGH], **pen("muted", linestyle=look, linewidth=1))
    sides = [
        words.listed([str(place + 1) for place in places]) for places in zip(*pairs, strict=True)
    ]
    told = f"a is columns {sides[0]}, b columns {sides[1]}"
    return Drawing(
        "packing",
        inline.svg(figure, f"{slug}-p"),
        f"{count} columns go into {name}, {len(pairs)} come out: {told}.",
        f"How the two halves lie in one tensor, here of {count} columns: {told}.",
    )


def _cell(ax: plots.Axes, left: float, low: float, text: str, role: str, look: str = "-") -> None:
    """A box one column wide, around the name of what is in it."""
    wide = 0.42
    across = [left - wide, left + wide, left + wide, left - wide, left - wide]
    ax.plot(across, [low, low, low + HIGH, low + HIGH, low], **pen(role, linestyle=look))
    ax.text(left, low + HIGH / 2, text, color=INK[role], ha="center", va="center")


def _low(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
