"""Prints the functions of an entry as JavaScript, from the formula that is held against torch.

SymPy's own printer writes the code. What it would write so that it overflows or cancels far out is
first rewritten with named functions (softplus, σ(−t), expm1), the same for every entry.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import (
    Eq,
    Expr,
    Indexed,
    KroneckerDelta,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    Wild,
    erf,
    erfc,
    nan,
    sqrt,
)
from sympy.codegen.rewriting import ReplaceOptim
from sympy.core.relational import Relational
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.jscode import JavascriptCodePrinter

from activations._entry import Activation
from activations._notation import NAMED, Greatest, Phi, Ranked, cases, x

from ..evaluation import derivatives, torch_side
from ..evaluation.formula import (
    UndefinedError,
    at,
    by_cases,
    case_at,
    numbers_of,
    numeric,
    pieces_of,
)
from ..evaluation.stable import DIFFERENCES, stable
from ..facts import words
from .sliders import slider

RUNTIME = {
    "logistic.js": ("sigma", "softplus"),
    "normal.js": ("Phi", "phi"),
    "sums.js": ("logSumExp", "sum", "greatest", "ranked"),
}
"""The files of web/js/ in which the named functions are written."""

NEAR = Rational(1, 10**6)
SAME = 1e-7  # torch's hardsigmoid keeps its slope as a float32 number


class PrintingError(ValueError):
    """A formula for which no JavaScript can be printed; the message names the entry."""


_u = Wild("u")
IN_JAVASCRIPT = (
    ReplaceOptim(erf(_u), lambda u: 2 * Phi(sqrt(2) * u) - 1),
    ReplaceOptim(erfc(_u), lambda u: 2 * Phi(-sqrt(2) * u)),
)


class Printer(JavascriptCodePrinter):
    """SymPy's printer, with the named functions of web/ and a NaN where no case holds.

    Of an array it knows the first index: the others tell places apart, which do not mix.
    """

    def __init__(self) -> None:
        runtime = {f.__name__: f.__name__ for f in NAMED}
        super().__init__({"user_functions": {**runtime, "expm1": "Math.expm1"}})

    def _print_NaN(self, expr: Expr) -> str:
        return "NaN"

    def _print_Relational(self, expr: Relational) -> str:
        sign = {"==": "===", "!=": "!=="}.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        code = ""
        for value, condition in expr.args:
            if condition == S.true:
                return f"({code}{self._print(value)})" if code else self._print(value)
            code += f"{self._print(condition)} ? {self._print(value)} : "
        return f"({code}NaN)"

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


def code(expr: Expr) -> str:
    """`expr` as a JavaScript expression that stays finite where the function does.

    Raises UndefinedError for what JavaScript has no function of, as of a slope that is infinite.
    """
    try:
        return Printer().doprint(stable(expr, DIFFERENCES, *IN_JAVASCRIPT))
    except PrintMethodNotImplementedError:
        raise UndefinedError(
            f"a browser cannot compute {expr}; write the formula, and the ends of its cases, with"
            " functions that JavaScript has, and so that each case has a finite slope at its ends"
        ) from None


def module(entry: Activation, known: Mapping[str, Any], functions: Sequence[str]) -> str:
    """The ES module of a function: its names, what else is `known` of it, its functions.

    `functions` are lines of properties.
    """
    known = {"slug": entry.slug, "name": entry.name, **known}
    properties = [f"  {key}: {json.dumps(v, ensure_ascii=False)}," for key, v in known.items()]
    body = "\n".join([*properties, *functions])
    head = [f"// {entry.name}: printed from activations/{entry.slug}.py, not written by hand."]
    for home, names in RUNTIME.items():
        used = [name for name in names if re.search(rf"\b{name}\(", body)]
        head += [f'import {{ {", ".join(used)} }} from "../{home}";'] if used else []
    head += [
        f"const {symbol} = {float(sympy.N(value, 20))!r};"
        for symbol, value in entry.where.items()
        if re.search(rf"\b{symbol}\b", body)
    ]
    return "\n".join([*head, "", "export default {", body, "};", ""])


def parameters(entry: Activation) -> list[dict[str, Any]]:
    """What scripts know of each parameter: torch's name, its symbol, and its slider."""
    found = []
    for argument, parameter in entry.parameters.items():
        ruled = slider(entry, argument)
        found.append(
            {
                "name": argument,
                "symbol": words.greek(parameter.symbol),
                "default": ruled.start,
                "low": ruled.low,
                "high": ruled.high,
                "step": ruled.step,
            }
        )
    return found


def arguments(entry: Activation, *inputs: str, noise: bool = True) -> str:
    """`x, { negative_slope: alpha }`: the inputs, then the parameters by torch's names."""
    names = [
        argument if argument == str(p.symbol) else f"{argument}: {p.symbol}"
        for argument, p in entry.parameters.items()
    ]
    if noise and entry.noise is not None:
        names.append(str(entry.noise.symbol))
    return ", ".join([*inputs, f"{{ {', '.join(names)} }}"] if names else inputs)


