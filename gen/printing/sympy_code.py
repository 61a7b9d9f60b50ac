"""Prints an entry's formulas as SymPy to paste: each text stands by itself and defines one name.

Indices count from 1, as on the page.
"""

import re
from collections.abc import Sequence

import sympy
from sympy import Expr, Symbol
from sympy.printing.str import StrPrinter
from sympy.tensor.indexed import Indexed

from ..evaluation.definitions import needed, unfolded
from ..evaluation.formula import elementary
from .statements import Statement, safe


class InexpressibleError(ValueError):
    """What SymPy has no notation for, in a sentence."""


class SympyPrinter(StrPrinter):
    """SymPy's own spelling, with names that Python allows and no fraction that Python divides."""

    def _print_Symbol(self, expr: Symbol) -> str:
        return safe(expr.name)

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"Rational({expr.p}, {expr.q})"

    def _print_Integral(self, expr: Expr) -> str:
        raise TypeError(f"{expr} has no elementary form")

    def _print_Ranked(self, expr: Expr) -> str:
        raise InexpressibleError("SymPy has no expression for the k-th largest of K numbers")

    def _print_Greatest(self, expr: Expr) -> str:
        raise InexpressibleError("SymPy has no expression for the largest value over an index")


def source(statement: Statement) -> str:
    """The statement as a SymPy expression, below the symbols that it is made of.

    Where SymPy has no notation for it, a comment that says so.
    """
    try:
        return _source(statement)
    except InexpressibleError as error:
        return f"# {error}; {statement.name} can be had as Python\n"


def _source(statement: Statement) -> str:
    families = {k: m for k, m in statement.meanings.items() if isinstance(k, Indexed)}
    expr = elementary(unfolded(statement.expr, families))
    before = {
        key: elementary(unfolded(meaning, families))
        for key, meaning in needed(statement.expr, statement.meanings).items()
        if key not in families
    }
    show = SympyPrinter().doprint
    lines = _declarations([expr, *before.values()], set(before))
    lines += [""] if lines else []
    lines += [f"{show(key)} = {show(meaning)}" for key, meaning in before.items()]
    value = f"Integer({expr})" if expr.is_Integer else show(expr)
    return with_import([*lines, f"{statement.name} = {value}"])


def with_import(lines: Sequence[str]) -> str:
    """The assignments below an import of what they use of SymPy."""
    made: set[str] = set()
    used: set[str] = set()
    for line in lines:
        targets, _, value = line.partition(" = ")
        bare = re.sub(r'"[^"]*"|\b\w+=', "", value)
        used |= set(re.findall(r"(?<![\w.])[A-Za-z]\w*", bare)) - made
        made |= set(targets.split(", "))
    names = sorted(name for name in used if name in vars(sympy))
    head = [f"from sympy import {', '.join(names)}", ""] if names else []
    return "\n".join([*head, *lines]) + "\n"


def _declarations(exprs: Sequence[Expr], known: set[Expr]) -> list[str]:
    """Lines that make the symbols: real ones, whole ones, indexed families."""
    bases = {e.base.label for expr in exprs for e in expr.atoms(Indexed)}
    every = {s for expr in exprs for s in expr.atoms(Symbol)} - bases - known
    found = []
    for whole, assumed in ((False, "real=True"), (True, "integer=True, positive=True")):
        names = sorted(s.name for s in every if bool(s.is_integer) == whole)
        if names:
            make = "symbols" if len(names) > 1 else "Symbol"
            found.append(f'{", ".join(map(safe, names))} = {make}("{" ".join(names)}", {assumed})')
    families = sorted(map(str, bases))
    return found + [f'{name} = IndexedBase("{name}", real=True)' for name in families]
