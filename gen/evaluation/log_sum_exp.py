"""Sums of exponentials, rewritten so that floats do not overflow: for every language we print."""

import sympy
from sympy import Add, Expr, Mul, Sum, exp
from sympy.codegen.rewriting import ReplaceOptim

from activations._notation import softplus


class LogSumExp(Sum):
    """log(Σ exp(u)) over an index; what it is printed as takes the largest u out of the sum."""

    is_real = True


def _log_sum_exp(total: Sum) -> Expr:
    return exp(LogSumExp(total.function.args[0], *total.limits))


def _with_others(total: Add) -> Expr:
    """Σ exp(u) + exp(s) as one exponential, e^(L + softplus(s − L)) for L = log(Σ exp(u))."""
    powers = sorted(
        (term.args[0] for term in total.args), key=lambda p: not isinstance(p, LogSumExp)
    )
    whole, *others = powers
    for power in others:
        whole = whole + softplus(power - whole)
    return exp(whole)


def _is_sum_of_exponentials(expr: Expr) -> bool:
    return (
        isinstance(expr, Add)
        and all(isinstance(term, exp) for term in expr.args)
        and any(isinstance(term.args[0], LogSumExp) for term in expr.args)
    )


LOG_SUM_EXP = (
    ReplaceOptim(lambda e: type(e) is Sum and isinstance(e.function, exp), _log_sum_exp),
    ReplaceOptim(_is_sum_of_exponentials, _with_others),
)
"""Σ exp(u) as exp(log(Σ exp(u))), also where other exponentials are added to it."""


def joined(expr: Expr) -> Expr:
    """The expression with one exponential in place of a product of several."""

    def is_product(e: Expr) -> bool:
        return isinstance(e, Mul) and sum(isinstance(factor, exp) for factor in e.args) > 1

    return expr.replace(is_product, lambda e: sympy.powsimp(e, combine="exp"))
