"""Every float32 of a window: how far torch's output and gradient are from the exact ones.

The window is 2⁻²⁴ ≤ |x| ≤ 2⁷, which are NUMBERS numbers. They go in as contiguous tensors of CHUNK,
so that every result is that of the vectorized kernels. What is exact comes from the formula in
float64, which is held against mpmath wherever a maximum is told. Slopes at kinks are left out.
"""

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

import activations
from activations._entry import Activation
from activations._notation import x

from ..evaluation.double import double
from ..evaluation.formula import at, pieces
from ..evaluation.ulp import short, ulp
from ._rounding import PARTS, exact_functions, in_dtype, results

LOW, HIGH = -24, 7  # the window's ends, as powers of 2
BINADE = 2**23  # how many float32 lie from one power of 2 to the next
BINADES = tuple(itertools.product((-1, 1), range(LOW, HIGH)))
NUMBERS = 2 * ((HIGH - LOW) * BINADE + 1)
CHUNK = 2**15  # of larger ones less stays in a processor's cache: six times as slow
WORST = 20  # so many of the largest errors are held against mpmath, beside what is told
TOLERATED = 1e-3  # the share of an error, or of half a ULP, by which the float64 value may be off

UNITS = ("ulp", "normal", "half", "absolute")
HEADLINES = {"output": "ulp", "gradient": "half"}
SIGNS = {"negative": -1, "positive": 1}

Largest = tuple[float, float]  # an error, and the x where it occurs
Zeros = tuple[int, float, float]  # how many results are wrongly 0, from which x to which
Binade = tuple[int, int]  # the sign of its numbers, and the power of 2 at which it begins
Tally = Mapping[str, Any]


class InexactError(ValueError):
    """A float64 value that is not exact enough to be held against; the message says where."""


def tally(xs: Tensor, got: Tensor, exact: Tensor) -> Tally:
    """The largest errors of float32 results `got` at float32 `xs`, against float64 `exact`, which
    is NaN where a result does not count; all are vectors.

    They are, each with its x, in "ulp" over what is not wrongly 0, in ULP where the exact value is
    a "normal" number, in ULP(max(|exact|, ½)) ("half"), and "absolute". `zeros` are where results
    are 0 though the exact value does not round to it; `nans` are how many are no finite number.
    """
    gaps = (got.double() - exact).abs_()
    nans = 0
    if not math.isfinite(gaps.max()):
        nans = int((~got.isfinite() & ~exact.isnan()).sum())
        gaps = torch.where(gaps.isfinite(), gaps, 0.0)
    size = exact.abs()
    # the upper bits of a float64 are its exponent and 1023; float32 has 23 bits after the first
    exponents = (size.view(torch.int64) >> 52).clamp_(min=1023 - 126)
    ulps = ((exponents - 23) << 52).view(torch.double)
    errors = gaps / ulps
    normal = torch.where(size >= 2.0**-126, errors, 0.0)
    zeros = []
    if int(got.count_nonzero()) < len(got):
        wrong = (got == 0) & (size > 2.0**-150)
        errors = torch.where(wrong, 0.0, errors)
        if there := xs[wrong].tolist():
            zeros = [(len(there), min(there), max(there))]
    halves = gaps / ulps.clamp_(min=2.0**-24)
    found = dict(zip(UNITS, (errors, normal, halves, gaps), strict=True))
    told = {unit: _largest(each, xs) for unit, each in found.items()}
    return {**told, "zeros": zeros, "nans": nans, "worst": [told["ulp"]]}


def _largest(errors: Tensor, xs: Tensor) -> Largest:
    size, place = errors.max(0)
    return float(size), float(xs[place])


def merged(tallies: Sequence[Tally]) -> Tally:
    """The tally of all."""
    return {
        **{unit: max(one[unit] for one in tallies) for unit in UNITS},
        "zeros": _joined(zeros for one in tallies for zeros in one["zeros"]),
        "nans": sum(one["nans"] for one in tallies),
        "worst": sorted((w for one in tallies for w in one["worst"]), reverse=True)[:WORST],
    }


def _joined(stretches: Iterable[Zeros]) -> list[Zeros]:
    """The stretches, ascending; those that lie within a factor of 2 of each other are one."""
    found: list[Zeros] = []
    for count, low, high in sorted(stretches, key=lambda stretch: stretch[1]):
        if found and low * found[-1][2] > 0 and 0.5 <= low / found[-1][2] <= 2:
            count, low = count + found[-1][0], found.pop()[1]
        found.append((count, low, high))
    return found


