"""Formulas rewritten so that floats neither overflow nor cancel: for every language we print."""

import sympy
from sympy import Add, Expr, Mul, Sum, Wild, exp, log
from sympy.codegen.cfunctions import expm1
from sympy.codegen.rewriting import ReplaceOptim, optimize

from activations._notation import sigma, softplus


class LogSumExp(Sum):
    """log(Σ exp(u)) over an index; what it is printed as takes the largest u out of the sum."""

    is_real = True


def _is_sum_of_exponentials(expr: Expr) -> bool:
    return (
        isinstance(expr, Add)
        and all(isinstance(term, exp) for term in expr.args)
        and any(isinstance(term.args[0], LogSumExp) for term in expr.args)
    )


def _with_others(total: Add) -> Expr:
    """Σ exp(u) + exp(s) as one exponential, e^(L + softplus(s − L)) for L = log(Σ exp(u))."""
    powers = [term.args[0] for term in total.args]
    whole, *others = sorted(powers, key=lambda power: not isinstance(power, LogSumExp))
    for power in others:
        whole = whole + softplus(power - whole)
    return exp(whole)


def _without_cancellation(total: Add) -> Expr:
    """`total` with c e^t − c as c expm1(t), and c − c σ(t) as c σ(−t)."""
    for term in total.args:
        for factor in Mul.make_args(term):
            scale = term / factor
            if isinstance(factor, exp | sigma) and -scale in total.args:
                t = factor.args[0]
                whole = scale * expm1(t) if isinstance(factor, exp) else -scale * sigma(-t)
                return total - term + scale + whole
    return total


_u = Wild("u")
REWRITING = (
    ReplaceOptim(
        lambda e: type(e) is Sum and isinstance(e.function, exp),
        lambda total: exp(LogSumExp(total.function.args[0], *total.limits)),
    ),
    ReplaceOptim(_is_sum_of_exponentials, _with_others),
    ReplaceOptim(log(1 + exp(_u)), lambda u: softplus(u)),
    ReplaceOptim(log(sigma(_u)), lambda u: -softplus(-u)),
)
DIFFERENCES = ReplaceOptim(lambda e: isinstance(e, Add), _without_cancellation)


def stable(expr: Expr, *more: ReplaceOptim) -> Expr:
    """`expr` with each part that would overflow or cancel in floats replaced by a named one.

    `more` is what the language has functions for, such as e^t − 1.
    """

    def is_product(e: Expr) -> bool:
        return isinstance(e, Mul) and sum(isinstance(factor, exp) for factor in e.args) > 1

    rewritten = optimize(expr, (*REWRITING, *more))
    return rewritten.replace(is_product, lambda e: sympy.powsimp(e, combine="exp"))