def of_a_number(entry: Activation) -> str:
    """The module of a function of x: f, f′, f″ and the joints, its noise, its variants."""
    lines = []
    if entry.noise is not None:
        assert entry.noise.evaluation is not None
        low, high = entry.parameters  # of a noise: the two ends of its interval
        lines += [
            f'  noise: {{ name: "{entry.noise.symbol}", low: "{low}", high: "{high}" }},',
            f"  evaluation: ({arguments(entry, noise=False)}) => {code(entry.noise.evaluation)},",
        ]
    orders = (entry.formula, derivatives.first(entry), derivatives.second(entry))
    lines += _functions(entry, orders, {})
    if entry.variants:
        lines.append("  variants: [")
        for variant in entry.variants:
            numbers = numbers_of(entry, entry.setting)
            first = derivatives.differentiate(variant.formula, x, numbers)
            orders = (variant.formula, first, derivatives.differentiate(first, x, numbers))
            lines.append(f"    {{ settings: {json.dumps(dict(variant.settings))},")
            lines += [f"    {line}" for line in _functions(entry, orders, variant.settings)]
            lines.append("    },")
        lines.append("  ],")
    return _module_of_numbers(entry, lines)


def _functions(
    entry: Activation, orders: tuple[Expr, Expr, Expr], variant: Mapping[str, Any]
) -> list[str]:
    """f, f′ and f″ with their joints, where cases meet, as expressions of the parameters.

    A joint has [limit from the left, value, limit from the right] of f and of f′, whose value is
    the one that autograd picks, and the two limits of f″.
    """
    settings = [{**setting, **variant} for setting in entry.settings]
    formula, first, second = orders
    numbers = {s: at(entry, settings[0], s) for s in formula.free_symbols - {x}}
    slopes, bends, joints = [], [], []
    for place in [piece.upper for piece in pieces_of(formula, x, numbers)[:-1]]:
        f, df, ddf = ([_side(expr, place, numbers, s) for s in (-1, 0, 1)] for expr in orders)
        pick = _pick(entry, settings, place, df)
        if pick != df[1]:
            slopes.append((pick, Eq(x, place)))
        if any(sides[0] != sides[2] for sides in (f, df, ddf)):
            bends.append((nan, Eq(x, place)))
        joints.append(
            f"{{ x: {code(place)}, f: {_list(f)}, df: {_list([df[0], pick, df[2]])},"
            f" ddf: {_list([ddf[0], ddf[2]])} }}"
        )
    return [
        f"  f: ({arguments(entry, 'x')}) => {code(formula)},",
        f"  df: ({arguments(entry, 'x')}) => {code(_stated(slopes, first))},",
        f"  ddf: ({arguments(entry, 'x')}) => {code(_stated(bends, second))},",
        f"  joints: ({arguments(entry)}) => [{', '.join(joints)}],",
    ]


def _stated(values: Sequence[tuple[Expr, Expr]], expr: Expr) -> Expr:
    """`expr`, with the values at places where it has another or none."""
    return cases(*values, (expr, True)) if values else expr


def _list(values: Sequence[Expr]) -> str:
    return f"[{', '.join(map(code, values))}]"


def of_two_halves(entry: Activation, gradients: Sequence[Expr]) -> str:
    """The module of a function of a and b: f and its derivatives by each."""
    given = arguments(entry, "a", "b")
    named = zip(("f", "da", "db"), (entry.formula, *gradients), strict=True)
    lines = [f"  {name}: ({given}) => {code(expr)}," for name, expr in named]
    return _module_of_numbers(entry, lines)


def _module_of_numbers(entry: Activation, functions: Sequence[str]) -> str:
    window = [float(edge) for edge in entry.window]
    return module(entry, {"window": window, "parameters": parameters(entry)}, functions)


def _side(expr: Expr, place: Expr, numbers: Mapping[Symbol, Expr], sign: int) -> Expr:
    """The limit of `expr` at `place` from the left (-1) or right (1), or its value there (0)."""
    point = place.subs(numbers) + sign * NEAR
    return case_at(by_cases(expr), point, x, numbers).subs(x, place)


def _pick(
    entry: Activation, settings: Sequence[Mapping[str, Any]], place: Expr, sides: Sequence[Expr]
) -> Expr:
    """The slope that autograd picks at `place`: the left limit, the right one, or a number."""
    picked = []
    for setting in settings:
        (slope,) = torch_side.slopes(entry, setting, [float(at(entry, setting, place))])
        picked.append((setting, slope))
    for side in (sides[0], sides[-1], sympy.nsimplify(picked[0][1])):
        if all(
            abs(numeric(at(entry, setting, side))(0) - slope) < SAME for setting, slope in picked
        ):
            return side
    raise PrintingError(
        f"activations/{entry.slug}.py: at x = {place} autograd picks {[p for _, p in picked]},"
        " which is neither one of the one-sided slopes nor one number; state how it depends on"
        " the parameters"
    )
