"""How each kind of activation is checked, analysed and drawn.

A kind is a module with the same six functions:

- `check(entry)`: hold the formula against torch; raise DisagreementError, or return the count of
  comparisons;
- `facts(entry)`: what `/activations.json` publishes under `facts`;
- `rows(entry, facts)`: the table of facts on the page, the first few also at its top;
- `tables(entry)`: how the facts depend on the parameters, as Markdown tables;
- `drawings(entry, facts)`: the plots, the main one first;
- `thumbnail(entry)`: a small picture for the catalogue.
"""

from types import ModuleType

from ..facts.fact import Row
from . import elementwise, gate, layer, noise, vector

KINDS: dict[str, ModuleType] = {
    "elementwise": elementwise,
    "gated": gate,
    "normalising": vector,
    "stochastic": noise,
    "layer": layer,
}

__all__ = ["KINDS", "Row"]
