"""Reads and writes measured/: a file for each entry, one on torch's versions and two on models, of
which `models_read` is written by hand.

An entry's file has the sections of SECTIONS; what is missing reads as not measured.
"""

import argparse
import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import activations

from .. import cache, messages

FOLDER = cache.ROOT / "measured"
SECTIONS = ("facts", "rounding", "exhaustive", "depth", "frameworks")
WIDTH = 160


def section(slug: str, name: str) -> dict[str, Any]:
    """A section of the entry's file, or nothing; raises InputError for a damaged file."""
    with messages.refused(f"measured/{slug}.json", f"where {name} is read", messages.MEASURE_AGAIN):
        found: dict[str, Any] = read(slug).get(name, {})
        return found


def numerics(slug: str) -> dict[str, Any]:
    """The section `rounding` with `exhaustive` in it, as pages read them; raises InputError."""
    with messages.refused(f"measured/{slug}.json", "where it is read", messages.MEASURE_AGAIN):
        found = section(slug, "rounding")
        return {**found, "exhaustive": section(slug, "exhaustive")} if found else {}


def named(
    parser: argparse.ArgumentParser, arguments: Sequence[str]
) -> tuple[list[str], argparse.Namespace]:
    """The entries that a command's arguments name, or all, and the arguments; exits for others."""
    parser.add_argument("slugs", nargs="*", metavar="slug", help="the entries; else what changed")
    chosen = parser.parse_args(arguments)
    every = activations.slugs()
    if unknown := sorted(set(chosen.slugs) - set(every)):
        parser.error(f"no entry {', '.join(unknown)} in activations/")
    return chosen.slugs or every, chosen


def read(name: str) -> dict[str, Any]:
    """measured/NAME.json as it stands, or nothing; raises InputError."""
    path = FOLDER / f"{name}.json"
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


@functools.cache
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    """The file as it was written at the time `changed`."""
    found: dict[str, Any] = messages.data(path, messages.MEASURE_AGAIN)
    return found


def span(found: Iterable[str]) -> str:
    """Dates or versions as one text: `2.13.0`, or `2.13.0 to 2.14.1` where they differ."""
    ordered = sorted(set(found), key=_numbers)
    return " to ".join(dict.fromkeys([ordered[0], ordered[-1]]))


def newest(found: Iterable[str]) -> str:
    """The last of dates or versions."""
    return max(found, key=_numbers)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def update(slug: str, sections: Mapping[str, Any]) -> None:
    """Put the sections into the entry's file; the others stay as they are."""
    known = {**read(slug), **sections}
    write(slug, {name: known[name] for name in SECTIONS if known.get(name)})


def write(name: str, content: Mapping[str, Any]) -> None:
    """Write measured/NAME.json, whole or not at all."""
    draft = FOLDER / f".{name}.json"
    draft.write_text(text(content) + "\n", encoding="utf-8")
    draft.replace(FOLDER / f"{name}.json")


def text(value: Any, indent: str = "") -> str:
    """The value as JSON that changes line by line.

    What does not fit in a line of WIDTH has each of its parts on a line of its own, but for lists
    of plain values. Raises ValueError for NaN and infinities.
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner = indent + " "
    if isinstance(value, Mapping):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {text(part, inner)}"
            for key, part in value.items()
        ]
    elif isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        parts = [text(part, inner) for part in value]
    else:
        return line
    if len(indent) + len(line) <= WIDTH:
        return line
    joined = ",\n".join(inner + part for part in parts)
    return f"{line[0]}\n{joined}\n{indent}{line[-1]}"
