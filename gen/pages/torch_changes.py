"""The generated parts of the page "What changed in torch": measured/torch_versions.json, compared.

Two neighbouring versions differ in a name, a signature, a value or slope beyond rounding, what ±∞
and NaN give, or the dtypes that are accepted.
"""

import ast
import itertools
import math
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import markdown
from ..facts import words
from ..measure.torch_versions import Names, unpacked

# a relative difference up to this is rounding: 16 or so units in the last place of float32, and
# the last of the 12 digits that are recorded of float64
ROUNDING = {"float64": 1e-11, "float32": 4e-6}
TINY = 1e-30  # differences below it count as rounding too
MANY = 6  # so many activations in one cell are folded
SHOWN = 2  # inputs of which a row tells; of more it tells the one that differs most

KINDS = ("name", "signature", "number", "special", "dtype")
SPECIAL = {"+inf": "∞", "-inf": "−∞", "nan": "NaN"}
DRAWN = (
    "the same seed draws other numbers",
    "A run with a fixed seed does not repeat that of the other version.",
)
CHANGED = "Results are not comparable across the two."

Fields = Mapping[str, str]
Told = tuple[str, str]  # what changed, what it means


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
    versions = unpacked(measured["versions"])
    found = changes(versions, measured["grid"])
    return {
        "torch_changes/changes.md": table(found, records),
        "torch_changes/unchanged.md": unchanged(found, versions),
        "torch_changes/provenance.md": provenance(measured, versions),
    }


def changes(versions: Sequence[tuple[str, Names]], grid: Sequence[float]) -> list[Change]:
    """Every difference between neighbours, oldest first; `grid` holds the inputs of the values."""
    return [
        Change(version, kind, name, what, means)
        for (_, old), (version, new) in itertools.pairwise(versions)
        for name in sorted(old.keys() | new.keys())
        for kind, told in _compared(old.get(name), new.get(name), grid).items()
        for what, means in told
    ]


def _compared(
    old: Fields | None, new: Fields | None, grid: Sequence[float]
) -> dict[str, Iterable[Told]]:
    """What changed of one name, by its kind."""
    if old is None:
        return {"name": [("is new", "Older versions raise `AttributeError`.")]}
    if new is None:
        return {"name": [("is gone", "Code that uses it raises `AttributeError`.")]}

    def by_dtype(told: Callable[..., Iterator[Told]]) -> Iterator[Told]:
        return _once({f"in {d} {{}}": list(told(d, old, new, grid)) for d in ROUNDING})

    return {
        "signature": _signatures(old["signature"], new["signature"]),
        "number": by_dtype(_numbers),
        "special": by_dtype(_specials),
        "dtype": _dtypes(old, new),
    }


def _once(found: Mapping[str, Sequence[Told]]) -> Iterator[Told]:
    """What both tell; and what one alone tells, in the frame that is its key."""
    one, other = found.values()
    common = [told for told in one if told in other]
    yield from common
    for frame, every in found.items():
        yield from ((frame.format(told[0]), told[1]) for told in every if told not in common)


def _signatures(old: str, new: str) -> Iterator[Told]:
    if old == new:
        return
    if "not inspectable" in (old, new):
        can = "can be inspected" if old == "not inspectable" else "cannot be inspected any more"
        yield f"its signature {can}", "Nothing for calls."
        return
    before, after = _defaults(old), _defaults(new)
    for name in before | after:
        was, now = before.get(name), after.get(name)
        if was is None:
            yield f"has a new parameter `{name}`", "Older versions raise `TypeError`."
        elif now is None:
            yield f"lost the parameter `{name}`", "Code that passes it raises `TypeError`."
        elif was != now:
            equal = "Nothing for results: the two are equal."
            means = equal if _equal(was, now) else f"Pass `{name}` to get the same from both."
            yield f"the default of `{name}` is `{now}`, was `{was}`", means


def _defaults(signature: str) -> dict[str, str]:
    """Parameter -> its default as Python writes it, or "required"."""
    parsed = ast.parse(f"lambda {signature}: 0", mode="eval").body
    assert isinstance(parsed, ast.Lambda)
    given = parsed.args
    places = [*given.posonlyargs, *given.args]
    required = [None] * (len(places) - len(given.defaults))
    defaults = [*required, *given.defaults, *given.kw_defaults]
    return {
        argument.arg: ast.unparse(default) if default else "required"
        for argument, default in zip([*places, *given.kwonlyargs], defaults, strict=True)
    }


