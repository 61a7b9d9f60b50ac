"""What the symbols of a formula stand for: which it rests on, and the formula with them put in."""

from collections.abc import Iterable, Mapping

from sympy import Expr, Indexed, Sum, Symbol

WHOLE = {"integer": True, "positive": True}
LETTERS = "jlmnpqrstuv"


def symbol_of(key: Expr) -> Symbol:
    """The symbol of `alpha`, or of the family that `a[i, j]` belongs to."""
    return key.base.label if isinstance(key, Indexed) else key


def needed(expr: Expr, known: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
    """The part of `known` that the expression rests on, each after those that it rests on."""
    found: dict[Expr, Expr] = {}
    for key, meaning in known.items():
        if symbol_of(key) in expr.free_symbols:
            found |= {**needed(meaning, known), key: meaning}
    return found


def unfolded(expr: Expr, known: Mapping[Expr, Expr]) -> Expr:
    """The expression with all that is `known` put in; no bound index keeps another's name."""
    for key, meaning in known.items():
        if not isinstance(key, Indexed):
            expr = expr.subs(key, unfolded(meaning, known)) if expr.has(key) else expr
            continue
        uses = [e for e in expr.atoms(Indexed) if e.base == key.base]
        for use in sorted(uses, key=str):
            taken = {s.name for s in expr.free_symbols | use.free_symbols}
            body = renamed(unfolded(meaning, known), taken)
            places = dict(zip(key.indices, use.indices, strict=True))
            expr = expr.xreplace({use: body.subs(places, simultaneous=True)})
    return renamed(expr, {e.base.label.name for e in expr.atoms(Indexed)})


def taken_out(expr: Expr, totals: Iterable[Sum]) -> tuple[dict[Symbol, Sum], Expr]:
    """The totals by names of their own, and the expression with these in their places."""
    named = {
        Symbol(f"total{number or ''}", real=True): total
        for number, total in enumerate(sorted(totals, key=str))
    }
    return named, expr.xreplace({total: name for name, total in named.items()})


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
