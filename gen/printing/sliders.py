"""One rule for the sliders of a function's parameters."""

import math
from dataclasses import dataclass

from activations._entry import Activation

STEPS = 100


@dataclass(frozen=True)
class Slider:
    """Where a parameter's slider starts and ends, its step, and the value that it starts at.

    `start` need not lie on a step: 1/3 is what torch has, and the slider shows the nearest step.
    """

    low: float
    high: float
    step: float
    start: float


def slider(entry: Activation, argument: str) -> Slider:
    """The slider runs over the values that the entry sweeps and the one that the page shows.

    Without a sweep it runs from half the shown value to its double, or from −1 to 1 around 0. The
    step is 1, 2 or 5 times a power of ten, and there are at least STEPS of them.
    """
    start = float(entry.setting[argument])
    swept = entry.sweep.get(argument) or ((start / 2, start * 2) if start else (-1, 1))
    low, high = min(start, *swept), max(start, *swept)
    step = _round_step((high - low) / STEPS)
    return Slider(_snap(low, step), _snap(high, step), step, start)


def _round_step(size: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `size`."""
    power = math.floor(math.log10(size))
    factor = max(f for f in (1, 2, 5) if f * 10.0**power <= size * (1 + 1e-12))
    return _decimal(factor * 10.0**power)


def _snap(value: float, step: float) -> float:
    return _decimal(round(value / step) * step)


def _decimal(value: float) -> float:
    """The float nearest to the short decimal that `value` is meant to be."""
    return float(f"{value:.12g}")
