"""Public definitions that no entry has, each with a torch function that computes it."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from sympy import Rational, Abs, Expr, Heaviside, Max, Min, Piecewise, cos, erf, exp, floor, log, sign, sin, sqrt, tanh
from torch import Tensor

from activations._entry import Activation
from activations._notation import cases, sigma, softplus, x


def entry(slug: str, formula: Expr, function: Callable[[Tensor], Tensor]) -> Activation:
    """An entry of a function of one number with no more than it must have."""

    def call(input: Tensor) -> Tensor:
        return function(input)

    return Activation(
        slug=slug,
        name=slug.capitalize(),
        title=slug,
        family="rectifier",
        summary="A definition.",
        formula=formula,
        torch=call,
        papers=("jarrett2009what",),
    )


FORMULAS: dict[str, tuple[Expr, Callable[[Tensor], Tensor]]] = {
    "relu_squared": (Max(0, x) ** 2, lambda t: F.relu(t).square()),
    "star_relu": (
        Max(0, x) ** 2 * 0.8944 - 0.4472, lambda t: 0.8944 * F.relu(t).square() - 0.4472),
    "xielu": (
        cases((0.8 * x**2 + 0.5 * x, x > 0), (0.8 * (exp(x) - 1 - x) + 0.5 * x, True)),
        lambda t: torch.where(t > 0, 0.8 * t * t + 0.5 * t, 0.8 * (torch.expm1(t.clamp(max=0)) - t) + 0.5 * t),
    ),
    "hat": (Max(0, 1 - Abs(x)), lambda t: F.relu(1 - t.abs())),
    "falling": (1 - x, lambda t: 1 - t),
    "signed_log": (sign(x) * log(1 + Abs(x)), lambda t: t.sign() * t.abs().log1p()),
    "absolute": (Abs(x), torch.abs),
    "narrow_kink": (
        (x + sqrt(x**2 + Rational(1, 10**12))) / 2, lambda t: (t + (t * t + 1e-12).sqrt()) / 2),
    "narrow_bump": (
        x + exp(-((x - Rational(1, 3)) ** 2) * 10**10),
        lambda t: t + torch.exp(-1e10 * (t - 1 / 3).square())),
    "far_gate": (x * sigma(x - 100), lambda t: t * torch.sigmoid(t - 100)),
    "far_kink": (Max(50, x), lambda t: t.clamp(min=50)),
    "far_root": (x - 1000, lambda t: t - 1000),
    "far_threshold": (cases((x, x > 60), (0, True)), lambda t: torch.where(t > 60, t, 0 * t)),
    "constant": (x * 0 + 2, lambda t: t * 0 + 2),
    "elish": (
        cases((x * sigma(x), x >= 0), ((exp(x) - 1) * sigma(x), True)),
        lambda t: torch.where(t >= 0, t * t.sigmoid(), torch.expm1(t.clamp(max=0)) * t.sigmoid())),
    "serf": (x * erf(softplus(x)), lambda t: t * torch.erf(F.softplus(t))),
    "step": (cases((0, x < 0), (1, True)), lambda t: (t >= 0).to(t.dtype) + 0 * t),
    "sign": (sign(x), lambda t: torch.sign(t) + 0 * t),
    "ternary": (cases((-1, x < -0.5), (1, x > 0.5), (0, True)), lambda t: (t > 0.5).to(t.dtype) - (t < -0.5).to(t.dtype) + 0 * t),
    "quantized_relu": (
        cases((0, x < 0.5), (1, x < 1.5), (2, x < 2.5), (3, True)),
        lambda t: torch.floor(t.clamp(0, 3) + 0.5) + 0 * t),
    "signed_root": (sign(x) * sqrt(Abs(x)), lambda t: t.sign() * t.abs().sqrt()),
    "pole": (x / (x - 1), lambda t: t / (t - 1)),
    "floor": (floor(x), torch.floor),
    "x_cos": (x * cos(x), lambda t: t * t.cos()),
    "sine": (sin(x), torch.sin),
    "cosine": (cos(x), torch.cos),
    "snake": (x + sin(x) ** 2, lambda t: t + t.sin().square()),
    "log": (log(x), torch.log),
    "pade": ((1 + x + x**2) / (1 + Abs(x) + x**2), lambda t: (1 + t + t * t) / (1 + t.abs() + t * t)),
    "trapezoid": (
        cases((0, Abs(x) >= 2), (1, Abs(x) <= 1), (2 - Abs(x), True)), lambda t: (2 - t.abs()).clamp(0, 1)),
    "isrlu": (
        cases((x, x >= 0), (x / sqrt(1 + x**2), True)), lambda t: torch.where(t >= 0, t, t * (1 + t * t).rsqrt())),
    "isru": (x / sqrt(1 + x**2), lambda t: t * (1 + t * t).rsqrt()),
    "squareplus": ((x + sqrt(x**2 + 4)) / 2, lambda t: (t + (t * t + 4).sqrt()) / 2),
    "bent_identity": ((sqrt(x**2 + 1) - 1) / 2 + x, lambda t: ((t * t + 1).sqrt() - 1) / 2 + t),
    "gaussian": (exp(-(x**2)), lambda t: (-t * t).exp()),
    "explosion": (exp(x**2), lambda t: (t * t).exp()),
    "exponential": (exp(x), torch.exp),
    "cubic": (x**3, lambda t: t**3),
    "smish": (x * tanh(log(1 + sigma(x))), lambda t: t * torch.tanh(torch.log1p(t.sigmoid()))),
    "logish": (x * log(1 + sigma(x)), lambda t: t * torch.log1p(t.sigmoid())),
    "tanhexp": (x * tanh(exp(x)), lambda t: t * torch.tanh(t.clamp(max=20).exp())),
    "dish": (x * (1 - tanh(exp(-x))), lambda t: t * (1 - torch.tanh((-t).clamp(max=20).exp()))),
    "phish": (x * tanh(x * sigma(x)), lambda t: t * torch.tanh(F.silu(t))),
    "gcu_like": (sin(x) * sigma(x), lambda t: t.sin() * t.sigmoid()),
    "softmodulusq": (
        cases((x**2 * (2 - Abs(x)), Abs(x) <= 1), (Abs(x), True)),
        lambda t: torch.where(t.abs() <= 1, t * t * (2 - t.abs()), t.abs())),
    "double_well": ((x**2 - 1) ** 2, lambda t: (t * t - 1).square()),
    "shifted_relu": (Max(-1, x), lambda t: t.clamp(min=-1)),
    "reciprocal": (1 / (1 + exp(x)), lambda t: torch.sigmoid(-t)),
    "soft_exponential": ((exp(0.5 * x) - 1) / 0.5 + 0.5, lambda t: torch.expm1(0.5 * t) / 0.5 + 0.5),
    "arctan": (__import__("sympy").atan(x), torch.atan),
    "arsinh": (__import__("sympy").asinh(x), torch.asinh),
    "wave": ((1 - x**2) * exp(-x**2), lambda t: (1 - t * t) * (-t * t).exp()),
    "sinc": (Piecewise((1, __import__("sympy").Eq(x, 0)), (sin(x) / x, True)), lambda t: torch.sinc(t / torch.pi)),
    "heavi": (Heaviside(x), lambda t: torch.heaviside(t, torch.tensor(0.5, dtype=t.dtype)) + 0 * t),
}  # fmt: skip
ENTRIES = {slug: entry(slug, *both) for slug, both in FORMULAS.items()}
