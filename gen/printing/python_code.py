"""Prints an entry's formulas as Python to paste, which needs the standard library alone.

Each text stands by itself and defines one name. Indices count from 0, as in torch.
"""

import re
from collections.abc import Iterable, Sequence

import sympy
from sympy import Expr, KroneckerDelta, Or, Piecewise, Sum, Symbol
from sympy.codegen.rewriting import optims_c99
from sympy.core.relational import Relational
from sympy.printing.pycode import PythonCodePrinter
from sympy.tensor.indexed import Indexed

from activations._entry import Activation
from activations._notation import NAMED, Greatest, Ranked

from ..evaluation.definitions import WHOLE, needed, renamed, symbol_of, taken_out
from ..evaluation.stable import LogSumExp, stable
from .latex import is_decimal
from .statements import Statement, safe

LOGSUMEXP = """\
def logsumexp(t):
    top = max(t)
    return top + math.log(sum(math.exp(s - top) for s in t))
"""


class PythonPrinter(PythonCodePrinter):
    """Python expressions of the standard library; indices count from 0."""

    def _print_Symbol(self, expr: Symbol) -> str:
        return safe(expr.name)

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"{float(expr):.9g}" if is_decimal(expr) else super()._print_Rational(expr)

    def parenthesize(self, item: Expr, level: int, strict: bool = False) -> str:
        if isinstance(item, sympy.Rational) and is_decimal(item):
            return self._print(item)
        return super().parenthesize(item, level, strict)

    def _print_Indexed(self, expr: Indexed) -> str:
        places = "".join(f"[{self._place(index - 1)}]" for index in expr.indices)
        return f"{self._print(expr.base.label)}{places}"

    def _place(self, index: Expr) -> str:
        """An index, which is whole also where it is half of a length and something."""
        above, below = sympy.together(index).as_numer_denom()
        text = self._print(above)
        return text if below == 1 else f"({text})//{below}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        return super()._print_Piecewise(expr).replace("else None)", "else math.nan)")

    def _print_KroneckerDelta(self, expr: KroneckerDelta) -> str:
        one, other = (self._print(index - 1) for index in expr.args)
        return f"({one} == {other})"

    def _loop(self, expr: Sum) -> str:
        ((bound, low, high),) = expr.limits
        if low != 1:
            raise ValueError(f"{expr} must count from 1 to be written in Python")
        body = self._print(_from_zero(expr.function, [bound]))
        return f"{body} for {self._print(bound)} in range({self._print(high)})"

    def _print_Sum(self, expr: Sum) -> str:
        return f"sum({self._loop(expr)})"

    def _print_Greatest(self, expr: Greatest) -> str:
        return f"max({self._loop(expr)})"

    def _print_Ranked(self, expr: Ranked) -> str:
        base, place, _ = expr.args
        return f"sorted({base.label}, reverse=True)[{self._print(place - 1)}]"

    def _print_LogSumExp(self, expr: Sum) -> str:
        return f"logsumexp([{self._loop(expr)}])"


def show(expr: Expr) -> str:
    """The expression in Python."""
    return PythonPrinter({"user_functions": {f.__name__: f.__name__ for f in NAMED}}).doprint(expr)


def _from_zero(expr: Expr, indices: Iterable[Symbol]) -> Expr:
    """The expression with these indices counted from 0."""
    return expr.subs({index: index + 1 for index in indices})


def source(entry: Activation, statement: Statement) -> str:
    """The statement as a function of floats or of lists of floats; a number as an assignment."""
    return Code(entry, statement).source()


