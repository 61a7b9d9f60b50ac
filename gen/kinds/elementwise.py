"""Functions applied to each element on its own."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy
import torch
from matplotlib.axes import Axes
from mpmath import mpf
from sympy import Expr

from activations._entry import Activation
from activations._notation import x

from .. import cache, markdown
from ..drawing import inline, plots
from ..drawing.ink import DASHES, LOOK, pen
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import derivatives, torch_side
from ..evaluation.agreement import Point, check_forms, scalar_points
from ..evaluation.formula import at, degree, high_precision, numeric, pieces
from ..evaluation.torch_side import torch_version
from ..facts import closed_forms, number, samples, words
from ..facts.analysis import Analysis
from ..facts.family import Row
from ..facts.kinks import Kink
from ..facts.number import NumberFacts
from ..printing import javascript
from ..printing.latex import latex
from ..printing.sliders import Controls, Reading, Slider, Track, track
from ..printing.statements import Statement, curvature, operator
from . import _rounding
from .kind import Kind, Words

SWEPT = ("range", "slope_at_zero", "lipschitz", "gaussian")


class Elementwise(Kind):
    name = published = "elementwise"
    words = Words(
        source="",
        special=("x", "Output", "Gradient"),
        tried="every number of bfloat16 and float16, of float32 {float32},",
    )
    has_rounding_by_place = True

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if self.entry.noise is not None and self.entry.noise.evaluation is None:
            yield "noise has no value in evaluation mode, which is what is drawn; state evaluation"
        yield from self.undeclared("x")

    def points(self) -> Iterator[Point]:
        return scalar_points(self.entry)

    def check(self) -> int:
        with high_precision():
            Analysis(self.shown())
        count = super().check()
        with high_precision():
            check_forms(self.entry)
        return count

    def facts(self) -> NumberFacts:
        """Exact facts of the formula at the shown setting, and autograd's choice at each kink."""
        entry, expr = self.entry, self.shown()
        found: NumberFacts = cache.found(number.facts, expr)
        if not found.kinks:
            return found
        picks = torch_side.slopes(entry, entry.setting, [kink.x for kink in found.kinks])
        kinks = [
            kink.model_copy(update={"autograd": pick + 0.0})
            for kink, pick in zip(found.kinks, picks, strict=True)
        ]
        return found.model_copy(update={"kinks": kinks})

    def provenance(self, rows: Sequence[Row]) -> str:
        if not any(row.key == "kinks" and "autograd" in row.text for row in rows):
            return self.exactly()
        measured = f"What autograd picks is measured in float64 with torch {torch_version()}."
        return f"{self.exactly()} {measured}"

    def tables(self) -> list[str]:
        """How the facts depend on each parameter, as Markdown tables; then what is known of it in
        closed form."""
        entry = self.entry
        found = [_swept(entry, argument) for argument in entry.sweep]
        forms = cache.found(closed_forms.forms, entry, depends=closed_forms.depends(entry))
        if forms:
            rows = [(name, f"${latex(form)}$") for name, form in forms.items()]
            found.append(markdown.table(("Fact, near the shown setting", "Closed form"), rows))
        return found

    def moments(self, facts: NumberFacts) -> Mapping[str, Any]:
        return facts.gaussian.model_dump(mode="json")

    def samples(self) -> str | None:
        return samples.table(self.entry)

    def degree(self) -> int | None:
        return degree(self.shown())

    def drawings(self, facts: NumberFacts) -> list[Drawing]:
        entry = self.entry
        sweeps = [_sweep(entry, name) for name in entry.sweep]
        bend = _curvature(entry, facts)
        return [_curve(entry, facts), *([bend] if bend else []), *sweeps]

    def thumbnail(self) -> Thumbnail:
        """f on [-4, 4], cut where it jumps or leaves the window."""
        entry, curves = self.entry, []
        cuts = [float(piece.upper) for piece in pieces(self.shown())[:-1]]
        for xs in plots.stretches((-4, 4), cuts, count=65):
            points = zip(xs, torch_side.values(entry, entry.setting, xs), strict=True)
            curves.append([(p, y) for p, y in points if abs(y) <= 4.2])
        return plots.thumbnail([c for c in curves if c])

    def controls(self, drawing: Drawing) -> Controls | None:
        entry = self.entry
        tracks = [track(entry, argument) for argument in entry.parameters]
        switches = (("f", "f(x)"), ("df", "f′(x)"), ("ddf", "f″(x)"))
        return Controls(
            "explore",
            [Reading("x", "x"), *(Reading(label, key, switch=True) for key, label in switches)],
            [*tracks, *([_drawn(entry)] if entry.noise is not None else [])],
            "Drag to move, Ctrl + wheel or pinch to zoom, arrow keys to read.",
        )

    def definition(self) -> Statement:
        entry = self.entry
        return Statement("definition-formula", entry.slug, self._left(), entry.formula, entry.forms)

    def _left(self, prime: str = "") -> str:
        return self.entry.left or f"{operator(self.entry, prime)}(x)"

    def derivatives(self) -> list[Statement]:
        name = f"{self.entry.slug}_derivative"
        first = derivatives.first(self.entry)
        return [Statement("derivative-formula", name, self._left("'"), first)]

    def second_derivative(self) -> list[Statement]:
        entry = self.entry
        first, second = derivatives.first(entry), derivatives.second(entry)
        name, left = f"{entry.slug}_second_derivative", self._left("''")
        return [curvature("second-derivative-formula", name, left, first, second)]

    def script(self) -> str | None:
        return javascript.of_a_number(self.entry)

    def rounding(self, device: torch.device) -> dict[str, Any]:
        return _rounding.of_a_number(self.entry, device)

    def inputs_elsewhere(self) -> str:
        return "numbers"


