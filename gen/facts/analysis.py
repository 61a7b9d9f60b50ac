"""What facts of a function of one variable are computed with: its pieces, the values that bound
it, its roots, its limits and its Gaussian integrals, in high precision (see `formula.DIGITS`).
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Expr, S, oo
from sympy.calculus.util import periodicity

from activations._notation import x

from ..evaluation.formula import Piece, elementary, numeric, pieces
from .family import Extent

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


@dataclass(frozen=True)
class Joint:
    """Where two pieces meet, and the lowest derivative that jumps there: 0 if f itself does, None
    if none does."""

    left: Piece
    right: Piece
    at: Any
    broken: int | None

    def sides(self, order: int) -> tuple[Any, Any]:
        """The limits of a derivative from the left and from the right."""
        left, right = (numeric(p.expr.diff(x, order))(self.at) for p in (self.left, self.right))
        return left, right


class Analysis:
    """A function of x and what follows from it; to be used within `high_precision()`.

    Numbers are mpmath's. Raises UndeterminedError where a limit, a root or an integral does not
    settle.
    """

    def __init__(self, expr: Expr) -> None:
        self.parts = pieces(expr)
        self.f = numeric(expr)

    @cached_property
    def joints(self) -> list[Joint]:
        """Where pieces meet, from left to right."""
        found = []
        for left, right in itertools.pairwise(self.parts):
            at = to_mpf(left.upper)
            found.append(Joint(left, right, at, self._broken_order(left, right, at)))
        return found

    def _broken_order(self, left: Piece, right: Piece, at: Any) -> int | None:
        for order in range(HIGHEST_ORDER + 1):
            try:
                sides = [numeric(p.expr.diff(x, order))(at) for p in (left, right)]
            except ZeroDivisionError:
                raise UndeterminedError(
                    f"the derivative of order {order} of {left.expr} has no value at {left.upper}"
                ) from None
            jumps = order == 0 and abs(sides[0] - self.f(at)) > SAME
            if abs(sides[0] - sides[1]) > SAME or jumps:
                return order
        return None

    @property
    def jumps(self) -> bool:
        """Whether f is discontinuous."""
        return any(joint.broken == 0 for joint in self.joints)

    @property
    def ends(self) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
        """The outermost pieces, and to where they go."""
        return (self.parts[0].expr, -oo), (self.parts[-1].expr, oo)

    @cached_property
    def values(self) -> list[Candidate]:
        """Every value that can bound f."""
        return _candidates(self.parts, self.f)

    @cached_property
    def slopes(self) -> list[Candidate]:
        """Every value that can bound f′, which has none where pieces meet."""
        return _candidates([part.diff() for part in self.parts], None)

    def one_sided(self, order: int, point: Expr = S.Zero) -> list[Any]:
        """A derivative at a point, from the left and from the right."""
        left = next(p for p in self.parts if p.lower < point <= p.upper)
        right = next(p for p in self.parts if p.lower <= point < p.upper)
        return [numeric(p.expr.diff(x, order))(to_mpf(point)) for p in (left, right)]

    def signs(self, order: int) -> set[int]:
        """The signs, of −1, 0 and 1, that a derivative takes on open sets."""
        found: set[int] = set()
        for part in self.parts:
            derived = part.diff(order)
            if derived.expr.has(x):
                found |= {sign for _, sign in _scan(derived)} - {0}
            else:
                found.add(int(sympy.sign(derived.expr)))
        return found

    def equal(self, other: Expr) -> list[float | Extent] | None:
        """Where f(x) = other: numbers, and intervals where that holds on a stretch.

        None where there are infinitely many places. A root at which the difference only touches 0
        is an extremum, and found as one.
        """
        parts = [Piece(p.lower, p.upper, p.expr - other) for p in self.parts]
        g = numeric(other)
        points = [joint.at for joint in self.joints]
        stretches: list[tuple[Any, Any]] = []
        for part in parts:
            if part.expr.has(x):
                extrema = sign_changes(part.diff())
                points += [*extrema, *sign_changes(part, extrema)]
            elif part.expr == 0:
                stretches.append((to_mpf(part.lower), to_mpf(part.upper)))
        roots = [p for p in points if abs(self.f(p) - g(p)) < SAME]
        if roots and goes_on(parts):
            return None
        lone = [r for r in roots if not any(low <= r <= high for low, high in stretches)]
        found: dict[float | Extent, Any] = {}
        for root in lone:
            found.setdefault(number(root), root)
        for low, high in stretches:
            found[interval(low, low in roots, high, high in roots)] = low
        return sorted(found, key=lambda place: found[place])

    def moments(self) -> tuple[Any, Any, Any]:
        """E f(z), E f(z)² and E f′(z)² for z ~ N(0, 1)."""
        mean, second, slope = (sum(of) for of in zip(*map(_moments, self.parts), strict=True))
        return mean, second, slope


def number(value: Any) -> float:
    """A number as a float; what is 0 up to the working precision is 0."""
    value = mpf(value)
    return 0.0 if abs(value) < SAME else float(value)


def interval(low: Any, low_attained: bool, high: Any, high_attained: bool) -> Extent:
    return Extent(
        lower=number(low),
        lower_attained=low_attained,
        upper=number(high),
        upper_attained=high_attained,
    )


def extent(candidates: Sequence[Candidate]) -> Extent:
    """The interval from the least to the greatest candidate, and which ends belong to it."""
    low, high = min(candidates, key=lambda c: c.y), max(candidates, key=lambda c: c.y)
    return interval(low.y, attained(low, candidates), high.y, attained(high, candidates))


def attained(bound: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether one of the candidates takes the bound's value."""
    return not mpmath.isinf(bound.y) and any(
        c.attained and abs(c.y - bound.y) < SAME for c in candidates
    )


