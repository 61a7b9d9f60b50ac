"""What the formula of a map of vectors shows of it, for vectors of any length.

What it does not show is None; what is found by trying torch says so where it is told.
"""

import itertools
import random
from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import sympy
import torch
from mpmath import mpf
from sympy import Abs, Expr, Indexed, Max, Min, Piecewise, Pow, Sum, cos, exp, log, sin, tanh
from torch import Tensor

from activations._notation import Greatest, Named, Ranked, i

from . import scalar

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


def extent(formula: Expr, first: Callable[[Any], Any] | None) -> dict[str, Any] | None:
    """The range of each output, two or more inputs given.

    `first` is the first output as a function of the first input, the others 0, in high precision:
    at ±FAR it must be next to the ends that the formula allows, and all between is taken if it is
    continuous. None where that is not so, or where there is no `first`.
    """
    if first is None:
        return None
    bounds = {"shares": (mpf(0), mpf(1)), "logs": (-mpf("inf"), mpf(0))}
    low, high = bounds.get(outputs(formula), (-mpf("inf"), mpf("inf")))
    reached = sorted(mpf(first(sign * FAR)) for sign in (-1, 1))
    for end, value in zip((low, high), reached, strict=True):
        beside = abs(value - end) < 2 / FAR
        if mpmath.isinf(end):
            beside = mpmath.sign(value) == mpmath.sign(end) and abs(value) > FAR / 2
        if not beside:
            return None
    ends = {"lower": scalar.number(low), "upper": scalar.number(high)}
    return {**ends, "lower_attained": False, "upper_attained": False}


Compute = Callable[[Any], Tensor]


def roughness(compute: Compute, length: int, continuous: bool) -> str | None:
    """Whether torch's outputs ("discontinuous"), or their slopes ("C0"), jump on random lines.

    Outputs are not asked where the formula is known to be continuous, slopes only there. None if no
    jump was met. A jump exceeds GAP over 2^-HALVINGS of a STEPS-th of the line.
    """
    chance = random.Random(2)
    for _ in range(SEGMENTS):
        start, end = (
            torch.tensor([chance.gauss(0, 2) for _ in range(length)], dtype=torch.float64)
            for _ in range(2)
        )

        def at(t: float, start: Tensor = start, end: Tensor = end) -> Tensor:
            point = (start + t * (end - start)).requires_grad_()
            y = compute(point)
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


def _jump(of: Compute, low: float, high: float) -> float:
    """How far the value leaps between two places that are halved to nearly one."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        left, here, right = map(of, (low, middle, high))
        if (here - left).abs().max() >= (right - here).abs().max():
            high = middle
        else:
            low = middle
    return float((of(high) - of(low)).abs().max())
