"""Sums of exponentials, rewritten so that floats do not overflow: for every language we print."""

import sympy
from sympy import Expr, Mul, Sum, exp
from sympy.codegen.rewriting import ReplaceOptim


class LogSumExp(Sum):
    """log(Σ exp(u)) over an index; what it is printed as takes the largest u out of the sum."""

    is_real = True


def _log_sum_exp(total: Sum) -> Expr:
    return exp(LogSumExp(total.function.args[0], *total.limits))


LOG_SUM_EXP = ReplaceOptim(lambda e: type(e) is Sum and isinstance(e.function, exp), _log_sum_exp)
"""Σ exp(u) as exp(log(Σ exp(u)))."""


def joined(expr: Expr) -> Expr:
    """The expression with one exponential in place of a product of several."""

    def is_product(e: Expr) -> bool:
        return isinstance(e, Mul) and sum(isinstance(factor, exp) for factor in e.args) > 1

    return expr.replace(is_product, lambda e: sympy.powsimp(e, combine="exp"))
