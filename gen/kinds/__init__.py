"""The shapes of functions. A kind is one class in one module of this folder; `of` finds it."""

import functools
import importlib
import pkgutil
from typing import cast

from activations._entry import Activation, EntryError

from .kind import Kind
from .noise import Noise


@functools.cache
def _shapes() -> dict[str, type[Kind]]:
    """The kinds by the names that entries use."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {shape.name: shape for shape in Kind.__subclasses__()}


def of(entry: Activation) -> Kind:
    """The entry's kind; raises EntryError for one that cannot serve it, with what is missing."""
    shapes = _shapes()
    if entry.kind not in shapes:
        raise EntryError(
            f"activations/{entry.slug}.py: kind {entry.kind!r} is unknown; use one of"
            f" {', '.join(sorted(shapes))}"
        )
    kind: Kind = shapes[entry.kind](entry)
    if entry.noise is not None:
        kind = cast(Kind, Noise(entry, kind))
    for problem in kind.problems():
        raise EntryError(f"activations/{entry.slug}.py: {problem}")
    return kind


__all__ = ["Kind", "of"]
