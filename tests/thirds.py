"""A kind of function that gen/ does not have: of three thirds of one tensor."""

import itertools
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import torch
from mpmath import mpf
from pydantic import ConfigDict
from sympy import Symbol

from activations._notation import a, b

from ..drawing import plots
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import Point
from ..evaluation.formula import numeric
from ..facts.family import Fact, Family
from ..printing.statements import Statement, operator
from .kind import Kind, Words

c = Symbol("c", real=True)
GRID = (-30.0, -1.0, 0.0, 0.5, 4.0)


class ThirdsFacts(Family):
    """Of the kind thirds."""

    model_config = ConfigDict(title="Facts of a function of three thirds")
    family: ClassVar = "thirds"

    thirds: Annotated[
        int, Fact("Inputs", words=lambda facts: "three thirds of one tensor", key="inputs")
    ]
    """how many"""


class Thirds(Kind):
    name = published = "thirds"
    words = Words(source="on a grid", special=("a, b, c", "Output"), tried="a grid")
    inputs = ("a", "b", "c")

    def _apply(self, rows: Any) -> list[float]:
        inputs = torch.tensor(rows, dtype=torch.float64)
        return torch_side.callable_at(self.entry, self.entry.setting)(inputs)[:, 0].tolist()

    def points(self) -> Iterator[Point]:
        f = numeric(self.entry.formula, a, b, c)
        rows = [*itertools.product(GRID, GRID, GRID)]
        for row, value in zip(rows, self._apply(rows), strict=True):
            yield Point("value", {}, f"(a, b, c) = {row}", value, f(*map(mpf, row)), 900)

    def facts(self) -> ThirdsFacts:
        return ThirdsFacts(thirds=3)

    def drawings(self, facts: ThirdsFacts) -> list[Drawing]:
        return [Drawing("none", '<svg viewBox="0 0 1 1"></svg>', "Nothing.", "Nothing.")]

    def thumbnail(self) -> Thumbnail:
        return plots.bars([[1.0, 2.0, 0.5], self._apply([(1.0, 2.0, 0.5)])])

    def definition(self) -> Statement:
        left = f"{operator(self.entry)}(a, b, c)"
        return Statement("definition-formula", self.entry.slug, left, self.entry.formula)

    def rounding(self, device: torch.device) -> dict[str, Any]:
        return {"errors": {}, "special": {}, "integers": {}, "textbook": None}

    def inputs_elsewhere(self) -> str:
        return "rows"
