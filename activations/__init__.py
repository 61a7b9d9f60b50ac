"""The catalogue of activation functions.

One module is one activation: the module's name is the object's name, the slug, the page and
the address. `CATALOGUE` maps each slug to its `Activation`, in alphabetical order.
"""

import functools
import importlib.util
import keyword
import pkgutil
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._entry import Activation


# what a module of this package may not be called: its own functions, the catalogue's page, and the
# files of measured/ that are of no entry
TAKEN = ("index", "load", "slugs", "models", "models_read", "torch_versions")


def load(slug: str) -> "Activation":
    """The entry of `slug` as its file stands; raise EntryError, naming the file, if it is none."""
    from ._entry import Activation, EntryError

    where = f"activations/{slug}.py"
    if not slug.isidentifier() or keyword.iskeyword(slug) or slug in TAKEN or not slug.isascii():
        raise EntryError(
            f"{where}: {slug} can name no object and page; rename the file to a name in lower-case"
            f" letters, digits and _, other than {', '.join(TAKEN)} and Python's own words"
        )
    try:
        paths = [Path(folder, f"{slug}.py") for folder in __path__]
        path = next((path for path in paths if path.is_file()), paths[0])
        module = _run(f"{__name__}.{slug}", path, path.read_bytes())
    except EntryError as error:
        raise EntryError(f"{where}: {error}") from None
    except (Exception, SystemExit) as error:
        raise EntryError(
            f"{where} does not import: {type(error).__name__}: {error}{_line(error, where)};"
            " correct it there; activations/_entry.py says which fields an entry has"
        ) from error
    entry = getattr(module, slug, None)
    if not isinstance(entry, Activation):
        found = [name for name, value in vars(module).items() if isinstance(value, Activation)]
        raise EntryError(
            f"{where} must define an Activation named {slug}, like its file; it defines"
            f" {', '.join(found) or 'none'}"
        )
    return replace(entry, slug=slug)


@functools.cache
def _run(name: str, path: Path, source: bytes) -> ModuleType:
    """The module of this source, run anew once the source differs.

    Python's own import would keep the first one for as long as the process lives.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source, path, "exec"), vars(module))
    return module


def _line(error: BaseException, where: str) -> str:
    """` (line 3)`: where the error left the entry's file; nothing where the message says it."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.replace("\\", "/").endswith(f"/{where}")
    ]
    return f" (line {lines[-1]})" if lines else ""


def slugs() -> list[str]:
    """The names of the entry files, without importing them."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def __getattr__(name: str) -> "dict[str, Activation]":
    if name != "CATALOGUE":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["CATALOGUE"] = catalogue = {slug: load(slug) for slug in slugs()}
    return catalogue
