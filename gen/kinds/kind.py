"""What every kind of function can do: a kind is a shape, which inputs and which outputs."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from sympy import Expr, Symbol

from activations._entry import Activation, Run

from ..drawing.plots import Drawing, Thumbnail
from ..evaluation.agreement import Point, judge
from ..evaluation.formula import at, high_precision
from ..evaluation.torch_side import torch_version
from ..facts import words
from ..facts.family import Family, Row
from ..printing import statements
from ..printing.sliders import Controls
from ..printing.statements import Statement

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Words:
    """How a page speaks of a shape's inputs.

    `source`: what facts are computed or measured on. `special`: the titles of the table of special
    inputs. `tried`: what rounding errors were measured on, with {float32} for those of float32, and
    `against`: what follows the words on the formula. `textbook`: what its formula is given. `mode`:
    the mode that torch was in. `stands_in`: what ±∞ and NaN stand in for x of, in other frameworks.
    """

    source: str
    special: tuple[str, ...]
    tried: str
    against: str = ""
    textbook: str = ""
    mode: str = ""
    stands_in: str = "x"


class Kind(ABC):
    """The shape of one entry's function, and all that follows from it.

    A new kind is a class in a module of this folder with `name`, which entries use, `published`,
    which data use, `words`, and the abstract methods; the others have a default.
    """

    name: ClassVar[str]
    published: ClassVar[str]
    words: Words
    inputs: tuple[str, ...] = ("x",)
    has_rounding_by_place: ClassVar[bool] = False  # whether errors are told with the x they are at
    lists_optional_arguments: ClassVar[bool] = True  # or cuts them short
    counted_in_models: ClassVar[str] = "uses"  # by models: "uses", "gates", or not: ""

    def __init__(self, entry: Activation) -> None:
        self.entry = entry
        if entry.noise is not None:
            self.inputs = (*self.inputs, str(entry.noise.symbol))

    # what it can serve

    def problems(self) -> Iterator[str]:
        """What the entry lacks, or states in vain, for this kind: each with its remedy."""
        if self.entry.runs is not None:
            yield "runs are stated, which only a layer has; take them out, or write kind='layer'"

    def undeclared(self, instead: str) -> Iterator[str]:
        """That the formula uses symbols which nothing declares, where it does."""
        if extra := self.entry.formula.free_symbols - self.symbols():
            names = ", ".join(sorted(map(str, extra)))
            fix = f"declare it or use {instead}"
            yield f"formula uses {names}, which no parameter declares; {fix}"

    def symbols(self) -> set[Any]:
        """The symbols that a formula of this kind may use."""
        entry = self.entry
        found: set[Any] = {Symbol(name, real=True) for name in self.inputs}
        found |= {parameter.symbol for parameter in entry.parameters.values()} | {*entry.where}
        return found | ({entry.noise.symbol} if entry.noise else set())

    def shown(self) -> Expr:
        """The formula at the shown setting."""
        return at(self.entry, self.entry.setting)

    # formula against torch

    @abstractmethod
    def points(self) -> Iterator[Point]:
        """Comparisons of the formula with torch; evaluated in high precision."""

    def check(self) -> int:
        """Hold the formula against torch; raise DisagreementError, or return the comparisons."""
        with high_precision():
            return judge(self.entry, self.points())

    # facts

    @abstractmethod
    def facts(self) -> Family:
        """What is true of the function. Raises UndeterminedError."""

    def rows(self, facts: Any) -> list[Row]:
        """The table of facts on the page, the first few also at its top."""
        return [*facts.rows()]

    def provenance(self, rows: Sequence[Row]) -> str:
        """How the facts came about, and at which setting."""
        setting = words.setting(self.entry)
        where = f", at {setting}" if setting else ""
        return f"Measured in float64 with torch {torch_version()}, {self.words.source}{where}."

    def exactly(self) -> str:
        """How facts that follow from the formula came about."""
        setting = words.setting(self.entry)
        default = "torch has no defaults" if self.entry.shown else "the default"
        where = f" at {setting} ({default})" if setting else ""
        return f"Exact: computed from the formula in 50-digit arithmetic{where}."

    def tables(self) -> list[str]:
        """How the facts depend on the parameters, as Markdown tables."""
        return []

    def moments(self, facts: Any) -> Mapping[str, Any] | None:
        """What becomes of standard normal inputs; None where more than one number goes in."""
        return None

    def samples(self) -> str | None:
        """The text of `/samples/<slug>.csv`; None where more than one number goes in."""
        return None

    def degree(self) -> int | None:
        """The highest degree of its pieces; None unless they are polynomials of one number."""
        return None

    # drawings

    @abstractmethod
    def drawings(self, facts: Any) -> list[Drawing]:
        """The plots, the main one first."""

    @abstractmethod
    def thumbnail(self) -> Thumbnail:
        """A small picture for the catalogue."""

    def controls(self, drawing: Drawing) -> Controls | None:
        """How the main drawing moves; None where it stands still."""
        return None

    # formulas

    def statements(self) -> list[Statement]:
        """Definition, derivatives, second derivative, what its symbols stand for, variants."""
        definition = self.definition()
        found = [definition, *self.derivatives(), *self.second_derivative()]
        stood_for = [statements.meaning(key, value) for key, value in self.entry.where.items()]
        known: Any = {"inputs": self.inputs, "meanings": self.meanings(), "sizes": self.sizes()}
        return [
            *(replace(s, **known, given=self.given()) for s in found),
            *(replace(s, **known) for s in stood_for),
            *(replace(s, **known, given=self.given()) for s in self._variants(definition)),
        ]

    def _variants(self, definition: Statement) -> list[Statement]:
        return statements.variants(self.entry, definition)

    @abstractmethod
    def definition(self) -> Statement:
        """The formula with its left side."""

    def derivatives(self) -> list[Statement]:
        """The derivative, or one by each input."""
        return []

    def second_derivative(self) -> list[Statement]:
        """The second derivative of a function of one number."""
        return []

    def given(self) -> tuple[str, ...]:
        """The inputs that code takes even where a formula does not use them."""
        return type(self).inputs

    def meanings(self) -> dict[Expr, Expr]:
        """What the symbols of the formulas stand for."""
        return dict(self.entry.where)

    def sizes(self) -> dict[Symbol, tuple[str, int]]:
        """The symbols of lengths, each with the input and the axis that it is the length of."""
        return {}

    def notes(self) -> list[str]:
        """What a reader must be told of the signs in the formulas."""
        return []

    def script(self) -> str | None:
        """The function as a JavaScript module. Raises PrintingError."""
        return None

    # measuring

    @abstractmethod
    def rounding(self, device: "torch.device") -> dict[str, Any]:
        """What torch makes of it in each dtype, against the formula."""

    def special_input(self, text: str) -> str | None:
        """A special input of the table in words, where it is not the number itself."""
        return None

    @abstractmethod
    def inputs_elsewhere(self) -> str:
        """The name of the set of inputs that other frameworks are given."""

    def own_inputs(self) -> Sequence[Run]:
        """Runs of inputs of its own, where other frameworks are given those."""
        return []
