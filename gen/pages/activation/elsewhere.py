"""The section "Same function elsewhere": an entry's code in other frameworks, and what measuring
it has shown."""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from activations._entry import FRAMEWORKS, Activation, Composition, Counterpart, Elsewhere

from ...evaluation import formula
from ...evaluation.agreement import ROUNDING
from ...facts import words
from ...kinds import Kind
from ...measure.probes.framework import IMPORTS
from ...printing.latex import latex

SIGNS = {"inf": "∞", "-inf": "−∞", "nan": "NaN", "100": "100", "-100": "−100"}
# what ±inf, NaN and ±100 stand in for x of
NUMBER = "x"
RUN_ON_TORCH = ("transformers", "timm")  # a function that they have no name for is torch's own
RUNNERS = {"onnx": "onnx.reference", "onnxruntime": "onnxruntime"}

Measured = Mapping[str, Any]


def status(code: Elsewhere) -> str:
    """What the bare call, or the code of that name, is: same, matched, different or missing."""
    if isinstance(code, Composition):
        return "missing"
    assert isinstance(code, Counterpart)
    if code.own is not None:
        return "matched"
    return "same" if code.computes is None else "different"


def rows(kind: Kind, measured: Measured) -> list[dict[str, Any]]:
    """Each code of the entry with its status, the formula it computes where that is another than
    torch's (LaTeX), and its measured records: one, for ONNX two, none before it was measured."""
    entry, given = kind.entry, kind.words.stands_in
    found = []
    for code in entry.elsewhere:
        own = getattr(code, "own", None)
        other = formula.claimed(entry, code)
        records = [
            record
            for record in measured.get("elsewhere", [])
            if (record["framework"], record["code"]) == (code.framework, code.code)
            and record.get("own") == own
        ]
        found.append(
            {
                "framework": code.framework,
                "status": status(code),
                "code": code.code,
                "own": own,
                "computes": None if other is None else latex(other),
                "measured": records,
                "given": given,
            }
        )
    return found


