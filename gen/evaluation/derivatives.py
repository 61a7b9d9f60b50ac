"""The derivatives that readers see and browsers compute: the entry's own, or the formula's."""

from collections.abc import Mapping

from sympy import And, Expr, Or, S, Symbol, expand, oo

from activations._entry import Activation
from activations._notation import cases, x

from .formula import Piece, by_cases, case_at, elementary, numbers_of, pieces_of


def first(entry: Activation) -> Expr:
    """f′ of an entry of one variable: as stated, or differentiated."""
    if entry.derivative is not None:
        return entry.derivative
    return differentiate(entry.formula, x, numbers_of(entry, entry.setting))


def second(entry: Activation) -> Expr:
    """f″ of an entry of one variable: as stated, or differentiated from `first`."""
    if entry.second_derivative is not None:
        return entry.second_derivative
    return differentiate(first(entry), x, numbers_of(entry, entry.setting))


def differentiate(expr: Expr, by: Symbol, numbers: Mapping[Symbol, Expr]) -> Expr:
    """The derivative, stated only where it exists: at a joint, where both sides agree.

    How the cases lie is decided with `numbers` for all other symbols.
    """
    parts = pieces_of(expr, by, numbers)
    folded = by_cases(expr)
    stretches: list[tuple[Expr, Expr, Expr, bool]] = []  # slope, ends, and if the lower belongs
    for before, part in zip((None, *parts), parts, strict=False):
        slope = part.expr.diff(by)
        met = before is not None and _exists(folded, before, part, by, numbers)
        if stretches and met and stretches[-1][0] == slope:
            slope, lower, _, closed = stretches.pop()
            stretches.append((slope, lower, part.upper, closed))
        else:
            stretches.append((slope, part.lower, part.upper, met))
    if len(stretches) == 1:
        return stretches[0][0]
    where: dict[Expr, Expr] = {}
    for slope, lower, upper, closed in stretches:
        above = S.true if lower == -oo else by >= lower if closed else by > lower
        where[slope] = Or(where.get(slope, S.false), And(above, by < upper))
    return cases(*where.items())


def _exists(
    folded: Expr, before: Piece, after: Piece, by: Symbol, numbers: Mapping[Symbol, Expr]
) -> bool:
    """Whether the function is continuous where two pieces meet, and its slope too."""
    at, left, right = after.lower, before.expr, after.expr
    value = case_at(folded, at.subs(numbers), by, numbers)
    pairs = ((left, right), (left, value), (left.diff(by), right.diff(by)))
    gaps = (elementary((one - other).subs(by, at)) for one, other in pairs)
    return all(expand(gap) == 0 for gap in gaps)


def off_the_joints(expr: Expr, by: Symbol, numbers: Mapping[Symbol, Expr]) -> Expr:
    """The derivative by one of several variables; the factors without it stay as they are."""
    rest, own = expr.as_independent(by, as_Add=False)
    return rest * differentiate(own, by, numbers)
