"""The symbols and functions that formulas are written with.

A named function here prints by its name (σ, Φ, softplus), differentiates to other named
functions, and knows its elementary definition and its stable evaluation in mpmath.
"""

from typing import Any, ClassVar

import mpmath
from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    IndexedBase,
    Integral,
    Max,
    Min,
    Piecewise,
    Sum,
    Symbol,
    erfc,
    exp,
    log,
    oo,
    pi,
    sqrt,
)
from sympy.codegen.cfunctions import log1p
from sympy.printing.latex import LatexPrinter

x = Symbol("x", real=True)
a, b = (Symbol(name, real=True) for name in "ab")
alpha, beta, lamda, tau, theta, v = (
    Symbol(name, real=True) for name in ("alpha", "beta", "lambda", "tau", "theta", "v")
)
lower, upper = Symbol("l", real=True), Symbol("u", real=True)


class Named(Function):
    """A function of one real argument that readers know by name."""

    nargs = 1
    symbol: ClassVar[str]

    @staticmethod
    def elementary(t: Expr) -> Expr:
        """The definition in exp, log and erf; what exact limits are computed from."""
        raise TypeError("a named function must define elementary()")

    @staticmethod
    def mp(t: Any) -> Any:
        """The value at an mpmath number, stable far out."""
        raise TypeError("a named function must define mp()")

    @classmethod
    def stable(cls, t: Expr) -> Expr:
        """The same in a form that neither overflows nor cancels in 64-bit floats."""
        return cls.elementary(t)

    @classmethod
    def shown(cls, t: Expr) -> Expr:
        """The definition that readers see."""
        return cls.elementary(t)

    @staticmethod
    def slope(t: Expr) -> Expr:
        """The derivative, written with named functions."""
        raise TypeError("a named function must define slope()")

    def fdiff(self, argindex: int = 1) -> Expr:
        return self.slope(self.args[0])

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{self.symbol}{power}\left({printer._print(self.args[0])}\right)"


class sigma(Named):
    """The logistic function, 1 / (1 + e^-t)."""

    symbol = r"\sigma"

    @staticmethod
    def mp(t: Any) -> Any:
        return 1 / (1 + mpmath.exp(-t))

    @staticmethod
    def elementary(t: Expr) -> Expr:
        return 1 / (1 + exp(-t))

    @classmethod
    def stable(cls, t: Expr) -> Expr:
        return exp(Min(t, 0)) / (1 + exp(-Abs(t)))

    @staticmethod
    def slope(t: Expr) -> Expr:
        return sigma(t) * (1 - sigma(t))


class Phi(Named):
    """The distribution function of the standard normal."""

    symbol = r"\Phi"

    @staticmethod
    def mp(t: Any) -> Any:
        return mpmath.ncdf(t)

    @staticmethod
    def elementary(t: Expr) -> Expr:
        return erfc(-t / sqrt(2)) / 2

    @classmethod
    def stable(cls, t: Expr) -> Expr:
        return erfc(-t / sqrt(2), evaluate=False) / 2

    @classmethod
    def shown(cls, t: Expr) -> Expr:
        s = Symbol("s", real=True)
        return Integral(exp(-(s**2) / 2), (s, -oo, t)) / sqrt(2 * pi)

    @staticmethod
    def slope(t: Expr) -> Expr:
        return phi(t)


class phi(Named):
    """The density of the standard normal."""

    symbol = r"\varphi"

    @staticmethod
    def mp(t: Any) -> Any:
        return mpmath.npdf(t)

    @staticmethod
    def elementary(t: Expr) -> Expr:
        return exp(-(t**2) / 2) / sqrt(2 * pi)

    @staticmethod
    def slope(t: Expr) -> Expr:
        return -t * phi(t)


class softplus(Named):
    """log(1 + e^t)."""

    symbol = r"\operatorname{softplus}"

    @staticmethod
    def mp(t: Any) -> Any:
        return mpmath.log1p(mpmath.exp(t))

    @staticmethod
    def elementary(t: Expr) -> Expr:
        return log(1 + exp(t))

    @classmethod
    def stable(cls, t: Expr) -> Expr:
        return Max(t, 0) + log1p(exp(-Abs(t)))

    @staticmethod
    def slope(t: Expr) -> Expr:
        return sigma(t)


NAMED: tuple[type[Named], ...] = (sigma, Phi, phi, softplus)


class Greatest(Sum):
    """The largest value of an expression over an index."""

    is_real = True

    def doit(self, **hints: Any) -> Expr:
        bound, low, high = self.limits[0]
        if not (low.is_Integer and high.is_Integer):
            return self
        values = (self.function.subs(bound, place) for place in range(int(low), int(high) + 1))
        return Max(*(value.doit(**hints) for value in values))

    def _latex(self, printer: LatexPrinter) -> str:
        bound, low, high = map(printer._print, self.limits[0])
        body = printer._print(self.function)
        body = rf"\left({body}\right)" if isinstance(self.function, Add) else body
        return rf"\max_{{{low} \le {bound} \le {high}}} {body}"


class Ranked(Function):
    """The k-th largest of x_1 to x_K: `Ranked(xs, k, K)`."""

    nargs = 3
    is_real = True

    def doit(self, **hints: Any) -> Expr:
        base, place, count = self.args
        if not (place.is_Integer and count.is_Integer):
            return self
        return RankedOf(place, *(base[n] for n in range(1, int(count) + 1)))

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        base, place, _ = self.args
        power = "" if exp is None else f"^{{{exp}}}"
        return f"{printer._print(base)}_{{({printer._print(place)})}}{power}"


class RankedOf(Function):
    """The k-th largest of the arguments that follow k."""

    is_real = True

    @staticmethod
    def mp(place: Any, *numbers: Any) -> Any:
        return sorted(numbers, reverse=True)[int(place) - 1]


i, j, k, m, n, K, C, d = (Symbol(name, integer=True, positive=True) for name in "ijkmnKCd")
h_, w_ = (Symbol(name, integer=True, positive=True) for name in "hw")
xs, ys, gs = (IndexedBase(name, real=True) for name in "xyg")


def cases(*branches: tuple[Any, Any]) -> Piecewise:
    """A function by cases, kept exactly as written."""
    return Piecewise(*branches, evaluate=False)
