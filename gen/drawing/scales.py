"""How numbers lie along an axis, and where its ticks stand."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Tick = tuple[float, str]

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high`.

    Equal distances are drawn for equal steps of `forward`. `marks` are the ticks with their labels;
    without them round numbers are chosen.
    """

    low: float
    high: float
    marks: Sequence[Tick] | None = None
    forward: Callable[[float], float] = float

    def onto(self, start: float, end: float) -> Callable[[float], float]:
        """The map from numbers to places, which puts `low` at `start` and `high` at `end`."""
        first = self.forward(self.low)
        unit = (end - start) / (self.forward(self.high) - first)
        return lambda value: start + unit * (self.forward(value) - first)

    def ticks(self, about: int) -> Sequence[Tick]:
        """The ticks; `about` how many, where they are chosen here."""
        return rounded(self.low, self.high, about) if self.marks is None else self.marks


def rounded(low: float, high: float, about: int) -> list[Tick]:
    """Ticks at multiples of 1, 2 or 5 times a power of ten; d3-array's, which the interactive
    plots use, stand at the same places."""
    rough = (high - low) / about
    power = math.floor(math.log10(rough))
    excess = rough / 10**power
    factor = 10 if excess >= 50**0.5 else 5 if excess >= 10**0.5 else 2 if excess >= 2**0.5 else 1
    step = factor * 10.0**power
    digits = max(0, -power - (factor == 10))
    near = 1e-9  # an end that is a multiple but for its rounding has its tick
    whole = range(math.ceil(low / step - near), math.floor(high / step + near) + 1)
    return [(n * step, f"{n * step:.{digits}f}".replace("-", "−")) for n in whole]


def named(values: Sequence[float]) -> list[Tick]:
    """Ticks at these values."""
    return [(value, f"{value:g}".replace("-", "−")) for value in values]


def decades(low: float, high: float) -> Scale:
    """A logarithmic axis with ticks at powers of ten."""
    powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    marks = [
        (10.0**p, f"{10.0**p:g}" if -3 < p < 4 else f"10{str(p).translate(SUPERSCRIPT)}")
        for p in powers[:: math.ceil(len(powers) / 6)]
    ]
    return Scale(low, high, marks, math.log10)