class Exhaustive:
    """One entry's float32 function of a number, against its formula at the shown setting.

    Raises NoDoubleError where the formula has no form in float64.
    """

    def __init__(self, entry: Activation) -> None:
        expr = at(entry, entry.setting)
        self.torch = in_dtype(entry, torch.float32, torch.device("cpu"))
        self.exact = exact_functions(entry)
        self.pieces = [(float(p.upper), double(p.expr, p.expr.diff(x))) for p in pieces(expr)]

    def binade(self, sign: int, low: int) -> Mapping[str, Tally]:
        """Tallies of output and gradient for sign · 2^low ≤ sign · x < sign · 2^(low + 1), and for
        the window's end with the last."""
        first = (127 + low) * BINADE  # the bits of 2^low
        places = [(first + start, CHUNK) for start in range(0, BINADE, CHUNK)]
        if low == HIGH - 1:
            places.append((first + BINADE, 1))
        chunks = [self.chunk(sign, *place) for place in places]
        return {part: merged([chunk[part] for chunk in chunks]) for part in PARTS}

    def chunk(self, sign: int, first: int, count: int) -> Mapping[str, Tally]:
        """Tallies for `count` float32 of this sign, from the one with the bits `first` outwards."""
        xs = sign * torch.arange(first, first + count, dtype=torch.int32).view(torch.float32)
        both = zip(results(self.torch, xs), self.double(xs), strict=True)
        return {part: tally(xs, *pair) for part, pair in zip(PARTS, both, strict=True)}

    def double(self, xs: Tensor) -> list[Tensor]:
        """Output and slope at float32 `xs` of one sign in float64; at a kink, no slope: NaN."""
        points = xs.double()
        low, high = float(points.min()), float(points.max())
        lowers = [-math.inf, *(upper for upper, _ in self.pieces)]
        found: list[Tensor] = []
        for lower, (upper, function) in reversed([*zip(lowers, self.pieces, strict=False)]):
            if lower <= high and low <= upper:
                ours = function(points)
                pairs = zip(ours, found or ours, strict=True)
                found = [torch.where(points < upper, *pair) for pair in pairs]
        for cut in lowers[1:-1]:
            if low <= cut <= high:
                for values, exact in zip(found, self.exact, strict=True):
                    values[points == cut] = exact(cut)
        return found

    def summary(self, binades: Mapping[Binade, Mapping[str, Tally]]) -> dict[str, Any]:
        """What is kept of the tallies of all binades; raises InexactError."""
        found: dict[str, Any] = {"numbers": NUMBERS}
        for which, part in enumerate(PARTS):
            tallies = {key: both[part] for key, both in binades.items()}
            total, headline = merged([*tallies.values()]), HEADLINES[part]
            told = {key: one[headline] for key, one in tallies.items()}
            largest = (total[unit] for unit in UNITS)
            self._hold(
                which, {p for size, p in (*largest, *told.values(), *total["worst"]) if size}
            )
            found[part] = {
                **{unit: _told(*total[unit]) for unit in UNITS},
                "zeros": [
                    dict(zip(("count", "from", "to"), z, strict=True)) for z in total["zeros"]
                ],
                "nans": total["nans"],
                "binades": {
                    name: {
                        "sizes": [round(short(told[sign, low][0]), 3) for low in range(LOW, HIGH)],
                        "xs": [told[sign, low][1] for low in range(LOW, HIGH)],
                    }
                    for name, sign in SIGNS.items()
                },
            }
        return found

    def _hold(self, which: int, places: Iterable[float]) -> None:
        """Hold the float64 values at these x against mpmath."""
        for place in sorted(places):
            xs = torch.full((1,), place)
            ours, got = float(self.double(xs)[which]), float(results(self.torch, xs)[which])
            exact = self.exact[which](place)
            allowed = max(abs(got - exact), float(ulp(np.array([exact]), torch.float32)[0]) / 2)
            if not math.isnan(exact) and not abs(ours - exact) <= TOLERATED * allowed:
                raise InexactError(
                    f"the {PARTS[which]} at x = {place!r} is {ours!r} in float64, but {exact!r}"
                )


def _told(size: float, place: float) -> dict[str, float]:
    return {"size": short(size), "x": place}


@functools.cache
def of(slug: str) -> Exhaustive:
    """That of an entry, in this process, on one thread. Raises NoDoubleError."""
    torch.set_num_threads(1)
    return Exhaustive(activations.load(slug))


def binade(slug: str, sign: int, low: int) -> Mapping[str, Tally]:
    """`Exhaustive.binade` of an entry, for workers."""
    return of(slug).binade(sign, low)
