"""The derivatives that readers see and browsers compute: the entry's own, or the formula's."""

from sympy import Abs, Expr, Max, Min, Piecewise

from activations._entry import Activation
from activations._notation import cases, x

from .formula import by_cases


def first(entry: Activation, formula: Expr | None = None) -> Expr:
    """f′ of an entry of one variable: as stated, or differentiated.

    With `formula`, another definition that torch computes, it is that one's derivative.
    """
    if formula is None and entry.derivative is not None:
        return entry.derivative
    return differentiate(entry.formula if formula is None else formula)


def second(entry: Activation, formula: Expr | None = None) -> Expr:
    """f″ of an entry of one variable: as stated, or differentiated from `first`."""
    if formula is None and entry.second_derivative is not None:
        return entry.second_derivative
    return differentiate(first(entry, formula))


def differentiate(expr: Expr) -> Expr:
    """The derivative by x, case by case, so that no Heaviside or delta function appears."""
    if expr.has(Max, Min, Abs) and not isinstance(expr, Piecewise):
        expr = by_cases(expr)
    if not isinstance(expr, Piecewise):
        return expr.diff(x)
    branches = [(differentiate(branch), condition) for branch, condition in expr.args]
    if len({branch for branch, _ in branches}) == 1:
        return branches[0][0]
    return cases(*branches)
