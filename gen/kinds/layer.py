"""Layers with weights of their own: compared on whole runs of torch's module."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch
from matplotlib.patches import Rectangle

from activations._entry import Activation, Run

from .. import evaluate, plots, words
from ..formula import high_precision
from ..plots import Drawing, Thumbnail
from ..witness import Point, compile_element, element, judge
from ._rows import Row


def check(entry: Activation) -> int:
    with high_precision():
        return judge(entry, _points(entry))


def runs(entry: Activation) -> list[Run]:
    """The entry's runs in float64, from a fixed seed."""
    assert entry.runs
    torch.manual_seed(0)
    with evaluate.double(), torch.no_grad():
        return entry.runs()


def _points(entry: Activation) -> Iterator[Point]:
    for number, run in enumerate(runs(entry)):
        arrays = {name: tensor.tolist() for name, tensor in run.inputs.items()}
        for place in itertools.product(*(range(size) for size in run.outputs.shape)):
            indices = {name: p + 1 for name, p in zip(run.indices, place, strict=True)}
            needs, f = compile_element(entry.formula, entry.where, run.sizes, indices)
            exact = f(*(element(arrays, e) for e in needs))
            yield Point("value", {}, f"run {number}, {indices}", run.outputs[place].item(), exact)


def facts(entry: Activation) -> dict[str, Any]:
    """What is drawn, measured: whether each row of weights, or all probabilities, sum to 1."""
    totals = [run.picture.sum(-1).flatten() for run in runs(entry)]
    return {"sum": 1.0 if all((t - 1).abs().max() < 1e-13 for t in totals) else None}


def rows(entry: Activation, facts: dict[str, Any]) -> list[Row]:
    what = "the weights of a query" if runs(entry)[0].picture.ndim == 2 else "the probabilities"
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
    run = runs(entry)[0]
    draw = _matrix if run.picture.ndim == 2 else _row
    return [draw(entry, run)]


def _matrix(entry: Activation, run: Run) -> Drawing:
    """A matrix of weights: the darker a cell, the nearer its weight is to 1."""
    figure, (ax,) = plots.axes(width=4.6, height=4.2)
    height, width = run.picture.shape
    for (y, x), weight in zip(
        itertools.product(range(height), range(width)), run.picture.flatten().tolist(), strict=True
    ):
        ax.add_patch(
            Rectangle(
                (x + 0.55, y + 0.55),
                0.9,
                0.9,
                color=plots.INK["f"],
                alpha=round(weight, 3),
                linewidth=0,
            )
        )
        ax.add_patch(
            Rectangle(
                (x + 0.55, y + 0.55),
                0.9,
                0.9,
                edgecolor=plots.INK["grid"],
                facecolor="none",
                linewidth=0.6,
            )
        )
        if weight >= 0.005:
            ink = plots.INK["paper" if weight > 0.55 else "ink"]
            ax.text(
                x + 1, y + 1, f"{weight:.2f}", ha="center", va="center", fontsize=8.5, color=ink
            )
    ax.set_xlim(0.5, width + 0.5)
    ax.set_ylim(height + 0.5, 0.5)
    ax.grid(visible=False)
    ax.set_aspect("equal")
    ax.set_xlabel(run.labels[0])
    ax.set_ylabel(run.labels[1])
    tops = ", ".join(f"{w:.2f}" for w in run.picture.amax(-1).tolist())
    return Drawing(
        "weights",
        plots.finish(figure, f"{entry.slug}-w"),
        f"Matrix of the weights of one head, {height} queries by {width} keys; each row sums to 1."
        f" The largest weight in each row: {tops}.",
        f"{entry.name}: the weights of one head with random projections; each row sums to 1,"
        " and weights below 0.005 are left blank.",
    )


def _row(entry: Activation, run: Run) -> Drawing:
    """A row of probabilities as bars."""
    figure, (ax,) = plots.axes(height=3.2)
    heights = run.picture.tolist()
    ax.bar(range(1, len(heights) + 1), heights, color=plots.INK["f"], width=0.7)
    ax.set_xlabel(run.labels[0])
    ax.set_ylabel(run.labels[1])
    ax.set_xticks(range(1, len(heights) + 1))
    listed = ", ".join(words.plain(h, 2) for h in heights)
    return Drawing(
        "probabilities",
        plots.finish(figure, f"{entry.slug}-p"),
        f"Bar chart of the probabilities of {len(heights)} classes: {listed}.",
        f"{entry.name}: the probabilities of {len(heights)} classes for one random input.",
    )


def thumbnail(entry: Activation) -> Thumbnail:
    picture = runs(entry)[0].picture
    row = picture if picture.ndim == 1 else picture[0]
    return plots.bars([row[:3].tolist(), row[3:6].tolist()])
