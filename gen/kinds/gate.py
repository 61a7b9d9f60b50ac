"""Functions of two halves of one tensor: one half is gated by the other, or they meet otherwise."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import mpmath
import torch
from mpmath import mpf
from sympy import Expr, Piecewise, S, nan

from activations._entry import Activation
from activations._notation import a, b

from ..drawing import inline, plots
from ..drawing.ink import INK
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import derivatives, torch_side
from ..evaluation.agreement import Point, all_settings
from ..evaluation.formula import at, exact, numeric
from ..evaluation.torch_side import torch_version
from ..facts import pair, values, words
from ..facts.fact import Row
from ..printing import javascript
from ..printing.latex import latex
from ..printing.sliders import Controls, Reading, Slider, Track
from ..printing.statements import Statement, operator
from . import _rounding
from .kind import Kind, Words

LEVELS = (-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3)
ROW, EDGE = 1.7, 3.5  # the b at which level lines are numbered, or near it, and not farther out
GRID = [-1e3, -30.0, -4.0, -1.0, -1e-9, 0.0, 0.5, 2.0, 30.0, 1e3]
HALVES = {"a": a, "b": b}


class Gate(Kind):
    name, published = "gate", "gated"
    words = Words(
        source="",
        special=("a, b", "Output", "Gradient by a, b"),
        tried="800 pairs of normal numbers of standard deviation 2",
        stands_in="the row (x, 1, 2, x)",
    )
    inputs = ("a", "b")
    counted_in_models = "gates"

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if extra := self.entry.formula.free_symbols - self.symbols():
            yield (
                f"formula uses {', '.join(sorted(map(str, extra)))}, which no parameter declares;"
                " declare it or use a and b, the two halves"
            )

    def points(self) -> Iterator[Point]:
        chance = random.Random(0)
        for setting in all_settings(self.entry):
            expr = at(self.entry, setting)
            known = pair.facts(expr)["halves"] or [{"kinks": []}, {"kinks": []}]
            cuts = [[kink["x"] for kink in half["kinks"]] for half in known]
            near = [[p + s * 1e-6 for p in edges for s in (-1, 1)] for edges in cuts]
            grids = [[*GRID, *edges, *beside] for edges, beside in zip(cuts, near, strict=True)]
            pairs = [*itertools.product(*grids)]
            pairs += [(chance.gauss(0, 3), chance.gauss(0, 3)) for _ in range(40)]
            yield from self._compared(setting, expr, pairs)

    def _compared(
        self, setting: Mapping[str, Any], expr: Expr, pairs: Sequence[tuple[float, float]]
    ) -> Iterator[Point]:
        """Values at all pairs, and slopes where the formula's derivative is defined."""
        inputs = torch.tensor(pairs, dtype=torch.float64, requires_grad=True)
        outputs = torch_side.callable_at(self.entry, setting)(inputs)[:, 0]
        gradients = torch.autograd.grad(outputs.sum(), inputs)[0].tolist()
        f = numeric(expr, a, b)
        slopes = [numeric(_or_nan(e), a, b) for e in self._gradients(expr)]
        for (p, q), value, slope in zip(pairs, outputs.tolist(), gradients, strict=True):
            place, where, size = f"(a, b) = ({p!r}, {q!r})", (mpf(p), mpf(q)), abs(p)
            yield Point("value", setting, place, value, f(*where), size)
            for by, got, g in zip(HALVES, slope, slopes, strict=True):
                if not mpmath.isnan(truth := g(*where)):
                    yield Point("slope", setting, f"{place}, by {by}", got, truth, size)

    def _gradients(self, expr: Expr) -> list[Expr]:
        """The derivatives by a and by b, stated off the lines on which they do not exist."""
        numbers = {
            p.symbol: exact(self.entry.setting[name]) for name, p in self.entry.parameters.items()
        }
        return [
            derivatives.off_the_joints(expr, half, {**numbers, other: pair.PLACES[4]})
            for half, other in ((a, b), (b, a))
        ]

    def facts(self) -> dict[str, Any]:
        """What follows from the formula; and the shape that comes out of the one that goes in."""
        entry = self.entry
        expr = at(entry, entry.setting)
        sample = torch.zeros(2, 3, 8, dtype=torch.float64)
        result = torch_side.callable_at(entry, entry.setting)(sample)
        shapes = {"shape_in": list(sample.shape), "shape_out": list(result.shape)}
        return {**pair.facts(expr), **shapes}

    def data(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {key: facts[key] for key in ("shape_in", "shape_out")}

    def rows(self, facts: Mapping[str, Any]) -> list[Row]:
        shapes = [" × ".join(map(str, facts[key])) for key in ("shape_in", "shape_out")]
        sizes = {"input": tuple(facts["shape_in"]), "output": tuple(facts["shape_out"])}
        inputs = "two halves of one tensor"
        found = [Row("inputs", "Inputs", "two halves a and b of one tensor", inputs, inputs)]
        if extent := facts["range"]:
            text = f"${words.extent(extent)}$"
            found.append(Row("range", "Range", text, values.extent(extent), text))
        if halves := facts["halves"]:
            found.append(self._how_they_enter(halves))
            found.append(_zeros(halves))
        if smoothness := facts["smoothness"]:
            smooth = words.SMOOTHNESS[smoothness]
            found.append(Row("smoothness", "Smooth?", smooth, smoothness, smooth))
        kinks = facts["kinks"]
        listed = "; ".join(f"${_equation(kink)}$" for kink in kinks) or "none"
        if smoothness or kinks:
            found.append(Row("kinks", "Kinks and jumps", listed, kinks))
        for name, slope in zip(HALVES, facts["slopes"], strict=True):
            if slope:
                text, extent = f"${words.extent(slope)}$", values.extent(slope)
                found.append(Row(f"slope-{name}", f"Range of the slope by {name}", text, extent))
        shape = f"{shapes[0]} goes in, {shapes[1]} comes out"
        return [*found, Row("shape", "Shape", shape, sizes)]

    def provenance(self, rows: Sequence[Row]) -> str:
        return f"{self.exactly()} The shape is measured with torch {torch_version()}."

    def _how_they_enter(self, halves: Sequence[Mapping[str, Any]]) -> Row:
        """The factor that gates where one half passes as it is, else both factors."""
        parts = pair.factors(self.entry.formula)
        assert parts is not None
        told = [
            f"${latex(part)}$, {_between(half['range'])}"
            for part, half in zip(parts, halves, strict=True)
        ]
        extents = [values.extent(half["range"]) for half in halves]
        if (which := gating(halves)) is not None:
            return Row("gate", "Gate", told[which], extents[which], told[which])
        if all(half["is"] != "activated" for half in halves):
            neither = "neither half is activated"
            return Row("gate", "Gate", neither, None, neither)
        text = f"no half passes as it is: {told[0]}, times {told[1]}"
        return Row("gate", "Gate", text, tuple(extents))

    def drawings(self, facts: Mapping[str, Any]) -> list[Drawing]:
        return [_map(self.entry, facts)]

    def thumbnail(self) -> Thumbnail:
        """The output against a for b = −2, 0 and 2."""
        curves = []
        for gate in (-2.0, 0.0, 2.0):
            pairs = torch.tensor([(p / 2, gate) for p in range(-8, 9)], dtype=torch.float64)
            ys = _apply(self.entry, pairs).tolist()
            curve = [(p, y) for (p, _), y in zip(pairs.tolist(), ys, strict=True)]
            curves.append([(p, y) for p, y in curve if abs(y) <= 8])
        return plots.thumbnail(curves)

    def controls(self, drawing: Drawing) -> Controls | None:
        assert drawing.axes is not None
        cells = [Reading("a", "a"), Reading("b", "b"), Reading("f(a, b)", "f")]
        cells += [Reading("∂f/∂a", "da"), Reading("∂f/∂b", "db")]
        tracks = [
            Track(half, half, Slider(span[0], span[1], 0.05, 0), "Start 0")
            for half, span in (("a", drawing.axes.x), ("b", drawing.axes.y))
        ]
        hint = "Point at the map, or move the sliders."
        return Controls("gate", cells, tracks, hint, reserved=False)

    def definition(self) -> Statement:
        left = self.entry.left or f"{operator(self.entry)}(a, b)"
        return Statement(
            "definition-formula", self.entry.slug, left, self.entry.formula, self.entry.forms
        )

    def derivatives(self) -> list[Statement]:
        return [
            Statement(
                f"derivative-formula{n or ''}",
                f"{self.entry.slug}_derivative_{half}",
                rf"\frac{{\partial {operator(self.entry)}}}{{\partial {half}}}",
                slope,
            )
            for n, (half, slope) in enumerate(
                zip(HALVES, self._gradients(self.entry.formula), strict=True)
            )
        ]

    def script(self) -> str | None:
        return javascript.of_two_halves(self.entry, self._gradients(self.entry.formula))

    def rounding(self, device: torch.device) -> dict[str, Any]:
        expr = at(self.entry, self.entry.setting)
        formulas = (expr, *map(_or_nan, self._gradients(expr)))
        return _rounding.of_pairs(self.entry, formulas, device)

    def inputs_elsewhere(self) -> str:
        return "halves"


def gating(halves: Sequence[Mapping[str, Any]] | None) -> int | None:
    """Which half is activated while the other passes as it is; None where there is no such pair."""
    for which in (0, 1):
        if halves and halves[which]["is"] == "activated" and halves[1 - which]["is"] == "as it is":
            return which
    return None


def _or_nan(expr: Expr) -> Expr:
    """The expression, NaN where none of its cases holds."""
    return expr.replace(
        lambda e: isinstance(e, Piecewise) and e.args[-1][1] != S.true,
        lambda e: Piecewise(*e.args, (nan, True), evaluate=False),
    )


def _between(extent: Mapping[str, Any]) -> str:
    """A range in words."""
    low, high = extent["lower"], extent["upper"]
    bounded = low != "-inf", high != "inf"
    match bounded:
        case True, True:
            return f"between {words.plain(low)} and {words.plain(high)}"
        case True, False:
            return (
                f"at least {words.plain(low)}"
                if extent["lower_attained"]
                else (f"above {words.plain(low)}")
            )
        case False, True:
            return (
                f"at most {words.plain(high)}"
                if extent["upper_attained"]
                else (f"below {words.plain(high)}")
            )
    return "without bounds"


def _zeros(halves: Sequence[Mapping[str, Any]]) -> Row:
    """Where the product is 0: where one of its factors is."""
    known = {
        name: [*map(values.place, half["zeros"])] for name, half in zip(HALVES, halves, strict=True)
    }
    told = [
        f"${name} \\in {words.extent(zero)}$"
        if isinstance(zero, Mapping)
        else f"${name} {words.equals(zero)}$"
        for name, half in zip(HALVES, halves, strict=True)
        for zero in half["zeros"]
    ]
    return Row("zeros", "Zeros", " or ".join(told) or "none", known)


def _equation(kink: str) -> str:
    """`b = 7.0` in LaTeX; `a = b` stays as it is."""
    half, _, value = kink.partition(" = ")
    try:
        return f"{half} {words.equals(float(value))}"
    except ValueError:
        return kink


def _apply(entry: Activation, pairs: torch.Tensor) -> torch.Tensor:
    """The output for rows (a, b)."""
    return torch_side.callable_at(entry, entry.setting)(pairs)[:, 0]


def _names(halves: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The names of the axes."""
    which = gating(halves)
    roles = ["", ""] if which is None else [", the half that passes"] * 2
    if which is not None:
        roles[which] = ", the half that gates"
    return [f"{half}{role}" for half, role in zip(HALVES, roles, strict=True)]


def _map(entry: Activation, facts: Mapping[str, Any]) -> Drawing:
    """Level lines of the output over its two inputs."""
    ticks = [i / 10 for i in range(-40, 41)]
    pairs = torch.tensor([(p, q) for q in ticks for p in ticks], dtype=torch.float64)
    heights = _apply(entry, pairs).reshape(81, 81).tolist()
    figure, (ax,) = plots.axes(height=4.4, rows=0, beside=plots.NAMED)
    across, up = _names(facts["halves"])
    ax.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", anchor="S", xlabel=across, ylabel=up)
    ax.set(xticks=range(-4, 5), yticks=range(-4, 5))
    lines = ax.contour(ticks, ticks, heights, LEVELS, colors=INK["f"], linewidths=1.3)
    inner = [
        [place for place in line.tolist() if max(map(abs, place)) < EDGE]
        for level, found in zip(LEVELS, lines.allsegs, strict=True)
        for line in found
        if level
    ]
    places = [min(line, key=lambda place: abs(place[1] - ROW)) for line in inner if line]
    for number in ax.clabel(lines, fmt=words.plain, fontsize=9, manual=places):
        number.set_rotation_mode("anchor")
    corners = [words.plain(y) for y in (heights[-1][-1], heights[0][-1])]
    zeros = [
        f"{name} = {words.plain(zero)}"
        for name, half in zip(HALVES, facts["halves"] or (), strict=False)
        for zero in half["zeros"]
        if not isinstance(zero, Mapping)
    ]
    where = f"; it is 0 along {' and '.join(zeros)}" if zeros else ""
    return Drawing(
        "map",
        inline.svg(figure, f"{entry.slug}-m"),
        f"Level lines of {entry.name} over a and b, both from −4 to 4. At a = 4 the output is"
        f" {corners[0]} where b = 4 and {corners[1]} where b = −4{where}.",
        f"{entry.name} as a map of its two inputs: lines of equal output, dashed below 0.",
        plots.frame(figure),
    )
