"""What a plot that moves offers to its reader, and one rule for the sliders of parameters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from activations._entry import Activation

from ..facts import words

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


@dataclass(frozen=True)
class Track:
    """A slider on the page: its name in the address, its label in HTML, the words of the way back.

    A `log` one runs over the value's log10.
    """

    name: str
    label: str
    slider: Slider
    back: str
    log: bool = False


@dataclass(frozen=True)
class Reading:
    """A number that the script writes: its label, its key; a `switch` shows and hides its curve."""

    label: str
    key: str
    switch: bool = False


@dataclass(frozen=True)
class Controls:
    """What the script `web/js/<widget>.js` finds in the page.

    `scores` are a vector's first inputs; `seeded` is a plot with random numbers, `hard` one that
    can show the winner alone. `reserved` says whether a parameter's name must not be one of those
    that mean something else in the address.
    """

    widget: str
    readings: Sequence[Reading]
    tracks: Sequence[Track]
    hint: str
    scores: Sequence[float] = ()
    seeded: bool = False
    hard: bool = False
    reserved: bool = True


def track(entry: Activation, argument: str, wide: float = math.inf) -> Track:
    """The slider of a parameter; logarithmic where it spans a factor of `wide` or more."""
    symbol = words.greek(entry.parameters[argument].symbol)
    ruled = slider(entry, argument)
    given = "Default" if entry.defaults[argument] is not None else "Start"
    back = f"{given} {words.plain(ruled.start)}"
    label = f"{symbol} <code>{argument}</code>"
    if ruled.low > 0 and ruled.high / ruled.low >= wide:
        low, high, start = (math.log10(value) for value in (ruled.low, ruled.high, ruled.start))
        return Track(argument, label, Slider(low, high, 0.01, start), back, log=True)
    return Track(argument, label, ruled, back)


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