def _equal(one: str, other: str) -> bool:
    try:
        return bool(literal_eval(one) == literal_eval(other))
    except ValueError:
        return False


Difference = tuple[float, float, float]  # input, before, after


def _numbers(dtype: str, old: Fields, new: Fields, grid: Sequence[float]) -> Iterator[Told]:
    """Values and slopes on the grid."""
    for what in ("value", "slope"):
        one, other = old[f"{dtype} {what}"], new[f"{dtype} {what}"]
        if one == other:
            continue
        if one.startswith("raises") or other.startswith("raises"):
            yield _turned(f"the {what}", one, other)
            continue
        before, after = ([float(t) for t in text.split()] for text in (one, other))
        if len(before) != len(after):
            yield f"the {what} has {len(after)} numbers, had {len(before)}", CHANGED
            continue
        # of fewer outputs than inputs none belongs to one input
        inputs = grid if len(after) == len(grid) else [math.nan] * len(after)
        found = list(zip(inputs, before, after, strict=True))
        zeros = [each for each in found if not math.isnan(each[0]) and _sign_lost(*each[1:])]
        if what == "value" and zeros:
            yield _zeros(zeros)
        if where := [each for each in found if not _same(*each[1:], dtype)]:
            yield _told(what, where), _advice(what, where)


def _same(before: float, after: float, dtype: str) -> bool:
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) and math.isnan(after)
    return math.isclose(before, after, rel_tol=ROUNDING[dtype], abs_tol=TINY)


def _sign_lost(before: float, after: float) -> bool:
    """Whether both are 0 and differ in their sign."""
    return before == after == 0 and math.copysign(1, before) != math.copysign(1, after)


def _zeros(where: Sequence[Difference]) -> Told:
    x, before, after = where[0]
    place = f"x = {_number(x)}"
    if len(where) > 1:
        place = f"{len(where)} inputs, as {place},"
    means = "`==` sees no difference; `1 / y`, `copysign` and `signbit` do."
    return f"the value at {place} is {_number(after)}, was {_number(before)}", means


def _told(what: str, where: Sequence[Difference]) -> str:
    def at(x: float, before: float, after: float) -> str:
        place = "" if math.isnan(x) else f" at x = {_number(x)}"
        return f"the {what}{place} is {_number(after)}, was {_number(before)}"

    if len(where) <= SHOWN:
        return "; ".join(at(*w) for w in where)
    return f"the {what} differs at {len(where)} inputs; {at(*max(where, key=_gap))}"


def _gap(difference: Difference) -> float:
    _, before, after = difference
    return abs(before - after) / max(abs(before), abs(after))


def _advice(what: str, where: Sequence[Difference]) -> str:
    """How far two versions lie apart, or that a slope jumped."""
    gap = max(map(_gap, where))
    if gap < 0.01:
        size = words.plain(gap, 1)
        return f"They differ by {size} of their size: compare with a larger tolerance."
    if what == "slope" and len(where) <= SHOWN:
        return "An input of exactly this value gets another gradient."
    return CHANGED


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return words.plain(value, 8)


def _specials(dtype: str, old: Fields, new: Fields, grid: Sequence[float]) -> Iterator[Told]:
    """What ±inf and NaN give; the size of the tensor is named where it matters."""
    for sign, place in SPECIAL.items():
        yield from _once(
            {
                f"{{}} (in a tensor of {size})": list(
                    _moved(place, *(f[f"{dtype} {sign} in {count}"].split() for f in (old, new)))
                )
                for count, size in ((len(grid), len(grid)), (1, "one element"))
            }
        )


def _moved(place: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Told]:
    """What changed of the value and the slope at a special input, and what it means."""
    for what, one, other in zip(("value", "slope"), before, after, strict=True):
        if one == other or {one, other} == {"0", "-0"}:
            continue
        if "raises" in (one, other):
            yield _turned(f"the {what} at {place}", one, other)
            continue
        means = "Do not count on what comes of such an input."
        if other == "nan" and place == "NaN":
            means = "Older versions hide a NaN in the input."
        elif place != "NaN" and "nan" in (one, other):
            which = "Newer" if other == "nan" else "Older"
            means = f"{which} versions make a NaN of an infinity: clamp the input."
        now, was = _number(float(other)), _number(float(one))
        yield f"the {what} at {place} is {now}, was {was}", means


