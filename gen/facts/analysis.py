"""What facts of a function of one variable are computed with: its pieces, the values that bound
it, its roots, its limits and its Gaussian integrals, in high precision (see `formula.DIGITS`).
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import (
    Expr,
    Function,
    Piecewise,
    S,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    oo,
    sin,
    sinh,
    tanh,
)

from activations._notation import Named, x

from ..evaluation.formula import Piece, by_cases, numeric, pieces
from .bends import RATIO, REACH, bends, undefined
from .family import Extent
from .limits import (
    NOISE,
    SAME,
    WAVES,
    UndeterminedError,
    check_repeats,
    check_settled,
    goes_on,
    limit,
    number,
    to_mpf,
)

STEP = mpf(1) / 16
HIGHEST_ORDER = 10
ROUGHLY = mpf(10) ** -12  # how precisely it is found where a function turns, of a step of the scan
TAIL = 16  # beyond it the normal density is below 1e-56
SETTLED = mpf(10) ** -18
NARROW = mpf(1) / 4  # a bend of less width cuts an integral around it
FASTEST = 8  # radians a unit: of a quicker wave the scan would miss turns
FAR = [mpf(2) ** power for power in range(1, 9)]  # how far out signs are looked at
NEAR = [mpf(2) ** -power for power in range(1, 60)]  # how near to ends of pieces, in steps
KNOWN = (
    exp, log, sin, cos, sinh, cosh, tanh, asinh, atan, erf, erfc, Named
)  # fmt: skip


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
        left, right = (value_at(p, order, self.at) for p in (self.left, self.right))
        return left, right


class Analysis:
    """A function of x and what follows from it; to be used within `high_precision()`.

    Numbers are mpmath's. Raises UndeterminedError for a function that is not finite everywhere, and
    where a limit, a root or an integral does not settle.
    """

    def __init__(self, expr: Expr) -> None:
        self.parts = pieces(expr)
        self.f = numeric(expr)
        _check_known(by_cases(expr))
        for part in self.parts:
            if lack := undefined(part.expr, to_mpf(part.lower), to_mpf(part.upper)):
                raise UndeterminedError(f"{part.expr} has {lack}; state another case around it")

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
            sides = [value_at(p, order, at) for p in (left, right)]
            jumps = order == 0 and abs(sides[0] - self.f(at)) > SAME
            if abs(sides[0] - sides[1]) > SAME or jumps:
                return order
        if any(abs(value_at(left, 0, p) - value_at(right, 0, p)) > SAME for p in (at - 1, at + 1)):
            raise UndeterminedError(
                f"how smooth it is at {mpmath.nstr(at, 6)} cannot be told: {left.expr} and"
                f" {right.expr} meet there in their first {HIGHEST_ORDER} derivatives"
            )
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
        return [value_at(p, order, to_mpf(point)) for p in (left, right)]

    def signs(self, order: int) -> set[int]:
        """The signs, of −1, 0 and 1, that a derivative takes on open sets."""
        found: set[int] = set()
        for part in self.parts:
            derived = part.diff(order)
            if derived.expr.has(x):
                found |= {sign for _, sign in _signs(derived)}
            else:
                found.add(int(sympy.sign(derived.expr)))
        return found

    def taken(self, points: Sequence[Any], value: Any) -> list[float | Extent]:
        """Where f takes the value: those of the points that do, and whole pieces that are flat."""
        flat = [p for p in self.parts if not p.expr.has(x) and abs(to_mpf(p.expr) - value) < SAME]
        here = [p for p in map(to_mpf, points) if not mpmath.isinf(p)]
        here = [p for p in here if abs(self.f(p) - value) < SAME]
        return _merged(here, [(to_mpf(p.lower), to_mpf(p.upper)) for p in flat])

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
                points += [*extrema, *sign_changes(part)]
            elif part.expr == 0:
                stretches.append((to_mpf(part.lower), to_mpf(part.upper)))
        roots = [p for p in points if abs(self.f(p) - g(p)) < SAME]
        if goes_on(parts, roots):
            return None
        check_settled(parts)
        return _merged(roots, stretches)

    def moments(self) -> tuple[Any, Any, Any]:
        """E f(z), E f(z)² and E f′(z)² for z ~ N(0, 1)."""
        mean, second, slope = (sum(of) for of in zip(*map(_moments, self.parts), strict=True))
        return mean, second, slope


def _merged(points: Sequence[Any], stretches: Sequence[tuple[Any, Any]]) -> list[float | Extent]:
    """Places from left to right; a stretch holds those of its ends that are among the points, and
    two that share such an end are one."""
    joined: list[tuple[Any, Any]] = []
    for low, high in sorted(stretches):
        if joined and joined[-1][1] == low and low in points:
            low = joined.pop()[0]
        joined.append((low, high))
    found: dict[float | Extent, Any] = {}
    for point in points:
        if not any(low <= point <= high for low, high in joined):
            found.setdefault(number(point), point)
    for low, high in joined:
        found[interval(low, low in points, high, high in points)] = low
    return sorted(found, key=lambda place: found[place])


def _check_known(expr: Expr) -> None:
    """Refuse what is made of infinitely many pieces, or whose limits are not known."""
    for found in sorted(expr.atoms(Function), key=str):
        if not isinstance(found, (*KNOWN, Piecewise)):
            names = ", ".join(sorted(function.__name__ for function in KNOWN[:-1]))
            raise UndeterminedError(
                f"{found} is none of the functions that facts are known of ({names}, and the named"
                " ones); state its cases"
            )
        if isinstance(found, WAVES) and found.args[0].has(x):
            rate = numeric(found.args[0].diff(x))
            if max(abs(rate(mpf(p))) for p in range(-REACH, REACH)) > FASTEST:
                raise UndeterminedError(f"{found} turns more often than the scan would notice")


def value_at(part: Piece, order: int, point: Any) -> Any:
    """A derivative of a piece, at one of its points or ends."""
    try:
        return numeric(part.expr.diff(x, order))(point)
    except ZeroDivisionError:
        raise UndeterminedError(
            f"the derivative of order {order} of {part.expr} has no value at"
            f" {mpmath.nstr(point, 6)}"
        ) from None


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
    """The sign of a piece, where it is not 0, at points inside it that lie close together, closest
    where it bends, and ever farther apart beyond REACH: (point, sign) in order."""
    low, high = to_mpf(part.lower), to_mpf(part.upper)
    start = low if not mpmath.isinf(low) else min(mpf(-REACH), high - REACH)
    stop = high if not mpmath.isinf(high) else max(mpf(REACH), low + REACH)
    count = max(4, int((stop - start) / STEP))
    step = (stop - start) / count
    points = {start + step * (i + mpf(1) / 3) for i in range(count)}
    points |= {p for bend in bends(part.expr) for p in bend.around(RATIO, REACH) if low < p < high}
    for end, inward in ((low, 1), (high, -1)):
        if not mpmath.isinf(end):
            points |= {end + inward * step * near for near in NEAR}
    points |= {stop * far for far in FAR if mpmath.isinf(high)}
    points |= {start * far for far in FAR if mpmath.isinf(low)}
    g = numeric(part.expr)
    found = tuple((p, sign) for p in sorted(points) if (sign := _sign(g(p))))
    if not found:
        raise UndeterminedError(
            f"{part.expr} is 0 wherever it is looked at, though it is written with x; write the"
            " formula so that SymPy sees it"
        )
    return found


@functools.cache
def _signs(part: Piece) -> Sequence[tuple[Any, int]]:
    """The signs where the piece is scanned and where it turns, so that a pair of roots inside one
    step of the scan is met."""
    if not (slope := part.diff()).expr.has(x):
        return _scan(part)
    g, signs = numeric(part.expr), dict(_scan(part))
    for low, high in _brackets(_scan(slope)):
        tolerance = (high - low) * ROUGHLY
        turn = _bracketed(numeric(slope.expr), low, high, tol=tolerance, verify=False)
        if sign := _sign(g(turn)):
            signs[turn] = sign
    return sorted(signs.items())


@functools.cache
def sign_changes(part: Piece) -> Sequence[Any]:
    """Where the piece changes sign, to the working precision."""
    if not part.expr.has(x):
        return ()
    g = numeric(part.expr)
    roots = tuple(_root(g, low, high, part.expr) for low, high in _brackets(_signs(part)))
    check_repeats(part, roots)
    return roots


def _brackets(signs: Sequence[tuple[Any, int]]) -> Iterator[tuple[Any, Any]]:
    """Neighbouring points of other signs."""
    return ((p, q) for (p, one), (q, other) in itertools.pairwise(signs) if one != other)


def _bracketed(g: Callable[[Any], Any], low: Any, high: Any, **options: Any) -> Any:
    return mpmath.findroot(g, (low, high), solver="anderson", **options)


def _sign(value: Any) -> int:
    """-1, 0 or 1; a value so small that it may be what cancellation left counts as 0."""
    return 0 if abs(value) < NOISE else int(mpmath.sign(value))


def _root(g: Any, low: Any, high: Any, expr: Expr) -> Any:
    try:
        root = _bracketed(g, low, high, tol=SAME**2, maxsteps=200)
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
    """The integral of `g` over the piece, by Gauss-Legendre quadrature between even numbers, and
    around narrow bends; infinite where `g` grows without end."""
    low, high = to_mpf(part.lower), to_mpf(part.upper)
    for end in (low, high):
        if mpmath.isinf(end) and abs(g(mpmath.sign(end) * TAIL)) > NOISE:
            return _beyond(g, mpmath.sign(end), part, of)
    low, high = max(low, mpf(-TAIL)), min(high, mpf(TAIL))
    inside = {mpf(c) for c in range(-TAIL, TAIL, 2)}
    inside |= {p for b in bends(part.expr) if b.width < NARROW for p in b.around(mpf(4), 2)}
    cuts = [low, *sorted(c for c in inside if low < c < high), high]
    if low >= high:
        return mpf(0)
    value, error = mpmath.quad(g, cuts, error=True, method="gauss-legendre")
    if error > SETTLED:
        raise UndeterminedError(
            f"the Gaussian integral of {of} for f = {part.expr} over [{part.lower}, {part.upper}]"
            f" did not settle: {mpmath.nstr(value, 15)} with an error of {mpmath.nstr(error, 3)}"
        )
    return value


def _beyond(g: Callable[[Any], Any], side: Any, part: Piece, of: str) -> Any:
    """±∞ for what goes on growing beyond TAIL, where the density does not make it small."""
    near, far, farther = (g(side * TAIL * times) for times in (1, 2, 4))
    if abs(near) < abs(far) < abs(farther):
        return mpf("inf") * mpmath.sign(farther)
    raise UndeterminedError(
        f"the Gaussian integral of {of} for f = {part.expr} has a tail beyond ±{TAIL} that counts"
    )
