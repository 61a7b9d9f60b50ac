"""The section "Same function elsewhere": an entry's code in other frameworks, and what measuring
it has shown."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mpmath import mpf

from activations._entry import FRAMEWORKS, Activation, Counterpart, Elsewhere

from ...evaluation import formula
from ...evaluation.agreement import ROUNDING
from ...facts import words
from ...kinds import Kind
from ...measure.probes.framework import IMPORTS, PACKAGES
from ...printing.latex import latex
from ...templates import render
from .rounding import apart

TEMPLATE = "pages/activation/templates/elsewhere.md"
SIGNS = {"inf": "∞", "-inf": "−∞", "nan": "NaN", "100": "100", "-100": "−100"}
# what ±inf, NaN and ±100 stand in for x of
NUMBER = "x"
RUN_ON_TORCH = ("transformers", "timm")  # a function of torch that they have no name for is its own
RUNNERS = {"onnx": "onnx.reference", "onnxruntime": "onnxruntime"}

OUTLINE = {
    "same": "By its name in",
    "matched": "with arguments other than the default in",
    "missing": "put together in",
}
FAR = 10**4  # where functions are near enough to their asymptotes
TINY = 1e-9  # what is left there of a difference that does not grow

Measured = Mapping[str, Any]
Record = Mapping[str, Any]


def status(code: Elsewhere) -> str:
    """What the bare call, or the code of that name, is: same, matched, different or missing."""
    if not isinstance(code, Counterpart):
        return "missing"
    if code.own is not None:
        return "matched"
    return "same" if code.computes is None else "different"


def rows(kind: Kind, measured: Measured, numerics: Measured) -> list[dict[str, Any]]:
    """Each code of the entry with its status, the formula it computes where that is another than
    torch's (LaTeX), its measured records (one, for ONNX two, none before it was measured), and
    where they differ from torch, whose `numerics` tell what it gives in other tensors."""
    found, here = [], {"by_place": _by_place(numerics), **measured.get("torch", {})}
    for code in kind.entry.elsewhere:
        own = getattr(code, "own", None)
        other = formula.claimed(kind.entry, code)
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
                "differences": _differences(records, here, kind, other),
            }
        )
    return found


def witnesses(found: Sequence[Record], measured: Measured) -> list[str]:
    """`jax 0.10.2`, …: the packages whose own code was run and gives the function's values."""
    agree = (row for row in found if row["status"] in ("same", "matched"))
    runners = dict.fromkeys(run["runner"] for row in agree for run in row["measured"])
    packages = (PACKAGES.get(runner, (runner,))[0] for runner in runners)
    return [f"{package} {measured['versions'][package]}" for package in packages]


def _by_place(numerics: Measured) -> dict[str, list[list[Any]]]:
    """What torch gives at ±inf and NaN, of value and of slope, where that depends on the place in a
    long tensor."""
    rows_ = numerics.get("cpu", {}).get("special", {}).get("float32", ())
    return {
        row["input"]: [_both(row[part] or {}) for part in ("output", "gradient")] for row in rows_
    }


def _both(result: Record) -> list[Any]:
    """The result at the start and at the end of a long tensor; nothing where they are the same."""
    tail = result.get("tail", {"of": ()})
    both = (result["result"], tail["result"]) if "1000" in tail["of"] else ()
    return [text if text in SIGNS else float(text) for text in both]


def _growth(kind: Kind, other: Any) -> float:
    """By how much another formula of a number parts from torch's for each unit of x, far out."""
    if other is None or not kind.has_rounding_by_place:
        return 0.0
    gap = formula.numeric(other - kind.shown())
    with formula.high_precision():
        rates = [float(abs(gap(2 * mpf(far)) - gap(mpf(far))) / abs(far)) for far in (-FAR, FAR)]
    return max(rates) if max(rates) > TINY else 0.0


class Difference(NamedTuple):
    """Of which kind it is, how large, and in words: where, what is there and what torch has."""

    kind: str
    size: Any
    where: str = ""
    there: str = ""
    here: str = ""
    runner: str = ""
    relative: float = 0.0
    growth: float = 0.0


def _differences(
    records: Sequence[Record], here: Record, kind: Kind, other: Any
) -> list[dict[str, Any]]:
    """Where code differs from torch; what both of ONNX's runners show is told once.

    The kinds are `default` and `value` (outputs on the grid), `slope` (beside kinks), `kink` and
    `special` (±inf, NaN, ±100). A difference on the grid is also told relative to numbers above 1,
    and one of outputs that grows without bound, by the formula `other`, for each unit of x.
    """
    told: dict[tuple[str, ...], Difference] = {}
    growth = _growth(kind, other)
    for record in records:
        special = _special(record, here, kind.words.stands_in)
        for one in (*_gaps(record, growth), *_kinks(record, here), *special):
            key = one.kind, one.where, one.there
            runner = RUNNERS.get(record["runner"], "") if key not in told else ""
            told[key] = told.get(key, one)._replace(runner=runner)
    return [one._asdict() for one in told.values()]


