"""The catalogue page's tables and `/activations.json`, from the entries' records."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from activations._families import FAMILIES

INTERNAL = ("slug", "thumbnail", "range", "formulas", "anchors")


def tables(records: Sequence[Mapping[str, Any]]) -> str:
    """One section for each family, one row for each activation."""
    sections = []
    for family, (title, shared) in FAMILIES.items():
        members = [r for r in records if r["family"] == family]
        if not members:
            continue
        rows = "\n".join(_row(record) for record in members)
        sections.append(
            f"## {title} {{: #{family} }}\n\n{shared}\n\n"
            "| | Function | Formula | Range | Paper |\n| --- | --- | --- | --- | --- |\n"
            f"{rows}\n"
        )
    return "\n".join(sections)


def _row(record: Mapping[str, Any]) -> str:
    name = f"[{record['name']}](/activations/{record['slug']}.md)"
    if record["aliases"]:
        name += f"<br><small>{', '.join(record['aliases'])}</small>"
    return (
        f"| {record['thumbnail']} | {name} | ${record['formulas']}$ | {record['range']}"
        f" | [@{record['papers'][0]}] |"
    )


def published(records: Sequence[Mapping[str, Any]], torch_version: str) -> str:
    """The text of `/activations.json`."""
    entries = {r["slug"]: {k: v for k, v in r.items() if k not in INTERNAL} for r in records}
    return (
        json.dumps({"torch": torch_version, "activations": entries}, indent=1, ensure_ascii=False)
        + "\n"
    )
