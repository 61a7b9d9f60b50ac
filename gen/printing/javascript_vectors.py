"""Prints a map of vectors as JavaScript, with its Jacobian.

The code comes from the formula that is held against torch. Sums of exponentials are computed with
the largest exponent taken out, so that no score overflows. Indices count from 0.
"""

import re

from sympy import Expr, Sum, Symbol
from sympy.tensor.indexed import Indexed

from activations._entry import Activation
from activations._notation import i, k

from ..evaluation.definitions import taken_out, unfolded
from ..evaluation.stable import stable
from . import javascript
from .javascript import DIFFERENCES, Printer, PrintingError, arguments, parameters


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
        each = f"Array.from({{ length: {Printer().doprint(count)} }}, (_, i)"
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
    expr = unfolded(expr, entry.where)
    _check(entry, expr)
    expr = stable(expr, DIFFERENCES)
    totals = expr.atoms(Sum)
    inner = {part for total in totals for part in total.function.atoms(Sum)}
    shared = [total for total in totals - inner if not total.free_symbols & {i, k}]
    named, expr = taken_out(expr, shared)
    show = Printer().doprint
    lines = [f"    const {name} = {show(total)};" for name, total in named.items()]
    text = show(expr.xreplace({i: i + 1, k: k + 1}))
    counted = any(re.search(rf"\b{size}\b", line) for line in [*lines, text])
    if size is not None and (count is not None or counted):
        lines.insert(0, f"    const {size} = x.length;")
    return lines, text


def _check(entry: Activation, expr: Expr) -> None:
    """Refuse what the printer would get wrong, and say so."""
    where = f"activations/{entry.slug}.py"
    if len({e.indices[1:] for e in expr.atoms(Indexed)}) > 1:
        raise PrintingError(
            f"{where}: {expr} mixes places; only the first index may differ between its elements"
        )
    for total in expr.atoms(Sum):
        if len(total.limits) > 1 or total.limits[0][1] != 1:
            raise PrintingError(f"{where}: {total} must be a sum over one index that counts from 1")
