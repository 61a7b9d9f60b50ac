"""Results that are kept, one build at a time, and whole folders in place of old ones.

A result is kept under a digest of all that it depends on: what it is made of, the code that makes
it, what the entries share, and the libraries. Digests hold no path and name no machine, so FOLDER
can be carried to another place, and deleted at any time. Nothing heavy is imported before a result
is asked for.
"""

import contextlib
import functools
import hashlib
import json
import os
import pkgutil
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GEN = ROOT / "gen"
FOLDER = ROOT / ".cache"
INPUTS = (
    "activations", "docs", "gen", "measured", "web", "CITATION.cff", "package-lock.json",
)  # fmt: skip
LIMIT = "100M"  # some eight times what one build keeps
FEW = 4  # so many results are made in the time that workers need to import torch
# what editors, systems, git, Jupyter and Python leave beside files
LEFT = re.compile(r"^[.#]|~$|\.orig$|^(__pycache__|Thumbs\.db)$")
PINNED = re.compile(r"^([\w.-]+)==", re.M)
IMPORT = re.compile(r"^ *from (\.+)([\w.]*) import (\([^)]*\)|.*)", re.M)
Files = dict[str, bytes]

AT_FDCWD = -100  # linux/fcntl.h: paths are taken as they are
RENAME_EXCHANGE = 2  # linux/fs.h


