"""The formula side: an entry's expression at given parameters, in pieces, in high precision."""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from mpmath import mpf
from sympy import Abs, Expr, Piecewise, S, Symbol, nsimplify, oo, piecewise_fold
from sympy.core.relational import Relational

from activations._entry import Activation, Counterpart, Elsewhere
from activations._notation import NAMED, Named, RankedOf, x

DIGITS = 50
BIG = 1000  # beyond it tanh is ±1 in any precision that is used here, and mpmath's overflows
SEEN = [mpf(n) / 7 for n in range(-280, 281, 2)]  # where cases are held against the formula
SEEN += [side * mpf(50) * 2**n for n in range(10) for side in (-1, 1)]


def _tanh(t: Any) -> Any:
    return mpmath.tanh(t) if abs(t) < BIG else mpmath.sign(t)


MP_FUNCTIONS = {**{f.__name__: f.mp for f in NAMED}, "RankedOf": RankedOf.mp, "tanh": _tanh}


@functools.cache
def exact(number: float) -> Expr:
    """The fraction that a float stands for: 0.01 is 1/100, and 0.3333333333333333 is 1/3."""
    decimal = sympy.Rational(repr(number))
    return decimal if decimal.q < 10**9 else nsimplify(number, rational=True, tolerance=1e-15)


def at(entry: Activation, setting: Mapping[str, Any], expression: Expr | None = None) -> Expr:
    """The entry's formula (or another expression of it) with all but the inputs put in."""
    expr = _variant(entry, setting) if expression is None else expression
    if entry.noise is not None and entry.noise.evaluation is not None:
        expr = expr.subs(entry.noise.symbol, entry.noise.evaluation)
    constants = {s: e for s, e in entry.where.items() if isinstance(s, sympy.Symbol)}
    return expr.subs(constants).subs(numbers_of(entry, setting))


