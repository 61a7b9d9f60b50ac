"""Layers with weights of their own: compared on whole runs of torch's module."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar

import torch
from matplotlib.patches import Rectangle
from pydantic import ConfigDict
from sympy import Indexed
from sympy.core.relational import Relational

from activations._entry import Activation, Run

from ..drawing import inline, plots
from ..drawing.ink import INK
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point, compile_element, element
from ..facts import vectors, words
from ..facts.family import PAGE_ONLY, Fact, Family
from ..printing.statements import Statement, operator
from . import _rounding
from .kind import Kind, Words


def _told_sum(facts: Any) -> str:
    return f"{facts.what} sum to {words.plain(facts.sum)}" if facts.sum else "not constant"


def _told_weights(facts: Any) -> str:
    return "yes: it is a layer" if facts.weights else "no"


class LayerFacts(Family):
    """Of the kind layer, which has weights of its own. Measured with torch in float64."""

    model_config = ConfigDict(title="Facts of a layer")
    family: ClassVar = "layer"

    what: Annotated[str, PAGE_ONLY]
    """what sums to a total"""
    sum: Annotated[float | None, Fact("Total", words=_told_sum, glance=True)]
    """what each row of weights, or all probabilities, sum to; null where that varies"""
    smoothness: Annotated[str | None, PAGE_ONLY, Fact("Smooth?", words=words.smooth, glance=True)]
    """how smooth it is"""
    weights: Annotated[bool, PAGE_ONLY, Fact("Weights of its own", words=_told_weights)]
    """"""


class Layer(Kind):
    name = published = "layer"
    words = Words(
        source="on the run that is drawn",
        special=("Input", "Outputs"),
        tried="20 random layers and inputs",
        against=", at the numbers that the layer's linear maps gave",
    )
    lists_optional_arguments = False
    counted_in_models = ""

    def __init__(self, entry: Activation) -> None:
        super().__init__(entry)
        self.inputs = (*self.runs()[0].inputs,) if entry.runs else ()

    def problems(self) -> Iterator[str]:
        if self.entry.runs is None:
            yield "a layer states its runs, of which there are none; add runs="

    def runs(self) -> list[Run]:
        return torch_side.runs(self.entry)

    def points(self) -> Iterator[Point]:
        entry = self.entry
        for number, run in enumerate(self.runs()):
            arrays = {name: tensor.tolist() for name, tensor in run.inputs.items()}
            for place in itertools.product(*(range(size) for size in run.outputs.shape)):
                indices = {name: p + 1 for name, p in zip(run.indices, place, strict=True)}
                needs, f = compile_element(entry.formula, entry.where, run.sizes, indices)
                exact = f(*(element(arrays, e) for e in needs))
                where = f"run {number}, {indices}"
                yield Point("value", {}, where, run.outputs[place].item(), exact)

    def facts(self) -> LayerFacts:
        """What is drawn, measured: whether each row of weights, or all probabilities, sum to 1."""
        runs = self.runs()
        totals = [run.picture.sum(-1).flatten() for run in runs]
        matrix = runs[0].picture.ndim == 2
        return LayerFacts(
            what="the weights of a query" if matrix else "the probabilities",
            sum=1.0 if all((t - 1).abs().max() < 1e-13 for t in totals) else None,
            smoothness=vectors.structure(self.entry.formula, self.entry.where),
            weights=min(run.weights for run in runs) > 0,
        )

    def drawings(self, facts: LayerFacts) -> list[Drawing]:
        run = self.runs()[0]
        draw = _matrix if run.picture.ndim == 2 else _row
        return [draw(self.entry, run)]

    def thumbnail(self) -> Thumbnail:
        picture = self.runs()[0].picture
        row = picture if picture.ndim == 1 else picture[0]
        return plots.bars([row[:3].tolist(), row[3:6].tolist()])

    def definition(self) -> Statement:
        """The formula; a class that a condition asks about is none of its free indices."""
        entry, formula = self.entry, self.entry.formula
        asked = {s for condition in formula.atoms(Relational) for s in condition.free_symbols}
        found = [s for e in sorted(formula.atoms(Indexed), key=str) for s in e.indices]
        free = tuple(dict.fromkeys(s for s in found if s in formula.free_symbols - asked))
        left = entry.left or f"{operator(entry)}(x)"
        return Statement("definition-formula", entry.slug, left, formula, entry.forms, indices=free)

    def given(self) -> tuple[str, ...]:
        return ()

    def rounding(self, device: torch.device) -> dict[str, Any]:
        return _rounding.of_runs(self.entry, device)

    def special_input(self, text: str) -> str | None:
        return "all × 1000" if text == "1000" else f"one {words.special(text)}"

    def inputs_elsewhere(self) -> str:
        return self.entry.slug

    def own_inputs(self) -> Sequence[Run]:
        return self.runs()


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
