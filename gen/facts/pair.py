"""The facts of a function of two numbers a and b, computed from its formula.

Where it is a product u(a) v(b), all follows from the two factors. Of another function less is
known, and what is not known is None.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import sympy
from mpmath import mpf
from pydantic import ConfigDict
from sympy import Expr, Mul, Symbol
from sympy.core.relational import Relational

from activations._notation import a, b, x

from ..evaluation.derivatives import off_the_joints
from ..evaluation.formula import by_cases, high_precision, numeric
from . import number, vectors, words
from .analysis import Analysis, extent
from .family import EVERYTHING, INF, PAGE_ONLY, Extent, Fact, Family, Shape
from .kinks import kinks_of

HALVES = {"a": a, "b": b}
PLACES = [sympy.Rational(n, 7) for n in (-23, -10, -3, -1, 2, 5, 11, 26)]
LINES = ((1, 1), (1, 0), (0, 1), (1, -1))  # through 0, along which the function is followed


@dataclass(frozen=True)
class Half:
    """What is true of one factor, a function of one half; `formula` is its LaTeX, `enters` says
    how: "as it is", "straight" or "activated"."""

    formula: str
    enters: str
    range: Extent
    slopes: Extent
    zeros: list[float | Extent] | None
    kinks: list[float]
    smoothness: str

    @property
    def told(self) -> str:
        return f"${self.formula}$, {_between(self.range)}"


def gating(halves: Sequence[Half] | None) -> int | None:
    """Which half is activated while the other passes as it is; None where there is no such pair."""
    match [half.enters for half in halves or ()]:
        case "activated", "as it is":
            return 0
        case "as it is", "activated":
            return 1
    return None


def _between(found: Extent) -> str:
    """A range in words."""
    low, high = words.plain(found.lower), words.plain(found.upper)
    match found.lower > -INF, found.upper < INF:
        case True, True:
            return f"between {low} and {high}"
        case True, False:
            return f"at least {low}" if found.lower_attained else f"above {low}"
        case False, True:
            return f"at most {high}" if found.upper_attained else f"below {high}"
    return "without bounds"


def _told_gate(facts: Any) -> str:
    """The factor that gates where one half passes as it is, else both factors."""
    if not facts.halves:
        return ""
    if (which := gating(facts.halves)) is not None:
        return facts.halves[which].told
    if all(half.enters != "activated" for half in facts.halves):
        return "neither half is activated"
    one, other = facts.halves
    return f"no half passes as it is: {one.told}, times {other.told}"


def _gate_value(facts: Any) -> Any:
    if (which := gating(facts.halves)) is not None:
        return facts.halves[which].range
    if all(half.enters != "activated" for half in facts.halves):
        return None
    return tuple(half.range for half in facts.halves)


def _has_gate(facts: Any) -> bool:
    return not _told_gate(facts).startswith("no half")


def _told_zeros(facts: Any) -> str:
    """Where the product is 0: where one of its factors is."""
    if facts.zeros is None:
        return ""
    told = [text for half in facts.zeros.items() for text in _told_half(*half)]
    return " or ".join(told) or "none"


def _told_half(name: str, zeros: Sequence[float | Extent] | None) -> list[str]:
    if zeros is None:
        return [f"${name}$ at infinitely many places: they repeat"]
    return [
        rf"${name} \in {words.extent(zero)}$"
        if isinstance(zero, Extent)
        else f"${name} {words.equals(zero)}$"
        for zero in zeros
    ]


def _told_kinks(facts: Any) -> str:
    if not (facts.smoothness or facts.kinks):
        return ""
    return "; ".join(f"${_equation(kink)}$" for kink in facts.kinks) or "none"


def _equation(kink: str) -> str:
    """`b = 7.0` in LaTeX; `a = b` stays as it is."""
    half, _, value = kink.partition(" = ")
    try:
        return f"{half} {words.equals(float(value))}"
    except ValueError:
        return kink


def _told_shapes(facts: Any) -> str:
    given, made = (" × ".join(map(str, shape)) for shape in (facts.shape_in, facts.shape_out))
    return f"{given} goes in, {made} comes out"


def _shapes(facts: Any) -> Any:
    return {"input": tuple(facts.shape_in), "output": tuple(facts.shape_out)}


class PairFacts(Family):
    """Of the kind gated: one half of the input gates the other. Measured with torch."""

    model_config = ConfigDict(title="Facts of a gate")
    family: ClassVar = "gated"

    range: Annotated[Extent | None, PAGE_ONLY, Fact("Range", glance=True)]
    """the outputs"""
    halves: Annotated[
        tuple[Half, Half] | None,
        PAGE_ONLY,
        Fact("Gate", words=_told_gate, value=_gate_value, key="gate", glance=_has_gate),
    ]
    """the factors"""
    zeros: Annotated[
        dict[str, list[float | Extent] | None] | None, PAGE_ONLY, Fact("Zeros", words=_told_zeros)
    ]
    """where the factors are 0"""
    smoothness: Annotated[str | None, PAGE_ONLY, Fact("Smooth?", words=words.smooth, glance=True)]
    """how smooth it is"""
    kinks: Annotated[list[str], PAGE_ONLY, Fact("Kinks and jumps", words=_told_kinks)]
    """lines, as equations"""
    slope_a: Annotated[Extent | None, PAGE_ONLY, Fact("Range of the slope by a")]
    """by a"""
    slope_b: Annotated[Extent | None, PAGE_ONLY, Fact("Range of the slope by b")]
    """by b"""
    shape_in: Shape
    """shape of the tensor that went in"""
    shape_out: Annotated[Shape, Fact("Shape", words=_told_shapes, value=_shapes, key="shape")]
    """shape of the tensor that came out"""


def factors(expr: Expr) -> tuple[Expr, Expr] | None:
    """u(a) and v(b) of which `expr` is the product, if it is one; constants belong to u."""
    for form in (expr, sympy.factor_terms(expr)):
        of_b = Mul(*(factor for factor in Mul.make_args(form) if factor.has(b)))
        of_a = Mul(*(factor for factor in Mul.make_args(form) if not factor.has(b)))
        if not of_b.has(a):
            return of_a, of_b
    return None


def cuts(expr: Expr) -> list[list[float]]:
    """Where each factor of a product has kinks; nowhere for another function."""
    with high_precision():
        return [
            [kink.x for kink in kinks_of(Analysis(factor.subs(half, x)))]
            for half, factor in zip(HALVES.values(), factors(expr) or (), strict=False)
        ] or [[], []]


def facts(
    formula: Expr, expr: Expr, latex: Callable[[Expr], str], shapes: Sequence[Sequence[int]]
) -> PairFacts:
    """The facts of `expr`, the formula at the shown setting; `latex` prints the formula's factors,
    `shapes` are those of a tensor that went in and of what came out. Raises UndeterminedError."""
    with high_precision():
        parts, printed = factors(expr), factors(formula)
        if parts and printed:
            found = _of_product(parts, [latex(part) for part in printed])
        else:
            found = _of_other(expr)
    return PairFacts(**found, shape_in=list(shapes[0]), shape_out=list(shapes[1]))


def _of_product(parts: Sequence[Expr], printed: Sequence[str]) -> dict[str, Any]:
    halves = tuple(
        _half(part.subs(half, x), text)
        for half, part, text in zip(HALVES.values(), parts, printed, strict=True)
    )
    one, other = halves
    return {
        "range": product(one.range, other.range),
        "halves": halves,
        "zeros": {name: half.zeros for name, half in zip(HALVES, halves, strict=True)},
        "smoothness": min((half.smoothness for half in halves), key=_derivatives),
        "kinks": [
            f"{name} = {kink}"
            for name, half in zip(HALVES, halves, strict=True)
            for kink in half.kinks
        ],
        "slope_a": product(one.slopes, other.range),
        "slope_b": product(one.range, other.slopes),
    }


def _derivatives(smoothness: str) -> float:
    """How many derivatives are continuous."""
    ends = {"discontinuous": -1.0, "analytic": INF}
    return ends[smoothness] if smoothness in ends else float(smoothness.removeprefix("C"))


def _half(expr: Expr, printed: str) -> Half:
    straight = sympy.expand(expr).as_poly(x)
    enters = "activated"
    if straight is not None and straight.degree() <= 1:
        enters = "as it is" if expr == x else "straight"
    it = Analysis(expr)
    return Half(
        formula=printed,
        enters=enters,
        range=extent(it.values),
        slopes=extent(it.slopes),
        zeros=it.equal(sympy.S.Zero),
        kinks=[kink.x for kink in kinks_of(it)],
        smoothness=number.smoothness(it),
    )


def product(one: Extent, other: Extent) -> Extent:
    """The range of u v where u and v take the values of two ranges independently."""
    corners = []
    for (left, left_taken), (right, right_taken) in itertools.product(_ends(one), _ends(other)):
        value = 0.0 if 0.0 in (left, right) else left * right
        reached = left_taken and right_taken
        reached |= (left == 0 and left_taken) or (right == 0 and right_taken)
        corners.append((value, reached))
    inside = any(map(_holds_zero, (one, other)))
    found: dict[str, Any] = {}
    for end, best in (("lower", min), ("upper", max)):
        value = best(corner for corner, _ in corners)
        reached = any(taken for corner, taken in corners if corner == value)
        found[end] = value
        found[f"{end}_attained"] = math.isfinite(value) and (reached or (value == 0 and inside))
    return Extent(**found)


def _ends(found: Extent) -> list[tuple[float, bool]]:
    return [(found.lower, found.lower_attained), (found.upper, found.upper_attained)]


def _holds_zero(found: Extent) -> bool:
    return found.lower < 0 < found.upper or (0, True) in _ends(found)


# functions that are no product


def _of_other(expr: Expr) -> dict[str, Any]:
    lines = _lines(expr)
    jumps = [line for line, order in lines if order == 0]
    kinks = [line for line, order in lines if order == 1]
    smooth = "discontinuous" if jumps else "C0" if kinks else None
    slopes = {
        f"slope_{name}": _constant(off_the_joints(expr, half, {other: PLACES[4]}))
        for (name, half), other in zip(HALVES.items(), (b, a), strict=True)
    }
    return {
        "range": _everything(expr) if vectors.is_continuous(expr, {}) else None,
        "halves": None,
        "zeros": None,
        "smoothness": smooth or vectors.structure(expr, {}),
        "kinks": [*jumps, *kinks],
        **slopes,
    }


def _lines(expr: Expr) -> list[tuple[str, int]]:
    """Where two cases meet with other values (0) or slopes (1): the line's equation, the order."""
    found = []
    relations = by_cases(expr).atoms(Relational)
    for edge in sorted({relation.lhs - relation.rhs for relation in relations}, key=str):
        half, other = (a, b) if edge.has(a) else (b, a)
        for root in sympy.solve(edge, half):
            orders = {_order(expr, half, other, root, place) for place in PLACES}
            if orders & {0, 1}:
                found.append((f"{half} = {root}", min(orders)))
    return found


