"""The derivatives that readers see and browsers compute: the entry's own, or the formula's."""

import itertools
from collections.abc import Mapping

from sympy import Abs, And, Expr, Max, Min, Or, Piecewise, Symbol

from activations._entry import Activation
from activations._notation import cases, x

from .formula import by_cases, pieces_of


def first(entry: Activation) -> Expr:
    """f′ of an entry of one variable: as stated, or differentiated."""
    return differentiate(entry.formula) if entry.derivative is None else entry.derivative


def second(entry: Activation) -> Expr:
    """f″ of an entry of one variable: as stated, or differentiated from `first`."""
    if entry.second_derivative is not None:
        return entry.second_derivative
    return differentiate(first(entry))


def differentiate(expr: Expr, by: Symbol = x) -> Expr:
    """The derivative, case by case, so that no Heaviside or delta function appears."""
    if expr.has(Max, Min, Abs) and not isinstance(expr, Piecewise):
        expr = by_cases(expr)
    if not isinstance(expr, Piecewise):
        return expr.diff(by)
    branches = [(differentiate(branch, by), condition) for branch, condition in expr.args]
    if len({branch for branch, _ in branches}) == 1:
        return branches[0][0]
    return cases(*branches)


def off_the_joints(expr: Expr, by: Symbol, numbers: Mapping[Symbol, Expr]) -> Expr:
    """The derivative by one of several variables, stated only where it exists.

    The factors without the variable stay as they are. How the cases lie is decided with `numbers`
    for all other symbols; where two meet with different slopes, neither holds.
    """
    rest, own = expr.as_independent(by, as_Add=False)
    slopes = [(piece.expr.diff(by), piece) for piece in pieces_of(own, by, numbers)]
    where: dict[Expr, Expr] = {}
    for slope, group in itertools.groupby(slopes, key=lambda pair: pair[0]):
        stretch = [piece for _, piece in group]
        inside = And(stretch[0].lower < by, by < stretch[-1].upper)
        where[slope] = Or(where.get(slope, False), inside)
    return rest * cases(*where.items())
