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


NAME = Column("name", "Function", 7, name)


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
    return {"-inf": -1e9}.get(lower, lower), record["told"].get("range", ("", ""))[1]


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


def is_beyond_torch(record: Record) -> bool:
    """Whether torch has neither a module nor a function for it."""
    return not (record["torch"] or record["functional"])


def columns(years: Mapping[str, str]) -> list[Column]:
    """The columns; `years` maps a paper's key to its year."""

    def paper(record: Record) -> Cell:
        oldest = min(record["papers"], key=lambda key: years[key])
        return int(years[oldest]), f"[@{oldest}]"

    return [
        NAME,
        Column("torch", "In torch", 7.2, _torch, choices=True),
        Column("family", "Family", 5.2, _family, choices=True),
        Column("kind", "Kind", 4.6, lambda r: (r["kind"], r["kind"]), choices=True),
        Column("range", "Range", 4.8, _range),
        Column("bounded", "Bounded", 4.2, _told("range", _bounded), choices=True),
        Column("smooth", "Smooth", 3.9, _told("smoothness", smooth), choices=True),
        Column("monotone", "Monotone", 4.6, _told("monotone", str), choices=True),
        Column("centred", "Zero-centred", 4.1, _told("gaussian", _centred), choices=True),
        Column("parameters", "Parameters", 5.1, _parameters, choices=True),
        Column("gain", "Gain", 3.1, _gain),
        Column("year", "Oldest paper", 4.8, paper),
    ]


def table(records: Sequence[Record], years: Mapping[str, str]) -> str:
    """The filters, and the table with one row for each activation."""
    groups = families(records)
    return searchable(columns(years), groups, "functions", "name, alias, family or paper", "Plot")


@dataclass(frozen=True)
class Group:
    """Rows that stand together: id and title of their heading, and what they share."""

    rows: Sequence[Any]
    id: str = ""
    title: str = ""
    shared: str = ""


def families(records: Sequence[Record]) -> list[Group]:
    """The families that have members, and these by name."""
    by_name = sorted(records, key=lambda r: r["name"].lower())
    groups = (
        Group([r for r in by_name if r["family"] == family], family, title, shared)
        for family, (title, shared) in FAMILIES.items()
    )
    return [group for group in groups if group.rows]


def by_family(records: Sequence[Record]) -> list[Record]:
    """The records in the order of the families, and by name."""
    return [record for group in families(records) for record in group.rows]


def searchable(
    shown: Sequence[Column],
    groups: Sequence[Group],
    counted: str,
    found_by: str,
    first: str = "",
    folded: str = "",
) -> str:
    """A table of the records with filters above it, for `web/js/catalogue.js`.

    A group that has a title folds. `counted` says what the rows are, `found_by` what a reader may
    type; where `first` names a column of thumbnails, it stands before the others. With `folded`,
    its summary, the table is closed until a reader opens it or looks for something. Without the
    script a page shows the table alone.
    """
    rows = [record for group in groups for record in group.rows]
    choices = {
        column.key: sorted({str(column.cell(record)[0]) for record in rows} - {""})
        for column in shown
        if column.choices
    }
    return render(
        "pages/templates/searchable.html",
        columns=shown,
        choices=choices,
        groups=groups,
        counted=counted,
        found_by=found_by,
        first=first,
        folded=folded,
    )


def published(records: Sequence[Record], torch_version: str) -> str:
    """The text of `/activations.json`."""
    entries = {r["slug"]: {k: r[k] for k in Published.model_fields} for r in records}
    return (
        json.dumps({"torch": torch_version, "activations": entries}, indent=1, ensure_ascii=False)
        + "\n"
    )
