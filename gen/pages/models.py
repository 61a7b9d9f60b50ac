"""Who uses it: the parts of `docs/models.md` and of each activation's page, and `/models.json`.

A family of models has one vote, for the activation that measured/models.json tells of it.
"""

import html
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..drawing import inline, plots
from ..drawing.ink import INK
from . import catalogue, data

PACKAGES = ("transformers", "timm")
MISSING = "Not measured yet; `make measure-models` does it.\n"
PARTS = ("answer", "counts", "modality", "years", "table", "checked", "provenance")

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

# read in the source of the pinned versions: (activation, is it gated?, what stands there)
CHECKED: Mapping[str, tuple[str | None, bool | None, str]] = {
    "bert": ("gelu", False, "one projection, the activation, one projection"),
    "bitnet": ("relu2", True, "`act_fn(gate_proj(x)) * up_proj(x)`, then a normalization"),
    "bloom": (None, None, "GELU is written in the source, no field names it"),
    "clip": ("quick_gelu", False, "`fc2(activation_fn(fc1(x)))`"),
    "clvp": ("gelu", True, "`hidden_states * activation_fn(gate)` of one projection's halves"),
    "dbrx": ("silu", True, "the activation of `x @ w1` times `x @ v1`, in each expert"),
    "dinov2": ("gelu", False, "the class with a gate is behind `use_swiglu_ffn`, which is off"),
    "falcon": ("gelu", False, "`dense_4h_to_h(act(dense_h_to_4h(x)))`"),
    "gemma": ("gelu_pytorch_tanh", True, "`act_fn(gate_proj(x)) * up_proj(x)`"),
    "gpt2": ("gelu_new", False, "`c_proj(act(c_fc(x)))`"),
    "gpt_oss": (
        "silu",
        None,
        "a gate, but of clipped numbers by x·σ(αx) written out: the field is not read",
    ),
    "llama": ("silu", True, "`act_fn(gate_proj(x)) * up_proj(x)`"),
    "mistral": ("silu", True, "`act_fn(gate_proj(x)) * up_proj(x)`"),
    "modernbert": ("gelu", True, "`act(input) * gate` of one projection's halves"),
    "moonshine_streaming": ("silu", True, "gated in the decoder, plain in the encoder"),
    "mt5": ("gelu_new", True, "`act(wi_0(x)) * wi_1(x)`, switched on by `is_gated_act`"),
    "nemotron": ("relu2", False, "`down_proj(act_fn(up_proj(x)))`"),
    "opt": ("relu", False, "`fc2(activation_fn(fc1(x)))`"),
    "phi3": ("silu", True, "`up_states * activation_fn(gate)` of one projection's halves"),
    "pixtral": ("gelu", True, "`act_fn(gate_proj(x)) * up_proj(x)`"),
    "pop2piano": (
        "relu",
        True,
        "`feed_forward_proj` says `gated-gelu`, and switches the gate on; the activation is that of"
        " `dense_act_fn`",
    ),
    "qwen2_moe": ("silu", True, "`act_fn(gate) * up`, in the dense block and in each expert"),
    "starcoder2": ("gelu_pytorch_tanh", False, "`c_proj(act(c_fc(x)))`"),
    "t5": ("relu", False, "the class with a gate is behind `is_gated_act`, which is off"),
    "whisper": ("gelu", False, "`fc2(activation_fn(fc1(x)))`"),
}


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


Record = Mapping[str, Any]


def slugs(records: Sequence[Record]) -> dict[str, str]:
    """Every name, as `_key` has it, by which an activation of the catalogue is known."""
    return {_key(record["slug"]): record["slug"] for record in records} | OTHER_NAMES


def _key(name: str) -> str:
    return name.lower().replace("_", "")


