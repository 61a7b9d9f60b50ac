"""Everything that is computed for one entry."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import torch

import activations

from ... import kinds, messages
from ...drawing import cards
from ...evaluation.formula import UndefinedError
from ...facts.family import Family, schema
from ...facts.limits import UndeterminedError
from ...kinds import Kind
from ...printing import copies
from ...printing.latex import latex
from . import controls, elsewhere, parts, rounding

LIMIT = 60  # seconds of CPU time; the slowest entries take 6 on a slow machine
Measured = Mapping[str, Any]
MEASURED = "## Same function elsewhere\n\n{}\n## Numerics\n\n{}{}"


def made(source: tuple[str, Measured, Measured]) -> dict[str, str | bytes]:
    """Check the entry; return its parts, drawings and card, by their names in docs/generated/, and
    beside them its record and its JavaScript module.

    `source` is the slug, what was measured of rounding, and what in other frameworks. Raises
    EntryError, DisagreementError, InputError or NodeError, each with what to change.
    """
    slug, numerics, frameworks = source
    torch.set_num_threads(1)
    where = f"activations/{slug}.py"
    kind = kinds.of(activations.load(slug))
    try:
        with messages.bounded(LIMIT, where):
            with messages.refused(
                where,
                "while the formula was held against torch",
                "check the torch callable, its parameters and the formula",
            ):
                checked = kind.check()
            with messages.refused(where, "while its page was made", "check the fields shown"):
                return _files(kind, kind.facts(), checked, numerics, frameworks)
    except UndeterminedError as error:
        raise messages.InputError(
            f"{where}: a fact cannot be determined: {error}; write the formula in another form, or"
            " give its named functions an elementary definition"
        ) from error
    except UndefinedError as error:
        raise messages.InputError(f"{where}: {error}") from error


def _measured(kind: Kind) -> AbstractContextManager[None]:
    """Whatever goes wrong within is the fault of the entry's file in measured/."""
    where = f"measured/{kind.entry.slug}.json"
    return messages.refused(where, "where it is read", messages.MEASURE_AGAIN)


def numbers(kind: Kind, found: Measured) -> str:
    """The section "Numerics" from what was measured; raises InputError."""
    with _measured(kind):
        return rounding.part(kind, found)


def in_frameworks(
    kind: Kind, found: Measured, numerics: Measured
) -> tuple[str, list[dict[str, Any]]]:
    """The section "Same function elsewhere", and its rows with their differences; InputError."""
    with _measured(kind):
        rows = elsewhere.rows(kind, found, numerics)
        return elsewhere.part(kind, rows, found), rows


def _files(
    kind: Kind, facts: Family, checked: int, numerics: Measured, frameworks: Measured
) -> dict[str, str | bytes]:
    entry, slug = kind.entry, kind.entry.slug
    rows, drawings, thumbnail = kind.rows(facts), kind.drawings(facts), kind.thumbnail()
    samples = kind.samples()
    section, codes = in_frameworks(kind, frameworks, numerics)
    tile = f"[{thumbnail.svg} {entry.name}](/activations/{slug}.md){{ .af-tile }}\n"
    found = {
        **{f"{slug}/{name}": text for name, text in parts.parts(kind, rows, drawings).items()},
        f"{slug}/measured.md": MEASURED.format(
            section, numbers(kind, numerics), parts.sampled(slug, samples)
        ),
        f"{slug}/tile.md": tile,
        f"public/activations/{slug}/forms.json": copies.text(entry, kind.statements(), rows),
        f"public/plots/{slug}.svg": drawings[0].svg,
        f"public/samples/{slug}.csv": samples,
        "module.js": kind.script(),
    }
    record = {
        "slug": slug,
        "thumbnail": thumbnail.svg,
        "checked": checked,
        **parts.record(kind, facts),
        "degree": kind.degree(),
        "moments": kind.moments(facts),
        "random": entry.noise is not None,
        "counted": kind.counted_in_models,
        "schema": {"name": facts.family, "kind": kind.published, **schema(type(facts))},
        "choices": controls.choices(entry),
        "told": {row.key: (row.label, row.text) for row in rows},
        "formulas": latex(entry.formula),
        "elsewhere": codes,
        "witnesses": elsewhere.witnesses(codes, frameworks),
    }
    return {
        **{name: text for name, text in found.items() if text is not None},
        "record.json": json.dumps(record, ensure_ascii=False),
        f"public/cards/{slug}.png": cards.card(entry.name, entry.summary, thumbnail.curves),
    }
