"""Prints the functions of an entry as JavaScript, from the formula that is held against torch.

SymPy's own printer writes the code. What it would write so that it overflows or cancels far out is
first rewritten with named functions (softplus, σ(−t), expm1), the same for every entry.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Function,
    Mul,
    Piecewise,
    Rational,
    S,
    Symbol,
    exp,
    log,
    nan,
)
from sympy.core.relational import Relational
from sympy.printing.jscode import JavascriptCodePrinter

from activations._entry import Activation, Variant
from activations._notation import NAMED, cases, sigma, softplus, x

from ..evaluation import derivatives, torch_side
from ..evaluation.formula import at, by_cases, pieces
from ..facts import words
from .sliders import Slider, slider

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


expm1 = Function("expm1")
"""e^t − 1 without cancellation."""


class Printer(JavascriptCodePrinter):
    """SymPy's printer, with the named functions of web/ and a NaN where no case holds."""

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


def code(expr: Expr) -> str:
    """`expr` as a JavaScript expression that stays finite where the function does."""
    return Printer().doprint(stable(expr))


def stable(expr: Expr) -> Expr:
    """`expr` with each part that would overflow or cancel in floats replaced by a named one."""
    t = sympy.Wild("t")
    expr = expr.replace(log(1 + exp(t)), softplus(t)).replace(log(sigma(t)), -softplus(-t))
    return expr.replace(lambda e: isinstance(e, Add), _without_cancellation)


def _without_cancellation(total: Add) -> Expr:
    """`total` with c e^t − c as c expm1(t), and c − c σ(t) as c σ(−t)."""
    for term in total.args:
        for factor in Mul.make_args(term):
            scale = term / factor
            if isinstance(factor, exp | sigma) and -scale in total.args:
                t = factor.args[0]
                whole = scale * expm1(t) if isinstance(factor, exp) else -scale * sigma(-t)
                return total - term + scale + whole
    return total


@dataclass(frozen=True)
class Joint:
    """Where two cases of a function of x meet, as expressions of the parameters.

    `f` and `df` are [limit from the left, value, limit from the right], where the value of f′ is
    the one that autograd picks; `ddf` has the two limits of f″.
    """

    x: Expr
    f: tuple[Expr, Expr, Expr]
    df: tuple[Expr, Expr, Expr]
    ddf: tuple[Expr, Expr]


def module(entry: Activation, lines: Sequence[str]) -> str:
    """The ES module of a function with these properties, `lines` of `name: value,`."""
    body = "\n".join([*_head(entry), *lines])
    head = [f"// {entry.name}: printed from activations/{entry.slug}.py, not written by hand."]
    head += imports(body)
    head += [
        f"const {symbol} = {float(sympy.N(value, 20))!r};"
        for symbol, value in entry.where.items()
        if isinstance(symbol, Symbol)
    ]
    return "\n".join([*head, "", "export default {", body, "};", ""])


def imports(body: str) -> list[str]:
    """Lines that import the functions of web/js/ that the code calls."""
    found = []
    for home, functions in RUNTIME.items():
        used = [name for name in functions if re.search(rf"\b{name}\(", body)]
        found += [f'import {{ {", ".join(used)} }} from "../{home}";'] if used else []
    return found


def _head(entry: Activation) -> list[str]:
    known = {
        "slug": entry.slug,
        "name": entry.name,
        "window": [float(edge) for edge in entry.window],
        "parameters": [parameter(entry, argument) for argument in entry.parameters],
    }
    return [f"  {key}: {json.dumps(value, ensure_ascii=False)}," for key, value in known.items()]


def parameter(entry: Activation, argument: str) -> dict[str, Any]:
    """What scripts know of a parameter: torch's name, its symbol, and its slider."""
    ruled: Slider = slider(entry, argument)
    return {
        "name": argument,
        "symbol": words.greek(entry.parameters[argument].symbol),
        "default": ruled.start,
        "low": ruled.low,
        "high": ruled.high,
        "step": ruled.step,
    }