def _gaps(record: Record, growth: float) -> Iterator[Difference]:
    """Outputs and slopes on the grid, of the bare call or of the code."""
    own = record.get("own_gap")
    for kind, gap in (
        ("default", own and own["value"]),
        ("value", record["code_gap"]["value"]),
        ("slope", record["code_gap"]["slope"]),
    ):
        if gap and float(gap["max"]) > ROUNDING:
            found = Difference(kind, gap["max"], relative=float(gap["max"]))
            if kind != "slope":
                found = found._replace(growth=growth)
            if "x" in gap:
                there, here = gap["there"] + 0.0, gap["torch"] + 0.0
                found = found._replace(
                    where=f"x = {_number(gap['x'])}",
                    there=apart(there, here),
                    here=apart(here, there),
                    relative=found.relative / max(1, abs(there), abs(here)),
                )
            yield found


def _kinks(record: Record, here: Record) -> Iterator[Difference]:
    for place, slope in record["kinks"].items():
        torch = here["kinks"][place]
        if not same(slope, torch):
            size, where = abs(float(slope) - float(torch)), f"x = {_number(float(place))}"
            yield Difference("kink", size, where, _number(slope), _number(torch))


def _special(record: Record, here: Record, given: str) -> Iterator[Difference]:
    """What ±inf, NaN and ±100 give: of a number its value and slope, of a row its outputs.

    What torch gives in some places only counts as given.
    """
    for name, found in record["special"].items():
        pairs = [p for p in zip(found, here["special"][name], strict=True) if p[0] is not None]
        if given == NUMBER and name in here["by_place"]:
            each = zip(pairs, here["by_place"][name], strict=False)
            pairs = [next(((p[0], g) for g in also if same(p[0], g)), p) for p, also in each]
        if not all(same(*pair) for pair in pairs):
            gaps = [abs(float(one) - float(other)) for one, other in pairs if one != other]
            size = math.inf if any(map(math.isnan, gaps)) else max(gaps)
            there, torch = (_outputs(side, pairs, given) for side in (0, 1))
            yield Difference("special", size, given.replace("x", SIGNS[name]), there, torch)


def _outputs(side: int, pairs: Sequence[Any], given: str) -> str:
    """One side of the pairs in words: a row, or what differs of value and slope."""
    if given != NUMBER:
        return f"({', '.join(_number(pair[side], 4) for pair in pairs)})"
    named = zip(("value", "slope"), pairs, strict=False)
    return ", ".join(f"{name} {_number(pair[side])}" for name, pair in named if not same(*pair))


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


def size(found: Record) -> str:
    """How far outputs or slopes are off: at most, or without bound for each unit of x."""
    if found["growth"]:
        return f"{words.plain(found['growth'], 3)} for each unit of x, without bound"
    return words.plain(found["size"], 3)


def sentence(found: Record) -> str:
    """One difference in one line of Markdown, without a full stop; the sizes are absolute."""
    by = f" ({found['runner']})" if found["runner"] else ""
    there, here, where = found["there"], found["here"], found["where"]
    match found["kind"]:
        case "kink":
            return f"At the kink {where} the slope is {there}{by}, in torch {here}"
        case "special":
            return f"At {where}: {there}{by}; torch: {here}"
    by_how_much = f"off by {'' if found['growth'] else 'up to '}{size(found)}"
    place = f", at {where}{by}: {there} there, {here} in torch" if where else by
    return f"{'The slope is ' if found['kind'] == 'slope' else ''}{by_how_much}{place}"


def part(kind: Kind, found: Sequence[Record], measured: Measured) -> str:
    """The section in Markdown, of these `rows`: a tab for each framework, and what it was measured
    with."""
    by_framework = {f: [row for row in found if row["framework"] == f] for f in FRAMEWORKS}
    return render(
        TEMPLATE,
        entry=kind.entry,
        witnesses=", ".join(witnesses(found, measured)),
        outline=_outline(by_framework),
        given=_given(kind.entry),
        tabs=[
            (FRAMEWORKS[framework], _blocks(framework, own))
            for framework, own in by_framework.items()
            if own
        ],
        on_flax=bool(by_framework["flax"]),
        unnamed=[FRAMEWORKS[f] for f in RUN_ON_TORCH if not by_framework[f]],
        measured=measured,
        inputs=inputs,
        asked=asked,
    )