class Code:
    """A statement on its way to Python."""

    def __init__(self, entry: Activation, statement: Statement) -> None:
        self.entry, self.statement = entry, statement
        self.needed = needed(statement.expr, statement.meanings)
        self.exprs = [*self.needed.values(), statement.expr]
        self.inputs = statement.inputs
        sums = {total for expr in self.exprs for total in expr.atoms(Sum)}
        self.sums = sorted(sums, key=str)
        sizes = {s for total in self.sums for s in total.limits[0][2].free_symbols}
        conditions = {c for expr in self.exprs for c in expr.atoms(Relational)}
        asked = {s for c in conditions for s in c.free_symbols if s.is_integer} - sizes
        bound = {total.limits[0][0] for total in self.sums}
        given = {parameter.symbol for parameter in entry.parameters.values()}
        told = bound | given | {*statement.sizes, *statement.indices}
        self.asked = sorted(asked - told, key=str)
        self.lengths: dict[tuple[str, int], str] = {}
        self.known: set[Symbol] = set()
        self.parameters = {
            p.symbol: Symbol(name, real=True) for name, p in entry.parameters.items()
        }

    def source(self) -> str:
        lines = self._sizes()
        for key, meaning in self.needed.items():
            indices = key.indices if isinstance(key, Indexed) else ()
            lines += self._computed(meaning, indices, f"{show(symbol_of(key))} = ")
            for place, index in enumerate(indices):
                self.lengths[str(symbol_of(key)), place] = self._count(index, meaning)
        arguments = self._arguments()
        start = "return " if arguments else f"{self.statement.name} = "
        lines += self._computed(self.statement.expr, self.statement.indices, start)
        if arguments:
            lines = ["    " + line for line in lines]
            lines.insert(0, f"def {self.statement.name}({', '.join(arguments)}):")
        return _complete("\n".join(lines) + "\n")

    def _arguments(self) -> list[str]:
        """The classes that conditions ask about, the inputs, then the parameters with the values
        that the page shows for them."""
        used = {s.name for expr in self.exprs for s in expr.free_symbols}
        return [
            *(s.name for s in self.asked),
            *(name for name in self.inputs if name in used | {*self.statement.given}),
            *(
                f"{name}={self.entry.setting[name]!r}"
                for name, parameter in self.entry.parameters.items()
                if parameter.symbol.name in used
            ),
        ]

    def _sizes(self) -> list[str]:
        """Lines that take the sizes from the lengths of the inputs."""
        pairs: list[tuple[Expr, str]] = []
        for total in self.sums:
            bound, _, high = total.limits[0]
            places = [p for p in _places(total.function, bound) if p[0] in self.inputs]
            for name, place in sorted(places, key=lambda p: self.inputs.index(p[0])):
                pairs.append((high, f"len({name}{'[0]' * place})"))
                if high.is_Symbol:
                    self.lengths[name, place] = high.name
        used = {s for expr in self.exprs for s in expr.free_symbols}
        for size, (name, place) in self.statement.sizes.items():
            if size in used and size not in {high for high, _ in pairs}:
                pairs.append((size, f"len({name}{'[0]' * place})"))
                self.lengths[name, place] = size.name
        found: dict[Symbol, str] = {}
        while known := [p for p in pairs if len(p[0].free_symbols - found.keys()) == 1]:
            high, length = known[0]
            (size,) = high.free_symbols - found.keys()
            (value,) = sympy.solve(high - Symbol(length, **WHOLE), size)
            found[size] = f"{size} = {show(value)}"
        self.known = set(found)
        return list(found.values())

    def _bounded(self, total: Sum) -> Sum:
        """The sum with a bound that the code knows: the length of what it runs over."""
        bound, low, high = total.limits[0]
        bounds = {other.limits[0][0] for other in self.sums}
        if high.free_symbols <= self.known | bounds:
            return total
        length = self._length(*_places(total.function, bound)[0])
        return total.func(total.function, (bound, low, Symbol(length, **WHOLE)))

    def _length(self, name: str, place: int) -> str:
        return self.lengths.get((name, place), f"len({name}{'[0]' * place})")

    def _count(self, index: Symbol, expr: Expr) -> str:
        """How many values a free index takes."""
        if index in self.statement.counts:
            return show(self.statement.counts[index])
        places = _places(expr, index)
        return self._length(*(places[0] if places else (self.inputs[0], 0)))

    def _computed(self, expr: Expr, indices: Sequence[Symbol], start: str) -> list[str]:
        """Lines that begin the last with `start` and the value: nested lists over the indices."""
        counts = {index: self._count(index, expr) for index in indices}
        expr = renamed(expr, {*self.inputs})
        expr = expr.replace(lambda e: isinstance(e, Sum), self._bounded)
        expr = stable(expr.xreplace(self.parameters), *optims_c99)
        for named in NAMED:  # a helper may not have the name of what calls it
            if named.__name__ == self.statement.name:
                expr = expr.replace(named, named.stable)
        logs = expr.atoms(LogSumExp) - {expr}
        shared, expr = taken_out(expr, [t for t in logs if not t.free_symbols & {*indices}])
        lines = [f"{name} = {show(total)}" for name, total in shared.items()]
        expr = _from_zero(expr, [*indices, *self.asked])
        if isinstance(expr, Piecewise) and start == "return " and not indices:
            return [*lines, *_cases(expr)]
        value = show(expr)
        for index in reversed(indices):
            value = f"[{value} for {index} in range({counts[index]})]"
        return [*lines, f"{start}{value}"]


def _cases(expr: Piecewise) -> list[str]:
    """One `return` for each case; NaN where none holds."""
    cases = [(value, condition) for value, condition in expr.args if value is not sympy.nan]
    if Or(*(condition for _, condition in cases)) != sympy.true:
        cases.append((sympy.nan, sympy.true))
    *guarded, (rest, _) = cases
    lines = []
    for value, condition in guarded:
        asked = show(condition)
        if isinstance(condition, Relational):
            asked = asked.removeprefix("(").removesuffix(")")
        lines += [f"if {asked}:", f"    return {show(value)}"]
    return [*lines, f"return {show(rest)}"]


def _complete(code: str) -> str:
    """The code below the import and the helpers that it calls."""
    helpers: list[str] = []
    for named in reversed(NAMED):
        if re.search(rf"(?<!def )\b{named.__name__}\(", code):
            t = Symbol("t", real=True)
            helpers.insert(0, f"def {named.__name__}(t):\n    return {show(named.stable(t))}\n")
    if "logsumexp(" in code:
        helpers.append(LOGSUMEXP)
    whole = "\n\n".join([*helpers, code])
    return f"import math\n\n\n{whole}" if "math." in whole else whole


def _places(expr: Expr, index: Symbol) -> list[tuple[str, int]]:
    """Where the index stands in the lists of the expression: their names and axes."""
    return [
        (str(e.base.label), place)
        for e in sorted(expr.atoms(Indexed), key=str)
        for place, found in enumerate(e.indices)
        if found == index
    ]
