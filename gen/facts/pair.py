"""Exact facts of a function of two numbers a and b, computed from its formula.

Where it is a product u(a) v(b), all follows from the two factors. Of another function less is
known, and what is not known is None.
"""

import itertools
import math
from collections.abc import Mapping
from typing import Any

import sympy
from mpmath import mpf
from sympy import Expr, Mul, Symbol
from sympy.core.relational import Relational

from activations._notation import a, b, x

from ..evaluation.derivatives import off_the_joints
from ..evaluation.formula import by_cases, high_precision, numeric
from . import scalar, vectors

HALVES = (a, b)
ROUGH = ("discontinuous", "C0", "C1", "C2", "C3", "analytic")  # the roughest first
PLACES = [sympy.Rational(n, 7) for n in (-23, -10, -3, -1, 2, 5, 11, 26)]
LINES = ((1, 1), (1, 0), (0, 1), (1, -1))  # through 0, along which the function is followed


def factors(expr: Expr) -> tuple[Expr, Expr] | None:
    """u(a) and v(b) of which `expr` is the product, if it is one; constants belong to u."""
    for form in (expr, sympy.factor_terms(expr)):
        of_b = Mul(*(factor for factor in Mul.make_args(form) if factor.has(b)))
        of_a = Mul(*(factor for factor in Mul.make_args(form) if not factor.has(b)))
        if not of_b.has(a):
            return of_a, of_b
    return None


def facts(expr: Expr) -> dict[str, Any]:
    """`range`, `halves` (of a product: each factor's facts), `slopes` by a and by b, `smoothness`,
    `kinks` (lines, as equations). Raises UndeterminedError."""
    found = factors(expr)
    with high_precision():
        return _of_other(expr) if found is None else _of_product(*found)


def _of_product(u: Expr, v: Expr) -> dict[str, Any]:
    halves = [_half(factor.subs(half, x)) for half, factor in zip(HALVES, (u, v), strict=True)]
    one, other = halves
    slopes = [product(one["slopes"], other["range"]), product(one["range"], other["slopes"])]
    kinks = [
        f"{half} = {kink['x']}"
        for half, found in zip(HALVES, halves, strict=True)
        for kink in found["kinks"]
    ]
    return {
        "range": product(one["range"], other["range"]),
        "slopes": slopes,
        "smoothness": min((h["smoothness"] for h in halves), key=ROUGH.index),
        "halves": halves,
        "kinks": kinks,
    }


def _half(expr: Expr) -> dict[str, Any]:
    """What is true of one factor, a function of x; `is` says how it enters."""
    straight = sympy.expand(expr).as_poly(x)
    enters = "activated"
    if straight is not None and straight.degree() <= 1:
        enters = "as it is" if expr == x else "straight"
    return {**scalar.shape(expr), "is": enters}


def product(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The range of u v where u and v take the values of two ranges independently."""
    ends = ("lower", "upper")
    corners = []
    for p, q in itertools.product(ends, ends):
        left, right = float(one[p]), float(other[q])
        value = 0.0 if 0.0 in (left, right) else left * right
        reached = bool(one[f"{p}_attained"] and other[f"{q}_attained"])
        reached |= (left == 0 and one[f"{p}_attained"]) or (right == 0 and other[f"{q}_attained"])
        corners.append((value, reached))
    inside = any(_holds_zero(r) for r in (one, other))
    found: dict[str, Any] = {}
    for end, best in zip(ends, (min, max), strict=True):
        value = best(corner for corner, _ in corners)
        reached = any(taken for corner, taken in corners if corner == value)
        found[end] = scalar.number(mpf(value))
        found[f"{end}_attained"] = math.isfinite(value) and (reached or (value == 0 and inside))
    return found


def _holds_zero(extent: Mapping[str, Any]) -> bool:
    low, high = float(extent["lower"]), float(extent["upper"])
    return low < 0 < high or any(
        float(extent[end]) == 0 and extent[f"{end}_attained"] for end in ("lower", "upper")
    )


# functions that are no product


def _of_other(expr: Expr) -> dict[str, Any]:
    lines = _lines(expr)
    jumps = [line for line, order in lines if order == 0]
    kinks = [line for line, order in lines if order == 1]
    smooth = "discontinuous" if jumps else "C0" if kinks else None
    smooth = smooth or vectors.structure(expr, {})
    slopes = [_constant(off_the_joints(expr, half, _others(half))) for half in HALVES]
    return {
        "range": _everything(expr) if vectors.is_continuous(expr, {}) else None,
        "slopes": slopes,
        "smoothness": smooth,
        "halves": None,
        "kinks": [*jumps, *kinks],
    }


def _others(half: Symbol) -> dict[Symbol, Expr]:
    return {other: PLACES[4] for other in HALVES if other != half}


def _lines(expr: Expr) -> list[tuple[str, int]]:
    """Where two cases meet with other values (0) or slopes (1): the line's equation, the order."""
    found = []
    relations = by_cases(expr).atoms(Relational)
    for edge in sorted({relation.lhs - relation.rhs for relation in relations}, key=str):
        half = a if edge.has(a) else b
        (other,) = (one for one in HALVES if one != half)
        for root in sympy.solve(edge, half):
            orders = {_order(expr, half, other, root, place) for place in PLACES}
            if orders & {0, 1}:
                found.append((f"{half} = {root}", min(orders)))
    return found


def _order(expr: Expr, half: Symbol, other: Symbol, root: Expr, place: Expr) -> int:
    """The lowest derivative across the line that jumps at one of its points; 2 if none of both."""
    along = expr.subs(other, place).subs(half, x)
    at = root.subs(other, place)
    kinks = [kink for kink in scalar.shape(along)["kinks"] if abs(kink["x"] - float(at)) < 1e-12]
    return min((kink["order"] for kink in kinks), default=2)


def _everything(expr: Expr) -> dict[str, Any] | None:
    """(−∞, ∞), if a continuous function tends to both along lines through 0."""
    ends = set()
    for one, other in LINES:
        along = expr.subs({a: one * x, b: other * x}, simultaneous=True)
        f = numeric(along)
        for sign in (-1, 1):
            far = [f(sign * mpf(10) ** power) for power in (10, 20, 30)]
            if far[0] < far[1] < far[2] and far[2] > mpf(10) ** 25:
                ends.add("upper")
            if far[0] > far[1] > far[2] and far[2] < -(mpf(10) ** 25):
                ends.add("lower")
    if len(ends) < 2:
        return None
    return {"lower": "-inf", "lower_attained": False, "upper": "inf", "upper_attained": False}


def _constant(slope: Expr) -> dict[str, Any] | None:
    """The range of a slope that is a number in each case."""
    values = [v for v, _ in slope.args] if isinstance(slope, sympy.Piecewise) else [slope]
    if any(value.free_symbols for value in values):
        return None
    low, high = min(values), max(values)
    return {
        "lower": float(low),
        "lower_attained": True,
        "upper": float(high),
        "upper_attained": True,
    }
