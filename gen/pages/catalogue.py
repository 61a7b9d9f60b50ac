"""The catalogue's table, others that are searched like it, and `/activations.json`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activations._families import FAMILIES

from ..markdown import link
from ..templates import render
from .published import Record as Published

UNKNOWN = ("", "—")  # a fact that functions of more than one number do not have
SMOOTH = {"discontinuous": "jumps", "C0": "kink", "C1": "once", "C2": "twice"}
Record = Mapping[str, Any]
Cell = tuple[Any, str]


@dataclass(frozen=True)
class Column:
    """One column: key in the address, heading, width in rem, and each record's (value, Markdown).

    Rows are sorted by the value; a column with `choices` can be filtered by it.
    """

    key: str
    title: str
    width: float
    cell: Callable[[Any], Cell]
    choices: bool = False


def name(record: Record) -> Cell:
    """The name, with a link to its page, and the aliases."""
    text = link(record["name"], record["slug"])
    if record["aliases"]:
        text += f"<br><small>{', '.join(record['aliases'])}</small>"
    return record["name"].lower(), text


def _family(record: Record) -> Cell:
    title = FAMILIES[record["family"]][0]
    return title, f"[{title}](#{record['family']})"


def _told(key: str, tell: Callable[[Any], str]) -> Callable[[Record], Cell]:
    """The cell of a fact, in one or two words."""

    def cell(record: Record) -> Cell:
        found = record["facts"].get(key)
        return UNKNOWN if found is None else (tell(found), tell(found))

    return cell


def _range(record: Record) -> Cell:
    lower = record["facts"].get("range", {}).get("lower", "")
    return {"-inf": -1e9}.get(lower, lower), record["range"]


def _bounded(extent: Record) -> str:
    below, above = extent["lower"] != "-inf", extent["upper"] != "inf"
    text = {(True, True): "yes", (True, False): "below", (False, True): "above"}
    return text.get((below, above), "no")


def smooth(smoothness: str) -> str:
    return SMOOTH.get(smoothness, smoothness)


def _centred(moments: Record) -> str:
    """Is the mean of f(z) for standard normal z zero, to rounding?"""
    mean = moments["mean"]
    return "yes" if mean is not None and abs(float(mean)) < 1e-12 else "no"


def _gain(record: Record) -> Cell:
    moments = record["facts"].get("gaussian")
    return (moments["gain"], f"{float(moments['gain']):.4g}") if moments else UNKNOWN


def _parameters(record: Record) -> Cell:
    found = record["parameters"]
    if not found:
        return "none", "none"
    learned = any(p["learnable"] for p in found)
    text = ", ".join(p["symbol"] for p in found)
    return ("learned", f"{text} (learned)") if learned else ("set", text)


def _torch(record: Record) -> Cell:
    name = record["torch"] or record["functional"]
    short = (name or "").replace("torch.nn.functional.", "F.").replace("torch.nn.", "nn.")
    return ("yes", f"`{short}`") if name else ("no", "no")


def columns(years: Mapping[str, str]) -> list[Column]:
    """The columns; `years` maps a paper's key to its year."""

    def paper(record: Record) -> Cell:
        oldest = min(record["papers"], key=lambda key: years[key])
        return int(years[oldest]), f"[@{oldest}]"

    return [
        Column("name", "Function", 8.2, name),
        Column("family", "Family", 5, _family, choices=True),
        Column("kind", "Kind", 5, lambda r: (r["kind"], r["kind"]), choices=True),
        Column("formula", "Formula", 12.2, lambda r: ("", f"${r['formulas']}$")),
        Column("range", "Range", 6.8, _range),
        Column("bounded", "Bounded", 4.8, _told("range", _bounded), choices=True),
        Column("smooth", "Smooth", 4.4, _told("smoothness", smooth), choices=True),
        Column("monotone", "Monotone", 5, _told("monotone", str), choices=True),
        Column("centred", "Zero-centred", 4.4, _told("gaussian", _centred), choices=True),
        Column("parameters", "Parameters", 5.4, _parameters, choices=True),
        Column("gain", "Gain", 3.6, _gain),
        Column("torch", "In torch", 11.2, _torch, choices=True),
        Column("year", "Oldest paper", 5.2, paper),
    ]


def table(records: Sequence[Record], years: Mapping[str, str]) -> str:
    """The filters, the table with one row for each activation, and the families."""
    rows = by_family(records)
    shown = searchable(columns(years), rows, "functions", "name, alias, family or paper", "Plot")
    return f"{shown}\n{_families(records)}"


def by_family(records: Sequence[Record]) -> list[Record]:
    """The records in the order of the families, and by name."""
    order = list(FAMILIES)
    return sorted(records, key=lambda r: (order.index(r["family"]), r["name"].lower()))


def searchable(
    shown: Sequence[Column], rows: Sequence[Any], counted: str, found_by: str, first: str = ""
) -> str:
    """A table of the records with filters above it, for `web/js/catalogue.js`.

    `counted` says what the rows are, `found_by` what a reader may type; where `first` names a
    column of thumbnails, it stands before the others. A page without the script shows the table
    alone.
    """
    cells = [[column.cell(record) for column in shown] for record in rows]
    choices = {
        column.key: sorted({str(row[place][0]) for row in cells} - {""})
        for place, column in enumerate(shown)
        if column.choices
    }
    return render(
        "pages/templates/searchable.html",
        columns=shown,
        choices=choices,
        rows=list(zip(rows, cells, strict=True)),
        counted=counted,
        found_by=found_by,
        first=first,
    )


def _families(records: Sequence[Record]) -> str:
    """What the members of each family share."""
    lines = ["## Families\n"]
    for family, (title, shared) in FAMILIES.items():
        members = [r for r in records if r["family"] == family]
        if members:
            links = ", ".join(link(r["name"], r["slug"]) for r in members)
            lines.append(f"### {title} {{: #{family} }}\n\n{shared}\n\n{links}.\n")
    return "\n".join(lines)


def published(records: Sequence[Record], torch_version: str) -> str:
    """The text of `/activations.json`."""
    entries = {r["slug"]: {k: r[k] for k in Published.model_fields} for r in records}
    return (
        json.dumps({"torch": torch_version, "activations": entries}, indent=1, ensure_ascii=False)
        + "\n"
    )
