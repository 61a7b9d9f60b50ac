"""How far computed numbers lie from the exact ones, in the units that their dtype rounds to."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]
Compute = Callable[[Array], Array]
Exact = Callable[[float], float]

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}

# an error beyond so many ULP, and beyond what rounding x explains, is reported as inaccurate
INACCURATE = 16.0

# absolute errors are compared up to this |x|: farther out they only grow with the output
ABSOLUTE_END = 128.0

# errors of these are counted in ULP of the exact value, or of this where it is smaller: slopes are
# added to others, and next to their zeros no slope is exact
LEAST = {"output": 0.0, "gradient": 0.5}

# the curve's bins: equal steps of asinh(x / CURVE_SCALE) over [-CURVE_END, CURVE_END]
CURVE_SCALE, CURVE_END, CURVE_BINS = 0.1, 1000.0, 120


def ulp(values: Array, dtype: torch.dtype, least: float = 0.0) -> Array:
    """The distance between neighbouring numbers of `dtype` at each of `values`, or at `least`."""
    info = torch.finfo(dtype)
    _, exponent = np.frexp(np.maximum(np.abs(values), max(least, info.smallest_normal)))
    return np.ldexp(info.eps, exponent - 1)


def rounded(values: Array, dtype: torch.dtype) -> Array:
    """The nearest numbers of `dtype`; infinite beyond its largest."""
    return torch.from_numpy(values).to(dtype).to(torch.float64).numpy()


def summary(
    got: Array, exact: Array, dtype: torch.dtype, part: str, xs: Array | None = None
) -> Any:
    """The largest error in ULP with its place, the 99.9th percentile, and the largest absolute one.

    `part` is a key of LEAST; "plain" are both in ULP without it. `xs` are the inputs, None where an
    output has several. Points at which `exact` is NaN, numbers that are not finite, and exact ones
    too large for the dtype do not count.
    """
    counted = np.isfinite(got) & np.isfinite(rounded(exact, dtype))
    got, exact = got[counted], exact[counted]
    gaps = np.abs(got - exact)
    plain, errors = (gaps / ulp(exact, dtype, least) for least in (0.0, LEAST[part]))
    if xs is not None:
        gaps = np.where(np.abs(xs[counted]) <= ABSOLUTE_END, gaps, 0.0)
    worst = int(errors.argmax())
    most, most_plain = (np.quantile(e, 0.999, method="higher") for e in (errors, plain))
    return {
        "points": int(counted.sum()),
        "largest": {
            "ulp": short(errors[worst]),
            "x": None if xs is None else float(xs[counted][worst]),
        },
        "ulp_999": short(most),
        "plain": short(plain.max()),
        "plain_999": short(most_plain),
        "absolute": short(gaps.max()),
        "settles": [],
        "inaccurate": [],
        "not_finite": [],
        "curve": None,
    }


@dataclass(frozen=True)
class Line:
    """Computed and exact values of a `part` along ascending x, and what gives both elsewhere.

    With that, places are found to the neighbouring float32, since its xs are only a sample.
    """

    xs: Array
    got: Array
    exact: Array
    dtype: torch.dtype
    part: str
    compute: Compute
    exact_at: Exact

    def summary(self) -> Any:
        """The summary of a function of one number, and where along x it goes wrong."""
        places = {
            "settles": [self.settles(side) for side in (-1, 1)],
            "inaccurate": [self.inaccurate(side) for side in (-1, 1)],
            "not_finite": [self.not_finite(side) for side in (-1, 1)],
        }
        return {
            **summary(self.got, self.exact, self.dtype, self.part, self.xs),
            **{name: [*filter(None, found)] for name, found in places.items()},
            "curve": self.curve(),
        }

    def settles(self, side: int) -> Any:
        """From where on to the far end the value is one constant, though the exact one is not.

        A constant that is exact, or the rounding of an exact constant, does not count.

        `side` is 1 for the right end, -1 for the left. None where it does not happen.
        """
        order = slice(None, None, side)
        xs, got, exact = self.xs[order], self.got[order], self.exact[order]
        final = got[-1]
        different = np.flatnonzero(got != final)
        start = int(different[-1]) + 1 if len(different) else 0
        if not math.isfinite(final) or start == 0 or start >= len(xs) - 2:
            return None
        x = self._edge(xs[start - 1], xs[start], lambda v: v == final)
        truth = self.exact_at(x)
        if not math.isfinite(truth) or truth in (final, exact[-1]) or x * side <= 0:
            return None
        gap = abs(final - truth) / ulp(np.array([truth]), self.dtype)[0]
        found = {"side": side, "x": x, "value": float(final)}
        return {**found, "exact": truth, "ulp": short(gap)}

    def not_finite(self, side: int) -> Any:
        """From where on the value is NaN or infinite though the exact one is not."""
        wrong = ~np.isfinite(self.got) & np.isfinite(rounded(self.exact, self.dtype))
        places = np.flatnonzero(wrong & (self.xs * side > 0))[::side]
        if not len(places):
            return None
        first = int(places[0])
        x = self._edge(self.xs[first - side], self.xs[first], lambda v: ~np.isfinite(v))
        return {
            "side": side,
            "x": x,
            "value": repr(float(self.got[first])),
            "exact": self.exact_at(x),
        }

    def inaccurate(self, side: int) -> Any:
        """Where the error passes INACCURATE ULP and INACCURATE times what rounding x explains.

        What `settles` and `not_finite` tell of is left out, and so are exact values below the
        smallest normal number.
        """
        usable = np.isfinite(self.got) & np.isfinite(self.exact)
        settled = self.settles(side)
        if settled:
            usable &= self.xs * side < settled["x"] * side
        usable &= np.abs(self.exact) >= torch.finfo(self.dtype).smallest_normal
        exact = np.where(usable, self.exact, 1.0)
        errors = np.where(usable, np.abs(self.got - exact) / ulp(exact, self.dtype), 0.0)
        explained = np.abs(self.xs * np.gradient(self.exact, self.xs) / exact)
        wrong = errors > INACCURATE * np.maximum(1, np.nan_to_num(explained, posinf=np.inf))
        places = np.flatnonzero(wrong & (self.xs * side > 0))
        if not len(places):
            return None
        relative = np.abs(self.got - exact)[places] / np.abs(exact[places])
        worst = places[int(relative.argmax())]
        return {
            "from": float(self.xs[places[0]]),
            "to": float(self.xs[places[-1]]),
            "x": float(self.xs[worst]),
            "got": float(self.got[worst]),
            "exact": float(self.exact[worst]),
        }

    def curve(self) -> str:
        """The largest error in ULP in each bin, as text; "-" where a bin has no point."""
        usable = np.isfinite(self.got) & np.isfinite(rounded(self.exact, self.dtype))
        xs, exact = self.xs[usable], self.exact[usable]
        errors = np.abs(self.got[usable] - exact) / ulp(exact, self.dtype, LEAST[self.part])
        numbers = np.digitize(xs, curve_edges()) - 1
        return " ".join(
            f"{round(errors[numbers == bin_].max(), 3):.3g}" if (numbers == bin_).any() else "-"
            for bin_ in range(CURVE_BINS)
        )

    def _edge(self, outside: float, inside: float, holds: Callable[[Array], Any]) -> float:
        """The first number from `outside` towards `inside` from which on `holds` always holds."""
        if self.dtype != torch.float32:
            return float(inside)
        xs = _between(outside, inside)
        return float(xs[int(np.flatnonzero(~holds(self.compute(xs)))[-1]) + 1])


def curve_edges() -> Array:
    """The bins' edges, CURVE_BINS + 1 of them."""
    end = math.asinh(CURVE_END / CURVE_SCALE)
    return CURVE_SCALE * np.sinh(np.linspace(-end, end, CURVE_BINS + 1))