def _dtypes(old: Fields, new: Fields) -> Iterator[Told]:
    for field, text in new.items():
        kind, _, dtype = field.partition(" ")
        if kind == "dtype" and text != old[field]:
            yield _turned(f"on the CPU `{dtype}`", old[field], text)


def _turned(subject: str, one: str, other: str) -> Told:
    """That a call began or ceased to raise, or raises something else, and what that means."""
    now, was = (
        _outcome(other, "raises", "works", "gives"),
        _outcome(one, "raised", "worked", "gave"),
    )
    what = f"{subject} {now}, {was}"
    match one.startswith("raises"), other.startswith("raises"):
        case True, True if other.endswith("NotImplementedError") and one.endswith("RuntimeError"):
            return what, "`except RuntimeError` still catches it: the new one is a subclass."
        case True, True:
            return what, "Catch both."
        case True, False:
            return what, "For older versions convert to float32 first."
        case False, True:
            return what, "Convert to float32 first."
    return what, "Compare results with a tolerance across versions."


def _outcome(text: str, raises: str, works: str, gives: str) -> str:
    if text.startswith("raises "):
        return f"{raises} `{text.removeprefix('raises ')}`"
    if text == "raises":
        return raises
    return f"{gives} {text}" if " " in text else works


def table(found: Sequence[Change], records: Sequence[Mapping[str, Any]]) -> str:
    """Newest first; what is the same for several activations of one version is one row."""
    random = {r["functional"] for r in records if r["random"]}
    newest = list(dict.fromkeys(change.version for change in reversed(found)))
    rows: dict[tuple[str, str, str], dict[str, None]] = {}
    for change in sorted(
        found, key=lambda c: (newest.index(c.version), KINDS.index(c.kind), c.name, c.what)
    ):
        drawn = change.name in random and change.kind == "number"
        what, means = DRAWN if drawn else (change.what, change.means)
        rows.setdefault((change.version, what, means), {})[change.name] = None
    return markdown.table(
        ("torch", "Activation", "What changed", "What it means for code"),
        (
            (version, _links(list(names), records), what[0].upper() + what[1:], means)
            for (version, what, means), names in rows.items()
        ),
    )


def _links(names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> str:
    """The pages of the names; a name is spelt out where its page has one that did not change."""
    texts = []
    left = list(names)
    for record in sorted(records, key=lambda r: r["name"].lower()):
        own = [n for n in (record["torch"], record["functional"]) if n]
        met = [n for n in own if n in left]
        if met:
            only = "" if len(met) == len(own) else f" (`{met[0]}`)"
            texts.append(markdown.link(record["name"], record["slug"]) + only)
            left = [n for n in left if n not in met]
    texts += [f"`{n}`" for n in left]
    listed = ", ".join(texts)
    if len(texts) < MANY:
        return listed
    summary = f"<summary>{len(texts)} activations</summary>"
    return f'<details class="af-folded">{summary}{listed}</details>'


def unchanged(found: Sequence[Change], versions: Sequence[tuple[str, Names]]) -> str:
    """One sentence with the counts of what stayed."""
    total = len(set().union(*(names for _, names in versions)))
    hit = {kind: len({c.name for c in found if c.kind == kind}) for kind in KINDS}
    kept = {kind: total - count for kind, count in hit.items()}
    names = f"{hit['name']} came or went" if hit["name"] else "no name came or went"
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
    paths = ", ".join(f"{name} from {next(group)['torch']} on" for name, group in used)
    inputs = ", ".join(words.plain(x) for x in measured["grid"] if x > 0)
    return (
        f"Measured on {measured['date']} on one processor ({paths}) with torch {listed}, each as"
        f" pip installs it for Python 3.11. Inputs: ±0 and ±{inputs}, in rows of four, in float64"
        " and float32; ±∞ and NaN, in a tensor of 32 and alone. Slopes are autograd's. A relative"
        f" difference counts above {words.plain(ROUNDING['float64'])} in float64 and"
        f" {words.plain(ROUNDING['float32'])} in float32.\n{{: .af-provenance }}\n"
    )
