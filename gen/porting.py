"""The generated parts of the pages on porting: the matrix of activations and frameworks, the
tables of every difference that was found, and `/equivalents.json`, from the entries' records."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import catalogue, data, words
from .catalogue import Cell, Column, Record

# a framework of the matrix -> its title, and the framework whose code it falls back on
COLUMNS = {
    "jax": ("JAX", None),
    "flax": ("Flax", "jax"),
    "keras": ("Keras 3", None),
    "tensorflow": ("TensorFlow", None),
    "onnx": ("ONNX", None),
    "mlx": ("MLX", None),
    "transformers": ("transformers", None),
    "timm": ("timm", None),
}
TITLES = {key: title for key, (title, _) in COLUMNS.items()} | {"keras2": "Keras 2"}
STATUS = ("same", "matched", "different", "missing")
UNNAMED = "torch's"  # transformers and timm run on torch, and need no name of their own
ANCHOR = "same-function-elsewhere"


def status(record: Record, framework: str) -> str:
    """What a cell of the matrix says: the status of the entry's first code for the framework."""
    fallback = COLUMNS[framework][1]
    rows = record["elsewhere"]
    found = next((row for row in rows if row["framework"] == framework), None)
    if found is None and fallback:
        return "missing"
    return UNNAMED if found is None else str(found["status"])


def matrix(records: Sequence[Record]) -> str:
    """The filters and the table, one row for each activation, in the catalogue's form."""

    def cell(framework: str, record: Record) -> Cell:
        text = status(record, framework)
        kind = "none" if text == UNNAMED else text
        page = f"/activations/{record['slug']}.md#{ANCHOR}"
        return text, f"[{text}]({page}){{ .af-port .af-port-{kind} }}"

    def column(framework: str, title: str) -> Column:
        return Column(framework, title, 5, lambda record: cell(framework, record), choices=True)

    name = Column("name", "Function", 8.2, catalogue.name)
    shown = [name, *(column(key, title) for key, (title, _) in COLUMNS.items())]
    return catalogue.searchable(
        shown, catalogue.by_family(records), "functions", "name or alias", "Plot"
    )


Trap = tuple[Record, Mapping[str, Any], Mapping[str, Any]]  # record, its row, one difference


def _found(records: Sequence[Record], *kinds: str) -> Iterator[Trap]:
    for record in records:
        for row in record["elsewhere"]:
            for one in row["differences"]:
                if one["kind"] in kinds:
                    yield record, row, one