def digest(*parts: str | bytes | Mapping[str, bytes]) -> str:
    """A name for what the parts hold: texts, bytes, and files by their names."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Mapping):
            part = digest(*(item for pair in sorted(part.items()) for item in pair))
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()[:32]


def below(home: Path) -> dict[str, Path]:
    """Every file below the folder, by its name there, but for what tools leave beside files."""
    found = {}
    start = len(f"{home}{os.sep}")
    for place, folders, names in os.walk(home):
        folders[:] = [name for name in folders if not LEFT.search(name)]
        for name in names:
            if not LEFT.search(name):
                path = f"{place}{os.sep}{name}"
                found[path[start:].replace(os.sep, "/")] = Path(path)
    return dict(sorted(found.items()))


def read(*places: str) -> Files:
    """What these files and folders of the checkout hold that people write, by name."""
    found = {}
    for place in places:
        home = ROOT / place
        for name, path in [("", home)] if home.is_file() else below(home).items():
            if not name.startswith("generated/"):
                found[f"{place}/{name}"] = path.read_bytes()
    return found


@functools.cache
def libraries() -> str:
    """The versions of what is installed of requirements.txt, and the locked ones of npm.

    Raises PackageNotFoundError for a package that is not installed.
    """
    pinned = PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    versions = [f"{name} {version(name)}" for name in pinned]
    locked = digest((ROOT / "package-lock.json").read_bytes())
    return "\n".join([platform.python_version(), *versions, locked])


def shared() -> list[str]:
    """What the entries share: the files of activations/ that begin with _."""
    return [f"activations/{path.name}" for path in ROOT.glob("activations/_*.py")]


@functools.cache
def code(module: str) -> str:
    """A name for the code that a module of gen/ runs, with the libraries."""
    run = {os.path.relpath(path, ROOT): path.read_bytes() for path in files(module)}
    return digest(run, read(*shared()), libraries())


def files(module: str) -> set[Path]:
    """The files of a module, of what it imports, and of what that imports.

    A file that is no module counts where its name stands in one that does.
    """
    spec = find_spec(module)
    assert spec and spec.origin
    waiting, found = {Path(spec.origin)}, set()
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= _used(path) - found
    return found


@functools.cache
def _used(path: Path) -> set[Path]:
    """The files of gen/ that a file imports or names."""
    text = path.read_text(encoding="utf-8")
    used = {other for other in _sources() if other.suffix != ".py" and other.name in text}
    if path.suffix == ".py":
        used |= {folder / "__init__.py" for folder in path.parents[:2]}
        if path.name == "__init__.py" and "__path__" in text:  # it looks for its modules
            used |= set(path.parent.glob("*.py"))
        for dots, package, names in IMPORT.findall(text):
            home = path.parents[len(dots) - 1].joinpath(*package.split("."))
            for place in (home, *(home / name for name in re.findall(r"\w+", names))):
                used |= {place.with_suffix(".py"), place / "__init__.py"}
    return used & _sources()


@functools.cache
def _sources() -> set[Path]:
    return {*below(GEN).values()}


@dataclass(frozen=True)
class Job:
    """Files that are made and kept: what makes them, and what from.

    `work` is "package.module:function", imported only where it runs; the function takes `source`
    and returns the files by their names. `reads` are the files and folders of the checkout that it
    reads besides.
    """

    work: str
    source: Any
    reads: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        module = self.work.partition(":")[0]
        return digest(code(module), self.work, json.dumps(self.source), read(*self.reads))

    def made(self) -> Files:
        """The files, made now, by their names."""
        return encoded(pkgutil.resolve_name(self.work)(self.source))


def results(jobs: Sequence[Job]) -> list[Files]:
    """The files of each job; those that are not kept are made, if they are many on every core."""
    keyed = {job.key: job for job in jobs}
    missing = {k: job for k, job in keyed.items() if not _memory(FOLDER).check_call_in_cache(k, 0)}
    if len(missing) > FEW:
        from joblib import Parallel, cpu_count, delayed

        told = 5 if sys.stderr.isatty() else 0  # how often joblib tells what is done
        workers = Parallel(n_jobs=min(cpu_count(), len(missing)), verbose=told)
        workers(delayed(kept)(key, job.made, FOLDER) for key, job in missing.items())
    return [kept(key, job.made) for key, job in keyed.items()]


def found(work: Callable[..., Any], *given: Any, depends: Any = None) -> Any:
    """What `work` returns for SymPy objects and texts, kept though the entry's text changes.

    `depends` is what it reads of `given`, where `given` is anything else.
    """
    from sympy import srepr

    text = srepr(given if depends is None else depends)
    key = digest(code(work.__module__), work.__qualname__, text)
    return kept(key, functools.partial(work, *given))


def kept(key: str, make: Callable[[], Any], folder: Path | None = None) -> Any:
    """What `make` returns, or returned before for this key; raises OSError if it cannot be kept."""
    try:
        return _memory(folder or FOLDER)(key, make)
    except Warning as error:
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None
        raise


def _kept(key: str, make: Callable[[], Any]) -> Any:
    return make()


@functools.cache
def _memory(folder: Path) -> Any:
    """`_kept`, which joblib runs only for keys that it does not know in this folder."""
    import logging
    import warnings

    from joblib import Memory

    logging.getLogger("joblib").setLevel(logging.ERROR)  # a damaged result is made anew
    warnings.filterwarnings("error", "Unable to cache to disk")
    return Memory(folder / "joblib", verbose=0).cache(_kept, ignore=["make"])


def forget() -> None:
    """Let go of what was not asked for longest, once there is more than LIMIT."""
    from joblib import Memory

    Memory(FOLDER / "joblib", verbose=0).reduce_size(bytes_limit=LIMIT)


def stop() -> None:
    """End the workers, if there are any, and what joblib put down for them."""
    if "joblib" in sys.modules:
        from joblib.externals.loky import reusable_executor

        if reusable_executor._executor:
            reusable_executor._executor.terminate(kill_workers=True)


def inputs() -> str:
    """A name for all that a build reads."""
    return digest(read(*INPUTS), libraries())


def is_built(inputs: str, place: Path) -> bool:
    """Whether the folder is, byte for byte, what a build made of these inputs."""
    note = FOLDER / "built"
    return note.is_file() and note.read_text("utf-8") == digest(inputs, contents(place))


def note_built(inputs: str, place: Path) -> None:
    (FOLDER / "built").write_text(digest(inputs, contents(place)), encoding="utf-8")


@contextlib.contextmanager
def held(name: str) -> Iterator[None]:
    """Hold the checkout's lock of that name; say so if another run has it, and wait.

    The system lets go of a lock when its process ends, however it ends.
    """
    from filelock import FileLock, Timeout

    FOLDER.mkdir(parents=True, exist_ok=True)
    lock = FileLock(FOLDER / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("gen: another build runs in this folder; waiting until it ends", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def encoded(made: Mapping[str, str | bytes]) -> Files:
    """The files with their texts in UTF-8."""
    return {n: found.encode() if isinstance(found, str) else found for n, found in made.items()}


def contents(place: Path) -> Files:
    """What each file below the folder holds, by its name there."""
    return {name: path.read_bytes() for name, path in below(place).items()}


def publish(made: Mapping[str, str | bytes], place: Path) -> None:
    """Have the folder hold these files and no others, all at once.

    What is as it was keeps its file, with its time; if all is, nothing is written.
    """
    draft = place.with_name(f".{place.name}-new")
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
    files, present = encoded(made), contents(place)
    if present == files:
        return
    try:
        for name, content in sorted(files.items()):
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if present.get(name) == content:
                with contextlib.suppress(OSError):  # a file system may know no links
                    os.link(place / name, path)
            if not path.exists():
                path.write_bytes(content)
        swap(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def swap(new: Path, place: Path) -> None:
    """Put the folder `new` in `place`; what was there is in `new` afterwards, if anything was."""
    if not place.exists():
        new.rename(place)
    elif not (sys.platform == "linux" and _exchanged(new, place)):
        # only here a run that is killed leaves nothing in place; the next one then writes all
        old = new.with_name(f"{new.name}-old")
        place.rename(old)
        new.rename(place)
        old.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders by one call; False where that cannot be. See renameat2(2)."""
    import ctypes

    call = getattr(ctypes.CDLL(None), "renameat2", None)
    return call is not None and not call(
        AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE
    )
