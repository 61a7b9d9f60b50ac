"""The generated parts of the page "What changed in torch": measured/torch_versions.json, compared.

Two neighbouring versions differ in a name, a signature, a value or slope beyond rounding, what ±∞
and NaN give, or the dtypes that are accepted.
"""

import ast
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..facts import words
from ..measure.torch_versions import Names, unpacked

# a relative difference up to this is rounding: 16 or so units in the last place of float32, and
# the last of the 12 digits that are recorded of float64
ROUNDING = {"float64": 1e-11, "float32": 4e-6}
TINY = 1e-30  # differences below it count as rounding too
MANY = 6  # so many activations in one cell are folded
SHOWN = 2  # inputs of which a row tells; of more it tells the one that differs most

KINDS = ("name", "signature", "number", "special", "dtype")


@dataclass(frozen=True)
class Change:
    """One difference between a version and the one before it, in Markdown."""

    version: str
    kind: str
    name: str
    what: str
    means: str


def parts(measured: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """File name -> Markdown: the table, the sentence on what stayed, how it was measured."""
    if not measured:
        missing = "Not measured yet; `make measure-torch` does it.\n"
        return dict.fromkeys(("changes.md", "unchanged.md", "provenance.md"), missing)
    versions = unpacked(measured["versions"])
    found = changes(versions, measured["grid"])
    return {
        "changes.md": table(found, records),
        "unchanged.md": unchanged(found, versions),
        "provenance.md": provenance(measured, versions),
    }


def changes(versions: Sequence[tuple[str, Names]], grid: Sequence[float]) -> list[Change]:
    """Every difference between neighbours, oldest first; `grid` holds the inputs of the values."""
    found = []
    for (_, old), (version, new) in itertools.pairwise(versions):
        for name in sorted(old.keys() | new.keys()):
            for kind, what, means in _compared(old.get(name), new.get(name), grid):
                found.append(Change(version, kind, name, what, means))
    return found


Told = tuple[str, str, str]


def _compared(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, grid: Sequence[float]
) -> Iterator[Told]:
    """(kind, what changed, what it means) for one name."""
    if old is None:
        yield "name", "is new", "Older versions raise `AttributeError`."
    elif new is None:
        yield "name", "is gone", "Code that uses it raises `AttributeError`."
    else:
        yield from _signatures(old["signature"], new["signature"])
        yield from _both(_numbers, old, new, grid)
        yield from _both(_specials, old, new, grid)
        yield from _dtypes(old, new)


def _signatures(old: str, new: str) -> Iterator[Told]:
    if old == new:
        return
    if "not inspectable" in (old, new):
        now = "cannot be inspected any more" if new == "not inspectable" else "can be inspected"
        yield "signature", f"its signature {now}", "Nothing for calls."
        return
    before, after = _defaults(old), _defaults(new)
    for name in [n for n in after if n not in before]:
        yield (
            "signature",
            f"has a new parameter `{name}`",
            "Older versions raise `TypeError`.",
        )
    for name in [n for n in before if n not in after]:
        yield "signature", f"lost the parameter `{name}`", "Code that passes it raises `TypeError`."
    for name in [n for n in after if n in before and before[n] != after[n]]:
        what = f"the default of `{name}` is `{after[name]}`, was `{before[name]}`"
        if _equal(before[name], after[name]):
            yield "signature", what, "Nothing for results: the two are equal."
        else:
            yield "signature", what, f"Pass `{name}` to get the same from both."


def _defaults(signature: str) -> dict[str, str]:
    """Parameter -> its default as Python writes it, or "required"."""
    parsed = ast.parse(f"lambda {signature}: 0", mode="eval").body
    assert isinstance(parsed, ast.Lambda)
    given = parsed.args
    names = [a.arg for a in (*given.posonlyargs, *given.args)]
    texts = [*["required"] * (len(names) - len(given.defaults)), *map(ast.unparse, given.defaults)]
    found = dict(zip(names, texts, strict=True))
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found[argument.arg] = "required" if default is None else ast.unparse(default)
    return found


def _equal(one: str, other: str) -> bool:
    try:
        return bool(ast.literal_eval(one) == ast.literal_eval(other))
    except ValueError:
        return False


def _both(
    told: Any, old: Mapping[str, str], new: Mapping[str, str], grid: Sequence[float]
) -> Iterator[Told]:
    """What `told` says of each dtype; the dtype is named where the other says something else."""
    found = {dtype: list(told(dtype, old, new, grid)) for dtype in ROUNDING}
    common = [change for change in found["float64"] if change in found["float32"]]
    yield from common
    for dtype, every in found.items():
        for kind, what, means in every:
            if (kind, what, means) not in common:
                yield kind, f"in {dtype} {what}", means


def _numbers(
    dtype: str, old: Mapping[str, str], new: Mapping[str, str], grid: Sequence[float]
) -> Iterator[Told]:
    """Values and slopes on the grid."""
    for what in ("value", "slope"):
        one, other = old[f"{dtype} {what}"], new[f"{dtype} {what}"]
        if one == other:
            continue
        if one.startswith("raises") or other.startswith("raises"):
            yield "number", f"the {what} {_result(other)}, {_past(one)}", _turn(one, other)
            continue
        before, after = ([float(t) for t in text.split()] for text in (one, other))
        if len(before) != len(after):
            yield "number", f"the {what} has {len(after)} numbers, had {len(before)}", CHANGED
            continue
        where = [
            (x, b, a)
            for x, b, a in zip(_places(grid, len(after)), before, after, strict=True)
            if not _same(b, a, dtype)
        ]
        zeros = [x for x, b, a in zip(grid, before, after, strict=False) if _sign_lost(b, a)]
        if what == "value" and zeros and len(before) == len(grid):
            yield _zeros(zeros, before, after, grid)
        if where:
            yield "number", _told(what, where), _advice(what, where)


Differences = Sequence[tuple[float | None, float, float]]  # input, before, after


def _advice(what: str, where: Differences) -> str:
    """How far two versions lie apart, or that a slope jumped."""
    gap = max(abs(b - a) / max(abs(a), abs(b)) for _, b, a in where)
    if gap < 0.01:
        size = words.plain(gap, 1)
        return f"They differ by {size} of their size: compare with a larger tolerance."
    if what == "slope" and len(where) <= SHOWN:
        return "An input of exactly this value gets another gradient."
    return "Results are not comparable across the two."


def _places(grid: Sequence[float], count: int) -> Sequence[float | None]:
    """The input of each output; None where there are fewer outputs than inputs."""
    return grid if count == len(grid) else [None] * count


def _same(before: float, after: float, dtype: str) -> bool:
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) and math.isnan(after)
    return math.isclose(before, after, rel_tol=ROUNDING[dtype], abs_tol=TINY)


