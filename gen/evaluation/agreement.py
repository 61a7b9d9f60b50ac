"""Two witnesses: the formula in high precision against torch. Where they part, nothing is built."""

import math
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Expr

from activations._entry import Activation
from activations._notation import x

from . import torch_side
from .definitions import unfolded
from .formula import at, numeric, pieces

CLOSE = 2e-14
# outputs and slopes of other frameworks that differ by less are the same in float32
ROUNDING = 1e-5
FAR = (20, 50, 100, 700, 1e3, 1e4)


class DisagreementError(Exception):
    """torch and the formula differ; the message names the entry, the point and both values."""


@dataclass(frozen=True)
class Point:
    """One comparison: what was computed, where, and what each side says."""

    what: str
    setting: Mapping[str, Any]
    place: str
    torch: float
    exact: Any
    scale: float = 1.0

    def gap(self) -> float:
        """The difference, relative to the largest of 1, the exact value and `scale`, the size of
        what goes in; NaN counts as infinite, and as none what is beyond
        float64."""
        if math.isnan(self.torch):
            return math.inf
        if math.isinf(self.torch) and self.torch * self.exact > 0:
            return 0.0 if abs(self.exact) > sys.float_info.max else math.inf
        return float(abs(mpf(self.torch) - self.exact) / max(1, self.scale, abs(self.exact)))


def judge(entry: Activation, points: Iterator[Point]) -> int:
    """Raise DisagreementError at the first point where the gap is not covered; return the count."""
    count = 0
    for point in points:
        count += 1
        known = [t.at_most for t in entry.tolerances if t.of == point.what]
        if not point.gap() <= max(known, default=CLOSE):
            setting = ", ".join(f"{k}={v}" for k, v in point.setting.items()) or "torch's defaults"
            raise DisagreementError(
                f"activations/{entry.slug}.py: the formula and torch disagree on the"
                f" {point.what} at {point.place} ({setting}): torch says {point.torch!r},"
                f" the formula {mpmath.nstr(point.exact, 17)}; correct the formula, or declare"
                " the gap as a Tolerance with its reason"
            )
    return count


def all_settings(entry: Activation) -> list[dict[str, Any]]:
    """torch's defaults, each swept value and each variant."""
    return [*entry.settings, *({**entry.setting, **v.settings} for v in entry.variants)]


def places(cuts: Sequence[float]) -> list[float]:
    """Where a function of one variable is compared: 0, cuts, around them, far out, at random.

    One ULP from a cut torch may have rounded to its other side.
    """
    near = [c + s * step for c in (0.0, *cuts) for step in (1e-9, 1e-4, 0.1, 1.0) for s in (-1, 1)]
    far = [s * size for size in FAR for s in (-1, 1)]
    chance = [random.Random(0).gauss(0, 3) for _ in range(24)]
    return sorted({0.0, *cuts, *near, *far, *chance})


def scalar_points(entry: Activation) -> Iterator[Point]:
    """Compare an entry of one variable: values everywhere, slopes off the kinks."""
    for setting in all_settings(entry):
        expr = at(entry, setting)
        parts = pieces(expr)
        cuts = [float(p.upper) for p in parts[:-1]]
        xs = places(cuts)
        f = numeric(expr)
        for p, y in zip(xs, torch_side.values(entry, setting, xs), strict=True):
            yield Point("value", setting, f"x = {p!r}", y, f(mpf(p)), abs(p))
        smooth = [p for p in xs if p not in cuts]
        derivatives = [(float(q.upper), numeric(q.expr.diff(x))) for q in parts]
        for p, y in zip(smooth, torch_side.slopes(entry, setting, smooth), strict=True):
            g = next(g for upper, g in derivatives if p < upper or upper == math.inf)
            yield Point("slope", setting, f"x = {p!r}", y, g(mpf(p)), abs(p))


def check_forms(entry: Activation) -> None:
    """Every other form and the preferred derivatives must equal what the formula gives."""
    base = at(entry, entry.setting)
    for form in entry.forms:
        _must_equal(entry, "form", base, at(entry, entry.setting, form))
    stated = {
        "derivative": (entry.derivative, 1),
        "second derivative": (entry.second_derivative, 2),
    }
    for what, (expression, order) in stated.items():
        for setting in entry.settings if expression is not None else []:
            for part in pieces(at(entry, setting)):
                ends = (mpf(float(part.lower)), mpf(float(part.upper)))
                exact = part.expr.diff(x, order)
                _must_equal(entry, what, exact, at(entry, setting, expression), *ends)


def _must_equal(entry: Activation, what: str, one: Expr, other: Expr, *within: Any) -> None:
    f, g = numeric(one), numeric(other)
    low, high = within or (mpf("-inf"), mpf("inf"))
    for p in (mpf(q) / 7 for q in range(-83, 84, 3)):
        if low < p < high and not abs(f(p) - g(p)) < mpf(10) ** -35:
            raise DisagreementError(
                f"activations/{entry.slug}.py: the {what} {other} is not equal to {one}"
                f" at x = {mpmath.nstr(p, 6)}: {mpmath.nstr(g(p), 12)} against"
                f" {mpmath.nstr(f(p), 12)}; correct one of them"
            )


def compile_element(
    formula: Expr, where: Mapping[Expr, Expr], sizes: Mapping[Expr, int], indices: Mapping[str, int]
) -> tuple[list[Expr], Callable[..., Any]]:
    """One element of a vector formula as a function of mpmath numbers.

    `sizes` gives the length symbols their values and `indices` the free indices theirs, counted
    from 1. Returns the inputs it depends on (such as x[1], x[2]) and the function of them.
    """
    expr = unfolded(formula, where)
    names = {s: indices[str(s)] for s in expr.free_symbols if str(s) in indices}
    expr = expr.subs(names).subs(dict(sizes)).doit()
    inputs = sorted(expr.atoms(sympy.Indexed), key=str)
    if not inputs:
        value = numeric(expr)(0)
        return [], lambda: value
    stand_ins = {e: sympy.Dummy() for e in inputs}
    return inputs, numeric(expr.xreplace(stand_ins), *stand_ins.values())


def element(arrays: Mapping[str, Any], indexed: Any) -> Any:
    """The number that x[2, 1] stands for in `arrays`, nested lists by the name of their base."""
    found = arrays[str(indexed.base.label)]
    for index in indexed.indices:
        found = found[int(index) - 1]
    return mpf(found)
