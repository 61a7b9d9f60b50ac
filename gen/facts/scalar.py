"""Exact facts of a function of one variable, computed from its formula.

Every number is found in high precision (see `formula.DIGITS`) and given as a float, which
carries about 16 significant digits; an infinity is the string "inf" or "-inf".
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Expr, oo
from sympy.calculus.util import periodicity

from activations._notation import x

from ..evaluation.formula import Piece, elementary, high_precision, numeric, pieces

REACH = 40
STEP = mpf(1) / 16
HIGHEST_ORDER = 4
SAME = mpf(10) ** -35
NOISE = mpf(10) ** -30
TAIL = 16  # beyond it the normal density is below 1e-56
SETTLED = mpf(10) ** -18


class UndeterminedError(ArithmeticError):
    """A fact that the computation could not settle; the message names it and what was found."""


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
    (`kinks[].autograd`). Source: the formula, by limits, root search, bisection and quadrature.
    Raises UndeterminedError where one of them does not settle.
    """
    with high_precision():
        parts = pieces(expr)
        f = numeric(expr)
        values = _candidates(parts, f)
        slopes = _candidates(_derivative(parts), None)
        low = min(values, key=lambda c: c.y)
        kinks = _kinks(parts, f)
        jumps = any(kink["order"] == 0 for kink in kinks)
        signs = _signs(_derivative(parts))
        ends = {"-inf": (parts[0].expr, -oo), "+inf": (parts[-1].expr, oo)}
        return {
            "value_at_zero": number(f(mpf(0))),
            **_outline(parts, values, slopes, jumps),
            "minimum": _minimum(low, values, parts),
            "steepest": None if jumps else _steepest(slopes),
            "smoothness": _smoothness(parts, f),
            "kinks": kinks,
            "monotone": _monotone(signs, parts, f),
            "parity": _parity(f),
            "convex": _convex(parts, f),
            "limits": {
                end: None if (limit := _limit(*at)) is None else number(limit)
                for end, at in ends.items()
            },
            "asymptotes": {end: _asymptote(*at) for end, at in ends.items()},
            "zeros": _roots(parts, f),
            "fixed_points": _roots(
                [Piece(p.lower, p.upper, p.expr - x) for p in parts], lambda t: f(t) - t
            ),
            "inflections": _inflections(parts, f),
        }


def shape(expr: Expr) -> dict[str, Any]:
    """The few facts that a function of several numbers needs of its factors: range, range of the
    slope, zeros, kinks, smoothness."""
    with high_precision():
        parts = pieces(expr)
        f = numeric(expr)
        values, slopes = _candidates(parts, f), _candidates(_derivative(parts), None)
        return {
            "range": _range(values),
            "slopes": _range(slopes),
            "zeros": _roots(parts, f),
            "kinks": _kinks(parts, f),
            "smoothness": _smoothness(parts, f),
        }


def outline(expr: Expr) -> dict[str, Any]:
    """The few facts that a comparison of parameter values shows: a part of `facts`."""
    with high_precision():
        parts = pieces(expr)
        f = numeric(expr)
        jumps = any(kink["order"] == 0 for kink in _kinks(parts, f))
        values = _candidates(parts, f)
        return _outline(parts, values, _candidates(_derivative(parts), None), jumps)


def _outline(
    parts: Sequence[Piece], values: list[Candidate], slopes: list[Candidate], jumps: bool
) -> dict[str, Any]:
    return {
        "slope_at_zero": [number(s) for s in _slopes_at(parts, sympy.S.Zero)],
        "range": _range(values),
        "lipschitz": "inf" if jumps else number(max(abs(c.y) for c in slopes)),
        **_gaussian(parts),
    }


def _range(candidates: list[Candidate]) -> dict[str, Any]:
    """The interval from the least to the greatest candidate, and which ends belong to it."""
    low, high = min(candidates, key=lambda c: c.y), max(candidates, key=lambda c: c.y)
    return {
        "lower": number(low.y),
        "lower_attained": _attained(low, candidates),
        "upper": number(high.y),
        "upper_attained": _attained(high, candidates),
    }


