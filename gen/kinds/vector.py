"""Maps from a vector of scores to a vector of the same length: softmax and its relatives."""

import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

import mpmath
import sympy
import torch

from activations._entry import Activation

from ..drawing import inline, plots
from ..drawing.ink import DASHES, LOOK, pen
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point, all_settings, compile_element, element, judge
from ..evaluation.formula import at, high_precision
from ..facts import words
from ..facts.fact import Row
from ..facts.values import Extent

LENGTH = 4
VECTORS = [
    [0.0, 0.0, 0.0, 0.0],
    [1.0, 2.0, 3.0, 4.0],
    [1000.0, 1001.0, 998.0, 1000.5],
    [0.0, 200.0, -3.0, 7.0],
    [-1e4, 1e4, 0.0, 1.0],
]
SAMPLES = 200


def check(entry: Activation) -> int:
    with high_precision():
        return judge(entry, _points(entry))


def _points(entry: Activation) -> Iterator[Point]:
    chance = random.Random(0)
    vectors = VECTORS + [[chance.gauss(0, 3) for _ in range(LENGTH)] for _ in range(4)]
    (total,) = entry.formula.atoms(sympy.Sum)
    sizes = {total.limits[0][2]: LENGTH}
    fixed = {"h": 1, "w": 1}
    for setting in all_settings(entry):
        formula = at(entry, setting)
        assert entry.derivative is not None
        derivative = at(entry, setting, entry.derivative)
        places = range(1, LENGTH + 1)
        elements = {i: compile_element(formula, {}, sizes, {"i": i, **fixed}) for i in places}
        stated_slopes = {
            (i, k): compile_element(derivative, {}, sizes, {"i": i, "k": k, **fixed})
            for i, k in itertools.product(places, places)
        }
        for seed, vector in enumerate(vectors):
            inputs = torch.tensor(vector, dtype=torch.float64, requires_grad=True)
            outputs = torch_side.respond(entry, setting, inputs, seed)
            arrays = {
                "x": torch_side.nest(vector, entry),
                "g": torch_side.noise(entry, LENGTH, seed),
            }
            exact = []
            for place, (needs, f) in elements.items():
                exact.append(f(*(element(arrays, e) for e in needs)))
                where = f"x = {vector}, output {place}"
                yield Point("value", setting, where, outputs[place - 1].item(), exact[-1])
            arrays["y"] = torch_side.nest(exact, entry)
            for place, (needs, f) in elements.items():
                row = torch.autograd.grad(outputs[place - 1], inputs, retain_graph=True)[0]
                for by in places:
                    stated_needs, g = stated_slopes[place, by]
                    stated = g(*(element(arrays, e) for e in stated_needs))
                    where = f"x = {vector}, output {place} by input {by}"
                    yield Point("slope", setting, where, row[by - 1].item(), stated)
                    if seed >= len(VECTORS):
                        slope = _slope(f, needs, arrays, by)
                        yield Point("slope", setting, f"{where}, as stated", float(stated), slope)


def _slope(f: Any, needs: list[Any], arrays: dict[str, Any], by: int) -> Any:
    """The derivative of one output by one input, by finite differences in high precision."""
    numbers = [element(arrays, e) for e in needs]
    place = next(
        p for p, e in enumerate(needs) if str(e.base.label) == "x" and int(e.indices[0]) == by
    )

    def along(t: Any) -> Any:
        return f(*numbers[:place], t, *numbers[place + 1 :])

    return mpmath.diff(along, numbers[place])


def facts(entry: Activation) -> dict[str, Any]:
    """Properties measured in float64 on random vectors of normal scores."""
    chance = random.Random(1)
    sums, lows, highs, shifts, slopes = [], [], [], [], []
    kept = reversed_ = 0
    for seed in range(SAMPLES):
        vector = torch.tensor([chance.gauss(0, 2) for _ in range(LENGTH)], dtype=torch.float64)
        inputs = vector.clone().requires_grad_()
        result = torch_side.respond(entry, entry.setting, inputs, seed)
        slopes.append(torch.autograd.grad(result[0], inputs)[0][0].item())
        result = result.detach()
        sums.append(result.sum().item())
        lows.append(result.min().item())
        highs.append(result.max().item())
        shifts.append(
            (torch_side.respond(entry, entry.setting, vector + 5, seed) - result).abs().max().item()
        )
        order = result[vector.argsort()]
        kept += bool((order.diff() >= 0).all())
        reversed_ += bool((order.diff() <= 0).all())
    return {
        "sum": 1.0 if max(abs(s - 1) for s in sums) < 1e-14 else None,
        "all_positive": min(lows) > 0,
        "all_negative": max(highs) < 0,
        "shift_invariant": max(shifts) < 1e-13,
        "order": "kept" if kept == SAMPLES else "reversed" if reversed_ == SAMPLES else "random",
        "largest_own_slope": max(slopes, key=abs),
        "samples": SAMPLES,
        "length": LENGTH,
    }


