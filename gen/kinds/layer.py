"""Layers with weights of their own: compared on whole runs of torch's module."""

import itertools
from collections.abc import Iterator
from typing import Any

from activations._entry import Activation, Run

from ..drawing import plots
from ..drawing.figures import Figure, Label, Panel
from ..drawing.ink import Fill
from ..drawing.plots import Drawing, Thumbnail
from ..drawing.scales import Scale, named
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
    panel = Panel(
        Scale(0.5, width + 0.5, named(range(1, width + 1))),
        Scale(height + 0.5, 0.5, named(range(1, height + 1))),
        *run.labels,
        grid=False,
        square=True,
    )
    for (y, x), weight in zip(
        itertools.product(range(1, height + 1), range(1, width + 1)),
        run.picture.flatten().tolist(),
        strict=True,
    ):
        fill = Fill("f", round(weight, 3), edge="grid")
        panel.rectangle(x - 0.45, y - 0.45, x + 0.45, y + 0.45, fill)
        if weight >= 0.005:
            ink = "paper" if weight > 0.55 else "ink"
            panel.label(Label(x, y, f"{weight:.2f}", ink))
    tops = ", ".join(f"{w:.2f}" for w in run.picture.amax(-1).tolist())
    return Drawing(
        "weights",
        Figure([panel], width=4.6, height=4.2).svg(f"{entry.slug}-w"),
        f"Matrix of the weights of one head, {height} queries by {width} keys; each row sums to 1."
        f" The largest weight in each row: {tops}.",
        f"{entry.name}: the weights of one head with random projections; each row sums to 1,"
        " and weights below 0.005 are left blank.",
    )


def _row(entry: Activation, run: Run) -> Drawing:
    """A row of probabilities as bars."""
    heights = run.picture.tolist()
    count = len(heights)
    panel = Panel(
        Scale(0.2, count + 0.8, named(range(1, count + 1))),
        Scale(0, 1.05 * max(heights)),
        *run.labels,
    )
    for place, height in enumerate(heights, 1):
        panel.rectangle(place - 0.35, 0, place + 0.35, height, Fill("f"))
    listed = ", ".join(words.plain(h, 2) for h in heights)
    return Drawing(
        "probabilities",
        Figure([panel], height=3.2).svg(f"{entry.slug}-p"),
        f"Bar chart of the probabilities of {len(heights)} classes: {listed}.",
        f"{entry.name}: the probabilities of {len(heights)} classes for one random input.",
    )


def thumbnail(entry: Activation) -> Thumbnail:
    picture = torch_side.runs(entry)[0].picture
    row = picture if picture.ndim == 1 else picture[0]
    return plots.bars([row[:3].tolist(), row[3:6].tolist()])
