"""The catalogue of activation functions.

One module is one activation: the module's name is the object's name, the slug, the page and
the address. `CATALOGUE` maps each slug to its `Activation`, in alphabetical order.
"""

import importlib
import pkgutil
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._entry import Activation


def load(slug: str) -> "Activation":
    """Import the entry of `slug`; raise EntryError, naming the file, if it is not one."""
    from ._entry import Activation, EntryError

    where = f"activations/{slug}.py"
    try:
        module = importlib.import_module(f"{__name__}.{slug}")
    except EntryError as error:
        raise EntryError(f"{where}: {error}") from None
    except Exception as error:
        raise EntryError(f"{where} does not import: {type(error).__name__}: {error}") from error
    entry = getattr(module, slug, None)
    if not isinstance(entry, Activation):
        raise EntryError(f"{where} must define an Activation named {slug}, like its file")
    return replace(entry, slug=slug)


def slugs() -> list[str]:
    """The names of the entry files, without importing them."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def __getattr__(name: str) -> "dict[str, Activation]":
    if name != "CATALOGUE":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["CATALOGUE"] = catalogue = {slug: load(slug) for slug in slugs()}
    return catalogue
