"""Random functions: what is fixed about them is analysed, what is random is drawn as a spread."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from activations._entry import Activation

from ..drawing import inline, plots
from ..drawing.ink import INK, LOOK, Look
from ..drawing.plots import Drawing
from ..evaluation import torch_side
from ..evaluation.agreement import DisagreementError
from ..facts import words
from ..facts.family import Row
from . import elementwise
from .kind import Kind

DRAWS = 2000


class Noise:
    """Wraps the kind of the function that is left once the noise is fixed.

    Noise that has a value in evaluation mode is a slope drawn between the two parameters; other
    noise is part of every output. What is not said here holds as it does without noise.
    """

    published = "stochastic"

    def __init__(self, entry: Activation, settled: Kind) -> None:
        assert entry.noise is not None
        self.entry, self.settled, self.noise = entry, settled, entry.noise
        self.has_evaluation_mode = entry.noise.evaluation is not None
        told: Any = {"against": " with the noise that torch drew"}
        if self.has_evaluation_mode:
            told = {"mode": ", in evaluation mode"}
        self.words = replace(settled.words, **told)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.settled, name)

    def problems(self) -> Iterator[str]:
        yield from self.settled.problems()
        if self.has_evaluation_mode and len(self.entry.parameters) != 2:
            yield (
                "noise with a value in evaluation mode is a slope drawn between two parameters, of"
                f" which there are {len(self.entry.parameters)}; declare both, or take out"
                " evaluation"
            )

    def check(self) -> int:
        """Hold the settled function against torch, and the noise against its stated law."""
        count = self.settled.check()
        return count + (_check_slopes(self.entry) if self.has_evaluation_mode else 0)

    def rows(self, facts: Any) -> list[Row]:
        mode = "of the evaluation mode" if self.has_evaluation_mode else "for each draw"
        text = f"{self.noise.law}; the facts above hold {mode}"
        return [*self.settled.rows(facts), Row("noise", "Random part", text, self.noise.law)]

    def drawings(self, facts: Any) -> list[Drawing]:
        found = self.settled.drawings(facts)
        return [_band(self.entry, facts), *found[1:]] if self.has_evaluation_mode else found


def training_slopes(entry: Activation, setting: dict[str, Any]) -> list[float]:
    """The random slopes that torch draws in training mode for DRAWS negative inputs."""
    torch.manual_seed(0)
    layer = torch_side.callable_at(entry, setting)
    assert isinstance(layer, nn.Module)
    inputs = -torch.ones(DRAWS, dtype=torch.float64, requires_grad=True)
    outputs = layer.train()(inputs)
    return torch.autograd.grad(outputs.sum(), inputs)[0].tolist()


def _bounds(entry: Activation, setting: dict[str, Any]) -> tuple[float, float]:
    low, high = (float(setting[name]) for name in entry.parameters)
    return low, high


def _check_slopes(entry: Activation) -> int:
    for setting in entry.settings:
        low, high = _bounds(entry, setting)
        slopes = training_slopes(entry, setting)
        mean = sum(slopes) / len(slopes)
        spread = (high - low) * (12 * DRAWS) ** -0.5
        inside = all(low <= s <= high for s in slopes)
        if not inside or abs(mean - (low + high) / 2) > 5 * spread:
            raise DisagreementError(
                f"activations/{entry.slug}.py: in training mode torch drew slopes from"
                f" {min(slopes)!r} to {max(slopes)!r} with mean {mean!r}, which does not fit"
                f" '{entry.noise.law if entry.noise else ''}' for {setting}; correct the noise"
            )
    return DRAWS * len(entry.settings)


def _band(entry: Activation, facts: Any) -> Drawing:
    """The evaluation-mode line inside the band that training draws from."""
    low, high = _bounds(entry, entry.setting)
    left, right = map(float, entry.window)
    xs = [left, 0.0, right]
    values = torch_side.values(entry, entry.setting, xs)
    figure, (ax,) = plots.axes(rows=2)
    band: Look = {"facecolor": INK["f"], "alpha": 0.18}
    ax.fill([left, left, 0], [left * high, left * low, 0], **band)
    for ends in ([left, -1e-9], [1e-9, right]):
        ax.plot(ends, torch_side.slopes(entry, entry.setting, ends), **LOOK["df"])
    ax.plot(xs, values, **LOOK["f"])
    for kink in facts.kinks:
        elementwise.mark(ax, entry, kink)
    plots.window(ax, (left, right), [left * high, *values])
    looks = {"f(x) in evaluation": LOOK["f"], "f′(x) in evaluation": LOOK["df"]}
    plots.legend(figure, {**looks, "training: any slope in the band": band}, 2)
    return Drawing(
        "curve",
        inline.svg(figure, f"{entry.slug}-c"),
        f"Plot of {entry.name} for x from {words.plain(left)} to {words.plain(right)}: the identity"
        f" above 0; below 0 a band of lines with slopes from {words.plain(low)} to"
        f" {words.plain(high)}, and in it the line of evaluation mode, of slope"
        f" {words.plain(facts.slope_at_zero.left)}.",
        f"{entry.name}: the line of evaluation mode in the band that training draws from.",
        plots.frame(figure),
    )
