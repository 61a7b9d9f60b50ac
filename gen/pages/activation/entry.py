"""Everything that is computed for one entry, written into one folder of the cache."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

import activations
from activations._entry import Activation

from ... import known, messages
from ...drawing import cards
from ...evaluation.formula import at, is_piecewise_linear
from ...facts import samples
from ...facts.scalar import UndeterminedError
from ...kinds import KINDS
from ...printing import copies, javascript, javascript_vectors
from . import controls, elsewhere, parts, rounding

Measured = Mapping[str, Any]


def write(source: tuple[str, Measured, Measured], folder: Path) -> None:
    """Check the entry and write its parts, drawings, card and record into `folder`.

    `source` is the slug, what was measured of rounding, and what in other
    frameworks. Raises EntryError, DisagreementError, InputError or NodeError, each with what to
    change.
    """
    slug, numerics, frameworks = source
    torch.set_num_threads(1)
    known.forget()
    entry = activations.load(slug)
    kind, where = KINDS[entry.kind], f"activations/{slug}.py"
    with messages.refused(
        where,
        "while the formula was held against torch",
        "check the torch callable, its parameters and the formula",
    ):
        kind.check(entry)
    try:
        with messages.refused(where, "while its page was made", "check the fields that are shown"):
            _write(entry, kind.facts(entry), numerics, frameworks, folder)
    except UndeterminedError as error:
        raise messages.InputError(
            f"{where}: a fact cannot be determined: {error}; write the formula in another form, or"
            " give its named functions an elementary definition"
        ) from error


def numbers(entry: Activation, found: Measured) -> str:
    """The section "Numerics" from what measured/numerics.json says; raises InputError."""
    where = f"where it tells of {entry.slug}"
    with messages.refused("measured/numerics.json", where, messages.MEASURE_AGAIN):
        return rounding.part(entry, found)


def in_frameworks(entry: Activation, found: Measured) -> tuple[str, list[dict[str, Any]]]:
    """The section "Same function elsewhere", and its rows with their differences; InputError."""
    where = f"where it tells of {entry.slug}"
    with messages.refused("measured/frameworks.json", where, messages.MEASURE_AGAIN):
        rows = elsewhere.rows(entry, found)
        told = [
            {**row, "differences": elsewhere.differences(row, found.get("torch", {}))}
            for row in rows
        ]
        return elsewhere.part(entry, found), told


def _write(
    entry: Activation,
    facts: dict[str, Any],
    numerics: Measured,
    frameworks: Measured,
    folder: Path,
) -> None:
    kind, slug = KINDS[entry.kind], entry.slug
    rows, tables, drawings = (
        kind.rows(entry, facts),
        kind.tables(entry),
        kind.drawings(entry, facts),
    )
    thumbnail = kind.thumbnail(entry)
    for name, text in parts.parts(entry, rows, tables, drawings).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "numerics.md").write_text(numbers(entry, numerics), encoding="utf-8")
    section, codes = in_frameworks(entry, frameworks)
    (folder / "elsewhere.md").write_text(section, encoding="utf-8")
    (folder / "forms.json").write_text(copies.text(entry, rows), encoding="utf-8")
    tile = f"[{thumbnail.svg} {entry.name}](/activations/{slug}.md){{ .af-tile }}\n"
    (folder / "tile.md").write_text(tile, encoding="utf-8")
    (folder / "plot.svg").write_text(drawings[0].svg, encoding="utf-8")
    (folder / "card.png").write_bytes(cards.card(entry.name, entry.summary, thumbnail.curves))
    if samples.applies_to(entry):
        (folder / "samples.csv").write_bytes(samples.table(entry).encode())
    if javascript.applies_to(entry):
        (folder / "module.js").write_text(javascript.module(entry), encoding="utf-8")
    if javascript_vectors.applies_to(entry):
        (folder / "vector.js").write_text(javascript_vectors.module(entry), encoding="utf-8")
    record = {"slug": slug, "thumbnail": thumbnail.svg, **parts.record(entry, facts)}
    record["range"] = next((r.text for r in rows if r.key == "range"), "")
    record["piecewise_linear"] = "gaussian" in facts and is_piecewise_linear(
        at(entry, entry.setting)
    )
    record["choices"] = controls.choices(entry)
    record["anchors"] = {row.key: row.label for row in rows}
    record["formulas"] = parts.short_formula(entry)
    record["elsewhere"] = codes
    record["known"] = known.keys()
    (folder / "record.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