def of_a_number(entry: Activation) -> list[str]:
    """f, f′, f″ and the joints of a function of x, its noise and its variants, as properties."""
    lines = []
    if entry.noise is not None:
        assert entry.noise.evaluation is not None
        lines += [
            f'  noise: {{ name: "{entry.noise.symbol}", low: "{_bound(entry, 0)}",'
            f' high: "{_bound(entry, 1)}" }},',
            f"  evaluation: ({_arguments(entry, noise=False)}) => {code(entry.noise.evaluation)},",
        ]
    lines += _functions(entry, None)
    if entry.variants:
        lines.append("  variants: [")
        for variant in entry.variants:
            lines.append(f"    {{ settings: {json.dumps(dict(variant.settings))},")
            lines += [f"    {line}" for line in _functions(entry, variant)]
            lines.append("    },")
        lines.append("  ],")
    return lines


def _bound(entry: Activation, place: int) -> str:
    """The parameters of a noise are the two ends of its interval, in this order."""
    return [*entry.parameters][place]


def _functions(entry: Activation, variant: Variant | None) -> list[str]:
    formula = variant.formula if variant else None
    f = entry.formula if formula is None else formula
    df, ddf = derivatives.first(entry, formula), derivatives.second(entry, formula)
    found = joints(entry, variant)
    first = _at_joints(entry, df, [(j.x, j.df[1]) for j in found])
    second = _at_joints(entry, ddf, [(j.x, nan) for j in found if _bends(j)])
    listed = ", ".join(
        f"{{ x: {code(j.x)}, f: {_list(j.f)}, df: {_list(j.df)}, ddf: {_list(j.ddf)} }}"
        for j in found
    )
    return [
        f"  f: ({_arguments(entry, 'x')}) => {code(f)},",
        f"  df: ({_arguments(entry, 'x')}) => {code(first)},",
        f"  ddf: ({_arguments(entry, 'x')}) => {code(second)},",
        f"  joints: ({_arguments(entry)}) => [{listed}],",
    ]


def _bends(joint: Joint) -> bool:
    """Whether f″ does not exist at the joint."""
    return any(ends[0] != ends[-1] for ends in (joint.f, joint.df, joint.ddf))


def _list(values: Sequence[Expr]) -> str:
    return f"[{', '.join(code(value) for value in values)}]"


def _arguments(entry: Activation, *inputs: str, noise: bool = True) -> str:
    """`x, { negative_slope: alpha }`: the inputs, then the parameters by torch's names."""
    names = [
        argument if argument == str(p.symbol) else f"{argument}: {p.symbol}"
        for argument, p in entry.parameters.items()
    ]
    if noise and entry.noise is not None:
        names.append(str(entry.noise.symbol))
    return ", ".join([*inputs, f"{{ {', '.join(names)} }}"] if names else inputs)


def _at_joints(entry: Activation, expr: Expr, values: Sequence[tuple[Expr, Expr]]) -> Expr:
    """`expr`, with its value stated at each joint where it has another or none."""
    stated = [
        (value, Eq(x, place))
        for place, value in values
        if value is nan or _branch(entry, expr, place, S.Zero).subs(x, place) != value
    ]
    return cases(*stated, (expr, True)) if stated else expr


def of_two_halves(entry: Activation, gradients: Sequence[Expr]) -> list[str]:
    """f and its derivatives by a and by b, as properties."""
    named = zip(("f", "da", "db"), (entry.formula, *gradients), strict=True)
    arguments = _arguments(entry, "a", "b")
    return [f"  {name}: ({arguments}) => {code(expr)}," for name, expr in named]


