"""The generated parts of the pages on porting: the matrix of activations and frameworks, the
tables of every difference that was found, and `/equivalents.json`, from the entries' records."""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from markdown.extensions.toc import slugify

from activations._entry import FRAMEWORKS

from .. import markdown
from ..facts import words
from ..measure import files
from . import catalogue, data
from .activation.elsewhere import RUN_ON_TORCH, asked, call, inputs, size
from .catalogue import Cell, Column, Record

ON = {"flax": "jax"}  # whose code is theirs where they have none of their own
# Keras 2 stands beside Keras 3 on the pages, and other packages have too few functions
COLUMNS = {k: title for k, title in FRAMEWORKS.items() if k not in ("keras2", "packages")}
UNNAMED = "torch's"  # of those that run on torch, where they have no name of their own
# status: its sign in the matrix, and what it means
STATUS = {
    "same": ("=", "the bare call is torch's function"),
    "matched": ("(=)", "it is once a setting is given"),
    "different": ("≠", "it is another, whatever is set"),
    "missing": ("–", "no function of that name"),
    UNNAMED: ("·", "runs on torch, without a name of its own"),
}
ANCHOR = "same-function-elsewhere"


def status(record: Record, framework: str) -> str:
    """What a cell of the matrix says: the status of the entry's first code for the framework."""
    rows = (row["status"] for row in record["elsewhere"] if row["framework"] == framework)
    on_torch = framework in RUN_ON_TORCH and not catalogue.is_beyond_torch(record)
    return next(rows, UNNAMED if on_torch else "missing")


def matrix(records: Sequence[Record]) -> str:
    """The filters and the table, one row for each activation, in the catalogue's form."""

    def cell(framework: str, record: Record) -> Cell:
        text = status(record, framework)
        kind = "none" if text == UNNAMED else text
        told = f"{STATUS[text][0]} {text}"
        # in HTML: MkDocs does not see the ids of tabs, and would warn of a link to none
        page = f"../activations/{record['slug']}/#{_tab(record, framework)}"
        return text, f'<a class="af-port af-port-{kind}" href="{page}">{told}</a>'

    def column(framework: str, title: str) -> Column:
        return Column(framework, title, 5, lambda record: cell(framework, record), choices=True)

    shown = [catalogue.NAME, *(column(key, title) for key, title in COLUMNS.items())]
    groups = catalogue.families(records)
    return catalogue.searchable(shown, groups, "functions", "name or alias", "Plot")


def _tab(record: Record, framework: str) -> str:
    """Where the activation's page has the framework's code: its tab, or else the section."""
    given = {row["framework"] for row in record["elsewhere"]}
    tab = next((f for f in (framework, ON.get(framework)) if f in given), None)
    return slugify(FRAMEWORKS[tab], "-") if tab else ANCHOR


Trap = tuple[Record, Record, Record]  # an activation, its code elsewhere, one difference


def _traps(records: Sequence[Record], *kinds: str) -> Iterator[Trap]:
    for record in records:
        for row in record["elsewhere"]:
            for one in row["differences"]:
                if one["kind"] in kinds:
                    yield record, row, one


def _grouped(traps: Iterable[Trap], key: Callable[..., Hashable]) -> list[list[Trap]]:
    groups: dict[Hashable, list[Trap]] = {}
    for trap in traps:
        groups.setdefault(key(*trap), []).append(trap)
    return list(groups.values())


def outputs(records: Sequence[Record]) -> str:
    """The table of calls whose outputs are not torch's, first those farthest off for their size.

    Calls of one activation that compute the same formula are one row.
    """

    found = sorted(_traps(records, "default", "value"), key=lambda trap: -trap[2]["relative"])
    groups = _grouped(found, lambda record, row, _: (record["slug"], row["computes"]))
    rows = []
    for traps in groups:
        record, row, one = traps[0]
        calls = (
            f"{FRAMEWORKS[row['framework']]} `{call(row['own'] or row['code'])}`"
            for _, row, _ in traps
        )
        rows.append(
            (
                f"**{size(one)}** at {one['where']}: {one['there']}, in torch {one['here']}",
                _lines(calls),
                f"${row['computes']}$",
                f"{_link(record)}: {_formula(record)}",
                _lines(_instead(record, row) for _, row, _ in traps),
            )
        )
    head = ("Off by", "Call", "It computes", "torch computes", "Write instead")
    return markdown.table(head, rows)


def _formula(record: Record) -> str:
    """torch's formula, and its settings where it has any."""
    given = [f"{p['symbol']} = {words.plain(p['shown'])}" for p in record["parameters"]]
    return f"${record['formulas']}$" + (f" at {', '.join(given)}" if given else "")


def _lines(items: Iterable[str]) -> str:
    """Each once, one below the other."""
    return "<br>".join(dict.fromkeys(filter(None, items)))


def _instead(record: Record, row: Record) -> str:
    """The framework's code that computes torch's function."""
    if row["own"]:
        return f"`{call(row['code'])}`"
    own = (other for other in record["elsewhere"] if other["framework"] == row["framework"])
    return next((f"`{call(other['code'])}`" for other in own if other["status"] != "different"), "")


