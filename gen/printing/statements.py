"""The formulas of an entry in the order of its page, each with its permanent address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy import Expr, Indexed, Or, Symbol

from activations._entry import Activation
from activations._notation import cases, i

from ..evaluation.definitions import symbol_of
from .latex import latex


@dataclass(frozen=True)
class Statement:
    """One formula: its address on the page, its name in code, and its sides.

    `left`, `shown` and `tail` are LaTeX: what stands before the first equals sign, what stands in
    for the other sides, and what follows the last. `forms` are equal to `expr`; `indices` are the
    free ones, for each value of which there is an element; `settings` are torch's arguments of a
    variant.

    The rest is for code: `inputs` is what goes in, in the order of torch's arguments, of which
    `given` are arguments even where `expr` does not use them; `meanings` says what symbols stand
    for; `sizes` gives a length its symbol, as (input, axis); `counts` is how many values an index
    takes, where no input of that length tells.

    A `further` one stands below the plot, over the whole page: few look for it.
    """

    anchor: str
    name: str
    left: str
    expr: Expr
    forms: tuple[Expr, ...] = ()
    tail: str = ""
    shown: str = ""
    indices: tuple[Symbol, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    meanings: Mapping[Expr, Expr] = field(default_factory=dict)
    sizes: Mapping[Symbol, tuple[str, int]] = field(default_factory=dict)
    counts: Mapping[Symbol, Expr] = field(default_factory=dict)
    further: bool = False

    @property
    def latex(self) -> str:
        """The whole line, without delimiters."""
        sides = self.shown or " = ".join(map(latex, (self.expr, *self.forms)))
        return f"{self.left} = {sides}{self.tail}"


def joined(indices: tuple[Expr, ...], first: str = "i") -> str:
    """The indices side by side, `ihw` for an image."""
    return "".join(first if index == i else str(index) for index in indices)


def operator(entry: Activation, prime: str = "") -> str:
    """The function's name in a formula."""
    return rf"\operatorname{{{entry.operator}}}{prime}"


def variants(entry: Activation, definition: Statement) -> list[Statement]:
    """The definition's variants: what else torch computes when an argument is set."""
    return [
        replace(
            definition,
            anchor=f"variant-{n}",
            name=f"{entry.slug}_{'_'.join(map(str, variant.settings.values()))}",
            expr=variant.formula,
            forms=(),
            further=True,
            settings=variant.settings,
        )
        for n, variant in enumerate(entry.variants)
    ]


def curvature(anchor: str, name: str, left: str, first: Expr, second: Expr) -> Statement:
    """The second derivative of a function of one number, whose slope is `first`.

    Of one that is 0 wherever the slope has a case, readers are told so in words.
    """
    parts = second.args if isinstance(second, sympy.Piecewise) else [(second, True)]
    if any(branch not in (0, sympy.nan) for branch, _ in parts):
        return Statement(anchor, name, left, second, further=True)
    known = first.args if isinstance(first, sympy.Piecewise) else [(first, True)]
    flat = cases((0, Or(*(condition for _, condition in known))))
    shown = r"0 \text{ wherever it exists}" if isinstance(flat, sympy.Piecewise) else ""
    return Statement(anchor, name, left, flat, shown=shown, further=True)


def meaning(key: Expr, meaning: Expr) -> Statement:
    """What a symbol stands for, with its decimal value behind it if it is a number."""
    symbol = str(symbol_of(key))
    number = not meaning.free_symbols and not meaning.atoms(Indexed)
    tail = rf" \approx {sympy.N(meaning, 10)}" if number else ""
    return Statement(
        f"where-{symbol}",
        safe(symbol),
        latex(key),
        meaning,
        tail=tail,
        indices=key.indices if isinstance(key, Indexed) else (),
        further=number,
    )


def safe(name: str) -> str:
    """A symbol's name as Python allows it, in SymPy's spelling: `lamda`."""
    return re.sub(r"^lambda$", "lamda", name)
