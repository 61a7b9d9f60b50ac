"""The facts of an entry as the build publishes them, noted so that a change of one is seen.

The build reads none of it: a test compares what is noted with what is published now.
"""

import json
import math
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..cache import ROOT

PUBLISHED = ROOT / "docs" / "generated" / "public" / "activations.json"
FIELDS = ("name", "aliases", "kind", "torch", "functional", "parameters", "facts")
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # differences up to these are rounding


def published(path: Path = PUBLISHED) -> dict[str, dict[str, Any]]:
    """slug -> the FIELDS of the entry in an activations.json."""
    records = json.loads(path.read_text(encoding="utf-8"))["activations"]
    return {slug: {f: record[f] for f in FIELDS} for slug, record in records.items()}


def build() -> dict[str, dict[str, Any]]:
    """What the build publishes now; raises CalledProcessError after it has said why it cannot."""
    subprocess.run([sys.executable, "-m", "gen"], cwd=ROOT, check=True)
    return published()


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """`facts, range, lower was 0.0, is -1.0` for each place where two records differ.

    Numbers that differ by no more than RELATIVE or ABSOLUTE are the same.
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    for path in {**before, **after}:
        was, now = (side.get(path, "absent") for side in (before, after))
        if not _same(was, now):
            yield f"{', '.join(path)} was {was}, is {now}"


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(keys that lead to it, text or number) of all that is in the value; items count from 1."""
    items = dict(enumerate(value, 1)) if isinstance(value, list) else value
    if not isinstance(items, Mapping) or not items:
        yield path, value if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
        return
    for key, part in items.items():
        yield from _leaves(part, (*path, str(key)))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(one == other)
