"""The picture that a link to a page shows where it is shared: 1200 × 630 PNG."""

import io
import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt

from . import plots

SIZE = (12, 6.3)


def card(title: str, summary: str, curves: Sequence[Sequence[tuple[float, float]]]) -> bytes:
    """Title and summary on the left, f on the right; always in the light scheme."""
    figure = plt.figure(figsize=SIZE, dpi=100, facecolor="white", layout="none")
    figure.text(0.06, 0.80, title, fontsize=44, weight="bold", va="top")
    below = 0.68 - 0.11 * title.count("\n")
    figure.text(0.06, below, textwrap.fill(summary, 34), fontsize=22, va="top", linespacing=1.4)
    figure.text(
        0.06,
        0.08,
        "Activation Functions · the tested reference",
        fontsize=17,
        color=plots.INK["muted"],
    )
    if curves:
        ax = figure.add_axes((0.56, 0.12, 0.38, 0.76))
        for curve in curves:
            ax.plot(*zip(*curve, strict=True), color=plots.INK["f"], linewidth=5)
        ax.set(xlim=(-4, 4), ylim=(-4, 4))
        plots.zero_axes(ax)
        ax.set_axis_off()
        ax.plot([-4, 4], [0, 0], color=plots.INK["muted"], linewidth=1)
        ax.plot([0, 0], [-4, 4], color=plots.INK["muted"], linewidth=1)
    raw = io.BytesIO()
    figure.savefig(raw, format="png", metadata={"Software": None})
    plt.close(figure)
    return raw.getvalue()
