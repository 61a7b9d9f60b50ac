"""Maps of vectors: softmax and its relatives, and every other map of a vector to a vector."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import mpmath
import sympy
import torch
from sympy import Expr, Indexed, KroneckerDelta, Symbol

from activations._entry import Activation
from activations._notation import h_, i, k, w_
from activations._notation import ys as outputs_of

from ..drawing import inline, plots
from ..drawing.ink import DASHES, LOOK, pen
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point, all_settings, compile_element, element
from ..evaluation.formula import at
from ..facts import vectors, words
from ..facts.family import Row
from ..facts.vectors import LENGTH, SAMPLES, Tried, VectorFacts
from ..printing import javascript_vectors
from ..printing.sliders import Controls, Reading, Slider, Track, track
from ..printing.statements import Statement, joined, operator
from . import _rounding
from .kind import Kind, Words

VECTORS = [
    [0.0, 0.0, 0.0, 0.0],
    [1.0, 2.0, 3.0, 4.0],
    [1000.0, 1001.0, 998.0, 1000.5],
    [0.0, 200.0, -3.0, 7.0],
    [-1e4, 1e4, 0.0, 1.0],
]
SCORES = [2.0, 1.0, 0.0]
DECADE = Slider(-1, 1, 0.01, 0)  # log10 of a temperature
WIDE = 100  # a parameter that spans so large a factor gets a logarithmic slider
SAME = 1e-9  # a kink has one-sided slopes that differ by more


class Vector(Kind):
    name, published = "vector", "normalising"
    words = Words(
        source=f"on {SAMPLES} random vectors of {LENGTH} normal scores",
        special=("Scores", "Outputs", "Gradient of the first"),
        tried="100 vectors of 8 normal scores of standard deviation 2, and the gradient of the"
        " first output,",
        textbook=", for three equal scores x",
        stands_in="the row (x, 0, 1, 2)",
    )

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        entry = self.entry
        if not any(i in e.indices for e in entry.formula.atoms(Indexed)):
            yield "formula must state output i of a vector: write it with xs[i]"
        elif entry.derivative is None:
            yield "the derivative of output i by x_k is missing; state it in derivative"
        elif len(self._lengths()) > 1:
            yield (
                f"the formula has several lengths, {', '.join(map(str, self._lengths()))}; only the"
                " length of the input may be free, declare the others as parameters"
            )

    # the formula for vectors of one length

    def _lengths(self) -> list[Symbol]:
        """The whole numbers of the formula that are neither indices nor parameters."""
        entry = self.entry
        exprs = [entry.formula, entry.derivative or sympy.S.Zero, *entry.where.values()]
        used = {s for expr in exprs for s in expr.free_symbols if s.is_integer}
        known = {i, k, h_, w_, *(p.symbol for p in entry.parameters.values())}
        indices = {s for key in entry.where if isinstance(key, Indexed) for s in key.indices}
        return sorted(used - known - indices, key=str)

    def compiled(self, expr: Expr, length: int, **indices: int) -> Any:
        """One element of an expression, for inputs of this length, as a function of numbers."""
        sizes = dict.fromkeys(self._lengths(), length)
        places = {**indices, "h": 1, "w": 1}
        return compile_element(expr, self.entry.where, sizes, places)

    @cached_property
    def ratio(self) -> sympy.Rational:
        """How many outputs there are for each input."""
        counts = [self.respond(torch.zeros(n, dtype=torch.float64)).numel() for n in (4, 8)]
        return sympy.Rational(counts[1] - counts[0], 4)

    def outputs(self, length: int) -> range:
        """The places of the outputs for inputs of this length, counted from 1."""
        return range(1, int(self.ratio * length) + 1)

    def respond(self, scores: torch.Tensor, seed: int = 0) -> torch.Tensor:
        return torch_side.respond(self.entry, self.entry.setting, scores, seed)

    @cached_property
    def is_smooth(self) -> bool:
        return vectors.structure(self.shown(), self.entry.where) is not None

    def points(self) -> Iterator[Point]:
        entry = self.entry
        chance = random.Random(0)
        tried = VECTORS + [[chance.gauss(0, 3) for _ in range(LENGTH)] for _ in range(4)]
        for setting in all_settings(entry):
            formula, derivative = at(entry, setting), at(entry, setting, entry.derivative)
            outs, places = self.outputs(LENGTH), range(1, LENGTH + 1)
            elements = {i: self.compiled(formula, LENGTH, i=i) for i in outs}
            stated_slopes = {
                (i, k): self.compiled(derivative, LENGTH, i=i, k=k)
                for i, k in itertools.product(outs, places)
            }
            for seed, vector in enumerate(tried):
                inputs = torch.tensor(vector, dtype=torch.float64, requires_grad=True)
                outputs = torch_side.respond(entry, setting, inputs, seed)
                noise = torch_side.noise(entry, LENGTH, seed)
                arrays = {"x": torch_side.nest(vector, entry), "g": noise}
                exact = []
                for place, (needs, f) in elements.items():
                    exact.append(f(*(element(arrays, e) for e in needs)))
                    where = f"x = {vector}, output {place}"
                    yield Point("value", setting, where, outputs[place - 1].item(), exact[-1])
                arrays["y"] = torch_side.nest(exact, entry)
                for place, (needs, f) in elements.items():
                    row = torch.autograd.grad(outputs[place - 1], inputs, retain_graph=True)[0]
                    for by in places:
                        if not self.is_smooth and _has_kink(f, needs, arrays, by):
                            continue
                        stated_needs, g = stated_slopes[place, by]
                        stated = g(*(element(arrays, e) for e in stated_needs))
                        where = f"x = {vector}, output {place} by input {by}"
                        yield Point("slope", setting, where, row[by - 1].item(), stated)
                        if seed >= len(VECTORS):
                            slope = _slope(f, needs, arrays, by)
                            yield Point(
                                "slope", setting, f"{where}, as stated", float(stated), slope
                            )

    def facts(self) -> VectorFacts:
        """Properties measured in float64 on random vectors of normal scores, and what the formula
        shows."""
        formula, is_random = self.shown(), self.entry.noise is not None
        first = self._along_the_first(formula)
        tried = Tried(formula, self.entry.where, self.respond, first, is_random)
        return VectorFacts(**VectorFacts.of(tried))

    def _along_the_first(self, formula: Expr) -> Callable[[Any], Any] | None:
        """The first output as a function of the first input, the others and noise being 0; None
        where it may jump."""
        if not vectors.is_continuous(formula, self.entry.where):
            return None
        needs, f = self.compiled(formula, LENGTH, i=1)
        moves = [(str(e.base.label), e.indices[0]) == ("x", 1) for e in needs]
        return lambda t: f(*(t if moving else mpmath.mpf(0) for moving in moves))

    def provenance(self, rows: Sequence[Row]) -> str:
        told = super().provenance(rows)
        exact = {"range": "the range", "smoothness": "smoothness"}
        found = [exact[row.key] for row in rows if row.key in exact]
        if self.is_smooth and found:
            told += f" {' and '.join(found).capitalize()} follow from the formula."
        return told

    def drawings(self, facts: VectorFacts) -> list[Drawing]:
        between = 0 if self.is_smooth else 0.05  # at a kink a slope is a convention
        found = [_one_logit(self.entry, self._scores(), between)]
        if self.entry.formula.has(sympy.exp) and facts.sum:
            found.append(_temperature(self.entry))
        return found

    def _scores(self) -> list[float]:
        """What is drawn beside the first score: two others, or three where three do not go in."""
        try:
            self.respond(torch.tensor(SCORES, dtype=torch.float64))
        except (RuntimeError, ValueError):
            return [1.0, 0.0, -1.0]
        return [1.0, 0.0]

    def thumbnail(self) -> Thumbnail:
        given = [1.0, 2.0, 0.5][: len(self._scores()) + 1]
        given += [1.5] * (len(self._scores()) - 2)
        outputs = self.respond(torch.tensor(given, dtype=torch.float64)).tolist()
        return plots.bars([given[:3], outputs[:3]])

    def controls(self, drawing: Drawing) -> Controls | None:
        """Scores to drag where the outputs are shares of 1 or their logarithms."""
        entry = self.entry
        if self._outputs() == "numbers":
            return None
        cells = [Reading("Entropy, nats", "nats"), Reading("in bits", "bits")]
        tracks = [track(entry, argument, WIDE) for argument in entry.parameters]
        if not entry.parameters:
            tracks = [Track("T", "Temperature T", DECADE, "Back to 1", log=True)]
        return Controls(
            "vector",
            [*cells, Reading("Largest share", "largest")],
            tracks,
            self._hint(),
            SCORES,
            seeded=entry.noise is not None,
            hard="hard" in entry.signature,
        )

    def _hint(self) -> str:
        entry = self.entry
        lines = ["Drag the bars up and down, or move the sliders."]
        if any(len(e.indices) > 1 for e in entry.formula.atoms(Indexed)):
            lines.append("These are the scores of one place; every place is computed by itself.")
        if not entry.parameters:
            lines.append("T is no argument of torch’s: it divides the scores before the function.")
        if entry.noise:
            lines.append(
                "After <code>torch.manual_seed(seed)</code> the same noise is"
                " <code>-(-torch.rand(K, dtype=torch.float64).log()).log()</code>."
            )
        return " ".join(lines)

    def _outputs(self) -> str:
        return vectors.outputs(self.shown())

    # formulas

    def definition(self) -> Statement:
        entry, indices = self.entry, self._element_indices()
        left = entry.left or f"{operator(entry)}(x)_{{{joined(indices)}}}"
        return Statement(
            "definition-formula", entry.slug, left, entry.formula, entry.forms,
            indices=indices, counts=self._counts(),
        )  # fmt: skip

    def _element_indices(self) -> tuple[Any, ...]:
        """The indices of the input's element that an output belongs to: i, or i, h, w."""
        found = sorted(self.entry.formula.atoms(Indexed), key=str)
        return next(tuple(e.indices) for e in found if i in e.indices)

    def _counts(self) -> dict[Symbol, Expr]:
        """How many values i takes, where they are more or fewer than the inputs."""
        return {} if self.ratio == 1 else {i: self.ratio * self._lengths()[0]}

    def derivatives(self) -> list[Statement]:
        assert self.entry.derivative is not None
        first, *rest = self._element_indices()
        of, by = joined((first, *rest)), joined((first, *rest), first="k")
        left = rf"\frac{{\partial y_{{{of}}}}}{{\partial x_{{{by}}}}}"
        name, indices = f"{self.entry.slug}_derivative", (first, k, *rest)
        return [
            Statement(
                "derivative-formula", name, left, self.entry.derivative,
                indices=indices, counts=self._counts(),
            )
        ]  # fmt: skip

    def meanings(self) -> dict[Expr, Expr]:
        return {**self.entry.where, outputs_of[self._element_indices()]: self.entry.formula}

    def sizes(self) -> dict[Symbol, tuple[str, int]]:
        return dict.fromkeys(self._lengths(), ("x", 0))

    def notes(self) -> list[str]:
        derivative, found = self.entry.derivative, []
        if derivative is not None and derivative.has(KroneckerDelta):
            found.append(r"$\delta_{ik}$ is 1 where $i = k$ and 0 elsewhere")
        if derivative is not None and "y" in {str(e.base) for e in derivative.atoms(Indexed)}:
            found.append("$y$ is the output")
        return found

    def script(self) -> str | None:
        size = next(iter(self._lengths()), None)
        count = self._counts().get(i)
        return javascript_vectors.module(self.entry, size, self._outputs(), count)

    # measuring

    def rounding(self, device: torch.device) -> dict[str, Any]:
        return _rounding.of_rows(self.entry, self._exact, device)

    def _exact(self, length: int) -> _rounding.Exact:
        """The formula's outputs, and the first one's derivatives, for inputs of this length."""
        entry = self.entry
        formula, derivative = self.shown(), at(entry, entry.setting, entry.derivative)
        outputs = [self.compiled(formula, length, i=p) for p in self.outputs(length)]
        slopes = [self.compiled(derivative, length, i=1, k=p) for p in range(1, length + 1)]

        def both(
            scores: Sequence[float], noise: Sequence[float]
        ) -> tuple[list[float], list[float]]:
            arrays = {"x": torch_side.nest(scores, entry), "g": noise}
            ys = [f(*(element(arrays, e) for e in needs)) for needs, f in outputs]
            arrays["y"] = torch_side.nest(ys, entry)
            by = [g(*(element(arrays, e) for e in needs)) for needs, g in slopes]
            return [float(y) for y in ys], [float(g) for g in by]

        return both

    def inputs_elsewhere(self) -> str:
        if self.entry.noise:
            return "noisy rows"
        return {1: "rows", 3: "images"}[len(self._element_indices())]