def _outline(by_framework: Mapping[str, Sequence[Record]]) -> str:
    """In which frameworks it is there by name, under which it is another by default."""
    named: dict[str, list[str]] = {}
    for framework, rows_ in by_framework.items():
        first = next((row["status"] for row in rows_ if row["status"] in OUTLINE), "")
        named.setdefault(first, []).append(FRAMEWORKS[framework])
    told = [f"{text} {words.listed(named[s])}" for s, text in OUTLINE.items() if s in named]
    return "; ".join(told) + "." if told else ""


def _given(entry: Activation) -> list[str]:
    """What the code is given, and at which settings it is torch's."""
    setting = words.setting(entry)
    told = [f"at {setting}"] if setting else []
    if entry.noise and entry.noise.evaluation is not None:
        told.append("in evaluation mode")
    elif entry.noise:
        told.append("`g` being the noise of the definition")
    if entry.runs:
        told.append("with the inputs of the definition")
        if len(entry.runs()) > 1:
            told.append("each of shape (batch, head, position, width)")
    return told


def _blocks(framework: str, found: Sequence[Record]) -> list[str]:
    """One framework's tab: its code, then other functions by a like name, by formula."""
    if not all(row["measured"] for row in found):
        return ["Not measured yet; `make measure-frameworks` does it."]
    blocks = [_block(framework, row) for row in found if row["status"] != "different"]
    others: dict[str, list[Record]] = {}
    for row in found:
        if row["status"] == "different":
            others.setdefault(row["computes"], []).append(row)
    return blocks + [_others(formula, each) for formula, each in others.items()]


def _block(framework: str, row: Record) -> str:
    """The code that computes torch's function, how it is declared, and each difference."""
    language = "text" if framework == "onnx" else "py"  # `python` blocks are run with torch
    imports = _imports(framework, row["code"])
    about = []
    if row["status"] == "missing":
        about.append("Put together: no function of the framework computes it.")
    elif signature := row["measured"][0]["signature"]:
        about.append(f"Declared as `{signature}`.")
    worst = max(float(r["code_gap"]["value"]["max"]) for r in row["measured"])
    if worst <= ROUNDING:
        text = f"within {words.plain(worst, 2)} of torch's" if worst else "torch's to the bit"
        about.append(f"Its outputs are {text}.")
    lines = []
    for one in row["differences"]:
        text = sentence(one)
        if one["kind"] == "default":
            bare = call(row["own"])
            text = f"**Its default is another function**: `{bare}` is ${row['computes']}$, {text}"
        lines.append(text)
    return f"```{language}\n{imports}{row['code']}\n```\n\n{' '.join(about)}{_bullets(lines)}"


def _bullets(lines: Iterable[str]) -> str:
    text = "\n".join(f"- {line}." for line in lines)
    return f"\n\n{text}" if text else ""


def call(code: str) -> str:
    """The code in one line, without its `y = ` where it is one."""
    return code.removeprefix("y = ").replace("\n", "; ")


def _imports(framework: str, code: str) -> str:
    """The lines that import what the code uses, without other names, and an empty one."""
    lines = []
    for line in IMPORTS[framework].splitlines():
        start, word, names = line.rpartition("import ")
        used = [n for n in names.split(", ") if re.search(rf"\b{n.split()[-1]}\b", code)]
        lines += [f"{start}{word}{', '.join(used)}\n"] if used else []
    return "".join([*lines, "\n"]) if lines else ""


def _others(formula: str, each: Sequence[Record]) -> str:
    """Functions by a like name that compute another formula, and how they differ from torch's."""
    names = ", ".join(f"`{call(row['code'])}`" for row in each)
    verb = "computes" if len(each) == 1 else "compute"
    first, *more = (row["differences"] for row in each)
    off = next((f", {sentence(one)}" for one in first if one["kind"] == "value"), "")
    edges = (one for found in (first, *more) for one in found if one["kind"] in ("kink", "special"))
    return (
        f"**Another function**: {names} {verb} ${formula}${off}."
        f"{_bullets(dict.fromkeys(map(sentence, edges)))}"
    )


def inputs(grid: Mapping[str, float]) -> str:
    """The inputs of functions of one number, in words."""
    ends = f"{words.plain(grid['from'])} to {words.plain(grid['to'])}"
    return f"x from {ends} in steps of 1/{round(1 / grid['step'])}"


def asked(versions: Mapping[str, str]) -> str:
    """`jax 0.10.2, …`: the packages that were asked."""
    return ", ".join(f"{name} {text}" for name, text in versions.items())
