"""Who uses it: the parts of `docs/models.md` and of each activation's page, and `/models.json`.

A family of models has one vote, for the activation that measured/models.json tells of it.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import markdown
from ..facts import words
from . import catalogue, data

PACKAGES = ("transformers", "timm")

# names that the packages give to activations of the catalogue, and that are not their slugs; in
# small letters and without underscores, as `_key` has them
TANH = ("gelunew", "gelufast", "geluaccurate", "gelupytorchtanh", "gelupythontanh", "gelutanh")
OTHER_NAMES = {
    **dict.fromkeys(("gelupython", *TANH), "gelu"),
    "swish": "silu",
    "quickgelu": "swish",
    "linear": "identity",
}
NOT_STATED = "not stated"
GATES = {True: "yes", False: "no", None: "unclear"}
VARIANTS = {"silu": "SwiGLU", "gelu": "GEGLU", "relu": "ReGLU", "sigmoid": "GLU"}
TAKES = {"text": "text", "image": "images", "video": "images", "audio": "audio", "time": "time"}
SEVERAL = "several"
WHERE = "[Which models use which activation](/models.md) says how they are counted, and lists all."
APART = "A softmax weighs or classifies; it is no activation between layers, and is not counted."

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Vote:
    """What one family says: its activation as a name for readers, and a slug if it has a page.

    `gate` is whether another projection is multiplied by it, None where that is unclear.
    """

    package: str
    family: str
    name: str
    slug: str | None
    raw: str | None
    gate: bool | None
    takes: str
    year: int | None
    field: str

    @property
    def label(self) -> str:
        """What the votes of one kind have in common."""
        return f"{self.name} in a gate" if self.gate else self.name

    @property
    def link(self) -> str:
        return markdown.link(self.name, self.slug) if self.slug else self.name


@dataclass(frozen=True)
class Package:
    """What the measured file has of a package, and the votes of its families."""

    name: str
    measured: Record
    votes: list[Vote]

    @property
    def named(self) -> str:
        """With its version, as `timm 1.0.31`."""
        return f"{self.name} {self.measured['versions'][self.name]}"


def slugs(records: Sequence[Record]) -> dict[str, str]:
    """Every name, as `_key` has it, by which an activation of the catalogue is known."""
    return {_key(record["slug"]): record["slug"] for record in records} | OTHER_NAMES


def _key(name: str) -> str:
    return name.lower().replace("_", "")


def packages(measured: Record, records: Sequence[Record]) -> list[Package]:
    """transformers and timm; `records` are those of the catalogue."""
    known, names = slugs(records), {record["slug"]: record["name"] for record in records}

    def vote(package: str, family: str, record: Record) -> Vote:
        raw = record.get("activation")
        slug = known.get(_key(raw or ""))
        takes = {TAKES[kind] for kind in record["modalities"]}
        source = f"`{record['field']}`" if "field" in record else ""
        source += f" of {record['from']}" if "from" in record else ""
        return Vote(
            package=package,
            family=family,
            name=names[slug] if slug else raw or NOT_STATED,
            slug=slug,
            raw=raw,
            gate=record.get("gated"),
            takes=takes.pop() if len(takes) == 1 else SEVERAL,
            year=record["year"],
            field=f"`{record['model']}`" if "model" in record else source,
        )

    return [
        Package(name, found, [vote(name, *family) for family in found["families"].items()])
        for name in PACKAGES
        for found in [measured[name]]
    ]


def parts(measured: Record, records: Sequence[Record]) -> dict[str, str]:
    """File name -> Markdown: of the page (`models/…`) and of each activation (`SLUG/models.md`)."""
    found = packages(measured, records)
    transformers, timm = found
    votes = [*transformers.votes, *timm.votes]
    kinds = _kinds(votes)
    return {
        "models/answer.md": answer(found),
        "models/counts.md": "\n".join(map(_counts, found)),
        "models/modality.md": _modality(transformers, timm, kinds),
        "models/years.md": _years(transformers, kinds),
        "models/table.md": _table(votes),
        "models/provenance.md": _provenance(measured["date"], *found),
        **{f"{record['slug']}/models.md": of_entry(record, found) for record in records},
    }


def published(measured: Record, records: Sequence[Record]) -> str:
    """The text of `/models.json`."""
    found: dict[str, Any] = {"date": measured["date"]}
    for package in packages(measured, records):
        families = {
            vote.family: {
                "activation": vote.slug,
                "name": vote.raw,
                "gated": vote.gate,
                "takes": package.measured["families"][vote.family]["modalities"],
                "year": vote.year,
            }
            for vote in package.votes
        }
        found[package.name] = {"versions": package.measured["versions"], "families": families}
    return data.lines(found, *PACKAGES)


def answer(found: Sequence[Package]) -> str:
    """The commonest activations of both packages, in two sentences."""
    sentences = []
    for package in found:
        common = Counter(vote.link for vote in package.votes if vote.raw).most_common(3)
        told = []
        for link, count in common:
            gated = sum(vote.gate is True for vote in package.votes if vote.link == link)
            told.append(f"{link} in {count}" + (f", {gated} of them in a gate" if gated else ""))
        sentences.append(
            f"Of {len(package.votes)} model families in {package.named}, the default is"
            f" {'; '.join(told[:-1])}; and {told[-1]}."
        )
    return " ".join(sentences) + "\n"


# tables


def _counts(package: Package) -> str:
    """How many families have each activation, and what is known of their gates."""
    totals = Counter(vote.link for vote in package.votes).most_common()
    rows = []
    for link, total in sorted(totals, key=lambda row: row[0] == NOT_STATED):
        gates = Counter(vote.gate for vote in package.votes if vote.link == link and vote.raw)
        rows.append((link, str(total), *(str(gates[gate] or "–") for gate in GATES)))
    head = ("Activation", "Families", "In a gate", "Not in a gate", "Unclear")
    table = markdown.table(head, rows, ["---"] + ["--:"] * 4)
    return f"**{package.named}**, {len(package.votes)} families:\n\n{table}"


def _kinds(votes: Sequence[Vote], count: int = 5) -> list[str]:
    """The commonest labels, then the rest, then what is not stated."""
    common = Counter(vote.label for vote in votes if vote.raw).most_common(count)
    return [*(label for label, _ in common), "another", NOT_STATED]


def _shares(title: str, groups: Mapping[str, Sequence[Vote]], kinds: Sequence[str]) -> str:
    """A row for each group: its families, and how many of them have each label."""
    rows = []
    for group, votes in groups.items():
        counts = Counter(v.label if v.label in kinds else "another" for v in votes)
        shares = ((counts[kind], 100 * counts[kind] / len(votes)) for kind in kinds)
        cells = (f"{count} ({share:.0f} %)" if count else "–" for count, share in shares)
        rows.append((group, str(len(votes)), *cells))
    head = (title, "Families", *kinds)
    return markdown.table(head, rows, ["---"] + ["--:"] * (len(head) - 1))


def _modality(transformers: Package, timm: Package, kinds: Sequence[str]) -> str:
    titles = [*dict.fromkeys(TAKES.values()), SEVERAL]
    groups = {title: [v for v in transformers.votes if v.takes == title] for title in titles}
    groups["images (timm)"] = timm.votes
    return _shares("Takes", {title: votes for title, votes in groups.items() if votes}, kinds)


def _years(transformers: Package, kinds: Sequence[str]) -> str:
    """The sentence on who leads when, and the table."""
    years = sorted({vote.year for vote in transformers.votes if vote.year})
    groups = {str(year): [v for v in transformers.votes if v.year == year] for year in years}
    leaders = {
        year: Counter(v.label for v in votes if v.raw).most_common(1)[0][0]
        for year, votes in groups.items()
    }
    spans = []
    for leader, group in itertools.groupby(groups, key=leaders.get):
        span = list(group)
        spans.append(f"{leader} ({' to '.join(dict.fromkeys((span[0], span[-1])))})")
    undated = sum(vote.year is None for vote in transformers.votes)
    return (
        f"The commonest among the families of each year: {', then '.join(spans)}. {undated}"
        f" families have no year.\n\n{_shares('Year', groups, kinds)}"
    )


def _table(votes: Sequence[Vote]) -> str:
    def activation(vote: Vote) -> catalogue.Cell:
        return ("another", "another") if vote.raw and not vote.slug else (vote.name, vote.link)

    def called(vote: Vote) -> catalogue.Cell:
        return vote.raw or "", f"`{vote.raw}`" if vote.raw else ""

    def gate(vote: Vote) -> catalogue.Cell:
        return (GATES[vote.gate], GATES[vote.gate]) if vote.raw else ("", "")

    columns = [
        catalogue.Column("family", "Family", 11, lambda v: (v.family, f"`{v.family}`")),
        catalogue.Column("package", "Package", 6, lambda v: (v.package, v.package), choices=True),
        catalogue.Column("activation", "Activation", 6, activation, choices=True),
        catalogue.Column("called", "Called there", 9, called),
        catalogue.Column("gate", "In a gate", 4.6, gate, choices=True),
        catalogue.Column("takes", "Takes", 4.4, lambda v: (v.takes, v.takes), choices=True),
        catalogue.Column("year", "Year", 3.4, lambda v: (v.year or "", v.year or ""), choices=True),
        catalogue.Column("stands", "Where it stands", 14, lambda v: (v.field, v.field)),
    ]
    groups, found_by = [catalogue.Group(votes)], "family, activation or field"
    return catalogue.searchable(columns, groups, "families", found_by, folded="Show the table")


def checked(measured: Record, records: Sequence[Record], read: Record) -> str:
    """The families of transformers whose source was read by eye, as measured/models_read.json has
    it, and what the rule says of each."""
    transformers, _ = packages(measured, records)
    by_name = {vote.family: (vote.raw, vote.gate) for vote in transformers.votes}
    rows, agreed = [], 0
    for family, seen in read.items():
        raw, gate = seen["activation"], seen["gated"]
        same = by_name.get(family) == (raw, gate)
        agreed += same
        told = (f"`{raw}`", GATES[gate]) if raw else (NOT_STATED, "")
        rows.append((f"`{family}`", *told, seen["source"] + ("" if same else ": **differs**")))
    table = markdown.table(("Family", "Activation", "In a gate", "What the source has"), rows)
    return (
        f"Read by eye in {transformers.named}: {len(read)} families. The rule says"
        f' the same of {agreed}.\n\n<div class="af-names" markdown>\n\n{table}\n</div>\n'
    )


def _provenance(date: str, transformers: Package, timm: Package) -> str:
    """When and with which versions it was measured, and how many families were not read."""
    versions = " and ".join(
        f"{package.named} (with torch {package.measured['versions']['torch']})"
        for package in (transformers, timm)
    )
    families = transformers.measured["families"]
    failed = [f"`{family}`" for family, record in families.items() if "failed" in record]
    borrowed = sum("from" in record for record in families.values())
    silent = sum(vote.raw is None for vote in transformers.votes)
    unclear = sum(vote.raw is not None and vote.gate is None for vote in transformers.votes)
    cannot = f"; of these {len(failed)} cannot be built at their defaults ({', '.join(failed)})"
    return (
        f"Measured on {date} with {versions}. In transformers {silent} families state"
        f" no activation{cannot if failed else ''}. For {unclear} it is unclear whether there is a"
        f" gate. {borrowed} vote with a part that they take over from another family, as LLaVA does"
        " with LLaMA's language model.\n{: .af-provenance }\n"
    )


# the part of an activation's page


def of_entry(record: Record, found: Sequence[Package]) -> str:
    """The models that made it known, and how many families use it by default."""
    known = [f"{model['name']} [@{model['paper']}]" for model in record["models"]]
    lead = f"Made known by {words.listed(known)}.\n\n" if known else ""
    if record["family"] == "softmax" or not record["counted"]:
        return f"{lead}{APART}\n"
    counted = _gates(found) if record["counted"] == "gates" else _uses(record["slug"], found)
    return f"{lead}{counted} {WHERE}\n"


def _uses(slug: str, found: Sequence[Package]) -> str:
    def notes(votes: Sequence[Vote]) -> str:
        tanh = sum(_key(vote.raw or "") in TANH for vote in votes)
        gated = sum(vote.gate is True for vote in votes)
        told = f", {tanh} in the tanh form" if tanh else ""
        return told + (f", {gated} in a gate ({VARIANTS.get(slug, 'GLU')})" if gated else "")

    if not any(vote.slug == slug for package in found for vote in package.votes):
        return f"No model family of {words.listed([p.named for p in found])} uses it by default."
    return _by_default("use it", found, lambda vote: vote.slug == slug, notes)


def _gates(found: Sequence[Package]) -> str:
    def notes(votes: Sequence[Vote]) -> str:
        kinds = Counter((vote.slug, vote.name) for vote in votes).most_common()
        variants = [
            f"{count} with {name}" + (f" ({VARIANTS[slug]})" if slug in VARIANTS else "")
            for (slug, name), count in kinds
        ]
        return f": {words.listed(variants)}" if variants else ""

    return _by_default("gate", found, lambda vote: vote.gate is True, notes)


def _by_default(
    doing: str,
    found: Sequence[Package],
    counts: Callable[[Vote], bool],
    notes: Callable[[Sequence[Vote]], str],
) -> str:
    """How many families of each package count, and what is to be noted of them."""
    told = []
    for package in found:
        mine = [vote for vote in package.votes if counts(vote)]
        told.append(
            f"{len(mine) or 'none'} of {len(package.votes)} in {package.named}{notes(mine)}"
        )
    return f"Model families that {doing} by default: {'; '.join(told)}."