def numbers_of(entry: Activation, setting: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """What the symbols of the entry's parameters stand for."""
    return {p.symbol: exact(setting[argument]) for argument, p in entry.parameters.items()}


def _variant(entry: Activation, setting: Mapping[str, Any]) -> Expr:
    for variant in entry.variants:
        if all(setting.get(name) == value for name, value in variant.settings.items()):
            return variant.formula
    return entry.formula


@functools.cache
def numeric(expr: Expr, *inputs: sympy.Symbol) -> Callable[..., Any]:
    """`expr` as a function of mpmath numbers."""
    return sympy.lambdify(inputs or (x,), expr, modules=[MP_FUNCTIONS, "mpmath"])


def elementary(expr: Expr) -> Expr:
    """`expr` with every named function replaced by its definition in exp, log and erfc."""
    return expr.replace(lambda e: isinstance(e, Named), lambda e: type(e).elementary(e.args[0]))


class UndefinedError(ValueError):
    """A formula that has no value somewhere; the message says where."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the real line on which one smooth expression holds."""

    lower: Expr
    upper: Expr
    expr: Expr

    def diff(self, order: int = 1) -> "Piece":
        """The derivative on the same stretch."""
        return Piece(self.lower, self.upper, self.expr.diff(x, order))

    def inside(self) -> Expr:
        """A point of the open interval."""
        if self.lower == -oo and self.upper == oo:
            return S.Zero
        if self.lower == -oo:
            return self.upper - 1
        if self.upper == oo:
            return self.lower + 1
        return (self.lower + self.upper) / 2


@functools.cache
def by_cases(expr: Expr) -> Expr:
    """The expression with its cases outermost; absolute values, maxima and minima are cases too."""
    return piecewise_fold(expr.rewrite(Piecewise))


@functools.cache
def pieces(expr: Expr) -> Sequence[Piece]:
    """Cut the real line where a case of a function of x changes; adjacent equal cases are joined.

    Raises UndefinedError where no case holds, and where an end of a case is not found.
    """
    found = pieces_of(expr, x, {})
    if by_cases(expr).atoms(Relational):
        _check_ends(expr, found)
    return found


def _check_ends(expr: Expr, parts: Sequence[Piece]) -> None:
    """SymPy may solve for one of many roots, as of sin(x), and say nothing."""
    whole, close = numeric(expr), mpf(10) ** -12
    for part in parts:
        f, low, high = numeric(part.expr), *(float(end) for end in (part.lower, part.upper))
        for place in SEEN:
            inside = low < place < high
            if inside and not abs(f(place) - whole(place)) <= close * (1 + abs(whole(place))):
                raise UndefinedError(
                    f"where the cases of {expr} meet is not found, but somewhere around x ="
                    f" {mpmath.nstr(place, 4)} they do; write the cases with their ends"
                )


def pieces_of(expr: Expr, variable: Symbol, numbers: Mapping[Symbol, Expr]) -> Sequence[Piece]:
    """The pieces along one variable, with ends and expressions in the other symbols.

    How they lie, and which case holds where, is decided with `numbers` for those symbols.
    """
    folded = by_cases(expr)
    roots = {
        root
        for relation in folded.atoms(Relational)
        if relation.has(variable)
        for difference in _without_abs(relation.lhs - relation.rhs)
        for root in _solved(difference, variable)
    }
    placed = {root.subs(numbers): root for root in sorted(roots, key=str)}
    edges = [(-oo, -oo), *((p, placed[p]) for p in sorted(placed) if p.is_real), (oo, oo)]
    found: list[Piece] = []
    for (low, lower), (high, upper) in itertools.pairwise(edges):
        inside = Piece(low, high, S.Zero).inside()
        case = case_at(folded, inside, variable, numbers)
        if case is S.NaN:
            raise UndefinedError(
                f"the formula has no case for {variable} = {inside}; state one for all {variable}"
            )
        at_end = case_at(folded, low, variable, numbers) if found else case
        if found and _is_one(found[-1].expr, case, at_end, {variable: low, **numbers}):
            found[-1] = Piece(found[-1].lower, upper, case)
        else:
            found.append(Piece(lower, upper, case))
    return tuple(found)


def _is_one(before: Expr, after: Expr, between: Expr, place: Mapping[Symbol, Expr]) -> bool:
    """Whether two neighbouring cases are one, and the case of the point between them fits."""
    fits = between == after or sympy.expand((between - after).subs(place)) == 0
    return fits and sympy.expand(before - after) == 0


def _solved(difference: Expr, variable: Symbol) -> list[Expr]:
    try:
        return list(sympy.solve(difference, variable))
    except NotImplementedError:  # SymPy knows no way to solve it
        raise UndefinedError(
            f"where {difference} changes its sign is not found; write the cases with their ends"
        ) from None


def _without_abs(expr: Expr) -> Iterator[Expr]:
    """The expression for each sign of its absolute values, which SymPy solves only for numbers."""
    inner = next(iter(expr.atoms(Abs)), None)
    if inner is None:
        yield expr
        return
    for sign in (1, -1):
        yield from _without_abs(expr.subs(inner, sign * inner.args[0]))


def case_at(folded: Expr, point: Expr, variable: Symbol, numbers: Mapping[Symbol, Expr]) -> Expr:
    """The case of `folded` that holds where `variable` is `point`; NaN where none does."""
    if not isinstance(folded, Piecewise):
        return folded
    for case, condition in folded.args:
        if condition.subs(numbers).subs(variable, point) == S.true:
            return case
    return S.NaN


def degree(expr: Expr) -> int | None:
    """The highest degree of the pieces, as polynomials of x; None where one is no polynomial."""
    found = [piece.expr.as_poly(x) for piece in pieces(expr)]
    return None if None in found else max([0, *(int(p.degree()) for p in found if p)])


def high_precision() -> Any:
    """A context in which mpmath works to DIGITS digits."""
    return mpmath.workdps(DIGITS)


def claimed(entry: Activation, code: Elsewhere) -> Any:
    """The formula that the entry says its `own`, or its `code`, computes; None where torch's."""
    if not isinstance(code, Counterpart) or code.computes is None:
        return None
    if isinstance(code.computes, Mapping):
        return at(entry, {**entry.setting, **code.computes})
    return code.computes
