"""The parts that tell of every activation: the catalogue, the guided choice, the comparison."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import catalogue, choose, compare

Record = Mapping[str, Any]
# the fields of a record that are read here
FIELDS = (
    "slug", "name", "aliases", "family", "kind", "thumbnail", "torch", "functional", "parameters",
    "formulas", "papers", "range", "facts", "piecewise_linear", "moments", "choices",
)  # fmt: skip


def write(
    source: tuple[Sequence[Record], Mapping[str, str], Mapping[str, Record], str, str],
    folder: Path,
) -> None:
    """Write catalogue.md, choose/guide.md and compare/tool.md into `folder`.

    `source` is the records, the year of each paper, the rounding errors by slug and dtype, and the
    texts of docs/choose.md and docs/compare.md. Raises InputError.
    """
    records, years, errors, choosing, comparing = source
    texts = {
        "catalogue.md": catalogue.table(records, years),
        "choose/guide.md": choose.guide(choosing, records, errors),
        "compare/tool.md": compare.form(comparing, records),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
