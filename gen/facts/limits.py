"""What a function of x tends to, as SymPy finds it and far values bear it out; and the numbers that
facts are made of.
"""

import contextlib
import functools
from collections.abc import Sequence
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Expr, cos, oo, sin
from sympy.calculus.util import periodicity

from activations._notation import x

from ..evaluation.formula import DIGITS, Piece, elementary, numeric
from .bends import REACH, scale

SAME = mpf(10) ** -35
NOISE = mpf(10) ** -30
WAVES = (sin, cos)


class UndeterminedError(ArithmeticError):
    """A fact that the computation could not settle; the message names it and what was found."""


def number(value: Any) -> float:
    """A number as a float; what is 0 up to the working precision is 0."""
    value = mpf(value)
    return 0.0 if abs(value) < SAME else float(value)


def to_mpf(value: Any) -> Any:
    """A real SymPy number as an mpmath number of the working precision."""
    if not isinstance(value, Expr):
        return mpf(value)
    if value.is_infinite:
        return mpf("inf") * int(sympy.sign(value))
    if value.is_Rational:
        return mpf(int(value.p)) / int(value.q)
    return mpf(numeric(value)(0))


@functools.cache
def limit(expr: Expr, point: Expr) -> Any:
    """The limit at ±∞; None where a periodic function goes on and on."""
    if _period(expr):
        return None
    found = _towards(expr, point)
    if found is None:
        raise UndeterminedError(
            f"the limit of {expr} at {point} is not found: it seems to swing without end"
        )
    return to_mpf(found)


@functools.cache
def _towards(expr: Expr, end: Expr) -> Expr | None:
    """The limit at ±∞, None if the function swings. SymPy's is wrong now and then: far values must
    bear it out, or stand still themselves.

    Raises UndeterminedError where neither is so.
    """
    f, side = numeric(expr), 1 if end == oo else -1
    values = [f(side * scale(expr) * mpf(10) ** power) for power in (2, 3, 4)]
    # what SymPy raises of limits that it cannot find
    with contextlib.suppress(TypeError, NotImplementedError, ValueError):
        found = sympy.limit(elementary(expr), x, end)
        if found.has(sympy.AccumBounds) or not found.is_extended_real:
            return None
        if _is_borne_out(to_mpf(found), values):
            return found
    if abs(values[-1] - values[-2]) < SAME:
        return sympy.Float(values[-1], DIGITS)
    raise UndeterminedError(f"the limit of {expr} at {end} is not found")


def _is_borne_out(limit: Any, values: Sequence[Any]) -> bool:
    """Whether the steps between the values shrink, and what is left to the limit is of the size of
    the last; or whether steps towards an infinite limit do not shrink by half."""
    first, second, last = values
    if mpmath.isinf(limit):
        side = mpmath.sign(limit)
        return bool(
            side * last > 0 and side * (last - second) > max(0, side * (second - first) / 2)
        )
    left, step = abs(last - limit), abs(last - second)
    return bool(left < NOISE or (left < 10 * step and step < abs(second - first) * mpf(9) / 10))


@functools.cache
def _period(expr: Expr) -> Any:
    """The period of a function that is periodic and not constant, else None.

    Raises UndeterminedError for one too long to be scanned.
    """
    if not expr.has(*WAVES):
        return None
    period = periodicity(expr, x)
    if period and to_mpf(period) > REACH / 2:
        raise UndeterminedError(f"the period of {expr}, {period}, is longer than what is scanned")
    return period or None


def goes_on(parts: Sequence[Piece], places: Sequence[Any]) -> bool:
    """Whether one of the places lies inside a piece that is periodic and without end, so that what
    is met there is met without end."""
    return any(
        to_mpf(p.lower) < place < to_mpf(p.upper)
        for p in parts
        if (p.lower.is_infinite or p.upper.is_infinite) and _period(p.expr)
        for place in places
    )


def check_repeats(part: Piece, roots: Sequence[Any]) -> None:
    """Refuse a wave that does not repeat and still changes its sign far out: the scan may miss
    some of its roots."""
    if part.expr.has(*WAVES) and any(abs(r) > REACH / 2 for r in roots) and not _period(part.expr):
        raise UndeterminedError(
            f"how often {part.expr} changes its sign beyond {REACH} cannot be told"
        )


def check_settled(parts: Sequence[Piece]) -> None:
    """Refuse a wave that does not repeat and tends to 0: its zeros may go on without end."""
    for part in parts:
        ends = [end for end in (part.lower, part.upper) if end.is_infinite]
        for end in ends if part.expr.has(*WAVES) and not _period(part.expr) else []:
            if not limit(part.expr, end):
                raise UndeterminedError(
                    f"whether {part.expr} goes on changing its sign towards {end} cannot be told"
                )


def asymptote(expr: Expr, end: Expr) -> tuple[float, float] | None:
    """Slope and intercept of the line that a function approaches towards `end`."""
    slope = _towards(expr / x, end)
    if slope is None or slope.is_infinite:
        return None
    intercept = _towards(expr - slope * x, end)
    if intercept is None or intercept.is_infinite:
        return None
    return number(to_mpf(slope)), number(to_mpf(intercept))