def _drawn(entry: Activation) -> Track:
    """The random number itself, within the interval that it is drawn from."""
    assert entry.noise is not None
    low, high = (float(entry.setting[name]) for name in entry.parameters)
    symbol = str(entry.noise.symbol)
    numbers = {p.symbol: entry.setting[name] for name, p in entry.parameters.items()}
    start = float(sympy.sympify(entry.noise.evaluation).subs(numbers))
    label = f"{symbol}, the number drawn"
    return Track(f"noise-{symbol}", label, Slider(low, high, 0.001, start), "Evaluation")


def _swept(entry: Activation, argument: str) -> str:
    symbol = latex(entry.parameters[argument].symbol)
    head = ("Range", "Slope at 0", "Largest slope", "Mean", "Gain", "Backward gain")
    rows = []
    for value in entry.sweep[argument]:
        found = _outline(at(entry, {**entry.setting, argument: value}))
        left, right = (words.tex(s) for s in found["slope_at_zero"])
        moments = found["gaussian"]
        numbers = (found["lipschitz"], moments.mean, moments.gain, moments.backward_gain)
        cells = [
            f"${words.tex(value)}$",
            str(found["range"]),
            f"${left}$" if left == right else f"${left}$, ${right}$",
            *(f"${words.tex(each)}$" for each in numbers),
        ]
        rows.append(cells)
    return markdown.table((f"${symbol}$", *head), rows)


def _outline(expr: Expr) -> dict[str, Any]:
    outline: dict[str, Any] = cache.found(number.some, expr, *SWEPT)
    return outline


def _curve(entry: Activation, facts: NumberFacts) -> Drawing:
    """f and f′ in the entry's window, with the kinks and jumps marked."""
    figure, (ax,) = plots.axes()
    heights = []
    for xs in plots.stretches(entry.window, [kink.x for kink in facts.kinks]):
        for role, compute in (("df", torch_side.slopes), ("f", torch_side.values)):
            ys = compute(entry, entry.setting, xs)
            ax.plot(xs, ys, **LOOK[role])
            heights += ys
    for kink in facts.kinks:
        mark(ax, entry, kink)
    plots.window(ax, entry.window, heights)
    plots.legend(figure, {"f(x)": LOOK["f"], "f′(x)": LOOK["df"]}, 2)
    shown = words.setting(entry)
    caption = f"{entry.name} and its derivative" + (f", {shown}." if shown else ".")
    svg = inline.svg(figure, f"{entry.slug}-c")
    return Drawing("curve", svg, _alt(entry, facts), caption, plots.frame(figure))


