"""The generated parts of the page "What changed in torch": measured/torch_versions.json, compared.

Two neighbouring versions differ in a name, a signature, a value or slope beyond rounding, what ±∞
and NaN give, or the dtypes that are accepted.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
ALONE = "alone"
ZEROS = {"0", "-0"}
SPECIAL = {"+inf": "∞", "-inf": "−∞", "nan": "NaN"}
DRAWN = (
    "the same seed draws other numbers",
    "A run with a fixed seed does not repeat that of the other version.",
)
CHANGED = "Results at such inputs are not comparable across the two."
CLOSE = "They differ by {} of their size: compare with a larger tolerance."
SIGN = "`==` sees no difference; `1 / y`, `copysign` and `signbit` do."
REFUSED = "Convert to float32, or catch `RuntimeError`, which `NotImplementedError` is too."

Fields = Mapping[str, str]
Told = tuple[str, str]  # what changed, what it means
Difference = tuple[str, str, str]  # where, before, after
Place = tuple[str, str]  # dtype, tensor


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
    several = f"in a tensor of {len(grid)}"
    numbers = {
        (dtype, where): _numbers(dtype, suffix, old, new, grid)
        for dtype in ROUNDING
        for where, suffix in ((several, ""), (ALONE, " alone"))
        if all(f"{dtype} value{suffix}" in fields for fields in (old, new))
    }
    specials = {
        (dtype, where): _specials(f"{dtype} {{}} in {size}", old, new)
        for dtype in ROUNDING
        for where, size in ((several, len(grid)), (ALONE, 1))
    }
    return {
        "signature": _signatures(old["signature"], new["signature"]),
        "number": _once(numbers),
        "special": _once(specials),
        "dtype": _dtypes(old, new),
    }


def _once(found: Mapping[Place, Iterable[Told]]) -> Iterator[Told]:
    """Each once, with the dtypes and tensors in which it is met, unless it is met in all."""
    met: dict[Told, list[Place]] = {}
    for place, every in found.items():
        for told in every:
            met.setdefault(told, []).append(place)
    for (what, means), places in met.items():
        where = _where(places, [*found])
        yield what + (f" ({where})" if where else ""), means


def _where(places: Sequence[Place], asked: Sequence[Place]) -> str:
    """The dtypes and tensors of `places`, but for what says no more than all that were asked."""
    axes = [[*dict.fromkeys(axis)] for axis in zip(*places, strict=True)]
    if len(places) < math.prod(map(len, axes)):
        return "; ".join(", ".join(place) for place in places)
    told = (
        ", ".join(axis)
        for axis, every in zip(axes, zip(*asked, strict=True), strict=True)
        if {*axis} != {*every}
    )
    return ", ".join(told)


def _signatures(old: str, new: str) -> Iterator[Told]:
    if old == new:
        return
    if "not inspectable" in (old, new):
        yield f"its signature is `{new}`, was `{old}`", "Nothing for calls."
        return
    before, after = _defaults(old), _defaults(new)
    for name in before | after:
        was, now = before.get(name), after.get(name)
        if was is None:
            yield f"has a new parameter `{name}`", "Older versions raise `TypeError`."
        elif now is None:
            yield f"lost the parameter `{name}`", "Code that passes it raises `TypeError`."
        elif was != now:
            means = f"Nothing where the two are equal; else pass `{name}` to both."
            yield f"the default of `{name}` is `{now}`, was `{was}`", means


def _defaults(signature: str) -> dict[str, str]:
    """Parameter -> its default as Python writes it, or "required"."""
    parts = (part.partition("=") for part in signature.split(", "))
    return {name: default or "required" for name, _, default in parts if name.isidentifier()}


def _numbers(
    dtype: str, suffix: str, old: Fields, new: Fields, grid: Sequence[float]
) -> Iterator[Told]:
    """Values and slopes on the grid, whose fields end in `suffix`."""
    for what in ("value", "slope"):
        before, after = (fields[f"{dtype} {what}{suffix}"] for fields in (old, new))
        one, other = before.split(), after.split()
        if "raises" in (one[0], other[0]) or len(one) != len(other):
            if before != after:
                yield f"the {what} is {_outcome(after)}, was {_outcome(before)}", CHANGED
            continue
        # of fewer outputs than inputs none belongs to one input
        known = len(one) == len(grid)
        places = [f" at x = {words.plain(x)}" for x in grid] if known else [""] * len(one)
        found = list(zip(places, one, other, strict=True))
        if what == "value" and (zeros := [d for d in found if d[0] and {*d[1:]} == ZEROS]):
            yield _told(what, zeros), SIGN
        if where := [d for d in found if _gap(d) > ROUNDING[dtype]]:
            gap = max(map(_gap, where))
            yield _told(what, where), CLOSE.format(words.plain(gap, 1)) if gap < 0.01 else CHANGED


def _gap(difference: Difference) -> float:
    """How far the two lie apart, as a share of the larger; ∞ where one is no number."""
    before, after = map(float, difference[1:])
    if str(before) == str(after) or abs(before - after) <= TINY:
        return 0.0
    gap = abs(before - after) / max(abs(before), abs(after))
    return math.inf if math.isnan(gap) else gap


def _told(what: str, where: Sequence[Difference]) -> str:
    shown = where if len(where) <= SHOWN else [max(where, key=_gap)]
    told = [f"the {what}{x} is {_outcome(new)}, was {_outcome(old)}" for x, old, new in shown]
    more = [f"the {what} differs at {len(where)} inputs"] if len(where) > SHOWN else []
    return "; ".join([*more, *told])


def _outcome(text: str) -> str:
    """What came of a call: an error, whose name may be known, a number, or so many."""
    match text.split():
        case ["raises", *errors]:
            return " with ".join(["refused", *(f"`{error}`" for error in errors)])
        case ["nan"]:
            return "NaN"
        case [number]:
            return words.plain(number, 8)
        case numbers:
            return f"{len(numbers)} numbers"


def _specials(field: str, old: Fields, new: Fields) -> Iterator[Told]:
    """What ±inf and NaN give; `field` has a place for which of them it is."""
    for sign, place in SPECIAL.items():
        before, after = (fields[field.format(sign)].split() for fields in (old, new))
        for what, one, other in zip(("value", "slope"), before, after, strict=True):
            if one != other and {one, other} != ZEROS:
                told = f"the {what} at {place} is {_outcome(other)}, was {_outcome(one)}"
                yield told, "Do not count on what comes of such an input."


def _dtypes(old: Fields, new: Fields) -> Iterator[Told]:
    for field, text in new.items():
        kind, _, dtype = field.partition(" ")
        if kind == "dtype" and text != old[field]:
            told = f"on the CPU `{dtype}` is {_answer(text)}, was {_answer(old[field])}"
            yield told, REFUSED


def _answer(text: str) -> str:
    """What came of a tensor: an error, or another of this dtype."""
    return _outcome(text) if text.startswith("raises") else f"answered in `{text}`"


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
    for record in sorted(records, key=lambda r: r["name"].lower()):
        own = [n for n in (record["torch"], record["functional"]) if n]
        if met := [n for n in own if n in names]:
            only = "" if len(met) == len(own) else f" (`{met[0]}`)"
            texts.append(markdown.link(record["name"], record["slug"]) + only)
            names = [n for n in names if n not in met]
    texts += [f"`{n}`" for n in names]
    listed = ", ".join(texts)
    if len(texts) < MANY:
        return listed
    summary = f"<summary>{len(texts)} activations</summary>"
    return f'<details class="af-folded">{summary}{listed}</details>'


def unchanged(found: Sequence[Change], versions: Sequence[tuple[str, Names]]) -> str:
    """One sentence with the counts of what stayed."""
    total = len(set().union(*(names for _, names in versions)))
    kept = {kind: total - len({c.name for c in found if c.kind == kind}) for kind in KINDS}
    return (
        f"**What did not change** from {versions[0][0]} to {versions[-1][0]}: of {total} names"
        f" {kept['name']} stayed, {kept['signature']} kept their parameters and defaults,"
        f" {kept['number']} every value and slope, {kept['special']} what they do with ±∞ and NaN,"
        f" and {kept['dtype']} what they do with each dtype.\n"
    )


def provenance(measured: Mapping[str, Any], versions: Sequence[tuple[str, Names]]) -> str:
    """When, where and with which versions it was measured, and on what inputs."""
    listed = ", ".join(version for version, _ in versions)
    used = itertools.groupby(measured["versions"], key=lambda v: v["capability"])
    paths = ", ".join(f"{name} from {next(group)['torch']} on" for name, group in used)
    inputs = ", ".join(words.plain(x) for x in measured["grid"] if x > 0)
    return (
        f"Measured on {measured['date']} on one processor ({paths}) with torch {listed}, each as"
        f" pip installs it for Python 3.11. Inputs: ±0 and ±{inputs}, in rows of four and, for"
        " functions of one number, each alone, in float64 and float32; ±∞ and NaN, in a tensor of"
        " 32 and alone. Slopes are autograd's. A relative"
        f" difference counts above {words.plain(ROUNDING['float64'])} in float64 and"
        f" {words.plain(ROUNDING['float32'])} in float32.\n{{: .af-provenance }}\n"
    )