def slopes(records: Sequence[Record]) -> str:
    """The table of slopes that are not torch's though the outputs are, the farthest off first."""
    found = (trap for trap in _traps(records, "kink", "slope") if trap[1]["status"] != "different")
    groups = sorted(_grouped(found, _told), key=lambda traps: -traps[0][2]["size"])
    return _table(("Function", "At", "Slope", "In torch", "Where"), groups)


def specials(records: Sequence[Record]) -> str:
    """The table of what ±inf, NaN and ±100 give where torch gives something else.

    Outputs come first, then slopes alone; what is NaN on one side only before other numbers.
    """

    def order(traps: Sequence[Trap]) -> tuple[bool, bool, str]:
        record, _, one = traps[0]
        return one["there"].startswith("slope"), math.isfinite(one["size"]), record["slug"]

    groups = sorted(_grouped(_traps(records, "special"), _told), key=order)
    return _table(("Function", "Input", "Gives", "In torch", "Where"), groups)


def _told(record: Record, _: Record, one: Record) -> Hashable:
    """What the same difference of one function has in common, wherever it is met."""
    return record["slug"], one["where"], one["there"], one["here"]


def _table(head: Sequence[str], groups: Iterable[Sequence[Trap]]) -> str:
    rows = []
    for traps in groups:
        record, _, one = traps[0]
        there = f"**{one['there']}**"
        rows.append((_link(record), one["where"], there, one["here"], _where(traps)))
    return markdown.table(head, rows)


def _link(record: Record) -> str:
    return markdown.link(record["name"], record["slug"], ANCHOR)


def _where(traps: Sequence[Trap]) -> str:
    """The frameworks, each with its calls where others of its calls do not differ so."""
    names = []
    hit = [row for _, row, _ in traps]
    for record, row, one in traps:
        title = one["runner"] or FRAMEWORKS[row["framework"]]
        own = (other for other in record["elsewhere"] if other["framework"] == row["framework"])
        names.append(title if all(o in hit for o in own) else f"{title} `{call(row['code'])}`")
    return ", ".join(dict.fromkeys(names))


def legend(records: Sequence[Record]) -> str:
    """What each sign of the matrix means, and how many cells have it."""
    cells = [status(record, key) for record in records for key in COLUMNS]
    lines = (
        f"- {sign} **{name}**: {meaning}, {cells.count(name)}\n"
        for name, (sign, meaning) in STATUS.items()
    )
    return f'<div class="af-legend" markdown>\n\n{"".join(lines)}\n</div>\n'


def parts(records: Sequence[Record], measured: Record) -> dict[str, str]:
    """File name -> Markdown."""
    return {
        "porting/matrix.md": matrix(records),
        "porting/legend.md": legend(records),
        "porting/outputs.md": outputs(records),
        "porting/slopes.md": slopes(records),
        "porting/specials.md": specials(records),
        "porting/provenance.md": provenance(measured),
    }


def provenance(measured: Mapping[str, Any]) -> str:
    found = shared(measured, files.span)
    if not found["date"]:
        return "Not measured yet; `make measure-frameworks` does it.\n"
    return (
        f"Measured on {found['date']} in float32 on a CPU, torch {found['torch']} against"
        f" {asked(found['versions'])}. Inputs: {inputs(found['grid'])}, ±∞, NaN and ±100 in"
        " tensors of 8; for functions of vectors, rows and images of normal numbers of standard"
        " deviation 3. Slopes are what each framework's automatic differentiation gives. A"
        " difference counts above 10⁻⁵; at ±100, above 10⁻⁵ of the output. Keras 3 runs on JAX,"
        " ONNX in its reference implementation and in onnxruntime.\n{: .af-provenance }\n"
    )


def shared(measured: Mapping[str, Any], one: Callable[[Iterable[str]], str]) -> dict[str, Any]:
    """Date, torch, versions and grid of all entries, None before they are measured.

    `one` makes one text of dates or versions that differ from entry to entry.
    """
    sections = [section for section in measured.values() if section]
    if not sections:
        return dict.fromkeys(("date", "torch", "versions", "grid"))
    names = sorted({name for section in sections for name in section["versions"]})
    return {
        "date": one(section["date"] for section in sections),
        "torch": one(section["torch_version"] for section in sections),
        "versions": {
            name: one(s["versions"][name] for s in sections if name in s["versions"])
            for name in names
        },
        "grid": sections[0]["grid"],
    }


def published(records: Sequence[Record], measured: Mapping[str, Any]) -> str:
    """The text of `/equivalents.json`; of dates and versions that differ, the newest."""
    entries = {
        record["slug"]: {
            "name": record["name"],
            "torch": measured.get(record["slug"], {}).get("torch"),
            "matrix": {key: status(record, key) for key in COLUMNS},
            "elsewhere": [
                {key: row[key] for key in row if key != "differences"}
                for row in record["elsewhere"]
            ],
        }
        for record in records
    }
    return data.lines({**shared(measured, files.newest), "activations": entries}, "activations")