def _curvature(entry: Activation, facts: NumberFacts) -> Drawing | None:
    """f″ from the formula, unless it is 0 wherever it exists."""
    parts = pieces(at(entry, entry.setting))
    seconds = [part.expr.diff(x, 2) for part in parts]
    if not any(seconds):
        return None
    cuts = [float(part.upper) for part in parts[:-1]]
    figure, (ax,) = plots.axes(height=2.8, rows=0, beside=plots.NAMED)
    heights = []
    for xs in plots.stretches(entry.window, cuts, count=161):
        middle = (xs[0] + xs[-1]) / 2
        place = next(i for i, part in enumerate(parts) if middle < float(part.upper))
        second = numeric(seconds[place])
        ys = [float(second(mpf(p))) for p in xs]
        ax.plot(xs, ys, **LOOK["ddf"])
        heights += ys
    plots.window(ax, entry.window, heights)
    ax.set_ylabel("f″(x)")
    low, high = words.plain(min(heights), 3), words.plain(max(heights), 3)
    bends = "without end"
    if facts.inflections is not None:
        bends = ", ".join(words.plain(p) for p in facts.inflections) or "nowhere"
    return Drawing(
        "curvature",
        inline.svg(figure, f"{entry.slug}-d"),
        f"Plot of the second derivative of {entry.name} for x from {words.plain(entry.window[0])}"
        f" to {words.plain(entry.window[1])}: from {low} to {high}; inflection points: {bends}.",
        f"The second derivative of {entry.name}.",
    )


def mark(ax: Axes, entry: Activation, kink: Kink) -> None:
    """Closed dots for the value and for the slope that autograd picks, open ones for the rest."""
    (value,) = torch_side.values(entry, entry.setting, [kink.x])
    for side in sorted({kink.left, kink.right} - {kink.autograd}):
        plots.dot(ax, kink.x, side, "df", closed=False)
    plots.dot(ax, kink.x, kink.autograd, "df", closed=True)
    for limit in sorted({*kink.values} - {value}):
        plots.dot(ax, kink.x, limit, "f", closed=False)
    plots.dot(ax, kink.x, value, "f", closed=True)


def _alt(entry: Activation, facts: NumberFacts) -> str:
    """The plot in words, made from the computed facts."""
    low, high = entry.window
    ends = torch_side.values(entry, entry.setting, [float(low), float(high)])
    text = (
        f"Plot of {entry.name} and its derivative for x from {words.plain(low)} to"
        f" {words.plain(high)}. f is {words.plain(ends[0])} at the left end,"
        f" {words.plain(facts.value_at_zero)} at 0 and {words.plain(ends[1])} at the right end"
        f"; monotone: {facts.monotone}."
    )
    if facts.minimum and not facts.minimum.interval:
        y, x = map(words.plain, (facts.minimum.y, facts.minimum.x))
        text += f" Its minimum is {y} at x = {x}."
    for kink in facts.kinks:
        kind = "jump" if kink.order == 0 else "kink"
        left, right = map(words.plain, (kink.left, kink.right))
        text += (
            f" At x = {words.plain(kink.x)} there is a {kind}: the slope is {left} on the left and"
            f" {right} on the right."
        )
    return text


def _sweep(entry: Activation, argument: str) -> Drawing:
    """f and f′ side by side for each swept value of one parameter."""
    symbol = words.greek(entry.parameters[argument].symbol)
    figure, (left, right) = plots.axes(7.6, 3.2, 2, rows=2)
    sides: list[tuple[Axes, str, str, list[float]]]
    sides = [(left, "f", "f(x)", []), (right, "df", "f′(x)", [])]
    computed = (torch_side.values, torch_side.slopes)
    legend = {}
    for value, dashes in zip(entry.sweep[argument], itertools.cycle(DASHES), strict=False):
        setting = {**entry.setting, argument: value}
        width = 2.4 if value == entry.setting[argument] else 1.4
        look = pen("f", linestyle=dashes, linewidth=width)
        legend[f"{symbol} = {words.plain(value)}"] = look
        cuts = [float(piece.upper) for piece in pieces(at(entry, setting))[:-1]]
        for xs in plots.stretches(entry.window, cuts, count=241):
            for (ax, role, _, heights), compute in zip(sides, computed, strict=True):
                ys = compute(entry, setting, xs)
                ax.plot(xs, ys, **{**look, **pen(role)})
                heights += ys
    for ax, _, title, heights in sides:
        plots.window(ax, entry.window, heights)
        ax.set_title(title)
    plots.legend(figure, legend, len(legend), loc="upper center")
    listed = ", ".join(words.plain(v) for v in entry.sweep[argument])
    bold = entry.setting[argument]
    note = (
        ""
        if bold not in entry.sweep[argument]
        else f" The thick line is {symbol} = {words.plain(bold)}."
    )
    return Drawing(
        f"sweep-{argument}",
        inline.svg(figure, f"{entry.slug}-{argument}"),
        f"Two plots of {entry.name} for {symbol} = {listed}: the function and its derivative.",
        f"{entry.name} (left) and its derivative (right) for {symbol} = {listed}.{note}",
    )
