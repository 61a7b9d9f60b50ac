"""The picture that a link to a page shows where it is shared: 1200 × 630 PNG."""

import io
import textwrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from .ink import INK
from .plots import AXIS, Curves

SIZE = (12, 6.3)


def made(source: tuple[str, str]) -> dict[str, bytes]:
    """The whole site's: a title and a summary, without a curve."""
    return {"public/cards/site.png": card(*source, [])}


def card(title: str, summary: str, curves: Curves) -> bytes:
    """Title and summary on the left, f on the right; always in the light scheme."""
    figure = Figure(figsize=SIZE, dpi=100)
    canvas = FigureCanvasAgg(figure)
    below = 0.68 - 0.11 * title.count("\n")
    lines = textwrap.fill(summary, 34)
    figure.text(0.06, 0.80, title, fontsize=44, weight="bold", va="top", color=INK["ink"])
    figure.text(0.06, below, lines, fontsize=22, va="top", linespacing=1.4, color=INK["ink"])
    figure.text(
        0.06,
        0.08,
        "Activation Functions · the tested reference",
        fontsize=17,
        color=INK["muted"],
    )
    if curves:
        ax = figure.add_axes((0.56, 0.12, 0.38, 0.76), xlim=(-4, 4), ylim=(-4, 4))
        ax.set_axis_off()
        ax.axhline(0, **AXIS)
        ax.axvline(0, **AXIS)
        for curve in curves:
            across, up = zip(*curve, strict=True)
            ax.plot(across, up, color=INK["f"], linewidth=5)
    raw = io.BytesIO()
    canvas.draw()
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    # a palette of the few colours: a third of the bytes in half of the time
    palette = picture.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette.save(raw, "png")
    return raw.getvalue()
