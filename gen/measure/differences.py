"""Two builds' activations.json, compared: what one publishes that the other does not.

Only what a reader takes for true is compared: facts, defaults and names. How a formula is written
in LaTeX is SymPy's affair, and a difference of rounding is none.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

COMPARED = ("name", "aliases", "kind", "torch", "functional", "parameters", "facts")
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # differences up to these are rounding
NOTHING = object()  # stands for what a build does not publish; JSON's null is a value


def lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """`docs/activations/elu.md: minimum was null, is {...}` for each difference, by page.

    `old` and `new` are the parsed files. A page is wrong where `new` is right.
    """
    before, after = old["activations"], new["activations"]
    found = []
    for slug in sorted(before.keys() | after.keys()):
        page = f"docs/activations/{slug}.md"
        if slug not in after:
            found.append(f"{page}: the activation is gone")
        elif slug not in before:
            found.append(f"{page}: the activation is new")
        else:
            for field in COMPARED:
                one, other = _part(before[slug], field), _part(after[slug], field)
                found += [f"{page}: {line}" for line in _compared(field, one, other)]
    return found


def _compared(path: str, old: Any, new: Any) -> Iterator[str]:
    """One line for each place at which the two differ; `path` leads to them."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compared(_joined(path, key), _part(old, key), _part(new, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            label = one["name"] if isinstance(one, Mapping) and "name" in one else place + 1
            yield from _compared(_joined(path, str(label)), one, other)
    elif not _same(old, new):
        yield f"{path} was {_written(old)}, is {_written(new)}"


def _joined(path: str, key: str) -> str:
    """The path of a part; the facts go by their own names."""
    return key if path == "facts" else f"{path}, {key}"


def _part(record: Mapping[str, Any], key: str) -> Any:
    return record.get(key, NOTHING)


def _same(old: Any, new: Any) -> bool:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (old, new))
    if numbers:
        return math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(old) is type(new) and bool(old == new)


def _written(value: Any) -> str:
    return "absent" if value is NOTHING else json.dumps(value, ensure_ascii=False)
