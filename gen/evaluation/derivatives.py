"""The derivatives that readers see and browsers compute: the entry's own, or the formula's."""

from collections.abc import Mapping

import sympy
from sympy import Abs, And, Expr, Max, Min, Mul, Or, Piecewise, Symbol, oo

from activations._entry import Activation
from activations._notation import cases, x

from .formula import Piece, by_cases, pieces_of


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
    rest = Mul(*(factor for factor in Mul.make_args(expr) if not factor.has(by)))
    own = Mul(*(factor for factor in Mul.make_args(expr) if factor.has(by)))
    found = [Piece(p.lower, p.upper, p.expr.diff(by)) for p in pieces_of(own, by, numbers)]
    joined = found[:1]
    for piece in found[1:]:
        last = joined[-1]
        gap = (last.expr - piece.expr).subs(by, piece.lower)
        if last.expr == piece.expr and sympy.simplify(gap) == 0:
            joined[-1] = Piece(last.lower, piece.upper, last.expr)
        else:
            joined.append(piece)
    if len(joined) == 1:
        return rest * joined[0].expr
    where: dict[Expr, list[Expr]] = {}
    for piece in joined:
        ends = [piece.lower < by] if piece.lower != -oo else []
        ends += [by < piece.upper] if piece.upper != oo else []
        where.setdefault(piece.expr, []).append(And(*ends))
    return rest * cases(*((value, Or(*conditions)) for value, conditions in where.items()))