def differences(row: Mapping[str, Any], here: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where a row's code differs from torch: kind, size, and texts of what is there and here.

    The kinds are `default` and `value` (outputs on the grid), `slope` (beside kinks), `kink` and
    `special` (±inf, NaN, ±100). What both of ONNX's runners show is told once.
    """
    told: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for record in row["measured"]:
        special = _special(record, here, row["given"])
        for found in itertools.chain(_gaps(record), _kinks(record, here), special):
            text = f"{found['kind']} {found['where']} {found['there']}"
            told.setdefault(text, (found, []))[1].append(record["runner"])
    every = len(row["measured"])
    return [
        {**found, "runner": RUNNERS[runners[0]] if len(runners) < every else ""}
        for found, runners in told.values()
    ]


def _gaps(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Outputs and slopes on the grid, of the bare call or of the code."""
    own = record.get("own_gap")
    for kind, gap in (
        ("default", own and own["value"]),
        ("value", record["code_gap"]["value"]),
        ("slope", record["code_gap"]["slope"]),
    ):
        if gap and float(gap["max"]) > ROUNDING:
            found = {"kind": kind, "size": gap["max"], "where": "", "there": "", "here": ""}
            if "x" in gap:
                found |= {"where": f"x = {_number(gap['x'])}"}
                found |= _apart(gap["there"], gap["torch"])
            yield found


def _apart(there: float, here: float) -> dict[str, str]:
    """Two numbers with as many digits as tell them apart, 3 at least."""
    digits = next(d for d in range(3, 9) if d == 8 or f"{there:.{d}g}" != f"{here:.{d}g}")
    return {"there": words.plain(there + 0.0, digits), "here": words.plain(here + 0.0, digits)}


def _kinks(record: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, slope in record["kinks"].items():
        if not same(slope, here["kinks"][place]):
            yield {
                "kind": "kink",
                "size": abs(float(slope) - float(here["kinks"][place])),
                "where": f"x = {_number(float(place))}",
                "there": _number(slope),
                "here": _number(here["kinks"][place]),
            }


def _special(
    record: Mapping[str, Any], here: Mapping[str, Any], given: str
) -> Iterator[dict[str, Any]]:
    """What ±inf, NaN and ±100 give: of a number its value and slope, of a row its outputs."""
    for name, found in record["special"].items():
        expected = here["special"][name]
        if found[-1] is None:  # ONNX has no slopes
            found, expected = found[:1], expected[:1]
        if all(map(same, found, expected)):
            continue
        if given == NUMBER:
            parts = [n for n in range(len(found)) if not same(found[n], expected[n])]
            there, torch = (
                ", ".join(f"{('value', 'slope')[n]} {_number(v[n])}" for n in parts)
                for v in (found, expected)
            )
        else:
            there, torch = (f"({', '.join(_number(n, 4) for n in v)})" for v in (found, expected))
        gaps = [abs(float(a) - float(b)) for a, b in zip(found, expected, strict=True) if a != b]
        size = math.inf if any(map(math.isnan, gaps)) else max(gaps)
        where = given.replace("x", SIGNS[name])
        yield {"kind": "special", "size": size, "where": where, "there": there, "here": torch}


def same(one: float | str, other: float | str) -> bool:
    """Whether two numbers, or names of infinities and NaN, differ by no more than rounding.

    It is relative to the number above 1: kinks and ±100 are not on the grid's scale.
    """
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= ROUNDING * max(1, abs(other))


def _number(value: float | str, digits: int = 3) -> str:
    if isinstance(value, str):
        return SIGNS[value]
    return words.plain(value + 0.0, digits)  # −0 reads as 0


def sentence(found: Mapping[str, Any]) -> str:
    """One difference in one line of Markdown, without a full stop; the sizes are absolute."""
    by = f" ({found['runner']})" if found["runner"] else ""
    there, here, where = found["there"], found["here"], found["where"]
    match found["kind"]:
        case "kink":
            return f"At the kink {where} the slope is {there}{by}, in torch {here}"
        case "special":
            return f"At {where}: {there}{by}; torch: {here}"
    size = f"off by up to {words.plain(found['size'], 3)}"
    place = f", at {where}{by}: {there} there, {here} in torch" if where else by
    return f"{'The slope is ' if found['kind'] == 'slope' else ''}{size}{place}"


def part(kind: Kind, measured: Measured) -> str:
    """The section in Markdown: a tab for each framework, and what it was measured with."""
    found = rows(kind, measured)
    if not found:
        return "No code in other frameworks is given yet.\n"
    tabs = []
    for framework, title in FRAMEWORKS.items():
        own = [row for row in found if row["framework"] == framework]
        if own:
            tabs.append(_tab(title, _panel(framework, own, measured)))
    left = [FRAMEWORKS[f] for f in RUN_ON_TORCH if not _has(found, f)]
    text = _lead(kind.entry) + "\n".join(tabs)
    if not _has(found, "flax"):
        text += "\nFlax has no function of its own for it; JAX's code is Flax's.\n"
    if left:
        text += f"\n{' and '.join(left)} run on torch and have no other name for it.\n"
    return text + "\n" + provenance(measured)


def _lead(entry: Activation) -> str:
    """What the code is given, and at which settings it is torch's."""
    setting = words.settings(entry.setting, {n: p.symbol for n, p in entry.parameters.items()})
    told = [f"at {setting}"] if setting else []
    if entry.noise and entry.noise.evaluation is not None:
        told.append("in evaluation mode")
    elif entry.noise:
        told.append("`g` being the noise of the definition")
    if entry.runs:
        told.append("with the inputs of the definition")
        if len(entry.runs()) > 1:
            told.append("each of shape (batch, head, position, width)")
    return f"Code for torch's function {', '.join(told)}.\n\n" if told else ""


def _has(found: Sequence[Mapping[str, Any]], framework: str) -> bool:
    return any(row["framework"] == framework for row in found)


def _tab(title: str, body: str) -> str:
    lines = [f"    {line}" if line else "" for line in body.splitlines()]
    return f'=== "{title}"\n\n' + "\n".join(lines) + "\n"


def _panel(framework: str, found: Sequence[Mapping[str, Any]], measured: Measured) -> str:
    """One framework's tab: its code, then other functions by a like name, by formula."""
    blocks = [_block(framework, row, measured) for row in found if row["status"] != "different"]
    others: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        if row["status"] == "different":
            others.setdefault(row["computes"], []).append(row)
    blocks += [_others(formula, each, measured) for formula, each in others.items()]
    return "\n\n".join(blocks)


def _block(framework: str, row: Mapping[str, Any], measured: Measured) -> str:
    """The code that computes torch's function, how it is declared, and each difference."""
    if not row["measured"]:
        return "Not measured yet; `make measure-frameworks` does it."
    language = "text" if framework == "onnx" else "py"  # `python` blocks are run with torch
    imports = filter(None, (_used(line, row["code"]) for line in IMPORTS[framework].splitlines()))
    head = "".join(f"{line}\n" for line in imports)
    head = f"{head}\n" if head else ""
    record = row["measured"][0]
    about = []
    if row["status"] == "missing":
        about.append("Put together: no function of the framework computes it.")
    elif record["signature"]:
        about.append(f"Declared as `{record['signature']}`.")
    worst = max(float(r["code_gap"]["value"]["max"]) for r in row["measured"])
    if worst <= ROUNDING:
        text = f"within {words.plain(worst, 2)} of torch's" if worst else "torch's to the bit"
        about.append(f"Its outputs are {text}.")
    lines = []
    for one in differences(row, measured["torch"]):
        text = sentence(one)
        if one["kind"] == "default":
            bare = row["own"].removeprefix("y = ")
            text = f"**Its default is another function**: `{bare}` is ${row['computes']}$, {text}"
        lines.append(text)
    return f"```{language}\n{head}{row['code']}\n```\n\n{' '.join(about)}{_bullets(lines)}"


def _bullets(lines: Sequence[str]) -> str:
    return "\n\n" + "\n".join(f"- {line}." for line in lines) if lines else ""


def _used(line: str, code: str) -> str:
    """The import with the names alone that the code uses; empty where it uses none."""
    start, _, names = line.rpartition(" import ")
    if not start:
        start, names = "", line
    used = [n for n in names.split(", ") if re.search(rf"\b{n.split()[-1]}\b", code)]
    joined = ", ".join(used)
    return f"{start} import {joined}" if start and used else joined


def _others(formula: str, each: Sequence[Mapping[str, Any]], measured: Measured) -> str:
    """Functions by a like name that compute another formula, and how they differ from torch's."""
    known = [row for row in each if row["measured"]]
    if not known:
        return "Not measured yet; `make measure-frameworks` does it."
    names = ", ".join(f"`{row['code'].removeprefix('y = ')}`" for row in known)
    verb = "computes" if len(known) == 1 else "compute"
    found = differences(known[0], measured["torch"])
    off = next((f", {sentence(one)}" for one in found if one["kind"] == "value"), "")
    lines = dict.fromkeys(
        sentence(one)
        for row in known
        for one in differences(row, measured["torch"])
        if one["kind"] in ("kink", "special")
    )
    return f"**Another function**: {names} {verb} ${formula}${off}.{_bullets([*lines])}"


def inputs(grid: Mapping[str, float]) -> str:
    """The inputs of functions of one number, in words."""
    ends = f"{words.plain(grid['from'])} to {words.plain(grid['to'])}"
    return f"x from {ends} in steps of 1/{round(1 / grid['step'])}"


def asked(versions: Mapping[str, str]) -> str:
    """`jax 0.10.2, …`: the packages that were asked."""
    return ", ".join(f"{name} {text}" for name, text in versions.items())


def provenance(measured: Measured) -> str:
    """When, on what inputs and with which versions it was measured."""
    if not measured.get("elsewhere"):
        return ""
    return (
        f"Measured on {measured['date']} in float32 on a CPU against torch"
        f" {measured['torch_version']}, on {inputs(measured['grid'])} or on random rows, at kinks,"
        f" ±∞ and NaN, with {asked(measured['versions'])}; Keras 3 runs on JAX. What is not said to"
        " differ agrees. All functions: [porting traps](/porting/traps.md).\n"
        "{: .af-provenance }\n"
    )
