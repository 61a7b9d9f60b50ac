"""A folder of results, each under a key made of all that it depends on.

A result is a folder that is renamed into place when it is complete, so that a killed run leaves
none half-written. The cache can be deleted at any time.
"""

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "gen"
LIBRARIES = ("torch", "sympy", "mpmath", "matplotlib", "numpy")

# modules that handle finished results; changing one makes no entry stale
HANDLING = {"__main__", "cache", "catalogue", "citations", "data", "formulas", "hook", "jobs"}
HANDLING |= {"bibliography", "bundle", "compare", "csl", "guide", "imprint", "notebook", "pages"}
HANDLING |= {"paper_rules", "papers", "structured"}


def digest(*contents: bytes) -> str:
    """A name for the contents, each of its own length."""
    total = hashlib.sha256()
    for content in contents:
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:32]


def libraries() -> bytes:
    """The versions of what computes; a snippet depends on nothing else but its own text."""
    return "\n".join(
        [platform.python_version(), *(f"{name} {version(name)}" for name in LIBRARIES)]
    ).encode()


def program() -> bytes:
    """What every entry depends on: the code that computes and draws, and its libraries."""
    sources = [*ROOT.glob("gen/*.py"), *ROOT.glob("gen/kinds/*.py"), *ROOT.glob("gen/*.mjs")]
    computing = [path for path in sorted(sources) if path.stem not in HANDLING]
    shared = [*sorted(ROOT.glob("activations/_*.py")), ROOT / "package-lock.json"]
    return digest(*(path.read_bytes() for path in [*computing, *shared]), libraries()).encode()


def folder(key: str) -> Path:
    return FOLDER / key


def store(key: str, write: Callable[[Path], None]) -> Path:
    """The folder of `key`, written by `write` unless it is there already."""
    home = folder(key)
    if home.is_dir():
        return home
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=FOLDER, prefix=".draft-"))
    try:
        write(draft)
        os.chmod(draft, 0o755)
        draft.rename(home)
    except OSError:
        if not home.is_dir():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return home


def keep_only(keys: Iterable[str]) -> None:
    """Remove every result that is not in `keys`, and what killed runs left."""
    wanted = set(keys)
    for path in FOLDER.glob("*"):
        if path.name not in wanted:
            shutil.rmtree(path, ignore_errors=True)
