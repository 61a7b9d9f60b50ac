"""The facts of a map of vectors: what its formula shows, for vectors of any length, and what torch
does with random ones. What is not known is None.
"""

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

import mpmath
import sympy
import torch
from mpmath import mpf
from pydantic import ConfigDict, Field
from sympy import Abs, Expr, Indexed, Max, Min, Piecewise, Pow, Sum, cos, exp, log, sin, tanh
from torch import Tensor

from activations._notation import Greatest, Named, Ranked, i

from . import words
from .family import INF, PAGE_ONLY, Extent, Fact, Family

LENGTH, SAMPLES = 4, 200
SMOOTH = (exp, sin, cos, tanh, Named)
ROUGH = (Max, Min, Abs, Greatest, Ranked)  # continuous all the same
FAR = mpf(10) ** 6
SEGMENTS, STEPS, HALVINGS, GAP = 20, 128, 44, 1e-6


def structure(formula: Expr, where: Mapping[Expr, Expr]) -> str | None:
    """ "analytic", if the formula is put together of analytic functions alone."""
    return "analytic" if _is_made_of(formula, where, ()) else None


def is_continuous(formula: Expr, where: Mapping[Expr, Expr]) -> bool:
    """Whether the formula is put together of continuous functions alone."""
    return _is_made_of(formula, where, ROUGH)


def _is_made_of(expr: Expr, where: Mapping[Expr, Expr], more: tuple[type, ...]) -> bool:
    def well_made(part: Expr) -> bool:
        if isinstance(part, Indexed) or not part.args:
            return _key(part, where) is None or _is_made_of(where[_key(part, where)], where, more)
        if isinstance(part, Piecewise):
            asked = [condition for _, condition in part.args]
            if any(
                c.atoms(Indexed) or any(not s.is_integer for s in c.free_symbols) for c in asked
            ):
                return False
            return all(well_made(value) for value, _ in part.args)
        if isinstance(part, Ranked):
            return Ranked in more
        if isinstance(part, Sum):
            return (not isinstance(part, Greatest) or Greatest in more) and well_made(part.function)
        if isinstance(part, Pow):
            base, power = part.args
            whole = bool(power.is_Integer and power >= 0)
            return well_made(base) and (whole or _sign(base, where) > 0)
        if isinstance(part, log):
            return well_made(part.args[0]) and _sign(part.args[0], where) > 0
        known = isinstance(part, (sympy.Add, sympy.Mul, *SMOOTH, *more))
        return known and all(map(well_made, part.args))

    return well_made(expr)


def _key(part: Expr, where: Mapping[Expr, Expr]) -> Any:
    """What `where` calls a symbol or an element, if it says what it stands for."""
    for key in where:
        both = isinstance(key, Indexed) and isinstance(part, Indexed)
        if key == part or (both and key.base == part.base):
            return key
    return None


def _sign(expr: Expr, where: Mapping[Expr, Expr]) -> int:
    """1 for what is certainly positive, 0 for what is certainly not negative, else -1."""
    if (key := _key(expr, where)) is not None:
        return _sign(where[key], where)
    if isinstance(expr, exp) or (isinstance(expr, Named) and expr.is_positive):
        return 1
    if expr.is_positive:
        return 1
    if isinstance(expr, Sum) and not isinstance(expr, Greatest):
        return _sign(expr.function, where)
    if isinstance(expr, sympy.Mul):
        signs = [_sign(factor, where) for factor in expr.args]
        return min(signs)
    if isinstance(expr, sympy.Add):
        signs = [_sign(term, where) for term in expr.args]
        return -1 if min(signs) < 0 else max(signs)
    if isinstance(expr, Pow):
        base, power = expr.args
        if _sign(base, where) > 0:
            return 1
        return 0 if power.is_even and power > 0 else -1
    return 0 if expr.is_nonnegative else -1


def outputs(formula: Expr) -> str:
    """ "shares", if the outputs are positive and sum to 1 for every vector; "logs", if their
    exponentials do; else "numbers"."""
    for name, expr in (("shares", formula), ("logs", exp(formula))):
        for total in expr.atoms(Sum):
            bound, low, _ = total.limits[0]
            alone = sympy.powsimp(sympy.expand_log(expr * total, force=True))
            term = sympy.powsimp(total.function.subs(bound, i))
            if low == 1 and alone == term and _sign(term, {}) > 0:
                return name
    return "numbers"


