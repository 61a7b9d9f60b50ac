"""Facts in closed form: as formulas of the parameters, near the shown setting, where SymPy
finds them."""

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Abs, Expr, Max, Min, Piecewise, S, Symbol, oo, pi, sqrt

from activations._entry import Activation
from activations._notation import Named, x

from ..evaluation.formula import at, elementary, exact, pieces

NEAR = sympy.Rational(1, 10**6)


def forms(entry: Activation) -> dict[str, Expr]:
    """Name of the fact -> its value as an expression of the parameters.

    Only facts that depend on a parameter are given. They hold for parameters of the same sign, and
    on the same side of every condition, as the shown setting.
    """
    signed, shown = {}, {}
    for name, parameter in entry.parameters.items():
        value = exact(entry.setting[name])
        signed[parameter.symbol] = symbol = _signed(parameter.symbol.name, value)
        shown[symbol] = value
    if not signed:
        return {}
    formula = entry.formula
    if entry.noise is not None and entry.noise.evaluation is not None:
        formula = formula.subs(entry.noise.symbol, entry.noise.evaluation)
    formula = formula.subs(signed)
    far_left, left, right, far_right = (
        _active(formula, {**shown, x: place}) for place in (-(10**6), -NEAR, NEAR, 10**6)
    )
    found = {
        "limit at −∞": _limit(far_left, -oo),
        "limit at ∞": _limit(far_right, oo),
        "value at 0": _active(formula, {**shown, x: S.Zero}).subs(x, 0),
        "slope left of 0": left.diff(x).subs(x, 0),
        "slope right of 0": right.diff(x).subs(x, 0),
        **_moments(entry, far_left, far_right),
    }
    names = {new: old for old, new in signed.items()}
    return {
        name: sympy.simplify(_counted(value)).subs(names)
        for name, value in found.items()
        if value is not None and value.free_symbols & set(signed.values())
    }


def _counted(expr: Expr) -> Expr:
    """The expression with σ(0) as 1/2."""
    return expr.replace(lambda e: isinstance(e, Named) and e.is_number, elementary)


def depends(entry: Activation) -> tuple[Any, ...]:
    """All that `forms` reads of the entry, as SymPy objects."""
    shown = [(p.symbol, exact(entry.setting[name])) for name, p in entry.parameters.items()]
    return (entry.formula, at(entry, entry.setting), *shown)


def _signed(name: str, value: Expr) -> Symbol:
    """A symbol that SymPy knows to have the value's sign."""
    if value == 0:
        return Symbol(name, real=True)
    return Symbol(name, positive=True) if value > 0 else Symbol(name, negative=True)


def _active(expr: Expr, place: Mapping[Any, Any]) -> Expr:
    """The smooth expression that holds at a place: each case, maximum and minimum decided there."""
    if isinstance(expr, Piecewise):
        return _active(next(e for e, condition in expr.args if condition.subs(place)), place)
    if isinstance(expr, Max | Min):
        choose = max if isinstance(expr, Max) else min
        return choose((_active(a, place) for a in expr.args), key=lambda a: a.subs(place))
    if isinstance(expr, Abs):
        inner = _active(expr.args[0], place)
        return inner if inner.subs(place) >= 0 else -inner
    return expr.func(*(_active(a, place) for a in expr.args)) if expr.args else expr


def _limit(expr: Expr, end: Expr) -> Expr | None:
    try:
        limit = sympy.limit(elementary(expr), x, end)
    except NotImplementedError:  # it depends on signs that SymPy does not know
        return None
    return limit if limit.is_finite and not isinstance(limit, sympy.AccumBounds) else None


def _moments(entry: Activation, left: Expr, right: Expr) -> dict[str, Expr]:
    """Gaussian moments of a function that is polynomial, or an exponential, on each side of 0."""
    parts = pieces(at(entry, entry.setting))
    if [p.upper for p in parts[:-1]] != [S.Zero]:
        return {}
    if not all(map(_is_integrable, (left, right))):
        return {}
    density = sympy.exp(-(x**2) / 2) / sqrt(2 * pi)

    def expect(of_left: Expr, of_right: Expr) -> Expr:
        below = sympy.integrate(sympy.expand(of_left * density), (x, -oo, 0))
        return below + sympy.integrate(sympy.expand(of_right * density), (x, 0, oo))

    second = expect(left**2, right**2)
    slope = expect(left.diff(x) ** 2, right.diff(x) ** 2)
    return {"mean": expect(left, right), "gain": 1 / sqrt(second), "backward gain": 1 / sqrt(slope)}


def _is_integrable(expr: Expr) -> bool:
    """Whether it is made of powers of x and exponentials of lines: else SymPy searches long."""
    exponents = [power.args[0] for power in expr.atoms(sympy.exp)]
    lines = all(sympy.degree(e, x) == 1 for e in exponents if e.has(x) and e.is_polynomial(x))
    plain = expr.xreplace({power: sympy.Dummy() for power in expr.atoms(sympy.exp)})
    return lines and all(e.is_polynomial(x) for e in exponents) and plain.is_polynomial(x)
