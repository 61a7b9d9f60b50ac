"""Prints SymPy expressions as the LaTeX that readers see.

SymPy's own printer is right but orders terms its own way; the order here is the one a person
would write: 1 + e^x, x + 3, σ(x)(1 − σ(x)), Φ(x) + xφ(x).
"""

import re
from typing import Any

from sympy import Abs, Add, And, Expr, Indexed, Integer, Mul, Or, Pow, Rational, S, Symbol, log
from sympy.core.function import Function
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter

VARIABLES = {"x", "y", "a", "b"}


def _term_order(term: Expr, among: tuple[Expr, ...]) -> tuple[Any, ...]:
    """Sort key of a summand: minus signs last, short terms first, numbers before functions."""
    negative = term.could_extract_minus_sign()
    if term.is_number:
        others_have_functions = any(t.has(Function, Pow) and not t.is_number for t in among)
        return (negative, 0 if others_have_functions else 2, 0, str(term))
    return (negative, 1, term.count_ops(visual=False), not _has_variable(term), str(term))


def _has_variable(expr: Expr) -> bool:
    names = {str(s) for s in expr.free_symbols}
    names |= {str(s.base) for s in expr.atoms(Indexed)}
    return bool(names & VARIABLES)


def _factor_rank(factor: Expr) -> tuple[int, str]:
    """Numbers, then parameters, then the variable, then functions, then sums."""
    if factor.is_number:
        return 0, ""
    if isinstance(factor, Indexed):
        return 2, str(factor.indices)
    if isinstance(factor, Symbol):
        return (2 if _has_variable(factor) else 1), ""
    return (4 if isinstance(factor.as_base_exp()[0], Add) else 3), ""