def _sign_lost(before: float, after: float) -> bool:
    """Whether both are 0 and differ in their sign."""
    return before == after == 0 and math.copysign(1, before) != math.copysign(1, after)


def _zeros(
    xs: Sequence[float], before: Sequence[float], after: Sequence[float], grid: Sequence[float]
) -> Told:
    x = xs[0]
    place = next(n for n, g in enumerate(grid) if g == x and str(g) == str(x))
    is_now, was = (_number(v[place]) for v in (after, before))
    where = f"x = {_number(x)}" if len(xs) == 1 else f"{len(xs)} inputs, as x = {_number(x)},"
    means = "`==` sees no difference; `1 / y`, `copysign` and `signbit` do."
    return "number", f"the value at {where} is {is_now}, was {was}", means


CHANGED = "Results are not comparable across the two."


def _told(what: str, where: Differences) -> str:
    def at(x: float | None, before: float, after: float) -> str:
        place = "" if x is None else f" at x = {_number(x)}"
        return f"the {what}{place} is {_number(after)}, was {_number(before)}"

    if len(where) <= SHOWN:
        return "; ".join(at(*w) for w in where)
    worst = max(where, key=lambda w: abs(w[1] - w[2]) / max(abs(w[1]), abs(w[2])))
    return f"the {what} differs at {len(where)} inputs; {at(*worst)}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return words.plain(value, 8)


def _specials(
    dtype: str, old: Mapping[str, str], new: Mapping[str, str], grid: Sequence[float]
) -> Iterator[Told]:
    """What ±inf and NaN give; the size of the tensor is named where it matters."""
    for sign, name in (("+inf", "∞"), ("-inf", "−∞"), ("nan", "NaN")):
        by_size = {}
        for size in (len(grid), 1):
            pairs = zip(*(f[f"{dtype} {sign} in {size}"].split() for f in (old, new)), strict=True)
            for what, (one, other) in zip(("value", "slope"), pairs, strict=True):
                if one != other and {one, other} != {"0", "-0"}:
                    by_size[what, size] = _moved(what, name, one, other)
        for what in ("value", "slope"):
            many, single = by_size.get((what, len(grid))), by_size.get((what, 1))
            if many and many == single:
                yield "special", *many
                continue
            if many:
                yield "special", f"{many[0]} (in a tensor of {len(grid)})", many[1]
            if single:
                yield "special", f"{single[0]} (in a tensor of one element)", single[1]


def _moved(what: str, place: str, one: str, other: str) -> tuple[str, str]:
    """What changed, and what it means."""
    if "raises" in (one, other):
        return f"the {what} at {place} {_result(other)}, {_past(one)}", _turn(one, other)
    told = f"the {what} at {place} is {_number(float(other))}, was {_number(float(one))}"
    if other == "nan" and place == "NaN":
        return told, "Older versions hide a NaN in the input."
    if other == "nan":
        return told, "Newer versions make a NaN of an infinity: clamp the input."
    if one == "nan" and place != "NaN":
        return told, "Older versions make a NaN of an infinity: clamp the input."
    return told, "Do not count on what comes of such an input."


