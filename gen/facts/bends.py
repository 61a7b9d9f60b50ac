"""Where a formula of x bends, and how sharply: what a scan in even steps would miss."""

import contextlib
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mpf
from mpmath.libmp import NoConvergence
from sympy import Expr, Function, Poly, Pow, log, preorder_traversal

from activations._notation import x

from ..evaluation.formula import elementary, numeric

REACH = 40
COARSE = mpf(1) / 4  # between points at which what goes into a function is looked at
SHARPEST = mpf(10) ** -20
RATIO = mpf(2) ** 0.5  # between the distances from a bend at which a function is scanned


@dataclass(frozen=True)
class Bend:
    """A place, and the width over which the formula changes there."""

    at: Any
    width: Any

    def around(self, ratio: Any, reach: Any) -> Iterator[Any]:
        """Points on both sides, from a fraction of the width on, each `ratio` times as far."""
        distance = self.width / 8
        while distance < reach:
            yield self.at - distance
            yield self.at + distance
            distance *= ratio


@functools.cache
def bends(expr: Expr) -> tuple[Bend, ...]:
    """The bends of all that goes into the formula's functions, sharper than COARSE or far out."""
    found = {bend for inner, singular in _inner(expr) for bend in _of(inner, singular)}
    kept = (b for b in found if b.width < COARSE or abs(b.at) > REACH)
    return tuple(sorted(kept, key=lambda bend: (bend.at, bend.width)))


def scale(expr: Expr) -> Any:
    """How far out the formula goes on bending, at least 1."""
    found = (abs(b.at) + b.width for inner, singular in _inner(expr) for b in _of(inner, singular))
    return max([mpf(1), *(size for size in found if not mpmath.isinf(size))])


def undefined(expr: Expr, lower: Any, upper: Any) -> str | None:
    """What the formula lacks at a place of the closed stretch, a finite real value or a slope that
    goes on, and where; None if nothing."""
    for node in preorder_traversal(expr):
        inner = node.args[0] if node.args else None
        power = node.exp if isinstance(node, Pow) else None
        if inner is None or not inner.has(x) or not (isinstance(node, log) or _is_singular(power)):
            continue
        zeros = _real_zeros(inner)
        if power is None or power.is_negative:
            for zero in sorted(zeros, key=abs):
                if lower <= zero <= upper:
                    return f"no finite real value at x = {_written(zero)}"
        if power is None or not power.is_Integer:
            inside = sorted(zero for zero in zeros if lower < zero < upper)
            ends = [lower, *inside, upper]
            for place in map(_between, ends[:-1], ends[1:]):
                if numeric(inner)(place) < 0:
                    return f"no finite real value at x = {_written(place)}"
            if inside:
                return f"perhaps no slope at x = {_written(min(inside, key=abs))}"
    return None


def _real_zeros(expr: Expr) -> list[Any]:
    """The zeros, those at which the expression only touches 0 too."""
    f = numeric(expr)
    touched = [] if expr.is_polynomial(x) else [z for z in _zeros(expr.diff(x)) if not _clear(f(z))]
    return [mpmath.re(z) for z in (*_zeros(expr), *touched) if not _clear(mpmath.im(z))]


def _clear(value: Any) -> bool:
    return bool(abs(value) > SHARPEST)


def _written(place: Any) -> str:
    return str(mpmath.nstr(mpf(round(float(place), 12)), 6))


def _between(low: Any, high: Any) -> Any:
    if mpmath.isinf(low):
        return mpf(0) if mpmath.isinf(high) else high - 1
    return low + 1 if mpmath.isinf(high) else (low + high) / 2


def _inner(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    """What goes into each function of the formula, and whether that is singular where it is 0.

    A polynomial bends too, at its own zeros, which may lie anywhere.
    """
    if expr.is_polynomial(x):
        yield expr, False
    for node in preorder_traversal(expr):
        if isinstance(node, Function) and not isinstance(node, log):
            yield from ((argument, False) for argument in node.args if argument.has(x))
        elif isinstance(node, log) or (isinstance(node, Pow) and _is_singular(node.exp)):
            if node.args[0].has(x):
                yield node.args[0], True
        elif isinstance(node, Pow) and node.exp.has(x):
            yield node.exp, False


def _is_singular(power: Expr | None) -> bool:
    return power is not None and power.is_number and not (power.is_Integer and power >= 0)


@functools.cache
def _of(inner: Expr, singular: bool) -> tuple[Bend, ...]:
    """Where `inner` is 0 or turns, with the width over which a function of it changes."""
    slope, curve = inner.diff(x), inner.diff(x, 2)
    u, du, ddu = map(numeric, (inner, slope, curve))
    found = []
    for zero in _zeros(inner):
        width = abs(mpmath.im(zero)) if singular else _inverse(du(mpmath.re(zero)))
        found.append((mpmath.re(zero), width))
    for turn in map(mpmath.re, _zeros(slope)):
        bend = _inverse(ddu(turn))
        size = 2 * abs(u(turn)) if singular else 2
        found.append((turn, mpmath.sqrt(size * bend)))
    return tuple(Bend(at, max(width, SHARPEST)) for at, width in found)


def _inverse(value: Any) -> Any:
    return 1 / abs(value) if value else mpf("inf")


@functools.cache
def _zeros(expr: Expr) -> list[Any]:
    """The zeros, all complex ones of a polynomial, of another the real ones near 0."""
    if not expr.has(x):
        return []
    if expr.is_polynomial(x):
        with contextlib.suppress(NoConvergence):
            found = Poly(elementary(expr), x).nroots(n=30, maxsteps=500)
            return [mpmath.mpmathify(root) for root in found]
    f = numeric(expr)
    with mpmath.workdps(15):
        count = int(REACH / COARSE)
        places = [COARSE * (n + mpf(1) / 3) for n in range(-count, count)]
        beyond = [REACH * RATIO ** (mpf(n) / 4) for n in range(1, 64)]
        places = [*(-p for p in reversed(beyond)), *places, *beyond]
        signs = [(p, mpmath.sign(f(p))) for p in places]
        between = [(p, q) for (p, s), (q, t) in itertools.pairwise(signs) if s * t < 0]
        return [mpmath.findroot(f, ends, solver="anderson", verify=False) for ends in between]
