"""How the size of signals and gradients changes through a deep random network.

A layer applies f and then a square matrix of independent N(0, gain²/width) weights, without bias:
z_l = W_l f(z_{l-1}). The input z_0 is standard normal. What is measured is the second moment (the
mean square) of z_l, and of the gradient with respect to z_l when the gradient at the last layer
is standard normal. The weights are the same, but for the gain, for every function and choice.
"""

import datetime
import math
import statistics
from typing import Any

import torch
from torch import Tensor, nn

from activations._entry import Activation

from .. import kinds
from ..evaluation.torch_side import torch_gain, torch_version
from . import digests

METHOD = 1  # raised by hand when the same entry would come out with other numbers

WIDTH = 512
BATCH = 256
DEPTH = 50
SEEDS = range(11)
DIGITS = 4

Run = tuple[list[float], list[float], float]


def measure(entry: Activation) -> dict[str, Any]:
    """The section, after some seconds; empty for what is not a function of one number.

    For each choice of gain: the gain, and the median over the seeds of log10 of the second moment
    at layers 0 to DEPTH, forward (`signal`) and backward (`gradient`), with the lowest and highest
    of the seeds where each ends; and `common`, the median share of the last layer's second moment
    that all inputs have in common. A second moment of exactly 0 is null.
    """
    gains = choices(entry)
    if not gains:
        return {}
    runs: dict[str, list[Run]] = {choice: [] for choice in gains}
    for seed in SEEDS:
        drawn = draw(seed, WIDTH, BATCH, DEPTH)
        for choice, gain in gains.items():
            runs[choice].append(propagate(entry, gain, *drawn))
    return {
        "digest": digests.of("depth", entry),
        "date": datetime.date.today().isoformat(),
        "torch": torch_version(),
        "dtype": "float32",
        "width": WIDTH,
        "batch": BATCH,
        "depth": DEPTH,
        "seeds": list(SEEDS),
        "results": {choice: {"gain": gains[choice], **_summary(runs[choice])} for choice in gains},
    }


def choices(entry: Activation) -> dict[str, float]:
    """The gains to compare: 1, torch's recommendation if it has one, and the exact gain.

    Empty for what is not a function of one number.
    """
    kind = kinds.of(entry)
    if (moments := kind.moments(kind.facts())) is None:
        return {}
    found = {"linear": 1.0, "torch": torch_gain(entry.functional_name), "exact": moments["gain"]}
    return {choice: float(gain) for choice, gain in found.items() if gain is not None}


def draw(seed: int, width: int, batch: int, depth: int) -> tuple[Tensor, Tensor, Tensor]:
    """Weights (depth, width, width) of variance 1/width, and inputs and errors (batch, width)."""
    source = torch.Generator().manual_seed(seed)
    weights = torch.randn(depth, width, width, generator=source) * width**-0.5
    inputs, errors = torch.randn(2, batch, width, generator=source)
    return weights, inputs, errors


def propagate(
    entry: Activation, gain: float, weights: Tensor, inputs: Tensor, errors: Tensor
) -> Run:
    """log10 of the second moment at layers 0 to depth: of z_l, and of the gradient by z_l.

    The third result is the share of the last z's second moment that is the mean over the batch.
    Where torch's result is exactly 0 everywhere, the logarithm is -inf and the share is NaN.
    """
    function = entry.call(entry.setting)
    if isinstance(function, nn.Module):
        function.eval()
    z, passed = inputs.detach(), []
    signal = [_size(z)]
    for weight in weights:
        z.requires_grad_()
        h = function(z)
        passed.append((z, h))
        z = h.detach() @ (gain * weight).T
        signal.append(_size(z))
    gradient = [_size(errors)]
    for weight, (before, h) in zip(weights.flip(0), reversed(passed), strict=True):
        (errors,) = torch.autograd.grad(h, before, errors @ (gain * weight))
        gradient.append(_size(errors))
    return signal, gradient[::-1], _common(z)


def _size(values: Tensor) -> float:
    """log10 of the mean square, summed in float64 so that it neither over- nor underflows; infinite
    where a value is not finite."""
    square = values.double().square().mean().item()
    if not math.isfinite(square):
        return math.inf
    return math.log10(square) if square else -math.inf


def _common(z: Tensor) -> float:
    """How much of the mean square is that of the batch's mean: 1 if all inputs ended alike."""
    z = z.double()
    return (z.mean(0).square().mean() / z.square().mean()).item()


def _summary(runs: list[Run]) -> dict[str, Any]:
    """The median over the runs, layer by layer, and the spread where each direction ends."""
    found: dict[str, Any] = {}
    signals, gradients, shares = zip(*runs, strict=True)
    for name, end, lists in (("signal", -1, signals), ("gradient", 0, gradients)):
        ends = [values[end] for values in lists]
        found[name] = [_rounded(statistics.median(v)) for v in zip(*lists, strict=True)]
        found[f"{name}_range"] = [_rounded(min(ends)), _rounded(max(ends))]
    known = [share for share in shares if not math.isnan(share)]
    found["common"] = _rounded(statistics.median(known)) if known else None
    return found


def _rounded(value: float) -> float | str | None:
    if value == math.inf:
        return "inf"
    return None if value == -math.inf else float(f"{value:.{DIGITS}g}")
