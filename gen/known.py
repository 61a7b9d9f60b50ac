"""What was found of an expression or a text, kept while that stays, though its entry changes."""

import functools
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sympy import Expr, srepr

from . import cache

# what computes a fact or a text of an expression; drawing and pages have no part in it
ROOMS = ("evaluation", "facts", "node", "printing")

_program = functools.cache(lambda: cache.rooms(*ROOMS) + cache.entries())
_used: set[str] = set()


def found(what: str, depends: Expr | tuple[Any, ...], find: Callable[[], Any]) -> Any:
    """The value that `find` returns, or returned before for the same `depends`."""
    key = cache.digest(_program(), what.encode(), srepr(depends).encode())

    def write(folder: Path) -> None:
        (folder / "found").write_bytes(pickle.dumps(find()))

    cache.store(key, write)
    _used.add(key)
    return pickle.loads((cache.folder(key) / "found").read_bytes())


def forget() -> None:
    """Begin to note anew what is asked."""
    _used.clear()


def keys() -> list[str]:
    """The results that were asked for since `forget`, by their keys in the cache."""
    return sorted(_used)
