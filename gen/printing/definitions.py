"""What both printers of code need: which definitions a formula rests on, and free letters."""

from collections.abc import Mapping

from sympy import Expr, Sum, Symbol

from .statements import symbol_of

WHOLE = {"integer": True, "positive": True}
LETTERS = "jlmnpqrstuv"


def needed(expr: Expr, known: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
    """The part of `known` that the expression rests on, each after those that it rests on."""
    found: dict[Expr, Expr] = {}
    for key, meaning in known.items():
        if symbol_of(key) in expr.free_symbols:
            found |= {**needed(meaning, known), key: meaning}
    return found


def renamed(expr: Expr, taken: set[str]) -> Expr:
    """The expression with another letter for each bound index whose name is taken."""
    every = taken | {s.name for s in expr.atoms(Symbol)}

    def rename(total: Sum) -> Sum:
        bound = total.limits[0][0]
        if bound.name not in taken:
            return total
        letter = next(letter for letter in LETTERS if letter not in every)
        every.add(letter)
        return total.xreplace({bound: Symbol(letter, **WHOLE)})

    return expr.replace(lambda e: isinstance(e, Sum), rename)