def joints(entry: Activation, variant: Variant | None = None) -> list[Joint]:
    """The joints of the formula in the order in which they lie at the shown setting."""
    formula = None if variant is None else variant.formula
    orders = (
        entry.formula if formula is None else formula,
        derivatives.first(entry, formula),
        derivatives.second(entry, formula),
    )
    found = []
    for place in _places(entry, variant):
        f, df, ddf = (_sides(entry, expr, place) for expr in orders)
        value = _branch(entry, orders[0], place, S.Zero).subs(x, place)
        pick = _pick(entry, variant, place, df)
        found.append(Joint(place, (f[0], value, f[1]), (df[0], pick, df[1]), ddf))
    return found


def _places(entry: Activation, variant: Variant | None) -> list[Expr]:
    """The joints' x, from the conditions of the formula by cases; checked at every setting."""
    formula = entry.formula if variant is None else variant.formula
    folded = by_cases(formula)
    candidates = {
        root
        for relation in folded.atoms(Relational)
        if relation.has(x)
        for difference in _without_abs(relation.lhs - relation.rhs)
        for root in sympy.solve(difference, x)
    }
    settings = list(_settings(entry, variant))
    shown = settings[0]
    cuts = [float(p.upper) for p in pieces(at(entry, shown))[:-1]]
    by_value = {float(_number(entry, root, shown)): root for root in sorted(candidates, key=str)}
    places = [by_value[cut] for cut in cuts if cut in by_value]
    for setting in settings:
        cuts = [float(p.upper) for p in pieces(at(entry, setting))[:-1]]
        if not {*cuts} <= {float(_number(entry, place, setting)) for place in places}:
            raise PrintingError(
                f"activations/{entry.slug}.py: the cases of the formula meet at {cuts} for"
                f" {setting}, but only {places} was found as expressions of the parameters; write"
                " the conditions so that they can be solved for x"
            )
    return places


def _without_abs(expr: Expr) -> Iterator[Expr]:
    inner = next(iter(expr.atoms(Abs)), None)
    if inner is None:
        yield expr
        return
    for sign in (1, -1):
        yield from _without_abs(expr.subs(inner, sign * inner.args[0]))


def _settings(entry: Activation, variant: Variant | None) -> Iterator[dict[str, Any]]:
    for setting in entry.settings:
        yield {**setting, **(variant.settings if variant else {})}


def _number(entry: Activation, expr: Expr, setting: Mapping[str, Any]) -> Expr:
    return at(entry, setting, expr)


def _branch(entry: Activation, expr: Expr, place: Expr, offset: Expr) -> Expr:
    """The case of `expr` that holds at `place` plus `offset`, at the shown setting."""
    if expr.has(Abs, sympy.Max, sympy.Min):
        expr = by_cases(expr)
    if not isinstance(expr, Piecewise):
        return expr
    for value, condition in expr.args:
        if _number(entry, condition.subs(x, place + offset), entry.setting) == S.true:
            return value
    return nan


def _sides(entry: Activation, expr: Expr, place: Expr) -> tuple[Expr, Expr]:
    """The limits of `expr` at `place` from the left and from the right."""
    left, right = (_branch(entry, expr, place, s * NEAR).subs(x, place) for s in (-1, 1))
    return left, right


def _pick(
    entry: Activation, variant: Variant | None, place: Expr, sides: tuple[Expr, Expr]
) -> Expr:
    """The slope that autograd picks at `place`: the left limit, the right one, or a number."""
    picked = []
    for setting in _settings(entry, variant):
        (slope,) = torch_side.slopes(entry, setting, [float(_number(entry, place, setting))])
        picked.append((setting, slope))
    for side in (*sides, sympy.nsimplify(picked[0][1])):
        if all(abs(_number(entry, side, setting) - slope) < SAME for setting, slope in picked):
            return side
    raise PrintingError(
        f"activations/{entry.slug}.py: at x = {place} autograd picks {[p for _, p in picked]},"
        " which is neither one of the one-sided slopes nor one number; state how it depends on"
        " the parameters"
    )