def rows(entry: Activation, facts: dict[str, Any]) -> list[Row]:
    extent = "$(0, 1)$" if facts["all_positive"] else r"$(-\infty, 0)$"
    condition = f"{extent}, for two or more scores"
    total = "1" if facts["sum"] else "not constant"
    shift = "unchanged" if facts["shift_invariant"] else "changed"
    order = {
        "kept": "kept: a larger score gets a larger output",
        "reversed": "reversed: a larger score gets a smaller output",
        "random": "not kept: the noise can reorder",
    }[facts["order"]]
    smooth = words.SMOOTHNESS["analytic"]
    ends = Extent(0, 1) if facts["all_positive"] else Extent(-math.inf, 0)
    outputs = f"outputs {shift}"
    return [
        Row("range", "Range of each output", condition, ends, extent),
        Row("sum", "Sum of the outputs", total, facts["sum"], total),
        Row("shift", "Adding a constant to all inputs", outputs, outputs, outputs),
        Row("smoothness", "Smooth?", smooth, "analytic", smooth),
        Row("order", "Order of the inputs", order, facts["order"]),
    ]


def tables(entry: Activation) -> list[str]:
    return []


def drawings(entry: Activation, facts: dict[str, Any]) -> list[Drawing]:
    found = [_one_logit(entry)]
    if entry.formula.has(sympy.exp) and facts["sum"]:
        found.append(_temperature(entry))
    return found


def _seeds(entry: Activation) -> range:
    return range(4) if entry.noise else range(1)


def _one_logit(entry: Activation) -> Drawing:
    """The outputs for scores (t, 1, 0) as t moves, and the slope of the first."""
    ts = [-6 + i / 10 for i in range(121)]
    width = {"linewidth": 1.2} if entry.noise else {}
    output, slope = {**LOOK["f"], **width}, {**LOOK["df"], **width}
    styles = () if entry.noise else ("-.", ":")
    others = [pen("muted", linestyle=style, linewidth=1.4) for style in styles]
    figure, (ax,) = plots.axes(rows=1 if entry.noise else 2)
    heights: list[float] = []
    for seed in _seeds(entry):
        outputs, slopes = [], []
        for t in ts:
            scores = torch.tensor([t, 1.0, 0.0], dtype=torch.float64, requires_grad=True)
            result = torch_side.respond(entry, entry.setting, scores, seed)
            slopes.append(torch.autograd.grad(result[0], scores)[0][0].item())
            outputs.append(result.tolist())
        first, *rest = zip(*outputs, strict=True)
        for ys, look in [(slopes, slope), *zip(rest, others, strict=False), (first, output)]:
            ax.plot(ts, ys, **look)
            heights += ys
    plots.window(ax, (-6, 6), heights)
    ax.set_xlabel("t, the first of the scores (t, 1, 0)")
    names = ("output of score t", "its slope in t", "output of score 1", "output of score 0")
    plots.legend(figure, dict(zip(names, (output, slope, *others), strict=False)), 2)
    lines = "four draws of the noise, each kept along its line" if entry.noise else ""
    at_zero = torch_side.respond(
        entry, entry.setting, torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    )
    listed = ", ".join(words.plain(v) for v in at_zero.tolist())
    return Drawing(
        "one-logit",
        inline.svg(figure, f"{entry.slug}-l"),
        f"Plot of the outputs of {entry.name} for the scores (t, 1, 0), t from −6 to 6"
        + (f", {lines}." if lines else f". At t = 0 they are {listed}."),
        f"{entry.name} of the scores (t, 1, 0) as t moves" + (f": {lines}." if lines else "."),
    )


def _temperature(entry: Activation) -> Drawing:
    """The outputs for the scores (2, 1, 0) divided by a temperature."""
    temperatures = [10 ** (-1 + i / 30) for i in range(61)]
    outputs = []
    for temperature in temperatures:
        scores = torch.tensor([2.0, 1.0, 0.0], dtype=torch.float64)
        if "tau" in entry.parameters:
            result = torch_side.respond(entry, {**entry.setting, "tau": temperature}, scores)
        else:
            result = torch_side.respond(entry, entry.setting, scores / temperature)
        outputs.append(result.tolist())
    figure, (ax,) = plots.axes(height=3.2, beside=plots.NAMED)
    legend = {}
    for score, ys, dashes in zip((2, 1, 0), zip(*outputs, strict=True), DASHES, strict=False):
        legend[f"of score {score}"] = pen("f", linestyle=dashes)
        ax.plot(temperatures, ys, **legend[f"of score {score}"])
    ax.set(xscale="log", xlim=(0.1, 10), ylim=(-0.03, 1.03), xlabel="temperature", ylabel="output")
    plots.decades(ax.xaxis)
    plots.legend(figure, legend, 3)
    kind = ", one draw of the noise" if entry.noise else ""
    cold, warm = (", ".join(words.plain(v, 2) for v in o) for o in (outputs[0], outputs[-1]))
    return Drawing(
        "temperature",
        inline.svg(figure, f"{entry.slug}-t"),
        f"The outputs of {entry.name} for the scores (2, 1, 0) against temperature{kind}:"
        f" {cold} at 0.1 and {warm} at 10.",
        f"The scores (2, 1, 0) at temperatures from 0.1 to 10{kind}: cold is nearly one-hot,"
        " hot is nearly uniform.",
    )


def thumbnail(entry: Activation) -> Thumbnail:
    scores = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    return plots.bars([scores.tolist(), torch_side.respond(entry, entry.setting, scores).tolist()])
