"""Exact facts of a function of one variable, computed from its formula.

Every number is found in high precision (see `formula.DIGITS`) and given as a float, which
carries about 16 significant digits; an infinity is the string "inf" or "-inf".
"""

import itertools
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Expr, oo

from activations._notation import x

from .formula import Piece, elementary, high_precision, numeric, pieces

REACH = 40
STEP = mpf(1) / 50
HIGHEST_ORDER = 4
SAME = mpf(10) ** -35


@dataclass(frozen=True)
class Candidate:
    """A value that bounds a function, where it is taken, and whether it is taken at all."""

    y: Any
    x: Any
    attained: bool
    flat: bool = False


def facts(expr: Expr) -> dict[str, Any]:
    """The exact facts of `expr`, a function of x alone.

    Returns the fields that `/activations.json` publishes, save what torch measures
    (`kinks[].autograd`). Source: the formula, by limits, root search and bisection.
    """
    with high_precision():
        parts = pieces(expr)
        f = numeric(expr)
        values = _candidates(parts, f)
        slopes = _candidates(_derivative(parts), None)
        low, high = min(values, key=lambda c: c.y), max(values, key=lambda c: c.y)
        kinks = _kinks(parts, f)
        jumps = any(kink["order"] == 0 for kink in kinks)
        signs = _signs(_derivative(parts))
        return {
            "value_at_zero": number(f(mpf(0))),
            "slope_at_zero": [number(s) for s in _slopes_at(parts, sympy.S.Zero)],
            "range": {
                "lower": number(low.y),
                "lower_attained": _attained(low, values),
                "upper": number(high.y),
                "upper_attained": _attained(high, values),
            },
            "minimum": _minimum(low, values, parts),
            "lipschitz": "inf" if jumps else number(max(abs(c.y) for c in slopes)),
            "steepest": None if jumps else _steepest(slopes),
            "smoothness": _smoothness(parts, f),
            "kinks": kinks,
            "monotone": _monotone(signs, parts, f),
            "parity": _parity(f),
            "convex": _convex(parts, f),
            "limits": {
                "-inf": number(_limit(parts[0].expr, -oo)),
                "+inf": number(_limit(parts[-1].expr, oo)),
            },
        }


def number(value: Any) -> float | str:
    """A float, or "inf" or "-inf" as JSON needs them."""
    value = mpf(value)
    if abs(value) < SAME:
        return 0.0
    if mpmath.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def _limit(expr: Expr, point: Expr) -> Any:
    limit = sympy.limit(elementary(expr), x, point)
    if not limit.is_extended_real:
        raise ArithmeticError(f"the limit of {expr} at {point} came out as {limit}")
    return to_mpf(limit)


def to_mpf(value: Expr) -> Any:
    """A real SymPy number as an mpmath number of the working precision."""
    if value.is_infinite:
        return mpf("inf") * int(sympy.sign(value))
    return mpf(numeric(value)(0))


def _derivative(parts: list[Piece]) -> list[Piece]:
    return [Piece(p.lower, p.upper, p.expr.diff(x)) for p in parts]


def _end(part: Piece, point: Expr) -> Any:
    """The limit of a piece at one of its ends."""
    if point.is_infinite:
        return _limit(part.expr, point)
    return numeric(part.expr)(to_mpf(point))


def _candidates(parts: list[Piece], f: Any) -> list[Candidate]:
    """Every value that can bound the function: ends of pieces, their values, critical points.

    With f = None only the pieces count (a derivative has no value where pieces meet).
    """
    found = []
    for part in parts:
        for end in (part.lower, part.upper):
            y = _end(part, end)
            flat = not part.expr.has(x)
            found.append(Candidate(y, part.inside() if flat else end, flat, flat))
            if f is not None and not end.is_infinite:
                found.append(Candidate(f(to_mpf(end)), end, True))
        g = numeric(part.expr)
        found += [Candidate(g(root), root, True) for root in _sign_changes(part.expr.diff(x), part)]
    return found


def _grid(part: Piece) -> list[Any]:
    """Points inside a piece, no farther than REACH out, that scans look at."""
    low = to_mpf(part.lower) if not part.lower.is_infinite else mpf(-REACH)
    high = to_mpf(part.upper) if not part.upper.is_infinite else mpf(REACH)
    count = max(4, int((high - low) / STEP))
    step = (high - low) / count
    return [low + step * (i + mpf(1) / 3) for i in range(count)]


def _sign_changes(expr: Expr, part: Piece) -> list[Any]:
    """Where `expr` changes sign inside the piece, to the working precision."""
    if not expr.has(x):
        return []
    g = numeric(expr)
    points = _grid(part)
    ys = [g(p) for p in points]
    roots = []
    for (p, y), (q, z) in zip(
        zip(points, ys, strict=True), list(zip(points, ys, strict=True))[1:], strict=False
    ):
        if y * z < 0:
            roots.append(mpmath.findroot(g, (p, q), solver="anderson", tol=SAME**2))
    return roots