def number(value: Any) -> float | str:
    """A float, or "inf" or "-inf" as JSON needs them."""
    value = mpf(value)
    if abs(value) < SAME:
        return 0.0
    if mpmath.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


@functools.cache
def _limit(expr: Expr, point: Expr) -> Any:
    """The limit at ±∞; None where a periodic function goes on and on."""
    if _period(expr):
        return None
    limit = sympy.limit(elementary(expr), x, point)
    if isinstance(limit, sympy.AccumBounds) or not limit.is_extended_real:
        raise UndeterminedError(f"the limit of {expr} at {point} came out as {limit}")
    return to_mpf(limit)


@functools.cache
def _period(expr: Expr) -> Any:
    """The period of a function that is periodic and not constant, else None.

    Raises UndeterminedError for one too long to be scanned.
    """
    if not expr.has(sympy.sin, sympy.cos, sympy.tan):
        return None
    period = periodicity(expr, x)
    if period and to_mpf(period) > REACH / 2:
        raise UndeterminedError(f"the period of {expr}, {period}, is longer than what is scanned")
    return period or None


def _goes_on(parts: Sequence[Piece]) -> bool:
    """Whether a piece without end is periodic, so that what is met once is met without end."""
    return any(p.lower.is_infinite or p.upper.is_infinite for p in parts if _period(p.expr))


def _asymptote(expr: Expr, end: Expr) -> dict[str, Any] | None:
    """The line that the function approaches towards `end`, if there is one."""
    slope = sympy.limit(elementary(expr) / x, x, end)
    if not slope.is_finite:
        return None
    intercept = sympy.limit(elementary(expr) - slope * x, x, end)
    if isinstance(intercept, sympy.AccumBounds) or not intercept.is_finite:
        return None
    return {"slope": number(to_mpf(slope)), "intercept": number(to_mpf(intercept))}


def to_mpf(value: Expr) -> Any:
    """A real SymPy number as an mpmath number of the working precision."""
    if value.is_infinite:
        return mpf("inf") * int(sympy.sign(value))
    if value.is_Rational:
        return mpf(int(value.p)) / int(value.q)
    return mpf(numeric(value)(0))


def _derivative(parts: Sequence[Piece]) -> Sequence[Piece]:
    return [part.diff() for part in parts]


def _end(part: Piece, point: Expr) -> Any:
    """The limit of a piece at one of its ends."""
    if point.is_infinite:
        return _limit(part.expr, point)
    return numeric(part.expr)(to_mpf(point))


def _candidates(parts: Sequence[Piece], f: Any) -> list[Candidate]:
    """Every value that can bound the function: ends of pieces, their values, critical points.

    With f = None only the pieces count (a derivative has no value where pieces meet).
    """
    found = []
    for part in parts:
        for end in (part.lower, part.upper):
            y = _end(part, end)
            if y is None:  # its extrema are met within a period
                continue
            flat = not part.expr.has(x)
            found.append(Candidate(y, part.inside() if flat else end, flat, flat))
            if f is not None and not end.is_infinite:
                found.append(Candidate(f(to_mpf(end)), end, True))
        g = numeric(part.expr)
        found += [Candidate(g(root), root, True) for root in _sign_changes(part.diff())]
    return found


@functools.cache
def _scan(part: Piece) -> Sequence[tuple[Any, int]]:
    """The sign of a piece at points inside it that lie close together, no farther than REACH out:
    (point, sign) in order."""
    low = to_mpf(part.lower) if not part.lower.is_infinite else mpf(-REACH)
    high = to_mpf(part.upper) if not part.upper.is_infinite else mpf(REACH)
    count = max(4, int((high - low) / STEP))
    step = (high - low) / count
    g = numeric(part.expr)
    points = (low + step * (i + mpf(1) / 3) for i in range(count))
    return tuple((p, _sign(g(p))) for p in points)


@functools.cache
def _sign_changes(part: Piece, also: Sequence[Any] = ()) -> Sequence[Any]:
    """Where the piece changes sign, to the working precision.

    Signs are compared where the piece is scanned, and at the points `also`. A pair of roots inside
    one step of the scan is found if an extremum between them is among these points.
    """
    if not part.expr.has(x):
        return ()
    g = numeric(part.expr)
    signs = sorted([*_scan(part), *((p, _sign(g(p))) for p in also)])
    clear = [(p, sign) for p, sign in signs if sign]
    return tuple(
        _root(g, p, q, part.expr)
        for (p, one), (q, other) in itertools.pairwise(clear)
        if one != other
    )


