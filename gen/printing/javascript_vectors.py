"""Prints a map of vectors as JavaScript: softmax and its relatives, with their Jacobians.

The code comes from the formula that is held against torch. Its sums of exponentials are computed
with the largest exponent taken out, so that no score overflows.
"""

import json
from typing import Any

import sympy
import torch
from sympy import Expr, KroneckerDelta, Sum
from sympy.codegen.rewriting import optimize
from sympy.tensor.indexed import Indexed

from activations._entry import Activation
from activations._notation import i, k

from ..evaluation import torch_side
from ..evaluation.log_sum_exp import LOG_SUM_EXP, LogSumExp, joined
from .javascript import Printer, PrintingError, parameter, stable

EXACT = 1e-12
SCORES = [2.0, 1.0, 0.0]


def applies_to(entry: Activation) -> bool:
    """Whether the entry maps a vector to a vector of the same length."""
    return not entry.is_scalar and entry.kind in ("normalising", "stochastic")


class VectorPrinter(Printer):
    """Arrays by their first index: the others tell places apart, which do not mix."""

    def _print_Indexed(self, expr: Indexed) -> str:
        return f"{expr.base.label}[{self._print(expr.indices[0])}]"

    def _print_KroneckerDelta(self, expr: KroneckerDelta) -> str:
        one, other = (self._print(index) for index in expr.args)
        return f"({one} === {other} ? 1 : 0)"

    def _print_LogSumExp(self, expr: Sum) -> str:
        return f"logSumExp(x.map((_, {expr.variables[0]}) => {self._print(expr.function)}))"


def module(entry: Activation) -> str:
    """The ES module: `f(x, parameters)` and `jacobian(x, y, parameters)` of arrays.

    A random function takes its noise as one of the parameters, an array as long as `x`.
    """
    if entry.derivative is None:
        raise PrintingError(f"activations/{entry.slug}.py: state the derivative of output i by x_k")
    known = {
        "slug": entry.slug,
        "name": entry.name,
        "kind": entry.kind,
        "parameters": [parameter(entry, argument) for argument in entry.parameters],
        "noise": str(entry.noise.symbol) if entry.noise else None,
        "outputs": outputs(entry),
    }
    names = [
        argument if argument == str(p.symbol) else f"{argument}: {p.symbol}"
        for argument, p in entry.parameters.items()
    ]
    names += [str(entry.noise.symbol)] if entry.noise else []
    given = f", {{ {', '.join(names)} }}" if names else ""
    totals, value = _code(entry, entry.formula)
    more, slope = _code(entry, entry.derivative)
    body = [
        f"  f: (x{given}) => {{",
        *totals,
        f"    return x.map((_, i) => {value});",
        "  },",
        f"  jacobian: (x, y{given}) => {{",
        *more,
        f"    return x.map((_, i) => x.map((_, k) => {slope}));",
        "  },",
    ]
    lines = [f"// {entry.name}: printed from activations/{entry.slug}.py, not written by hand."]
    if any("logSumExp(" in line for line in body):
        lines.append('import { logSumExp } from "../sums.js";')
    head = [f"  {key}: {json.dumps(value, ensure_ascii=False)}," for key, value in known.items()]
    return "\n".join([*lines, "", "export default {", *head, *body, "};", ""])


def outputs(entry: Activation) -> str:
    """`shares` if the outputs sum to 1, `logs` if their exponentials do."""
    found = torch_side.respond(entry, entry.setting, torch.tensor(SCORES, dtype=torch.float64))
    for name, values in (("shares", found), ("logs", found.exp())):
        if abs(values.sum().item() - 1) < EXACT:
            return name
    raise PrintingError(
        f"activations/{entry.slug}.py: neither the outputs nor their exponentials sum to 1, and"
        " the moving plot draws shares or their logarithms; say what these are"
        " in gen/printing/javascript_vectors.py"
    )


def _code(entry: Activation, expr: Expr) -> tuple[list[str], str]:
    """Lines that compute the sums once, and the expression of one output or of one slope."""
    _check(entry, expr)
    expr = stable(joined(optimize(expr, [LOG_SUM_EXP])))
    lines = []
    for number, total in enumerate(sorted(expr.atoms(LogSumExp), key=str)):
        name = f"total{number or ''}"
        lines.append(f"    const {name} = {VectorPrinter().doprint(total)};")
        expr = expr.xreplace({total: sympy.Symbol(name, real=True)})
    return lines, VectorPrinter().doprint(expr)


def _check(entry: Activation, expr: Expr) -> None:
    """Refuse what the printer would get wrong, and say so."""

    def refuse(what: Any, why: str) -> None:
        raise PrintingError(f"activations/{entry.slug}.py: {what} {why}")

    if len({e.indices[1:] for e in expr.atoms(Indexed)}) > 1:
        refuse(expr, "mixes places; only the first index may differ between its elements")
    free = {i, k}
    for total in expr.atoms(Sum):
        if len(total.limits) > 1 or total.limits[0][1] != 1:
            refuse(total, "must be a sum over one index that counts from 1")
        if total.function.free_symbols & free:
            refuse(total, "depends on the output's index; only sums over whole vectors are printed")
        if not isinstance(total.function, sympy.exp):
            refuse(
                total,
                "is not a sum of exponentials, which is all that is printed; see"
                " gen/printing/javascript_vectors.py",
            )