def _along(
    f: Any, needs: list[Any], arrays: dict[str, Any], by: int
) -> tuple[Callable[[Any], Any], Any] | None:
    """An output as a function of one input, and that input's value; None where it has no part."""
    numbers = [element(arrays, e) for e in needs]
    places = [
        p for p, e in enumerate(needs) if str(e.base.label) == "x" and int(e.indices[0]) == by
    ]
    if not places:
        return None

    def along(t: Any) -> Any:
        return f(*numbers[: places[0]], t, *numbers[places[0] + 1 :])

    return along, numbers[places[0]]


def _slope(f: Any, needs: list[Any], arrays: dict[str, Any], by: int) -> Any:
    """The derivative of one output by one input, by finite differences in high precision."""
    found = _along(f, needs, arrays, by)
    return mpmath.diff(*found) if found else mpmath.mpf(0)


def _has_kink(f: Any, needs: list[Any], arrays: dict[str, Any], by: int) -> bool:
    """Whether the output's slopes on both sides differ, or are none."""
    found = _along(f, needs, arrays, by)
    if found is None:
        return False
    along, place = found
    step = mpmath.mpf(10) ** -20
    left, right = ((along(place + s * step) - along(place)) / (s * step) for s in (-1, 1))
    return bool(abs(left - right) > SAME * max(1, abs(left)))


