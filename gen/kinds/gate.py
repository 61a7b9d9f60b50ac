"""Functions of two halves: one half is gated by the other."""

import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from mpmath import mpf

from activations._entry import Activation
from activations._notation import a, b

from ..drawing import inline, plots
from ..drawing.ink import INK
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point, judge
from ..evaluation.formula import at, high_precision, numeric
from ..facts import words
from ..facts.fact import Row
from ..facts.values import Extent

LEVELS = (-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3)
ROW = 1.7  # the b at which the level lines are numbered
GRID = [-1e3, -30.0, -4.0, -1.0, -1e-9, 0.0, 0.5, 2.0, 30.0, 1e3]


def check(entry: Activation) -> int:
    with high_precision():
        return judge(entry, _points(entry))


def _apply(entry: Activation, pairs: torch.Tensor) -> torch.Tensor:
    """The gated output for rows (a, b)."""
    return torch_side.callable_at(entry, entry.setting)(pairs)[:, 0]


def _points(entry: Activation) -> Iterator[Point]:
    chance = random.Random(0)
    pairs = [*itertools.product(GRID, GRID)]
    pairs += [(chance.gauss(0, 3), chance.gauss(0, 3)) for _ in range(40)]
    inputs = torch.tensor(pairs, dtype=torch.float64, requires_grad=True)
    outputs = _apply(entry, inputs)
    gradients = torch.autograd.grad(outputs.sum(), inputs)[0].tolist()
    expr = at(entry, entry.setting)
    f, by_a, by_b = (numeric(e, a, b) for e in (expr, expr.diff(a), expr.diff(b)))
    for (p, q), value, slope in zip(pairs, outputs.tolist(), gradients, strict=True):
        place, exact, size = f"(a, b) = ({p!r}, {q!r})", (mpf(p), mpf(q)), abs(p)
        yield Point("value", entry.setting, place, value, f(*exact), size)
        for by, got, g in (("a", slope[0], by_a), ("b", slope[1], by_b)):
            yield Point("slope", entry.setting, f"{place}, by {by}", got, g(*exact), size)


def facts(entry: Activation) -> dict[str, Any]:
    """The shape that comes out of the shape that goes in, measured."""
    sample = torch.zeros(2, 3, 8, dtype=torch.float64)
    result = torch_side.callable_at(entry, entry.setting)(sample)
    return {"shape_in": list(sample.shape), "shape_out": list(result.shape)}


def rows(entry: Activation, facts: dict[str, Any]) -> list[Row]:
    shapes = [" × ".join(map(str, facts[key])) for key in ("shape_in", "shape_out")]
    smooth = words.SMOOTHNESS["analytic"]
    whole, gate = Extent(-math.inf, math.inf), r"$\sigma(b)$, between 0 and 1"
    halves = "two halves of one tensor"
    sizes = {"input": tuple(facts["shape_in"]), "output": tuple(facts["shape_out"])}
    return [
        Row("inputs", "Inputs", "two halves a and b of one tensor", halves, halves),
        Row("range", "Range", r"$(-\infty, \infty)$", whole, r"$(-\infty, \infty)$"),
        Row("gate", "Gate", gate, Extent(0, 1), gate),
        Row("smoothness", "Smooth?", smooth, "analytic", smooth),
        Row("shape", "Shape", f"{shapes[0]} goes in, {shapes[1]} comes out", sizes),
    ]


def tables(entry: Activation) -> list[str]:
    return []


def drawings(entry: Activation, facts: dict[str, Any]) -> list[Drawing]:
    """Level lines of the output over its two inputs."""
    ticks = [i / 10 for i in range(-40, 41)]
    pairs = torch.tensor([(p, q) for q in ticks for p in ticks], dtype=torch.float64)
    heights = _apply(entry, pairs).reshape(81, 81).tolist()
    figure, (ax,) = plots.axes(height=4.4, rows=0, beside=plots.NAMED)
    ax.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", anchor="S")
    ax.set(xlabel="a, the half that passes", ylabel="b, the half that gates")
    lines = ax.contour(ticks, ticks, heights, LEVELS, colors=INK["f"], linewidths=1.3)
    row = heights[ticks.index(ROW)]
    places = [(p, ROW) for p in np.interp(LEVELS, row, ticks) if p]
    for number in ax.clabel(lines, fmt=words.plain, fontsize=9, manual=places):
        number.set_rotation_mode("anchor")
    corners = [words.plain(y) for y in (heights[-1][-1], heights[0][-1])]
    return [
        Drawing(
            "map",
            inline.svg(figure, f"{entry.slug}-m"),
            f"Level lines of {entry.name} over a and b, both from −4 to 4. At a = 4 the output is"
            f" {corners[0]} where b = 4 and {corners[1]} where b = −4; it is 0 along a = 0.",
            f"{entry.name} as a map of its two inputs: lines of equal output, dashed below 0.",
            plots.frame(figure),
        )
    ]


def thumbnail(entry: Activation) -> Thumbnail:
    """The output against a for b = −2, 0 and 2."""
    curves = []
    for gate in (-2.0, 0.0, 2.0):
        pairs = torch.tensor([(p / 2, gate) for p in range(-8, 9)], dtype=torch.float64)
        ys = _apply(entry, pairs).tolist()
        curves.append([(p, y) for (p, _), y in zip(pairs.tolist(), ys, strict=True)])
    return plots.thumbnail(curves)
