"""Layers with weights of their own: compared on whole runs of torch's module."""

import itertools
from collections.abc import Iterator
from typing import Any

from matplotlib.patches import Rectangle

from activations._entry import Activation, Run

from ..drawing import inline, plots
from ..drawing.ink import INK
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point, compile_element, element, judge
from ..evaluation.formula import high_precision
from ..facts import words
from ..facts.fact import Row


def check(entry: Activation) -> int:
    with high_precision():
        return judge(entry, _points(entry))


def _points(entry: Activation) -> Iterator[Point]:
    for number, run in enumerate(torch_side.runs(entry)):
        arrays = {name: tensor.tolist() for name, tensor in run.inputs.items()}
        for place in itertools.product(*(range(size) for size in run.outputs.shape)):
            indices = {name: p + 1 for name, p in zip(run.indices, place, strict=True)}
            needs, f = compile_element(entry.formula, entry.where, run.sizes, indices)
            exact = f(*(element(arrays, e) for e in needs))
            yield Point("value", {}, f"run {number}, {indices}", run.outputs[place].item(), exact)


def facts(entry: Activation) -> dict[str, Any]:
    """What is drawn, measured: whether each row of weights, or all probabilities, sum to 1."""
    totals = [run.picture.sum(-1).flatten() for run in torch_side.runs(entry)]
    return {"sum": 1.0 if all((t - 1).abs().max() < 1e-13 for t in totals) else None}


def rows(entry: Activation, facts: dict[str, Any]) -> list[Row]:
    what = (
        "the weights of a query"
        if torch_side.runs(entry)[0].picture.ndim == 2
        else "the probabilities"
    )
    total = f"{what} sum to {words.plain(facts['sum'])}" if facts["sum"] else "not constant"
    smooth, own = words.SMOOTHNESS["analytic"], "yes: it is a layer"
    return [
        Row("sum", "Total", total, facts["sum"], total),
        Row("smoothness", "Smooth?", smooth, "analytic", smooth),
        Row("weights", "Weights of its own", own, True, own),
    ]


def tables(entry: Activation) -> list[str]:
    return []


def drawings(entry: Activation, facts: dict[str, Any]) -> list[Drawing]:
    run = torch_side.runs(entry)[0]
    draw = _matrix if run.picture.ndim == 2 else _row
    return [draw(entry, run)]


def _matrix(entry: Activation, run: Run) -> Drawing:
    """A matrix of weights: the darker a cell, the nearer its weight is to 1."""
    height, width = run.picture.shape
    figure, (ax,) = plots.axes(4.6, 4.2, rows=0, beside=plots.NAMED)
    across, down = range(1, width + 1), range(1, height + 1)
    for (y, x), weight in zip(
        itertools.product(down, across), run.picture.flatten().tolist(), strict=True
    ):
        cell = Rectangle((x - 0.45, y - 0.45), 0.9, 0.9, edgecolor=INK["grid"], linewidth=0.6)
        cell.set_facecolor((INK["f"], round(weight, 3)))
        ax.add_patch(cell)
        if weight >= 0.005:
            ink = INK["paper" if weight > 0.55 else "ink"]
            ax.text(x, y, f"{weight:.2f}", color=ink, fontsize=8.5, ha="center", va="center")
    ax.set(xlim=(0.5, width + 0.5), ylim=(height + 0.5, 0.5), aspect="equal", anchor="S")
    ax.set(xticks=across, yticks=down, xlabel=run.labels[0], ylabel=run.labels[1])
    ax.grid(False)
    tops = ", ".join(f"{w:.2f}" for w in run.picture.amax(-1).tolist())
    return Drawing(
        "weights",
        inline.svg(figure, f"{entry.slug}-w"),
        f"Matrix of the weights of one head, {height} queries by {width} keys; each row sums to 1."
        f" The largest weight in each row: {tops}.",
        f"{entry.name}: the weights of one head with random projections; each row sums to 1,"
        " and weights below 0.005 are left blank.",
    )


def _row(entry: Activation, run: Run) -> Drawing:
    """A row of probabilities as bars."""
    heights = run.picture.tolist()
    places = range(1, len(heights) + 1)
    figure, (ax,) = plots.axes(height=3.2, rows=0, beside=plots.NAMED)
    ax.bar(places, heights, width=0.7, color=INK["f"])
    ax.set(xlim=(0.2, len(heights) + 0.8), ylim=(0, 1.05 * max(heights)), xticks=places)
    ax.set(xlabel=run.labels[0], ylabel=run.labels[1])
    listed = ", ".join(words.plain(h, 2) for h in heights)
    return Drawing(
        "probabilities",
        inline.svg(figure, f"{entry.slug}-p"),
        f"Bar chart of the probabilities of {len(heights)} classes: {listed}.",
        f"{entry.name}: the probabilities of {len(heights)} classes for one random input.",
    )


def thumbnail(entry: Activation) -> Thumbnail:
    picture = torch_side.runs(entry)[0].picture
    row = picture if picture.ndim == 1 else picture[0]
    return plots.bars([row[:3].tolist(), row[3:6].tolist()])