def to_mpf(value: Any) -> Any:
    """A real SymPy number as an mpmath number of the working precision."""
    if not isinstance(value, Expr):
        return mpf(value)
    if value.is_infinite:
        return mpf("inf") * int(sympy.sign(value))
    if value.is_Rational:
        return mpf(int(value.p)) / int(value.q)
    return mpf(numeric(value)(0))


# limits


@functools.cache
def limit(expr: Expr, point: Expr) -> Any:
    """The limit at ±∞; None where a periodic function goes on and on."""
    if _period(expr):
        return None
    found = sympy.limit(elementary(expr), x, point)
    if isinstance(found, sympy.AccumBounds) or not found.is_extended_real:
        raise UndeterminedError(f"the limit of {expr} at {point} came out as {found}")
    return to_mpf(found)


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


def goes_on(parts: Sequence[Piece]) -> bool:
    """Whether a piece without end is periodic, so that what is met once is met without end."""
    return any(p.lower.is_infinite or p.upper.is_infinite for p in parts if _period(p.expr))


def asymptote(expr: Expr, end: Expr) -> tuple[float, float] | None:
    """Slope and intercept of the line that a function approaches towards `end`."""
    slope = sympy.limit(elementary(expr) / x, x, end)
    if not slope.is_finite:
        return None
    intercept = sympy.limit(elementary(expr) - slope * x, x, end)
    if isinstance(intercept, sympy.AccumBounds) or not intercept.is_finite:
        return None
    return number(to_mpf(slope)), number(to_mpf(intercept))


# bounds and roots


def _candidates(parts: Sequence[Piece], f: Any) -> list[Candidate]:
    """Every value that can bound a function: ends of pieces, their values, critical points.

    With f = None only the pieces count.
    """
    found = []
    for part in parts:
        g, flat = numeric(part.expr), not part.expr.has(x)
        for end in (part.lower, part.upper):
            y = limit(part.expr, end) if end.is_infinite else g(to_mpf(end))
            if y is None:  # its extrema are met within a period
                continue
            found.append(Candidate(y, part.inside() if flat else end, flat, flat))
            if f is not None and not end.is_infinite:
                found.append(Candidate(f(to_mpf(end)), end, True))
        found += [Candidate(g(root), root, True) for root in sign_changes(part.diff())]
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
def sign_changes(part: Piece, also: Sequence[Any] = ()) -> Sequence[Any]:
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


# integrals


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