def _seeds(entry: Activation) -> range:
    return range(4) if entry.noise else range(1)


def _one_logit(entry: Activation, rest: Sequence[float], between: float) -> Drawing:
    """The outputs as the first score t moves and the rest stay, and the slope of the first."""
    ts = [-6 + i / 10 + between for i in range(121)]
    width = {"linewidth": 1.2} if entry.noise else {}
    output, slope = {**LOOK["f"], **width}, {**LOOK["df"], **width}
    styles = [] if entry.noise else ["-.", ":", "--"][: len(rest)]
    others = [pen("muted", linestyle=style, linewidth=1.4) for style in styles]
    figure, (ax,) = plots.axes(rows=1 if entry.noise else 1 + len(rest) // 2)
    heights: list[float] = []
    for seed in _seeds(entry):
        outputs, slopes = [], []
        for t in ts:
            scores = torch.tensor([t, *rest], dtype=torch.float64, requires_grad=True)
            result = torch_side.respond(entry, entry.setting, scores, seed)
            slopes.append(torch.autograd.grad(result[0], scores)[0][0].item())
            outputs.append(result.tolist())
        first, *more = zip(*outputs, strict=True)
        for ys, look in [(slopes, slope), *zip(more, others, strict=False), (first, output)]:
            ax.plot(ts, ys, **look)
            heights += ys
    plots.window(ax, (-6, 6), heights)
    listed = f"(t, {', '.join(words.plain(score) for score in rest)})"
    ax.set_xlabel(f"t, the first of the scores {listed}")
    names = ["output of score t", "its slope in t"]
    names += [f"output of score {words.plain(score)}" for score in rest]
    plots.legend(figure, dict(zip(names, (output, slope, *others), strict=False)), 2)
    lines = "four draws of the noise, each kept along its line" if entry.noise else ""
    at_zero = torch.tensor([0.0, *rest], dtype=torch.float64)
    found = torch_side.respond(entry, entry.setting, at_zero).tolist()
    told = ", ".join(words.plain(v + 0.0) for v in found)
    return Drawing(
        "one-logit",
        inline.svg(figure, f"{entry.slug}-l"),
        f"Plot of the outputs of {entry.name} for the scores {listed}, t from −6 to 6"
        + (f", {lines}." if lines else f". At t = 0 they are {told}."),
        f"{entry.name} of the scores {listed} as t moves" + (f": {lines}." if lines else "."),
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