def _sign(value: Any) -> int:
    """-1, 0 or 1; a value so small that it may be what cancellation left counts as 0."""
    return 0 if abs(value) < NOISE else int(mpmath.sign(value))


def _root(g: Any, low: Any, high: Any, expr: Expr) -> Any:
    try:
        root = mpmath.findroot(g, (low, high), solver="anderson", tol=SAME**2, maxsteps=200)
    except ValueError as error:
        raise UndeterminedError(
            f"the root of {expr} between {mpmath.nstr(low, 6)} and {mpmath.nstr(high, 6)},"
            f" where its sign changes, did not converge ({error})"
        ) from error
    round_number = mpf(round(float(root), 12))  # a multiple root is found less precisely
    return round_number if g(round_number) == 0 else root


def _roots(parts: Sequence[Piece], f: Any) -> list[Any] | None:
    """Where a piecewise function is 0: numbers, and intervals where it is 0 on a stretch.

    None where there are infinitely many places. A root at which the function only touches 0 is an
    extremum, and found as one.
    """
    points = [to_mpf(part.upper) for part in parts[:-1]]
    stretches: list[tuple[Any, Any]] = []
    for part in parts:
        if not part.expr.has(x):
            if part.expr == 0:
                stretches.append((to_mpf(part.lower), to_mpf(part.upper)))
            continue
        extrema = _sign_changes(part.diff())
        points += [*extrema, *_sign_changes(part, extrema)]
    roots = [p for p in points if abs(f(p)) < SAME]
    if roots and _goes_on(parts):
        return None
    lone = [r for r in roots if not any(low <= r <= high for low, high in stretches)]
    found: list[tuple[Any, Any]] = [(r, number(r)) for r in lone]
    found += [(low, _stretch(low, high, roots)) for low, high in stretches]
    found.sort(key=lambda item: item[0])
    return [
        item for place, (_, item) in enumerate(found) if item not in [i for _, i in found[:place]]
    ]


def _stretch(low: Any, high: Any, roots: list[Any]) -> dict[str, Any]:
    """An interval of roots, with the ends that belong to it."""
    return {
        "lower": number(low),
        "lower_attained": low in roots,
        "upper": number(high),
        "upper_attained": high in roots,
    }


def _inflections(parts: Sequence[Piece], f: Any) -> list[float | str] | None:
    """Where the slope is continuous and the curvature changes sign; None if infinitely often."""
    bends = [part.diff(2) for part in parts]
    found = [root for part in bends for root in _sign_changes(part)]
    if found and _goes_on(bends):
        return None
    for left, right, point in _joints(parts):
        broken = _broken_order(left, right, point, f)
        if broken is None or broken > 1:
            near = mpf(10) ** -20
            sides = [
                mpmath.sign(numeric(p.expr.diff(x, 2))(to_mpf(point) + shift))
                for p, shift in ((left, -near), (right, near))
            ]
            if sides[0] * sides[1] < 0:
                found.append(to_mpf(point))
    return sorted((number(p) for p in found), key=float)


def _gaussian(parts: Sequence[Piece]) -> dict[str, Any]:
    """Moments of f(z) and f′(z) for z ~ N(0, 1), and the share of z with slope exactly 0."""
    flat = mpf(0)
    for part in parts:
        if not part.expr.has(x):
            flat += mpmath.ncdf(to_mpf(part.upper)) - mpmath.ncdf(to_mpf(part.lower))
    mean, second, slope = (sum(of) for of in zip(*map(_moments, parts), strict=True))
    return {
        "gaussian": {
            "mean": number(mean),
            "second_moment": number(second),
            "variance": number(second - mean**2),
            "slope_second_moment": number(slope),
            "gain": number(_gain(second)),
            "backward_gain": number(_gain(slope)),
        },
        "zero_slope_fraction": number(flat),
    }


def _gain(second_moment: Any) -> Any:
    """What restores a second moment of 1; infinite where there is nothing to restore."""
    return 1 / mpmath.sqrt(second_moment) if second_moment else mpf("inf")