class Printer(LatexPrinter):
    def _print_Add(self, expr: Add, order: Any = None) -> str:
        terms = sorted(expr.args, key=lambda t: _term_order(t, expr.args))
        out = ""
        for term in terms:
            negative = term.could_extract_minus_sign()
            body = self._print(-term if negative else term)
            if negative and isinstance(-term, Add):
                body = rf"\left({body}\right)"
            sign = "-" if negative else "+"
            out += f" {sign} {body}" if out else ("-" if negative else "") + body
        return out

    def _print_Mul(self, expr: Mul) -> str:
        if expr.could_extract_minus_sign():
            body = self._print(-expr)
            return rf"-\left({body}\right)" if isinstance(-expr, Add) else f"-{body}"
        above, below = _fraction(expr)
        top = sorted(above, key=_factor_rank)
        sums = [f for f in top if _factor_rank(f)[0] == 4 and len(top) > 1 and below]
        if sums:
            lead = [f for f in top if f not in sums] or [S.One]
            tail = "".join(self._factor(f, alone=False) for f in sums)
            return rf"\frac{{{self._product(lead)}}}{{{self._product(below)}}}{tail}"
        if below:
            return rf"\frac{{{self._product(top)}}}{{{self._product(below)}}}"
        return self._product(top)

    def _product(self, factors: list[Expr]) -> str:
        factors = sorted(factors, key=_factor_rank)
        shown = [f for f in factors if f != S.One] or [S.One]
        return " ".join(self._factor(f, alone=len(shown) == 1) for f in shown)

    def _factor(self, factor: Expr, alone: bool) -> str:
        body = self._print(factor)
        return rf"\left({body}\right)" if isinstance(factor, Add) and not alone else body

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        if expr.exp == S.Half:
            return r"\sqrt{e}"
        sign = "-" if expr.exp.could_extract_minus_sign() else ""
        above, below = _fraction(-expr.exp if sign else expr.exp)
        if below and not isinstance(expr.exp, Add):
            top = self._product(above)
            top = f"({top})" if isinstance(above[0], Add) else top
            under = self._product(below)
            power = f"{sign}{top}/({under})" if len(below) > 1 else f"{sign}{top}/{under}"
        else:
            power = self._print(expr.exp)
        tex = f"e^{{{power}}}"
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"

    _print_exp = _print_ExpBase

    def _print_Function(self, expr: Function, exp: str | None = None) -> str:
        r"""`\tanh\left(x\right)`, without SymPy's braces around the argument: with them, programs
        take a factor that follows for a part of the argument."""
        name = r"\ln" if isinstance(expr, log) else self._hprint_Function(type(expr).__name__)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{name}{power}\left({', '.join(map(self._print, expr.args))}\right)"

    _print_log = _print_Function

    def _print_Rational(self, expr: Rational) -> str:
        if is_decimal(expr):
            return f"{float(expr):.9g}"
        return super()._print_Rational(expr)

    def _print_Integral(self, expr: Any) -> str:
        ((variable, low, high),) = expr.limits
        return (
            rf"\int_{{{self._print(low)}}}^{{{self._print(high)}}}"
            rf" {self._print(expr.function)} \, d{self._print(variable)}"
        )

    def _print_Abs(self, expr: Abs, exp: str | None = None) -> str:
        tex = rf"\lvert {self._print(expr.args[0])}\rvert"
        return tex if exp is None else f"{tex}^{{{exp}}}"

    def _print_Indexed(self, expr: Indexed) -> str:
        between = "" if all(isinstance(i, Symbol) for i in expr.indices) else ","
        return f"{self._print(expr.base.label)}_{{{between.join(map(self._print, expr.indices))}}}"

    def _print_Piecewise(self, expr: Any) -> str:
        cases = super()._print_Piecewise(expr).replace(r"\text{for}\: ", r"\text{if } ")
        return re.sub(r"(?<= \\\\)(?! )", " ", cases)

    def _print_And(self, expr: And) -> str:
        """`l < x < u` from its two halves."""
        low, high = expr.args[0], expr.args[-1]
        if not all(isinstance(part, Relational) for part in expr.args):
            return super()._print_And(expr)
        if _has_variable(low.lts):
            low, high = high, low
        if len(expr.args) == 2 and low.gts == high.lts:
            return (
                f"{self._print(low.lts)} {_sign(low)} {self._print(low.gts)}"
                f" {_sign(high)} {self._print(high.gts)}"
            )
        return r" \text{ and } ".join(map(self._print, expr.args))

    def _print_Or(self, expr: Or) -> str:
        return r" \text{ or } ".join(map(self._print, sorted(expr.args, key=_from_the_left)))

    def _print_Relational(self, expr: Relational) -> str:
        if not _has_variable(expr.lhs) and _has_variable(expr.rhs):
            expr = expr.reversed
        signs = {"<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}
        return f"{self._print(expr.lhs)} {signs[expr.rel_op]} {self._print(expr.rhs)}"


def _from_the_left(condition: Any) -> int:
    """The order of `x < l`, `l < x < u` and `u < x`."""
    if not isinstance(condition, Relational):
        return 1
    return 2 if _has_variable(condition.gts) else 0


def is_decimal(number: Rational) -> bool:
    """Whether it is better written as 0.044715 than as a fraction."""
    return bool(number.q > 100 and 10**9 % number.q == 0)


def _is_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == S.Half


def _sign(relation: Relational) -> str:
    return "<" if relation.rel_op in ("<", ">") else r"\le"


def _fraction(expr: Expr) -> tuple[list[Expr], list[Expr]]:
    """The factors above and below the bar; √2/2 is taken as 1/√2."""
    top: list[Expr] = []
    bottom: list[Expr] = []
    for factor in Mul.make_args(expr):
        fraction = isinstance(factor, Rational) and not isinstance(factor, Integer)
        if fraction and not is_decimal(factor):
            top.append(Integer(factor.p))
            bottom.append(Integer(factor.q))
        elif isinstance(factor, Pow) and factor.exp.could_extract_minus_sign():
            bottom.append(factor.base ** (-factor.exp))
        else:
            top.append(factor)
    for root in [f for f in top if _is_root(f) and f.base.is_Integer]:
        for number in [f for f in bottom if f.is_Integer and f % root.base == 0]:
            top.remove(root)
            bottom.remove(number)
            bottom.extend(f for f in (number // root.base, root) if f != 1)
            break
    _join_roots(top, bottom)
    return [f for f in top if f != S.One] or [S.One], bottom


def _join_roots(top: list[Expr], bottom: list[Expr]) -> None:
    """Write √2 √π as √(2π) and √2/√π as √(2/π), in place."""
    above = [f for f in top if _is_root(f) and f.is_number]
    below = [f for f in bottom if _is_root(f) and f.is_number]
    if len(above) + len(below) < 2:
        return
    top[:] = [f for f in top if f not in above]
    bottom[:] = [f for f in bottom if f not in below]
    under = Mul(*(f.base for f in above)) / Mul(*(f.base for f in below))
    if above:
        top.append(Pow(under, S.Half, evaluate=False))
    else:
        bottom.append(Pow(1 / under, S.Half, evaluate=False))


def latex(expr: Expr) -> str:
    """LaTeX of `expr`, without delimiters."""
    return Printer().doprint(expr)