def extent(formula: Expr, first: Callable[[Any], Any] | None) -> Extent | None:
    """The range of each output, two or more inputs given.

    `first` is the first output as a function of the first input, the others 0, in high precision:
    at ±FAR it must be next to the ends that the formula allows, and all between is taken if it is
    continuous. None where that is not so, or where there is no `first`.
    """
    if first is None:
        return None
    bounds = {"shares": (0.0, 1.0), "logs": (-INF, 0.0)}
    low, high = bounds.get(outputs(formula), (-INF, INF))
    reached = sorted(mpf(first(sign * FAR)) for sign in (-1, 1))
    for end, value in zip((low, high), reached, strict=True):
        beside = abs(value - end) < 2 / FAR
        if mpmath.isinf(end):
            beside = mpmath.sign(value) == mpmath.sign(end) and abs(value) > FAR / 2
        if not beside:
            return None
    return Extent(lower=low, lower_attained=False, upper=high, upper_attained=False)


def roughness(respond: Callable[[Tensor, int], Tensor], continuous: bool) -> str | None:
    """Whether torch's outputs ("discontinuous"), or their slopes ("C0"), jump on random lines.

    Outputs are not asked where the formula is known to be continuous, slopes only there. None if no
    jump was met. A jump exceeds GAP over 2^-HALVINGS of a STEPS-th of the line.
    """
    chance = random.Random(2)
    for _ in range(SEGMENTS):
        start, end = (
            torch.tensor([chance.gauss(0, 2) for _ in range(LENGTH)], dtype=torch.float64)
            for _ in range(2)
        )

        def at(t: float, start: Tensor = start, end: Tensor = end) -> Tensor:
            point = (start + t * (end - start)).requires_grad_()
            y = respond(point, 0)
            if not continuous:
                return y.detach()
            weights = torch.arange(1, y.numel() + 1, dtype=y.dtype)
            return torch.autograd.grad((weights * y).sum(), point)[0]

        places = [n / STEPS for n in range(STEPS + 1)]
        steps = [(one - other).abs().max() for one, other in itertools.pairwise(map(at, places))]
        n = int(torch.stack(steps).argmax())
        if _jump(at, places[n], places[n + 1]) > GAP:
            return "C0" if continuous else "discontinuous"
    return None