def _signs(parts: list[Piece]) -> set[int]:
    """The signs that a piecewise function takes on open sets: of -1, 0 and 1."""
    found: set[int] = set()
    for part in parts:
        if not part.expr.has(x):
            found.add(int(sympy.sign(part.expr)))
            continue
        g = numeric(part.expr)
        found |= {int(mpmath.sign(g(p))) for p in _grid(part)} - {0}
    return found


def _attained(bound: Candidate, candidates: list[Candidate]) -> bool:
    return not mpmath.isinf(bound.y) and any(
        c.attained and abs(c.y - bound.y) < SAME for c in candidates
    )


def _minimum(low: Candidate, candidates: list[Candidate], parts: list[Piece]) -> Any:
    """The global minimum; on a flat stretch the point of it that is nearest to zero."""
    if not _attained(low, candidates):
        return None
    places = [c.x for c in candidates if c.attained and abs(c.y - low.y) < SAME and c.x is not None]
    flat = [p for p in parts if not p.expr.has(x) and abs(to_mpf(p.expr) - low.y) < SAME]
    places += [end for p in flat for end in (p.lower, p.upper) if not end.is_infinite]
    nearest = min(places, key=lambda p: abs(mpf(p) if isinstance(p, mpf) else to_mpf(p)))
    minimum: dict[str, Any] = {"x": number(_as_mpf(nearest)), "y": number(low.y)}
    if flat:
        minimum["interval"] = [number(_as_mpf(flat[0].lower)), number(_as_mpf(flat[-1].upper))]
    return minimum


def _as_mpf(value: Any) -> Any:
    return to_mpf(value) if isinstance(value, Expr) else value


def _steepest(slopes: list[Candidate]) -> dict[str, Any] | None:
    """Where the slope of largest size is taken, if at one point and not on a whole stretch."""
    top = max(slopes, key=lambda c: abs(c.y))
    same = [c for c in slopes if abs(abs(c.y) - abs(top.y)) < SAME]
    places = {number(_as_mpf(c.x)) for c in same}
    if len(places) > 1 or any(c.flat for c in same) or isinstance(number(_as_mpf(top.x)), str):
        return None
    return {"x": places.pop(), "y": number(top.y)}


def _slopes_at(parts: list[Piece], point: Expr) -> list[Any]:
    """The left and the right slope at a point."""
    left = next(p for p in parts if p.lower < point <= p.upper)
    right = next(p for p in parts if p.lower <= point < p.upper)
    return [numeric(p.expr.diff(x))(to_mpf(point)) for p in (left, right)]


def _joints(parts: list[Piece]) -> list[tuple[Piece, Piece, Expr]]:
    return [(a, b, a.upper) for a, b in itertools.pairwise(parts)]


def _broken_order(left: Piece, right: Piece, point: Expr, f: Any) -> int | None:
    """The lowest derivative that jumps at a joint: 0 if f itself does; None if none does."""
    at = to_mpf(point)
    value = f(at)
    for order in range(HIGHEST_ORDER + 1):
        sides = [numeric(p.expr.diff(x, order))(at) for p in (left, right)]
        if abs(sides[0] - sides[1]) > SAME or (order == 0 and abs(sides[0] - value) > SAME):
            return order
    return None


def _kinks(parts: list[Piece], f: Any) -> list[dict[str, Any]]:
    found = []
    for left, right, point in _joints(parts):
        order = _broken_order(left, right, point, f)
        if order not in (0, 1):
            continue
        at = to_mpf(point)
        slopes = _slopes_at(parts, point)
        found.append(
            {
                "x": number(at),
                "order": order,
                "left": number(slopes[0]),
                "right": number(slopes[1]),
                "values": [number(numeric(left.expr)(at)), number(numeric(right.expr)(at))],
            }
        )
    return found


def _smoothness(parts: list[Piece], f: Any) -> str:
    orders = [o for a, b, p in _joints(parts) if (o := _broken_order(a, b, p, f)) is not None]
    if not orders:
        return "analytic"
    return "discontinuous" if min(orders) == 0 else f"C{min(orders) - 1}"


def _monotone(signs: set[int], parts: list[Piece], f: Any) -> str:
    steps = []
    for left, right, point in _joints(parts):
        at = to_mpf(point)
        sides = numeric(left.expr)(at), f(at), numeric(right.expr)(at)
        steps += [sides[1] - sides[0], sides[2] - sides[1]]
    if -1 in signs or any(step < -SAME for step in steps):
        return "no"
    return "non-decreasing" if 0 in signs else "strictly increasing"


def _parity(f: Any) -> str:
    points = [mpf(i * i + 1) / 7 for i in range(24)]
    if all(abs(f(p) + f(-p)) < SAME for p in points) and abs(f(mpf(0))) < SAME:
        return "odd"
    return "even" if all(abs(f(p) - f(-p)) < SAME for p in points) else "neither"


def _convex(parts: list[Piece], f: Any) -> bool:
    for left, right, point in _joints(parts):
        if _broken_order(left, right, point, f) == 0:
            return False
        slopes = _slopes_at(parts, point)
        if slopes[0] > slopes[1] + SAME:
            return False
    return -1 not in _signs(_derivative(_derivative(parts)))
