"""Reads what people write; what cannot be read is refused with its file, its line and the fix."""

import contextlib
import errno
import json
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cache import ROOT

MEASURE_AGAIN = (
    "restore the file with git, or delete it and measure again: see measure in the Makefile"
)
REINSTALL = "run: python -m pip install -r requirements.txt"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BLOCK = re.compile(r"^( *)(```+|~~~+).*?^\1\2", re.S | re.M)
# code in a line of text, and what a backslash keeps from being markup
CODE = re.compile(r"\\[^\n]|(`+)(?!`)(?:[^\n]|\n(?!\n))+?(?<!`)\1(?!`)")


class InputError(ValueError):
    """Input that cannot be published; the message names the file, the place in it and the fix."""


def name(path: Path) -> str:
    """The path as messages spell it: below the project's folder where it is there."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def line_of(text: str, position: int) -> int:
    """The number of the line that holds the position, counted from 1."""
    return text.count("\n", 0, position) + 1


def text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark and with any line ends.

    Raises InputError.
    """
    where = name(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{where} is missing; write it, or restore it with git") from None
    except OSError as error:
        raise InputError(f"{where} cannot be read: {error.strerror}; correct that") from None
    try:
        found = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{where}, line {line}: the byte {content[error.start]:#04x} is not UTF-8; save the"
            " file in UTF-8"
        ) from None
    found = re.sub("\r\n?", "\n", found)
    if control := CONTROL.search(found):
        raise InputError(
            f"{where}, line {line_of(found, control.start())}: the invisible character"
            f" U+{ord(control[0]):04X} has no meaning here; delete it"
        )
    return found


def data(path: Path, remedy: str) -> Any:
    """What a JSON file holds; raises InputError, which ends in the remedy."""
    try:
        return json.loads(text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{name(path)}, line {error.lineno}: {error.msg}; {remedy}") from None
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name(path)}: {error}; {remedy}") from None


def fields(source: str, where: str, first: int = 1) -> dict[str, Any]:
    """The fields of a YAML text whose first line is line `first` of `where`; raises InputError."""
    import yaml

    try:
        found = yaml.safe_load(source)
    except yaml.MarkedYAMLError as error:
        line = first + (error.problem_mark.line if error.problem_mark else 0)
        raise InputError(
            f"{where}, line {line}: {error.problem}; write 'field: value', with quotes around a"
            " value that holds a colon"
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{where}, from line {first}: {error}; mend the YAML there") from None
    if not isinstance(found, dict):
        raise InputError(f"{where}, line {first}: no fields; write them as 'field: value'")
    return found


def without_blocks(markdown: str) -> str:
    """The text with its blocks of code blanked; every line keeps its place."""
    return BLOCK.sub(_blank, markdown)


def without_code(markdown: str) -> str:
    """The text with all code and escaped characters blanked; the others keep their places."""
    return CODE.sub(_blank, without_blocks(markdown))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def told(error: BaseException) -> str:
    """The remedy, or the message; of an error that nobody foresaw, also how to find its place."""
    if known := advice(error) or (teaches(error) and str(error)):
        return known
    kind = type(error).__name__
    return f"{kind}: {error}; nobody foresaw this: set GEN_TRACEBACK=1 to see where it arose"


def advice(error: BaseException) -> str | None:
    """The fault of the machine and its remedy; None if the error's own message has to do."""
    if isinstance(error, ImportError):
        return f"{error}; {REINSTALL}, with --force-reinstall if it is there"
    if isinstance(error, OSError) and error.errno in FULL:
        return f"{error}; the disk is full: free some space and run again"
    if isinstance(error, OSError) and error.errno in CLOSED:
        return f"{error}; it cannot be written: mount it for writing or change its owner"
    if any(kind.__name__ == "BrokenProcessPool" for kind in type(error).__mro__):
        return "a worker was ended from outside, perhaps for lack of memory; run again"
    return None


def teaches(error: BaseException) -> bool:
    """Whether the error is one of ours, whose message says what to change."""
    return type(error).__module__.partition(".")[0] in ("activations", "gen")


@contextlib.contextmanager
def bounded(seconds: float, where: str) -> Iterator[None]:
    """Raise InputError once so many seconds of CPU time are spent within, where the system has a
    clock for that, and signals reach this thread."""
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def stop(*_: object) -> None:
        raise InputError(
            f"{where}: its facts and pictures took over {seconds:g} s; write the formula in fewer"
            " cases or simpler functions"
        )

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def refused(where: str, doing: str, remedy: str) -> Iterator[None]:
    """Raise as an InputError whatever goes wrong within, but for what the machine does wrong."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if teaches(error):
            raise
        raise InputError(f"{where}: {type(error).__name__} {doing}: {error}; {remedy}") from error