def _jump(of: Callable[[Any], Tensor], low: float, high: float) -> float:
    """How far the value leaps between two places that are halved to nearly one."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        left, here, right = map(of, (low, middle, high))
        if (here - left).abs().max() >= (right - here).abs().max():
            high = middle
        else:
            low = middle
    return float((of(high) - of(low)).abs().max())


@dataclass(frozen=True)
class Tried:
    """torch's outputs for random vectors of normal scores, beside the formula.

    `respond` gives the outputs for scores and a seed of the noise; `first` is what `extent` asks.
    """

    formula: Expr
    where: Mapping[Expr, Expr]
    respond: Callable[[Tensor, int], Tensor]
    first: Callable[[Any], Any] | None
    is_random: bool

    @cached_property
    def vectors(self) -> list[Tensor]:
        chance = random.Random(1)
        return [
            torch.tensor([chance.gauss(0, 2) for _ in range(LENGTH)], dtype=torch.float64)
            for _ in range(SAMPLES)
        ]

    @cached_property
    def outputs(self) -> list[Tensor]:
        return [self.respond(vector, seed) for seed, vector in enumerate(self.vectors)]

    def largest_own_slope(self) -> float:
        slopes = []
        for seed, vector in enumerate(self.vectors):
            inputs = vector.clone().requires_grad_()
            gradients = torch.autograd.grad(self.respond(inputs, seed)[0], inputs)[0]
            slopes.append(gradients[0].item())
        return max(slopes, key=abs)

    def total(self) -> float | None:
        """1 or 0, if that is what the outputs of each vector sum to."""
        for total in (1.0, 0.0):
            if all(abs(y.sum() - total) < 1e-14 for y in self.outputs):
                return total
        return None

    def is_shift_invariant(self) -> bool:
        shifts = [
            (self.respond(vector + 5, seed) - outputs).abs().max().item()
            for seed, (vector, outputs) in enumerate(zip(self.vectors, self.outputs, strict=True))
        ]
        return max(shifts) < 1e-13

    def order(self) -> str | None:
        """What becomes of the order of the scores, the same for all vectors or "random"."""
        found = {_order(*pair) for pair in zip(self.vectors, self.outputs, strict=True)}
        if found == {"kept", "kept, with ties"}:
            return "kept, with ties"
        return found.pop() if len(found) == 1 else "random"

    def smoothness(self) -> str | None:
        continuous = is_continuous(self.formula, self.where)
        return structure(self.formula, self.where) or roughness(self.respond, continuous)


def _order(scores: Tensor, outputs: Tensor) -> str | None:
    if scores.shape != outputs.shape:
        return None
    steps = outputs[scores.argsort()].diff()
    for name, holds in (
        ("kept", steps > 0),
        ("reversed", steps < 0),
        ("kept, with ties", steps >= 0),
    ):
        if bool(holds.all()):
            return name
    return "random"


ORDER = {
    "kept": "kept: a larger score gets a larger output",
    "kept, with ties": "kept, with ties: a larger score never gets a smaller output",
    "reversed": "reversed: a larger score gets a smaller output",
}


def _told_order(facts: Any) -> str:
    mixed = "not kept: the noise can reorder" if facts.is_random else "not kept"
    return ORDER.get(facts.order, mixed) if facts.order else ""


def _told_shift(facts: Any) -> str:
    return "outputs unchanged" if facts.shift_invariant else "outputs changed"


def _told_seen(facts: Any) -> str:
    low, high = facts.seen
    return "" if facts.range else f"from {words.plain(low)} to {words.plain(high)}"


def _told_range(facts: Any) -> str:
    condition = "" if facts.outputs == "numbers" else ", for two or more scores"
    return f"{facts.range}{condition}" if facts.range else ""


class VectorFacts(Family):
    """Of the kind normalising, and of a stochastic function of a vector. Measured with torch in
    float64 on random vectors of normal scores."""

    model_config = ConfigDict(title="Facts of a function of a vector")
    family: ClassVar = "vector"

    outputs: Annotated[str, PAGE_ONLY, Fact(find=lambda it: outputs(it.formula))]
    """what the outputs are"""
    is_random: Annotated[bool, PAGE_ONLY, Fact(find=lambda it: it.is_random)]
    """by noise"""
    seen: Annotated[
        tuple[float, float],
        PAGE_ONLY,
        Fact(
            "Outputs that were met",
            lambda it: (
                min(float(y.min()) for y in it.outputs),
                max(float(y.max()) for y in it.outputs),
            ),
            _told_seen,
            glance=True,
        ),
    ]
    """the least and the greatest output"""
    range: Annotated[
        Extent | None,
        PAGE_ONLY,
        Fact(
            "Range of each output",
            lambda it: extent(it.formula, it.first),
            _told_range,
            glance=True,
        ),
    ]
    """of each output"""
    sum: Annotated[
        float | None,
        Fact(
            "Sum of the outputs",
            Tried.total,
            lambda facts: "not constant" if facts.sum is None else words.plain(facts.sum),
            glance=True,
        ),
    ]
    """what the outputs of each vector sum to; null where that varies"""
    all_positive: Annotated[
        bool, Fact(find=lambda it: all(bool((y > 0).all()) for y in it.outputs))
    ]
    """whether every output was above 0"""
    all_negative: Annotated[
        bool, Fact(find=lambda it: all(bool((y < 0).all()) for y in it.outputs))
    ]
    """whether every output was below 0"""
    shift_invariant: Annotated[
        bool,
        Fact(
            "Adding a constant to all inputs",
            Tried.is_shift_invariant,
            _told_shift,
            _told_shift,
            key="shift",
        ),
    ]
    """whether adding a constant to all inputs leaves the outputs as they were"""
    smoothness: Annotated[
        str | None, PAGE_ONLY, Fact("Smooth?", Tried.smoothness, words.smooth, glance=True)
    ]
    """how smooth it is"""
    order: Annotated[
        Literal["kept", "kept, with ties", "reversed", "random"] | None,
        Fact("Order of the inputs", Tried.order, _told_order),
    ]
    """whether a larger input gets a larger output (kept), a smaller one (reversed), or either;
    null where outputs belong to no one input"""
    largest_own_slope: Annotated[float, Fact(find=Tried.largest_own_slope)]
    """largest slope in size of the first output by the first input"""
    samples: Annotated[int, Field(ge=1), Fact(find=lambda it: SAMPLES)]
    """number of vectors measured"""
    length: Annotated[int, Field(ge=1), Fact(find=lambda it: LENGTH)]
    """scores in each vector"""
