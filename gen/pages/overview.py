"""The parts that are made of all entries at once."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from ..measure import files
from . import catalogue, choose, compare, data, written

Record = dict[str, Any]


def parts(
    pages: Sequence[written.Page], records: Sequence[Record], papers: Mapping[str, Any]
) -> dict[str, str]:
    """The texts by their names in docs/generated/; `papers` has the year of each paper by its key.

    Raises InputError for a page that asks for what is not there.
    """
    slugs = (record["slug"] for record in records)
    errors = {s: files.section(s, "rounding").get("cpu", {}).get("errors", {}) for s in slugs}
    choosing, comparing = (
        written.named(f"{name}.md", pages).text for name in ("choose", "compare")
    )
    torch_version = version("torch").split("+")[0]
    return {
        "home/counts.md": counts(records, papers),
        "catalogue.md": catalogue.table(records, {k: p["year"] for k, p in papers.items()}),
        "choose/guide.md": choose.guide(choosing, records, errors),
        "compare/tool.md": compare.form(comparing, records),
        "data/fields.md": data.field_tables(records),
        "data/families.md": data.model_fields(),
        "data/anchors.md": data.anchors(records),
        "public/activations.json": catalogue.published(records, torch_version),
        "public/activations.csv": data.table(records),
        **{f"public/{name}": text for name, text in data.schemas(records).items()},
    }


def counts(records: Sequence[Record], papers: Mapping[str, Any]) -> str:
    """One sentence: how much there is, and how much of it was compared."""
    checked = sum(record["checked"] for record in records)
    beyond = sum(map(catalogue.is_beyond_torch, records))
    return (
        f"{len(records) - beyond} functions of torch, {beyond} beyond it, {len(papers)} papers,"
        f" and {checked:,} values and slopes that this build held against torch.\n"
    )