def _moments(part: Piece) -> tuple[Any, Any, Any]:
    """The integrals over the piece of f, f² and f′², each times the normal density."""
    functions = (mpmath.npdf, numeric(part.expr), numeric(part.expr.diff(x)))
    density, f, df = map(functools.cache, functions)  # all are taken at the same points
    return (
        _integral(lambda z: f(z) * density(z), part, "f"),
        _integral(lambda z: f(z) ** 2 * density(z), part, "f²"),
        _integral(lambda z: df(z) ** 2 * density(z), part, "f′²"),
    )


def _integral(g: Callable[[Any], Any], part: Piece, of: str) -> Any:
    """The integral of `g` over the piece, by Gauss-Legendre quadrature between even numbers."""
    low = max(to_mpf(part.lower), mpf(-TAIL))
    high = min(to_mpf(part.upper), mpf(TAIL))
    cuts = [low, *(mpf(c) for c in range(-TAIL, TAIL, 2) if low < c < high), high]
    value, error = mpmath.quad(g, cuts, error=True, method="gauss-legendre")
    if error > SETTLED:
        raise UndeterminedError(
            f"the Gaussian integral of {of} for f = {part.expr} over [{part.lower}, {part.upper}]"
            f" did not settle: {mpmath.nstr(value, 15)} with an error of {mpmath.nstr(error, 3)}"
        )
    return value


def _signs(parts: Sequence[Piece]) -> set[int]:
    """The signs that a piecewise function takes on open sets: of -1, 0 and 1."""
    found: set[int] = set()
    for part in parts:
        if not part.expr.has(x):
            found.add(int(sympy.sign(part.expr)))
            continue
        found |= {sign for _, sign in _scan(part)} - {0}
    return found


def _attained(bound: Candidate, candidates: list[Candidate]) -> bool:
    return not mpmath.isinf(bound.y) and any(
        c.attained and abs(c.y - bound.y) < SAME for c in candidates
    )


def _minimum(low: Candidate, candidates: list[Candidate], parts: Sequence[Piece]) -> Any:
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


def _slopes_at(parts: Sequence[Piece], point: Expr) -> list[Any]:
    """The left and the right slope at a point."""
    left = next(p for p in parts if p.lower < point <= p.upper)
    right = next(p for p in parts if p.lower <= point < p.upper)
    return [numeric(p.expr.diff(x))(to_mpf(point)) for p in (left, right)]


def _joints(parts: Sequence[Piece]) -> list[tuple[Piece, Piece, Expr]]:
    return [(a, b, a.upper) for a, b in itertools.pairwise(parts)]


def _broken_order(left: Piece, right: Piece, point: Expr, f: Any) -> int | None:
    """The lowest derivative that jumps at a joint: 0 if f itself does; None if none does."""
    at = to_mpf(point)
    value = f(at)
    for order in range(HIGHEST_ORDER + 1):
        try:
            sides = [numeric(p.expr.diff(x, order))(at) for p in (left, right)]
        except ZeroDivisionError:
            raise UndeterminedError(
                f"the derivative of order {order} of {left.expr} has no value at {point}"
            ) from None
        if abs(sides[0] - sides[1]) > SAME or (order == 0 and abs(sides[0] - value) > SAME):
            return order
    return None


def _kinks(parts: Sequence[Piece], f: Any) -> list[dict[str, Any]]:
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


def _smoothness(parts: Sequence[Piece], f: Any) -> str:
    orders = [o for a, b, p in _joints(parts) if (o := _broken_order(a, b, p, f)) is not None]
    if not orders:
        return "analytic"
    return "discontinuous" if min(orders) == 0 else f"C{min(orders) - 1}"


def _monotone(signs: set[int], parts: Sequence[Piece], f: Any) -> str:
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


def _convex(parts: Sequence[Piece], f: Any) -> bool:
    for left, right, point in _joints(parts):
        if _broken_order(left, right, point, f) == 0:
            return False
        slopes = _slopes_at(parts, point)
        if slopes[0] > slopes[1] + SAME:
            return False
    return -1 not in _signs(_derivative(_derivative(parts)))
