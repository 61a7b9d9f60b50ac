"""Functions of two halves of one tensor: one half is gated by the other, or they meet otherwise."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import mpmath
import torch
from mpmath import mpf
from sympy import Expr, Piecewise, S, nan

from activations._entry import Activation
from activations._notation import a, b

from ..drawing import inline, packing, plots
from ..drawing.ink import INK, LOOK
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import derivatives, torch_side
from ..evaluation.agreement import Point, all_settings
from ..evaluation.formula import at, numbers_of, numeric
from ..evaluation.torch_side import torch_version
from ..facts import pair, words
from ..facts.family import Extent, Row
from ..facts.pair import HALVES, Half, PairFacts, gating
from ..printing import javascript
from ..printing.latex import latex
from ..printing.sliders import Controls, Reading, Slider, Track
from ..printing.statements import Statement, operator
from . import _rounding
from .kind import Kind, Words

LEVELS = (-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3)
ROW, EDGE = 1.7, 3.5  # the b at which level lines are numbered, or near it, and not farther out
WIDE = 8  # columns of the picture that shows how the halves lie
GRID = [-1e3, -30.0, -4.0, -1.0, -1e-9, 0.0, 0.5, 2.0, 30.0, 1e3]


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
        yield from self.undeclared("a and b, the two halves")

    def points(self) -> Iterator[Point]:
        chance = random.Random(0)
        for setting in all_settings(self.entry):
            expr = at(self.entry, setting)
            cuts = pair.cuts(expr)
            near = [[p + s * 1e-6 for p in edges for s in (-1, 1)] for edges in cuts]
            grids = [[*GRID, *edges, *beside] for edges, beside in zip(cuts, near, strict=True)]
            one, other = grids
            pairs = [*itertools.product(one, other)]
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
                if not mpmath.isnan(truth := _slope(g, where)):
                    yield Point("slope", setting, f"{place}, by {by}", got, truth, size)

    def _gradients(self, expr: Expr) -> list[Expr]:
        """The derivatives by a and by b, stated off the lines on which they do not exist."""
        numbers = numbers_of(self.entry, self.entry.setting)
        return [
            derivatives.off_the_joints(expr, half, {**numbers, other: pair.PLACES[4]})
            for half, other in ((a, b), (b, a))
        ]

    def facts(self) -> PairFacts:
        """What follows from the formula; and the shape that comes out of the one that goes in."""
        entry = self.entry
        sample = torch.zeros(2, 3, 8, dtype=torch.float64)
        result = torch_side.callable_at(entry, entry.setting)(sample)
        return pair.facts(entry.formula, self.shown(), latex, [sample.shape, result.shape])

    def rows(self, facts: PairFacts) -> list[Row]:
        inputs = "two halves of one tensor"
        row = Row("inputs", "Inputs", "two halves a and b of one tensor", inputs, True)
        return [row, *super().rows(facts)]

    def provenance(self, rows: Sequence[Row]) -> str:
        return f"{self.exactly()} The shape is measured with torch {torch_version()}."

    def drawings(self, facts: PairFacts) -> list[Drawing]:
        entry = self.entry
        packed = packing.drawing(entry.slug, entry.name, _packed(entry))
        return [_map(entry, facts), _profile(entry), packed]

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
        expr = self.shown()
        formulas = (expr, *map(_or_nan, self._gradients(expr)))
        return _rounding.of_pairs(self.entry, formulas, device)

    def inputs_elsewhere(self) -> str:
        return "halves"


def _or_nan(expr: Expr) -> Expr:
    """The expression, NaN where none of its cases holds."""
    return expr.replace(
        lambda e: isinstance(e, Piecewise) and e.args[-1][1] != S.true,
        lambda e: Piecewise(*e.args, (nan, True), evaluate=False),
    )


def _slope(g: Callable[..., Any], where: tuple[Any, Any]) -> Any:
    """A slope; NaN where there is none, as at the tip of a cone, and where the edge that its cases
    are told by is not real."""
    try:
        return g(*where)
    except (ZeroDivisionError, TypeError):
        return mpmath.nan


def _apply(entry: Activation, pairs: torch.Tensor) -> torch.Tensor:
    """The output for rows (a, b)."""
    return torch_side.callable_at(entry, entry.setting)(pairs)[:, 0]


def _packed(entry: Activation) -> list[tuple[int, int]]:
    """Where in a row of WIDE columns the a and the b of each output are."""
    row = torch.linspace(0.3, 1.7, WIDE, dtype=torch.float64)
    f = torch_side.callable_at(entry, entry.setting)
    moved = [torch.autograd.functional.jacobian(f, given) != 0 for given in (row, row.flip(0))]
    found = []
    for y, moves in zip(f(row), moved[0] | moved[1], strict=True):
        orders = [*itertools.permutations(moves.nonzero().flatten().tolist(), 2)]
        same = torch.isclose(_apply(entry, torch.stack([row[[*o]] for o in orders])), y)
        found.append(orders[int(same.nonzero()[0])])
    return found


def _profile(entry: Activation) -> Drawing:
    """The output and its slope as one half moves and the other is 1."""
    figure, panels = plots.axes(height=2.9, columns=2)
    ts = torch.linspace(-6, 6, 241, dtype=torch.float64)
    for n, (half, ax) in enumerate(zip(HALVES, panels, strict=True)):
        other = next(name for name in HALVES if name != half)
        moving = ts.clone().requires_grad_()
        halves = [torch.ones_like(ts), torch.ones_like(ts)]
        halves[n] = moving
        ys = _apply(entry, torch.stack(halves, -1))
        (slopes,) = torch.autograd.grad(ys.sum(), moving)
        values = [*ys.tolist(), *slopes.tolist()]
        ax.plot(ts.tolist(), slopes.tolist(), **LOOK["df"])
        ax.plot(ts.tolist(), ys.tolist(), **LOOK["f"])
        plots.window(ax, (-6, 6), values)
        ax.set_xlabel(f"{half}, where {other} = 1")
    plots.legend(figure, {"output": LOOK["f"], "slope": LOOK["df"]}, 2)
    return Drawing(
        "profile",
        inline.svg(figure, f"{entry.slug}-h"),
        f"Two plots of {entry.name} and its slope: on the left a moves from −6 to 6 and b is 1, on"
        " the right b moves and a is 1.",
        f"{entry.name} and its slope along each half while the other is 1.",
    )


def _names(halves: Sequence[Half] | None) -> list[str]:
    """The names of the axes."""
    which = gating(halves)
    roles = ["", ""] if which is None else [", the half that passes"] * 2
    if which is not None:
        roles[which] = ", the half that gates"
    return [f"{half}{role}" for half, role in zip(HALVES, roles, strict=True)]


def _map(entry: Activation, facts: PairFacts) -> Drawing:
    """Level lines of the output over its two inputs."""
    ticks = [i / 10 for i in range(-40, 41)]
    pairs = torch.tensor([(p, q) for q in ticks for p in ticks], dtype=torch.float64)
    heights = _apply(entry, pairs).reshape(81, 81).tolist()
    figure, (ax,) = plots.axes(height=4.4, rows=0, beside=plots.NAMED)
    across, up = _names(facts.halves)
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
        for name, half in zip(HALVES, facts.halves or (), strict=False)
        for zero in half.zeros or ()
        if not isinstance(zero, Extent)
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