def curve_middles() -> list[float]:
    edges = np.arcsinh(curve_edges() / CURVE_SCALE)
    return [short(x) for x in CURVE_SCALE * np.sinh((edges[1:] + edges[:-1]) / 2)]


def finite_numbers(dtype: torch.dtype) -> Array:
    """Every finite number of a 16-bit dtype, or a sample of float32's, ascending.

    The sample has about 2,000 numbers of each sign: 1,600 in equal ratios from 10⁻⁴ to 10³, the
    rest from the smallest normal number to the largest.
    """
    if dtype == torch.float32:
        near, far = np.geomspace(1e-4, 1e3, 1600), np.geomspace(1.2e-38, 3.4e38, 400)
        positive = np.concatenate([near, far]).astype(np.float32).astype(np.float64)
        return np.unique(np.concatenate([-positive, [0.0], positive]))
    bits = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
    numbers = bits.view(dtype).to(torch.float64).numpy()
    return np.unique(numbers[np.isfinite(numbers)])


def _between(start: float, end: float) -> Array:
    """Every float32 from `start` to `end`, which are of one sign or 0."""
    first, last = (int(np.float32(abs(number)).view(np.int32)) for number in (start, end))
    step = 1 if last > first else -1
    sizes = np.arange(first, last + step, step, dtype=np.int32).view(np.float32)
    return np.copysign(sizes, start or end).astype(np.float64)


def short(number: Any) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{float(number):.4g}")


def texts(values: Sequence[float] | Array) -> str:
    """Numbers as text that keeps NaN, infinity and the sign of zero: "nan, -0.0"."""
    return ", ".join(repr(float(f"{v:.6g}")) for v in values)