def _dtypes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Told]:
    for field in (f for f in new if f.startswith("dtype ") and new[f] != old.get(f)):
        one, other = old[field], new[field]
        dtype = field.removeprefix("dtype ")
        yield "dtype", f"on the CPU `{dtype}` {_result(other)}, {_past(one)}", _turn(one, other)


def _result(text: str) -> str:
    if text.startswith("raises "):
        return f"raises `{text.removeprefix('raises ')}`"
    return "raises" if text == "raises" else "works" if " " not in text else f"gives {text}"


def _past(text: str) -> str:
    if text.startswith("raises"):
        return f"raised `{text.removeprefix('raises ')}`" if " " in text else "raised"
    return "worked" if " " not in text else f"gave {text}"


def _turn(one: str, other: str) -> str:
    """What it means that a call began or ceased to raise, or raises something else."""
    match one.startswith("raises"), other.startswith("raises"):
        case True, True if other.endswith("NotImplementedError") and one.endswith("RuntimeError"):
            return "`except RuntimeError` still catches it: the new one is a subclass."
        case True, True:
            return "Catch both."
        case True, False:
            return "For older versions convert to float32 first."
        case False, True:
            return "Convert to float32 first."
    return "Compare results with a tolerance across versions."


DRAWN = (
    "the same seed draws other numbers",
    "A run with a fixed seed does not repeat that of the other version.",
)


def table(found: Sequence[Change], records: Sequence[Mapping[str, Any]]) -> str:
    """Newest first; what is the same for several activations of one version is one row."""
    random = {r["functional"] for r in records if r["random"]}
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    order = {kind: n for n, kind in enumerate(KINDS)}
    newest = {version: n for n, version in enumerate(dict.fromkeys(c.version for c in found))}
    ordered = sorted(found, key=lambda c: (-newest[c.version], order[c.kind], c.name, c.what))
    for change in ordered:
        what, means = change.what, change.means
        if change.name in random and change.kind == "number":
            what, means = DRAWN
        names = rows.setdefault((change.version, change.kind, what, means), [])
        if change.name not in names:
            names.append(change.name)
    lines = ["| torch | Activation | What changed | What it means for code |"]
    lines.append("| --- | --- | --- | --- |")
    for (version, _, what, means), names in rows.items():
        lines.append(f"| {version} | {_links(names, records)} | {_capital(what)} | {means} |")
    return "\n".join(lines) + "\n"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _links(names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> str:
    """The pages of the names; a name is spelt out where its page has one that did not change."""
    texts = []
    left = list(names)
    for record in sorted(records, key=lambda r: r["name"].lower()):
        own = [n for n in (record["torch"], record["functional"]) if n]
        met = [n for n in own if n in left]
        if met:
            only = "" if len(met) == len(own) else f" (`{met[0]}`)"
            texts.append(f"[{record['name']}](/activations/{record['slug']}.md){only}")
            left = [n for n in left if n not in met]
    texts += [f"`{n}`" for n in left]
    listed = ", ".join(texts)
    if len(texts) < MANY:
        return listed
    summary = f"<summary>{len(texts)} activations</summary>"
    return f'<details class="af-folded">{summary}{listed}</details>'


def unchanged(found: Sequence[Change], versions: Sequence[tuple[str, Names]]) -> str:
    """One sentence with the counts of what stayed."""
    everything = set().union(*(names.keys() for _, names in versions))
    total = len(everything)
    hit = {kind: {c.name for c in found if c.kind == kind} for kind in KINDS}
    came = len(hit["name"])
    names = "no name came or went" if not came else f"{came} came or went"
    kept = {kind: total - len(hit[kind]) for kind in KINDS}
    return (
        f"**What did not change** from {versions[0][0]} to {versions[-1][0]}: of {total} names"
        f" {names}, {kept['signature']} kept their parameters and defaults, {kept['number']} every"
        f" value and slope, {kept['special']} what they do with ±∞ and NaN, and {kept['dtype']}"
        " what they do with each dtype.\n"
    )


def provenance(measured: Mapping[str, Any], versions: Sequence[tuple[str, Names]]) -> str:
    """When, where and with which versions it was measured, and on what inputs."""
    listed = ", ".join(version for version, _ in versions)
    used = itertools.groupby(measured["versions"], key=lambda v: v["capability"])
    spans = [(name, [v["torch"] for v in group]) for name, group in used]
    paths = ", ".join(f"{name} from {found[0]} on" for name, found in spans)
    inputs = ", ".join(words.plain(x) for x in measured["grid"] if x > 0)
    return (
        f"Measured on {measured['date']} on one processor ({paths}) with torch {listed}, each as"
        f" pip installs it for Python 3.11. Inputs: ±0 and ±{inputs}, in rows of four, in float64"
        " and float32; ±∞ and NaN, in a tensor of 32 and alone. Slopes are autograd's. A relative"
        f" difference counts above {words.plain(ROUNDING['float64'])} in float64 and"
        f" {words.plain(ROUNDING['float32'])} in float32.\n{{: .af-provenance }}\n"
    )