def _order(expr: Expr, half: Symbol, other: Symbol, root: Expr, place: Expr) -> int:
    """The lowest derivative across the line that jumps at one of its points; 2 if none of both."""
    meeting = root.subs(other, place)
    if not meeting.is_real:
        return 2
    along = Analysis(expr.subs(other, place).subs(half, x))
    at = float(meeting)
    kinks = [kink for kink in kinks_of(along) if abs(kink.x - at) < 1e-12]
    return min((kink.order for kink in kinks), default=2)


def _everything(expr: Expr) -> Extent | None:
    """(−∞, ∞), if a continuous function tends to both along lines through 0."""
    ends = set()
    for one, other in LINES:
        f = numeric(expr.subs({a: one * x, b: other * x}, simultaneous=True))
        for sign in (-1, 1):
            far = [f(sign * mpf(10) ** power) for power in (10, 20, 30)]
            if far[0] < far[1] < far[2] and far[2] > mpf(10) ** 25:
                ends.add("upper")
            if far[0] > far[1] > far[2] and far[2] < -(mpf(10) ** 25):
                ends.add("lower")
    return EVERYTHING if len(ends) == 2 else None


def _constant(slope: Expr) -> Extent | None:
    """The range of a slope that is a number in each case."""
    values = [v for v, _ in slope.args] if isinstance(slope, sympy.Piecewise) else [slope]
    if any(value.free_symbols for value in values):
        return None
    low, high = float(min(values)), float(max(values))
    return Extent(lower=low, lower_attained=True, upper=high, upper_attained=True)
