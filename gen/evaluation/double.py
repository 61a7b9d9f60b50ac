"""Formulas of x as functions of float64 tensors, by their stable form: what float32 is held against
where there are too many points for mpmath."""

import functools
import operator
from collections.abc import Callable
from typing import Any

import sympy
import torch
from sympy import Abs, Add, Expr, Max, Min, Mul, Pow, tanh
from sympy.codegen.cfunctions import expm1, log1p
from sympy.codegen.rewriting import ReplaceOptim
from torch import Tensor

from activations._notation import Named, sigma, x

from .stable import DIFFERENCES, stable

DIGITS = 30  # of constants, before they are rounded


class NoDoubleError(ValueError):
    """A formula that cannot be evaluated in float64; the message says why."""


def _tensors(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A function of two tensors for any count of tensors and numbers."""

    def of(*terms: Any) -> Tensor:
        return functools.reduce(function, (torch.as_tensor(t, dtype=torch.double) for t in terms))

    return of


ALIKE = (
    "exp", "log", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh", "atanh", "erf",
    "erfc", "floor", "sign",
)  # fmt: skip
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    Add: lambda *terms: functools.reduce(operator.add, terms),
    Mul: lambda *factors: functools.reduce(operator.mul, factors),
    Pow: operator.pow,
    Max: _tensors(torch.maximum),
    Min: _tensors(torch.minimum),
    Abs: torch.abs,
    expm1: torch.expm1,
    log1p: torch.log1p,
    **{getattr(sympy, name): getattr(torch, name) for name in ALIKE},
}


def _without_a_square(total: Add) -> Expr:
    """`total` with c − c tanh²(t) as 4 c σ(2t) σ(−2t)."""
    for term in total.args:
        for factor in Mul.make_args(term):
            scale = -term / factor
            if isinstance(factor, Pow) and isinstance(factor.base, tanh) and scale in total.args:
                t = 2 * factor.base.args[0]
                if factor.exp == 2:
                    return total - term - scale + 4 * scale * sigma(t) * sigma(-t)
    return total


REWRITING = (
    DIFFERENCES,
    ReplaceOptim(lambda e: isinstance(e, Add), _without_a_square),
    # x/6 + 1/2 as (x + 3)/6, whose sum is exact
    ReplaceOptim(lambda e: isinstance(e, Add) and e.has(x) and e.is_polynomial(x), sympy.together),
)


def double(*exprs: Expr) -> Callable[[Tensor], list[Tensor]]:
    """The expressions as one function of a float64 tensor, which gives a tensor of its shape for
    each; raises NoDoubleError.

    The error is a few units of 2⁻⁵³, times the condition of what is left to cancel.
    """
    rewritten = [stable(expr, *REWRITING) for expr in exprs]

    def function(xs: Tensor) -> list[Tensor]:
        known: dict[Expr, Any] = {x: xs}
        found = (_value(expr, known) for expr in rewritten)
        return [y if isinstance(y, Tensor) else torch.full_like(xs, y) for y in found]

    function(torch.ones(1, dtype=torch.double))
    return function


def _value(expr: Expr, known: dict[Expr, Any]) -> Any:
    """The tensor that `expr` is, or a constant's float; each part is computed once, and `known`."""
    if expr not in known:
        constant = _constant(expr)
        if constant is not None:
            known[expr] = constant
        elif isinstance(expr, Named):
            known[expr] = _value(_unfolded(expr), known)
        elif type(expr) in FUNCTIONS:
            known[expr] = FUNCTIONS[type(expr)](*(_value(part, known) for part in expr.args))
        else:
            raise NoDoubleError(f"{type(expr).__name__} has no form in gen/evaluation/double.py")
    return known[expr]


@functools.cache
def _constant(expr: Expr) -> float | None:
    """The number that an expression without x is."""
    return None if expr.free_symbols else float(sympy.N(expr, DIGITS))


@functools.cache
def _unfolded(expr: Named) -> Expr:
    return type(expr).stable(expr.args[0])
