"""The formulas of an entry in the order of its page, each with its permanent address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Expr, Indexed, Or, Symbol
from sympy.core.relational import Relational

from activations._entry import Activation
from activations._notation import a, b, cases, i, k, ys

from ..evaluation import derivatives as slopes
from .latex import latex


@dataclass(frozen=True)
class Statement:
    """One formula: its address on the page, its name in code, and its sides.

    `left` and `tail` are LaTeX: what stands before the first equals sign, and what follows the
    last side. `forms` are equal to `expr`; `indices` are the free ones, for each value of which
    there is an element; `settings` are torch's arguments of a variant.
    """

    anchor: str
    name: str
    left: str
    expr: Expr
    forms: tuple[Expr, ...] = ()
    tail: str = ""
    indices: tuple[Symbol, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def latex(self) -> str:
        """The whole line, without delimiters."""
        return " = ".join([self.left, *map(latex, (self.expr, *self.forms))]) + self.tail


def statements(entry: Activation) -> list[Statement]:
    """Definition, derivatives, second derivative, what its symbols stand for, variants."""
    return [
        Statement(
            "definition-formula",
            entry.slug,
            left_side(entry),
            entry.formula,
            entry.forms,
            indices=_free(entry),
        ),
        *derivatives(entry),
        *second_derivative(entry),
        *(_meaning(key, meaning) for key, meaning in entry.where.items()),
        *(
            Statement(
                f"variant-{n}",
                f"{entry.slug}_{'_'.join(map(str, variant.settings.values()))}",
                left_side(entry),
                variant.formula,
                settings=variant.settings,
            )
            for n, variant in enumerate(entry.variants)
        ),
    ]


def _free(entry: Activation) -> tuple[Symbol, ...]:
    """The free indices of the definition; a class that a condition asks about is none of them."""
    if entry.is_scalar:
        return ()
    if entry.kind != "layer":
        return element(entry).indices
    asked = {s for condition in entry.formula.atoms(Relational) for s in condition.free_symbols}
    found = [s for e in sorted(entry.formula.atoms(Indexed), key=str) for s in e.indices]
    return tuple(dict.fromkeys(s for s in found if s in entry.formula.free_symbols - asked))


def left_side(entry: Activation, prime: str = "") -> str:
    """What stands before the equals sign."""
    if entry.left:
        return entry.left
    name = rf"\operatorname{{{entry.operator}}}{prime}"
    if entry.kind == "gated":
        return f"{name}(a, b)"
    if entry.is_scalar:
        return f"{name}(x)"
    return f"{name}(x)_{{{_joined(element(entry).indices)}}}"


def element(entry: Activation) -> Indexed:
    """The element of the input that the formula of a vector is about: x[i], or x[i, h, w]."""
    return next(e for e in sorted(entry.formula.atoms(Indexed), key=str) if i in e.indices)


def output(entry: Activation) -> Indexed:
    """The element of the output that belongs to `element`: y[i], or y[i, h, w]."""
    return ys[element(entry).indices]


def _joined(indices: tuple[Expr, ...], first: str = "i") -> str:
    """The indices side by side, `ihw` for an image."""
    return "".join(first if index == i else str(index) for index in indices)


def derivatives(entry: Activation) -> list[Statement]:
    """The derivative: one formula, or one for each half of a gate; none for a layer."""
    name = f"{entry.slug}_derivative"
    if entry.kind == "layer":
        return []
    if entry.kind == "gated":
        operator = rf"\operatorname{{{entry.operator}}}"
        return [
            Statement(
                f"derivative-formula{n or ''}",
                f"{name}_{half}",
                rf"\frac{{\partial {operator}}}{{\partial {half}}}",
                entry.formula.diff(half),
            )
            for n, half in enumerate((a, b))
        ]
    if entry.is_scalar:
        left = left_side(entry, prime="'")
        return [Statement("derivative-formula", name, left, slopes.first(entry))]
    assert entry.derivative is not None
    first, *rest = element(entry).indices
    of, by = _joined((first, *rest)), _joined((first, *rest), first="k")
    left = rf"\frac{{\partial y_{{{of}}}}}{{\partial x_{{{by}}}}}"
    indices = (first, k, *rest)
    return [Statement("derivative-formula", name, left, entry.derivative, indices=indices)]


def second_derivative(entry: Activation) -> list[Statement]:
    """The second derivative of a function of x; none for other kinds."""
    if not entry.is_scalar or entry.kind == "gated":
        return []
    anchor, name = "second-derivative-formula", f"{entry.slug}_second_derivative"
    left = left_side(entry, prime="''")
    expr = slopes.second(entry)
    if any(branch != 0 for branch in _branches(expr)):
        return [Statement(anchor, name, left, expr)]
    return [Flat(anchor, name, left, _flat(slopes.first(entry)))]


@dataclass(frozen=True)
class Flat(Statement):
    """A second derivative that is 0 wherever it exists, which readers are told in these words."""

    @property
    def latex(self) -> str:
        where = r" \text{ wherever it exists}" if isinstance(self.expr, sympy.Piecewise) else ""
        return f"{self.left} = 0{where}"


def _flat(first: Expr) -> Expr:
    """0 wherever one of the cases of a piecewise linear function's slope holds."""
    if not isinstance(first, sympy.Piecewise):
        return sympy.S.Zero
    return cases((0, Or(*(condition for _, condition in first.args))))


def _branches(expr: Expr) -> list[Expr]:
    if isinstance(expr, sympy.Piecewise):
        return [branch for branch, _ in expr.args if branch is not sympy.nan]
    return [expr]


def _meaning(key: Expr, meaning: Expr) -> Statement:
    """What a symbol stands for, with its decimal value behind it if it is a number."""
    symbol = str(key.base.label if isinstance(key, Indexed) else key)
    number = not meaning.free_symbols and not meaning.atoms(Indexed)
    tail = rf" \approx {sympy.N(meaning, 10)}" if number else ""
    return Statement(
        f"where-{symbol}",
        safe(symbol),
        latex(key),
        meaning,
        tail=tail,
        indices=key.indices if isinstance(key, Indexed) else (),
    )


def safe(name: str) -> str:
    """A symbol's name as Python allows it, in SymPy's spelling: `lamda`."""
    return re.sub(r"^lambda$", "lamda", name)


def symbol_of(key: Expr) -> Symbol:
    """The symbol of `alpha`, or of the family that `a[i, j]` belongs to."""
    return key.base.label if isinstance(key, Indexed) else key