def outputs(records: Sequence[Record]) -> str:
    """The table of calls whose outputs are not torch's, the farthest off first.

    Calls of one activation that compute the same formula are one row.
    """
    groups: dict[tuple[str, str], list[Trap]] = {}
    for trap in _found(records, "default", "value"):
        groups.setdefault((trap[0]["slug"], trap[1]["computes"]), []).append(trap)
    lines = ["| Off by | Call | It computes | torch computes | Write instead |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for each in sorted(groups.values(), key=lambda traps: -max(t[2]["size"] for t in traps)):
        record, row, _ = each[0]
        worst = max((one for _, _, one in each), key=lambda one: float(one["size"]))
        calls = dict.fromkeys(
            f"{TITLES[row['framework']]} `{_call(row['own'] or row['code'])}`" for _, row, _ in each
        )
        lines.append(
            f"| **{words.plain(worst['size'], 3)}** at x = {worst['where']}: {worst['there']},"
            f" in torch {worst['here']} | {_listed(calls)} | ${row['computes']}$ |"
            f" {_link(record)}: {_formula(record)} |"
            f" {_listed(dict.fromkeys(_instead(record, row) for _, row, _ in each))} |"
        )
    return "\n".join(lines) + "\n"


def _formula(record: Record) -> str:
    """torch's formula, and its settings where it has any."""
    given = [f"{p['symbol']} = {words.plain(p['shown'])}" for p in record["parameters"]]
    return f"${record['formulas']}$" + (f" at {', '.join(given)}" if given else "")


def _listed(items: Mapping[str, Any]) -> str:
    return "<br>".join(item for item in items if item)


def _call(code: str) -> str:
    return code.rpartition("y = ")[2]


def _instead(record: Record, row: Mapping[str, Any]) -> str:
    """The framework's code that computes torch's function."""
    if row["own"]:
        return f"`{_call(row['code'])}`"
    good = ("same", "matched", "missing")
    found = next(
        (
            other["code"]
            for other in record["elsewhere"]
            if other["framework"] == row["framework"] and other["status"] in good
        ),
        None,
    )
    return f"`{_call(found)}`" if found else ""


def slopes(records: Sequence[Record]) -> str:
    """The table of slopes that are not torch's, at kinks and elsewhere, the farthest off first."""
    groups: dict[tuple[str, ...], list[Trap]] = {}
    for trap in _found(records, "kink", "slope"):
        record, row, one = trap
        if row["computes"] is None or row["own"]:  # another function has other slopes
            key = (record["slug"], one["where"], one["there"], one["here"])
            groups.setdefault(key, []).append(trap)
    lines = ["| Function | At x | Slope | In torch | Where |", "| --- | --- | --- | --- | --- |"]
    for each in sorted(groups.values(), key=lambda traps: -traps[0][2]["size"]):
        record, _, one = each[0]
        lines.append(
            f"| {_link(record)} | {one['where']} | **{one['there']}** | {one['here']} |"
            f" {_where(each)} |"
        )
    return "\n".join(lines) + "\n"


def specials(records: Sequence[Record]) -> str:
    """The table of what ±inf, NaN and ±100 give where torch gives something else.

    Outputs come first, then slopes alone; both by name.
    """
    groups: dict[tuple[str, ...], list[Trap]] = {}
    for trap in _found(records, "special"):
        record, row, one = trap
        if row["computes"] is None or row["own"]:
            key = (record["slug"], one["where"], one["there"], one["here"])
            groups.setdefault(key, []).append(trap)

    def order(traps: Sequence[Trap]) -> tuple[bool, bool, str]:
        record, _, one = traps[0]
        return one["there"].startswith("slope"), math.isfinite(one["size"]), record["slug"]

    lines = ["| Function | Input | Gives | In torch | Where |", "| --- | --- | --- | --- | --- |"]
    for each in sorted(groups.values(), key=order):
        record, _, one = each[0]
        lines.append(
            f"| {_link(record)} | {one['where']} | **{one['there']}** | {one['here']} |"
            f" {_where(each)} |"
        )
    return "\n".join(lines) + "\n"


def _link(record: Record) -> str:
    return f"[{record['name']}](/activations/{record['slug']}.md#{ANCHOR})"


def _where(traps: Sequence[Trap]) -> str:
    """The frameworks, each with its calls where others of its calls do not differ so."""
    names: dict[str, None] = {}
    for record, row, one in traps:
        title = one["runner"] or TITLES[row["framework"]]
        every = [
            other["code"]
            for other in record["elsewhere"]
            if other["framework"] == row["framework"] and other["status"] != "different"
        ]
        hit = [other["code"] for _, other, _ in traps if other["framework"] == row["framework"]]
        whole = set(every) <= set(hit)
        names[title if whole else f"{title} `{_call(row['code'])}`"] = None
    return ", ".join(names)


def counts(records: Sequence[Record]) -> str:
    """One sentence: how many cells of the matrix have each status."""
    cells = [status(record, key) for record in records for key in COLUMNS]
    cells = [text for text in cells if text != UNNAMED]
    found = {text: cells.count(text) for text in STATUS}
    return (
        f"Of {len(cells)} pairs of a function and a framework, {found['same']} are the same as they"
        f" are called, {found['matched']} once a setting is matched, {found['different']} have the"
        f" name for another function, and {found['missing']} have no function of that name.\n"
    )


def parts(records: Sequence[Record], measured: Mapping[str, Any]) -> dict[str, str]:
    """File name -> Markdown."""
    return {
        "matrix.md": matrix(records),
        "counts.md": counts(records),
        "outputs.md": outputs(records),
        "slopes.md": slopes(records),
        "specials.md": specials(records),
        "provenance.md": provenance(measured),
    }


def provenance(measured: Mapping[str, Any]) -> str:
    if not measured:
        return "Not measured yet; `make measure-frameworks` does it.\n"
    grid = measured["grid"]
    listed = ", ".join(f"{name} {text}" for name, text in measured["versions"].items())
    return (
        f"Measured on {measured['date']} in float32 on a CPU, torch {measured['torch']} against"
        f" {listed}. Inputs: x from {words.plain(grid['from'])} to {words.plain(grid['to'])} in"
        f" steps of 1/{round(1 / grid['step'])}, ±∞, NaN and ±100 in tensors of 8; for functions of"
        " vectors, rows and images of normal numbers of standard deviation 3. Slopes are what each"
        " framework's automatic differentiation gives. A difference counts from 10⁻⁵ on, absolute"
        " or, for outputs above 1, relative. Keras 3 runs on JAX, ONNX in its reference"
        " implementation and in onnxruntime.\n{: .af-provenance }\n"
    )


def published(records: Sequence[Record], measured: Mapping[str, Any]) -> str:
    """The text of `/equivalents.json`."""
    shared = {key: measured.get(key) for key in ("date", "torch", "versions", "grid")}
    entries = {
        record["slug"]: {
            "name": record["name"],
            "torch": measured.get("activations", {}).get(record["slug"], {}).get("torch"),
            "matrix": {key: status(record, key) for key in COLUMNS},
            "elsewhere": [
                {key: row[key] for key in row if key != "differences"}
                for row in record["elsewhere"]
            ],
        }
        for record in records
    }
    return data.lines({**shared, "activations": entries}, "activations")
