"""Prints a map of vectors as JavaScript, with its Jacobian.

The code comes from the formula that is held against torch. Sums of exponentials are computed with
the largest exponent taken out, so that no score overflows. Indices count from 0.
"""

import re
from typing import Any

from sympy import Expr, KroneckerDelta, Sum, Symbol
from sympy.tensor.indexed import Indexed

from activations._entry import Activation
from activations._notation import Greatest, Ranked, i, k

from ..evaluation.definitions import taken_out
from ..evaluation.stable import stable
from . import javascript
from .javascript import DIFFERENCES, Printer, PrintingError, arguments, parameters


class VectorPrinter(Printer):
    """Arrays by their first index: the others tell places apart, which do not mix."""

    def _print_Indexed(self, expr: Indexed) -> str:
        return f"{expr.base.label}[{self._print(expr.indices[0] - 1)}]"

    def _print_KroneckerDelta(self, expr: KroneckerDelta) -> str:
        one, other = (self._print(index - 1) for index in expr.args)
        return f"({one} === {other} ? 1 : 0)"

    def _print_LogSumExp(self, expr: Sum) -> str:
        bound, _, _ = expr.limits[0]
        return f"logSumExp(x.map((_, {bound}) => {self._term(expr)}))"

    def _print_Sum(self, expr: Sum) -> str:
        return f"sum({self._print(expr.limits[0][2])}, ({expr.limits[0][0]}) => {self._term(expr)})"

    def _print_Greatest(self, expr: Greatest) -> str:
        return self._print_Sum(expr).replace("sum(", "greatest(", 1)

    def _print_Ranked(self, expr: Ranked) -> str:
        base, place, _ = expr.args
        return f"ranked({base.label}, {self._print(place)})"

    def _term(self, expr: Sum) -> str:
        bound, _, _ = expr.limits[0]
        return self._print(expr.function.subs(bound, bound + 1))


def module(entry: Activation, size: Symbol | None, outputs: str, count: Expr | None) -> str:
    """The ES module: `f(x, parameters)` and `jacobian(x, y, parameters)` of arrays.

    `size` is the symbol of the inputs' length; `outputs` says what they are, "shares" of 1, their
    "logs", or "numbers"; `count` is how many there are, None for as many as inputs. A random
    function takes its noise as one of the parameters, an array as long as `x`. Raises
    PrintingError for what cannot be printed.
    """
    assert entry.derivative is not None
    known = {
        "parameters": parameters(entry),
        "noise": str(entry.noise.symbol) if entry.noise else None,
        "outputs": outputs,
    }
    each = "x.map((_, i)"
    if count is not None:
        each = f"Array.from({{ length: {VectorPrinter().doprint(count)} }}, (_, i)"
    totals, value = _code(entry, entry.formula, size, count)
    more, slope = _code(entry, entry.derivative, size, count)
    functions = [
        f"  f: ({arguments(entry, 'x')}) => {{",
        *totals,
        f"    return {each} => {value});",
        "  },",
        f"  jacobian: ({arguments(entry, 'x', 'y')}) => {{",
        *more,
        f"    return {each} => x.map((_, k) => {slope}));",
        "  },",
    ]
    return javascript.module(entry, known, functions)


def _code(
    entry: Activation, expr: Expr, size: Symbol | None, count: Expr | None
) -> tuple[list[str], str]:
    """Lines that compute the sums once, and the expression of one output or of one slope."""
    for key, meaning in entry.where.items():
        expr = expr.subs(key, meaning)
    _check(entry, expr)
    expr = stable(expr, DIFFERENCES)
    totals = expr.atoms(Sum)
    inner = {part for total in totals for part in total.function.atoms(Sum)}
    shared = [total for total in totals - inner if not total.free_symbols & {i, k}]
    named, expr = taken_out(expr, shared)
    show = VectorPrinter().doprint
    lines = [f"    const {name} = {show(total)};" for name, total in named.items()]
    text = show(expr.subs({i: i + 1, k: k + 1}, simultaneous=True))
    counted = any(re.search(rf"\b{size}\b", line) for line in [*lines, text])
    if size is not None and (count is not None or counted):
        lines.insert(0, f"    const {size} = x.length;")
    return lines, text


def _check(entry: Activation, expr: Expr) -> None:
    """Refuse what the printer would get wrong, and say so."""

    def refuse(what: Any, why: str) -> None:
        raise PrintingError(f"activations/{entry.slug}.py: {what} {why}")

    if len({e.indices[1:] for e in expr.atoms(Indexed)}) > 1:
        refuse(expr, "mixes places; only the first index may differ between its elements")
    for total in expr.atoms(Sum):
        if len(total.limits) > 1 or total.limits[0][1] != 1:
            refuse(total, "must be a sum over one index that counts from 1")
