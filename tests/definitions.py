"""Public definitions that no entry has, each with a torch function that computes it."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from sympy import (
    Abs,
    Eq,
    Expr,
    Max,
    Rational,
    asinh,
    atan,
    cos,
    erf,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
    sqrt,
    tan,
    tanh,
)  # fmt: skip
from torch import Tensor

from activations._entry import Activation
from activations._notation import cases, sigma, softplus, x

Function = Callable[[Tensor], Tensor]
HALF, TINY = Rational(1, 2), Rational(1, 10**12)


def entry(slug: str, formula: Expr, function: Function) -> Activation:
    """An entry of a function of one number with no more than it must have."""

    def call(input: Tensor) -> Tensor:
        return function(input) + 0 * input  # what is constant on a stretch has a slope too

    return Activation(
        slug=slug,
        name=slug.replace("_", " "),
        title=slug,
        family="rectifier",
        summary="A definition.",
        formula=formula,
        torch=call,
        papers=("jarrett2009what",),
    )


def where(condition: Function, one: Function, other: Function) -> Function:
    """A torch function by two cases."""
    return lambda t: torch.where(condition(t), one(t), other(t))


FACTS: dict[str, tuple[Expr, Function]] = {
    "relu_squared": (Max(0, x) ** 2, lambda t: F.relu(t).square()),
    "xielu": (
        cases((x**2 + x / 2, x > 0), (exp(x) - 1 - x / 2, True)),
        where(lambda t: t > 0, lambda t: t * t + t / 2, lambda t: t.clamp(max=0).expm1() - t / 2),
    ),
    "hat": (Max(0, 1 - Abs(x)), lambda t: F.relu(1 - t.abs())),
    "falling": (1 - x, lambda t: 1 - t),
    "signed_log": (sign(x) * log(1 + Abs(x)), lambda t: t.sign() * t.abs().log1p()),
    "absolute": (Abs(x), torch.abs),
    "constant": (0 * x + 2, lambda t: 2 + 0 * t),
    "elish": (
        cases((x * sigma(x), x >= 0), ((exp(x) - 1) * sigma(x), True)),
        where(
            lambda t: t >= 0,
            lambda t: t * t.sigmoid(),
            lambda t: t.clamp(max=0).expm1() * t.sigmoid(),
        ),
    ),
    "serf": (x * erf(softplus(x)), lambda t: t * torch.erf(F.softplus(t))),
    "step": (cases((0, x < 0), (1, True)), lambda t: (t >= 0).double()),
    "sign": (sign(x), torch.sign),
    "ternary": (
        cases((-1, x < -HALF), (1, x > HALF), (0, True)),
        lambda t: (t > 0.5).double() - (t < -0.5).double(),
    ),
    "quantized_relu": (
        cases((0, x < HALF), (1, x < 3 * HALF), (2, True)),
        lambda t: torch.floor(t.clamp(0, 2) + 0.5),
    ),
    "sine": (sin(x), torch.sin),
    "cosine": (cos(x), torch.cos),
    "snake": (x + sin(x) ** 2, lambda t: t + t.sin().square()),
    "pade": (
        (1 + x + x**2) / (1 + Abs(x) + x**2), lambda t: (1 + t + t * t) / (1 + t.abs() + t * t)
    ),
    "trapezoid": (
        cases((0, Abs(x) >= 2), (1, Abs(x) <= 1), (2 - Abs(x), True)),
        lambda t: (2 - t.abs()).clamp(0, 1),
    ),
    "isrlu": (
        cases((x, x >= 0), (x / sqrt(1 + x**2), True)),
        where(lambda t: t >= 0, lambda t: t, lambda t: t * (1 + t * t).rsqrt()),
    ),
    "steep_gate": (
        (3 * x + 5) / 2 * sigma((5 * x - 4) / 2),
        lambda t: (3 * t + 5) / 2 * torch.sigmoid((5 * t - 4) / 2),
    ),
    "bell": (exp(-(x**2)), lambda t: (-t * t).exp()),
    "exponential": (exp(x), torch.exp),
    "cubic": (x**3, lambda t: t**3),
    "tanhexp": (x * tanh(exp(x)), lambda t: t * torch.tanh(t.clamp(max=20).exp())),
    "phish": (x * tanh(x * sigma(x)), lambda t: t * torch.tanh(F.silu(t))),
    "soft_modulus": (
        cases((x**2 * (2 - Abs(x)), Abs(x) <= 1), (Abs(x), True)),
        where(lambda t: t.abs() <= 1, lambda t: t * t * (2 - t.abs()), torch.abs),
    ),
    "double_well": ((x**2 - 1) ** 2, lambda t: (t * t - 1).square()),
    "arctan": (atan(x), torch.atan),
    "arsinh": (asinh(x), torch.asinh),
    "calu": (x * (atan(x) / pi + HALF), lambda t: t * (t.atan() / torch.pi + 0.5)),
    "wave": ((1 - x**2) * exp(-(x**2)), lambda t: (1 - t * t) * (-t * t).exp()),
    "sixth_power": (Max(0, x) ** 6, lambda t: F.relu(t) ** 6),
    "laplace": (exp(-Abs(x)), lambda t: (-t.abs()).exp()),
    "pflu": (Max(x, x / (1 + x**2)), lambda t: torch.maximum(t, t / (1 + t * t))),
    "wave_beside_a_line": (
        cases((cos(x) + 2, x < 0), (3 - x, True)),
        where(lambda t: t < 0, lambda t: t.cos() + 2, lambda t: 3 - t),
    ),
    "wave_beside_a_bowl": (
        cases((sin(x), x < 0), (x**2 - 3 * x, True)),
        where(lambda t: t < 0, torch.sin, lambda t: t * t - 3 * t),
    ),
}  # fmt: skip
"""What has facts, and what torch computes of it."""

HIDDEN: dict[str, tuple[Expr, Function]] = {
    "narrow_kink": ((x + sqrt(x**2 + TINY)) / 2, lambda t: (t + (t * t + 1e-12).sqrt()) / 2),
    "narrow_bump": (
        x + exp(-((x - Rational(1, 3)) ** 2) * 10**10),
        lambda t: t + torch.exp(-1e10 * (t - 1 / 3).square()),
    ),
    "far_gate": (x * sigma(x - 100), lambda t: t * torch.sigmoid(t - 100)),
    "far_root": (x - 1000, lambda t: t - 1000),
    "explosion": (exp(x**2), lambda t: (t * t).exp()),
    "farther_gate": (x * sigma(x - 20000), lambda t: t * torch.sigmoid(t - 20000)),
    "wide": (tanh(x / 10**6), lambda t: torch.tanh(t / 1e6)),
    "far_bump": (
        exp(-1000 * (log(1 + x**2) - 9) ** 2),
        lambda t: torch.exp(-1000 * ((1 + t * t).log() - 9) ** 2),
    ),
    "uneven_far_out": (x + exp(-((x - 200) ** 2)), lambda t: t + torch.exp(-(t - 200).square())),
    "dip": (
        x + Rational(1, 3) * (1 + Rational(1, 10**9)) * sin(3 * x),
        lambda t: t + (1 + 1e-9) / 3 * torch.sin(3 * t),
    ),
    "point": (cases((5, Eq(x, 0)), (x, True)), lambda t: torch.where(t == 0, 5 + t, t)),
}
"""What has facts that an even table of moderate numbers does not show."""

REFUSED: dict[str, tuple[Expr, Function, str]] = {
    "signed_root": (
        sign(x) * sqrt(Abs(x)), lambda t: t.sign() * t.abs().sqrt(),
        r"the derivative of order 1 of -sqrt\(-x\) has no value at 0",
    ),
    "pole": (x / (x - 1), lambda t: t / (t - 1), r"no finite real value at x = 1\.0"),
    "log": (log(x), torch.log, r"log\(x\) has no finite real value at x = 0"),
    "sinc": (
        cases((1, Eq(x, 0)), (sin(x) / x, True)), lambda t: torch.sinc(t / torch.pi),
        r"sin\(x\)/x has no finite real value at x = 0",
    ),
    "floor": (floor(x), torch.floor, r"floor\(x\) is none of the functions that facts are known"),
    "tangent": (tan(x), torch.tan, r"tan\(x\) is none of the functions that facts are known of"),
    "touched_pole": (
        1 / (exp(x - 1) - x), lambda t: 1 / ((t - 1).exp() - t),
        r"no finite real value at x = 1\.0",
    ),
    "far_pole": (
        x / tanh(x - 100), lambda t: t / (t - 100).tanh(), r"no finite real value at x = 100\.0",
    ),
    "hidden_kink": (
        sqrt(x**4 - 2 * x**2 + 1), lambda t: (t * t - 1).abs(), r"perhaps no slope at x = -?1\.0",
    ),
    "touched_kink": (
        sqrt(1 - sin(x) ** 2), lambda t: t.cos().abs(), r"perhaps no slope at x = -?1\.57",
    ),
    "half_wave": (
        Max(0, sin(x)), lambda t: F.relu(t.sin()),
        r"where the cases of Max\(0, sin\(x\)\) meet is not found",
    ),
    "rising_wave": (
        x / 100 + sin(x), lambda t: t / 100 + t.sin(),
        r"how often x/100 \+ sin\(x\) changes its sign",
    ),
    "hidden_constant": (
        sigma(x) + sigma(-x), torch.ones_like, r"is 0 wherever it is looked at, though",
    ),
    "flat_join": (
        Max(0, x) ** 12, lambda t: F.relu(t) ** 12, r"how smooth it is at 0\.0 cannot be told",
    ),
    "x_cos": (x * cos(x), lambda t: t * t.cos(), r"the limit of x\*cos\(x\) .* swing without end"),
    "damped_wave": (
        exp(-(x**2)) * sin(3 * x), lambda t: (-t * t).exp() * (3 * t).sin(),
        r"whether exp\(-x\*\*2\)\*sin\(3\*x\) goes on changing its sign towards -oo cannot",
    ),
    "quick_wave": (sin(1000 * x), lambda t: (1000 * t).sin(), r"turns more often than the scan"),
}  # fmt: skip
"""What has none, and why."""