def votes(measured: Record, records: Sequence[Record]) -> list[Vote]:
    """Every family's vote; `records` are those of the catalogue."""
    known, names = slugs(records), {record["slug"]: record["name"] for record in records}
    found = []
    for package in PACKAGES:
        for family, record in measured[package]["families"].items():
            raw = record.get("activation")
            slug = known.get(_key(raw or ""))
            takes = {TAKES[kind] for kind in record["modalities"]}
            source = f"`{record['field']}`" if "field" in record else ""
            source += f" of {record['from']}" if "from" in record else ""
            found.append(
                Vote(
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
            )
    return found


def parts(measured: Record, records: Sequence[Record]) -> dict[str, str]:
    """File name -> Markdown: of the page (`models/…`) and of each activation (`SLUG/models.md`)."""
    if not measured:
        names = [f"models/{name}.md" for name in PARTS]
        names += [f"{record['slug']}/models.md" for record in records]
        return dict.fromkeys(names, MISSING)
    found = votes(measured, records)
    kinds = _kinds(found)
    page = {
        "answer": answer(found, measured),
        "counts": _counts(found, measured),
        "modality": _modality(found, kinds),
        "years": _years(found, kinds),
        "table": _table(found),
        "checked": _checked(found, measured),
        "provenance": _provenance(found, measured),
    }
    return {
        **{f"models/{name}.md": page[name] for name in PARTS},
        **{f"{record['slug']}/models.md": of_entry(record, found, measured) for record in records},
    }


def published(measured: Record, records: Sequence[Record]) -> str:
    """The text of `/models.json`."""
    known, packages = slugs(records), {}
    for package in PACKAGES if measured else ():
        families = {
            family: {
                "activation": known.get(_key(record.get("activation", ""))),
                "name": record.get("activation"),
                "gated": record.get("gated"),
                "takes": record["modalities"],
                "year": record["year"],
            }
            for family, record in measured[package]["families"].items()
        }
        packages[package] = {"versions": measured[package]["versions"], "families": families}
    date = {"date": measured["date"]} if measured else {}
    return data.lines({**date, **packages}, *PACKAGES)


def _of(found: Iterable[Vote], package: str) -> list[Vote]:
    return [vote for vote in found if vote.package == package]


def _named(package: str, measured: Record) -> str:
    return f"{package} {measured[package]['versions'][package]}"


def answer(found: Sequence[Vote], measured: Record) -> str:
    """The commonest activations of both packages, in two sentences."""
    sentences = []
    for package in PACKAGES:
        mine = _of(found, package)
        common = Counter(v.name for v in mine if v.raw).most_common(3)
        told = []
        for name, count in common:
            gated = sum(vote.gate is True for vote in mine if vote.name == name)
            link = next(_link(vote) for vote in mine if vote.name == name)
            told.append(f"{link} in {count}" + (f", {gated} of them in a gate" if gated else ""))
        sentences.append(
            f"Of {len(mine)} model families in {_named(package, measured)}, the default is"
            f" {'; '.join(told[:-1])}; and {told[-1]}."
        )
    return " ".join(sentences) + "\n"


def _link(vote: Vote) -> str:
    return f"[{vote.name}](/activations/{vote.slug}.md)" if vote.slug else vote.name


# pictures: WIDTH units wide, so that they are read on a phone as they are

WIDTH, LABELS = 360, 108
BARS: Mapping[bool | None, Mapping[str, Any]] = {
    True: {"facecolor": INK["muted"]},
    False: {"facecolor": "none"},
    None: {"facecolor": "none", "linestyle": (0, (2, 2))},
}


def _axes(height: float) -> tuple[Figure, Axes]:
    """Axes without a frame, right of the labels, in a picture of so many units."""
    figure = Figure((WIDTH / plots.INCH, height / plots.INCH), frameon=False)
    ax = figure.add_axes((LABELS / WIDTH, 0, 1 - LABELS / WIDTH, 1), frameon=False)
    ax.tick_params(length=0)
    return figure, ax


def _figure(name: str, figure: Figure, alt: str, caption: str) -> str:
    label = f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
    return (
        f'<figure class="af-plot af-votes" id="plot-{name}" data-search-exclude>\n'
        f"{inline.svg(figure, name).replace('<svg ', label, 1)}\n"
        f"<figcaption>{caption}</figcaption>\n</figure>\n"
    )


@matplotlib.rc_context({"font.size": 11})
def _counts(found: Sequence[Vote], measured: Record) -> str:
    """A bar for each activation and package, cut by what is known of the gate."""
    most = max(Counter((v.package, v.name) for v in found).values())
    figure, ax = _axes(17 * len({(v.package, v.name) for v in found}) + 26 * len(PACKAGES))
    said, names, y = [], {}, 0.0
    for package in PACKAGES:
        mine = _of(found, package)
        named = _named(package, measured)
        totals = Counter(vote.name for vote in mine)
        last = totals.pop(NOT_STATED, 0)
        rows = [*totals.most_common(), *([(NOT_STATED, last)] if last else [])]
        title = f"{named}: {len(mine)} families"
        ax.annotate(title, (0, y), (-LABELS, 12), textcoords="offset points", weight="bold")
        for name, total in rows:
            left = 0
            for gate, style in BARS.items():
                count = sum(vote.gate is gate for vote in mine if vote.name == name)
                if count:
                    ax.barh(y, count, 11, left, edgecolor=INK["muted"], **style)
                    left += count
            ax.annotate(
                str(total), (total, y), (4, 0), textcoords="offset points", va="center_baseline"
            )
            names[y] = name
            y += 17
        told = ", ".join(f"{name} {total}" for name, total in rows)
        said.append(f"{named}, {len(mine)} families: {told}.")
        y += 26
    ax.set(xlim=(0, most * (WIDTH - LABELS) / (WIDTH - LABELS - 34)), xticks=())
    ax.set(ylim=(y - 26 - 8, -26))
    ax.set_yticks(list(names), list(names.values()))
    ax.grid(False)
    caption = (
        "Votes by activation. Full: in a gate; empty: not in a gate; dashed: unclear, or not"
        " stated. Swish is x·σ(1.702x), which transformers calls <code>quick_gelu</code>."
    )
    return _figure("counts", figure, " ".join(said), caption)


def _kinds(found: Sequence[Vote], count: int = 5) -> list[str]:
    """The commonest labels, then the rest, then what is not stated."""
    common = Counter(vote.label for vote in found if vote.raw).most_common(count)
    return [*(label for label, _ in common), "another", NOT_STATED]


@matplotlib.rc_context({"font.size": 11})
def _strips(
    name: str, columns: Mapping[str, Sequence[Vote]], kinds: Sequence[str], caption: str
) -> str:
    """A row of bars for each kind, one bar for each column: its share of the column's votes."""
    tall, row, top = 20, 38, 30
    figure, ax = _axes(top + row * len(kinds) + 4)
    said, places = [], range(len(columns))
    counts = {
        title: Counter(v.label if v.label in kinds else "another" for v in mine)
        for title, mine in columns.items()
    }
    for place, (title, mine) in zip(places, columns.items(), strict=True):
        ax.text(place, top - 10, title, ha="center", fontsize=9 if len(columns) > 6 else 11)
        ax.text(place, top - 22, str(len(mine)), ha="center", fontsize=9)
        told = ", ".join(f"{kind} {counts[title][kind]}" for kind in kinds if counts[title][kind])
        said.append(f"{title}, {len(mine)} families: {told}.")
    bases = [4 - row * (n + 1) for n in range(len(kinds))]
    for kind, base in zip(kinds, bases, strict=True):
        heights = [tall * counts[title][kind] / len(mine) for title, mine in columns.items()]
        bars = ax.bar(places, heights, 0.6, base, color=INK["muted"])
        numbers = [counts[title][kind] or "" for title in columns]
        ax.bar_label(bars, numbers, padding=2, fontsize=9)
    ax.set(xlim=(-0.5, len(columns) - 0.5), xticks=(), ylim=(-row * len(kinds) - 4, top))
    ax.set_yticks(bases, kinds)
    return _figure(name, figure, " ".join(said), caption)


def _modality(found: Sequence[Vote], kinds: Sequence[str]) -> str:
    mine = _of(found, "transformers")
    titles = [*dict.fromkeys(TAKES.values()), SEVERAL]
    columns = {title: [vote for vote in mine if vote.takes == title] for title in titles}
    columns["timm"] = _of(found, "timm")
    caption = (
        "By what the models take: transformers in five columns, and timm, whose models all take"
        " images. A bar is a share of its column; the numbers are families."
    )
    return _strips("modality", {k: v for k, v in columns.items() if v}, kinds, caption)


def _years(found: Sequence[Vote], kinds: Sequence[str]) -> str:
    """The sentence on who leads when, and the picture."""
    mine = [vote for vote in _of(found, "transformers") if vote.year]
    columns = {
        str(year): [vote for vote in mine if vote.year == year]
        for year in sorted({vote.year for vote in mine if vote.year})
    }
    leaders = [
        (year, Counter(v.label for v in those if v.raw).most_common(1)[0][0])
        for year, those in columns.items()
    ]
    spans = []
    for leader, group in itertools.groupby(leaders, key=lambda pair: pair[1]):
        years = [year for year, _ in group]
        spans.append(f"{leader} ({years[0]}{f' to {years[-1]}' if len(years) > 1 else ''})")
    undated = len(_of(found, "transformers")) - len(mine)
    caption = (
        "transformers, by the year in the copyright line of the model's source;"
        f" {undated} families have none. A bar is a share of its year; the numbers are families."
    )
    lead = f"The commonest among the families of each year: {', then '.join(spans)}.\n\n"
    return lead + _strips("years", columns, kinds, caption)


# tables


def _table(found: Sequence[Vote]) -> str:
    def activation(vote: Vote) -> catalogue.Cell:
        return ("another", "another") if vote.raw and not vote.slug else (vote.name, _link(vote))

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
    return catalogue.searchable(columns, found, "families", "family, activation or field")


def _checked(found: Sequence[Vote], measured: Record) -> str:
    """The families whose source was read, and what the rule says of each."""
    by_name = {vote.family: vote for vote in _of(found, "transformers")}
    lines = [
        "| Family | Activation | In a gate | What the source has |",
        "| --- | --- | --- | --- |",
    ]
    agreed = 0
    for family, (raw, gate, note) in CHECKED.items():
        vote = by_name.get(family)
        same = vote is not None and (vote.raw, vote.gate) == (raw, gate)
        agreed += same
        name = f"`{raw}`" if raw else NOT_STATED
        told = GATES[gate] if raw else ""
        lines.append(f"| `{family}` | {name} | {told} | {note}{'' if same else ': **differs**'} |")
    lead = (
        f"Read by eye in {_named('transformers', measured)}: {len(CHECKED)} families. The rule says"
        f" the same of {agreed}.\n\n"
    )
    body = "\n".join(lines)
    return f'{lead}<div class="af-names" markdown>\n\n{body}\n\n</div>\n'


def _provenance(found: Sequence[Vote], measured: Record) -> str:
    """When and with which versions it was measured, and how many families were not read."""
    versions = " and ".join(
        f"{_named(package, measured)} (with torch {measured[package]['versions']['torch']})"
        for package in PACKAGES
    )
    failed = [
        f"`{family}`"
        for package in PACKAGES
        for family, record in measured[package]["families"].items()
        if "failed" in record
    ]
    mine = _of(found, "transformers")
    silent = sum(vote.raw is None for vote in mine)
    unclear = sum(vote.raw is not None and vote.gate is None for vote in mine)
    borrowed = sum("from" in r for r in measured["transformers"]["families"].values())
    cannot = f"; of these {len(failed)} cannot be built at their defaults ({', '.join(failed)})"
    return (
        f"Measured on {measured['date']} with {versions}. In transformers {silent} families state"
        f" no activation{cannot if failed else ''}. For {unclear} it is unclear whether there is a"
        f" gate. {borrowed} vote with a part that they take over from another family, as LLaVA does"
        " with LLaMA's language model.\n{: .af-provenance }\n"
    )


# the part of an activation's page


def of_entry(record: Record, found: Sequence[Vote], measured: Record) -> str:
    """The models that made it known, and how many families use it by default."""
    known = [f"{model['name']} [@{model['paper']}]" for model in record["models"]]
    lead = f"Made known by {_listed(known)}.\n\n" if known else ""
    if record["family"] == "softmax" or not record["counted"]:
        return f"{lead}{APART}\n"
    counted = (
        _gates(found, measured)
        if record["counted"] == "gates"
        else _uses(record["slug"], found, measured)
    )
    return f"{lead}{counted} {WHERE}\n"


def _listed(items: Sequence[str]) -> str:
    return " and ".join([*([", ".join(items[:-1])] if len(items) > 1 else []), items[-1]])


def _uses(slug: str, found: Sequence[Vote], measured: Record) -> str:
    users = [vote for vote in found if vote.slug == slug]
    versions = {p: _named(p, measured) for p in PACKAGES}
    if not users:
        return f"No model family of {_listed(list(versions.values()))} uses it by default."
    told = []
    for package, named in versions.items():
        mine = [vote for vote in users if vote.package == package]
        gated = sum(vote.gate is True for vote in mine)
        tanh = sum(_key(vote.raw or "") in TANH for vote in mine)
        notes = [f"{tanh} in the tanh form"] if tanh else []
        notes += [f"{gated} in a gate ({VARIANTS.get(slug, 'GLU')})"] if gated else []
        notes = [", ".join(notes)] if notes else []
        every = len(_of(found, package))
        told.append(
            f"{len(mine) or 'none'} of {every} in {named}" + "".join(f", {n}" for n in notes)
        )
    return f"Model families that use it by default: {'; '.join(told)}."


def _gates(found: Sequence[Vote], measured: Record) -> str:
    told = []
    for package in PACKAGES:
        mine = [vote for vote in _of(found, package) if vote.gate]
        kinds = Counter((vote.slug, vote.name) for vote in mine).most_common()
        variants = [
            f"{count} with {name}" + (f" ({VARIANTS[slug]})" if slug in VARIANTS else "")
            for (slug, name), count in kinds
        ]
        every = len(_of(found, package))
        which = f": {_listed(variants)}" if variants else ""
        told.append(f"{len(mine) or 'none'} of {every} in {_named(package, measured)}{which}")
    return f"Model families that gate by default: {'; '.join(told)}."
