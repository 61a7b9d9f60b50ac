"""The generated parts of an activation's page, as Markdown that the page includes by name."""

import csv
import functools
import inspect
import io
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import Symbol

from activations._entry import UNIVERSAL, Activation
from activations._families import FAMILIES
from activations._notation import NAMED, Named, i, x

from ... import markdown
from ...drawing.plots import Drawing
from ...facts import words
from ...facts.family import Family, Row
from ...kinds import Kind
from ...printing.latex import latex
from ...templates import render
from . import controls

SHOWN = 7  # samples on a page
TEMPLATES = "pages/activation/templates"


def parts(kind: Kind, rows: Sequence[Row], drawings: Sequence[Drawing]) -> dict[str, str]:
    """File name -> Markdown: what the page begins with, and what its section "In torch" does."""
    return {"top.md": top(kind, rows, drawings), "torch.md": in_torch(kind)}


def top(kind: Kind, rows: Sequence[Row], drawings: Sequence[Drawing]) -> str:
    """The lead, and the sections "Definition", "Plot" and "Facts"."""
    entry = kind.entry
    title = [entry.title] if entry.title.lower() != entry.name.lower() else []
    return render(
        f"{TEMPLATES}/top.md",
        entry=entry,
        names=[*title, *entry.aliases],
        family=FAMILIES[entry.family][0],
        statements=kind.statements(),
        variants={f"variant-{n}": variant for n, variant in enumerate(entry.variants)},
        notes=_symbols(kind),
        # what torch picks at kinks stands below the derivative
        glance=sorted((row for row in rows if row.glance), key=lambda row: row.key != "kinks"),
        rows=[row for row in rows if not row.glance],
        signature=signature(kind),
        hero=_hero(kind, drawings[0]),
        provenance=kind.provenance(rows),
        more=[*kind.tables(), *(_further(drawing) for drawing in drawings[1:])],
    )


def _symbols(kind: Kind) -> list[str]:
    """What each symbol of the formula stands for."""
    entry, notes = kind.entry, []
    for function in _named(kind):
        if entry.formula == function(x):
            continue
        t = Symbol("t", real=True)
        notes.append(rf"${function.symbol}(t) = {latex(function.shown(t))}$")
    notes += [
        rf"${latex(symbol)} \approx {sympy.N(value, 5)}$"
        for symbol, value in entry.where.items()
        if value.is_number
    ]
    for argument, parameter in entry.parameters.items():
        default = entry.defaults[argument]
        given = "no default" if default is None else f"{_short(default)} by default"
        whose = "the module's" if entry.is_ours else "torch's"
        notes.append(f"${latex(parameter.symbol)}$ is {whose} `{argument}`, {given}")
    if entry.noise:
        symbol = entry.noise.symbol
        base = symbol[i] if isinstance(symbol, sympy.IndexedBase) else symbol
        notes.append(f"${latex(base)}$ is random: {entry.noise.law}")
        if entry.noise.evaluation is not None:
            notes.append(f"in evaluation mode ${latex(base)} = {latex(entry.noise.evaluation)}$")
    return [*notes, *kind.notes(), *entry.notes]


def _named(kind: Kind) -> list[type[Named]]:
    """The named functions that readers meet in the definition, its forms and its derivatives."""
    entry = kind.entry
    shown = [entry.formula, *entry.forms, *(v.formula for v in entry.variants)]
    shown += [statement.expr for statement in kind.derivatives()]
    return [f for f in NAMED if any(e.has(f) for e in shown)]


HIDDEN = (*UNIVERSAL, "args", "kwargs")


def signature(kind: Kind) -> str:
    """`nn.ELU(alpha=1.0)`: how torch is called, with its own defaults.

    Deprecated arguments are left out, and a layer's long list of optional ones is cut short.
    """
    entry = kind.entry
    name = entry.torch.__name__
    prefix = "" if entry.is_ours else "nn." if inspect.isclass(entry.torch) else "F."
    arguments = []
    for argument in entry.signature.values():
        deprecated = "deprecated" in entry.arguments.get(argument.name, "")
        if deprecated or argument.name in HIDDEN:
            continue
        given = argument.default
        bare = given is inspect.Parameter.empty
        arguments.append(argument.name if bare else f"{argument.name}={_short(given)}")
    if not kind.lists_optional_arguments:
        arguments = [s for s in arguments if "=" not in s] + ["…"]
    return f"{prefix}{name}({', '.join(arguments)})"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) and len(repr(value)) > 8 else repr(value)


def figure(
    drawing: Drawing, style: str, attributes: Mapping[str, str | None] = {}, below: str = ""
) -> str:
    """An inline SVG with its text alternative and caption; `below` is HTML between the two."""
    return render(
        f"{TEMPLATES}/figure.html",
        drawing=drawing,
        style=style,
        attributes=attributes,
        below=below,
    )


def _hero(kind: Kind, drawing: Drawing) -> str:
    """The main plot, with the controls of its interactive form where it has one."""
    moving = kind.controls(drawing)
    if moving is None:
        return figure(drawing, "af-hero")
    known = controls.attributes(kind.entry, moving, drawing.axes)
    return figure(drawing, "af-hero", known, controls.written(kind.entry, moving))


def _further(drawing: Drawing) -> str:
    return figure(drawing, f"af-{drawing.name.partition('-')[0]}")


def in_torch(kind: Kind) -> str:
    """The names torch has for it, its parameters, and where torch parts from the formula."""
    entry = kind.entry
    return render(
        f"{TEMPLATES}/torch.md",
        entry=entry,
        names=[
            ("Module", entry.module_name),
            ("Function", entry.functional_name),
            ("In place", entry.inplace_name or _inplace(kind)),
        ],
        default=functools.partial(_default, entry),
        source=_source(entry) if entry.is_ours else "",
        latex=latex,
        plain=words.plain,
    )


def _source(entry: Activation) -> str:
    """The module of ours as readers copy it: what its file imports for it, and the class."""
    lines = inspect.getsource(sys.modules[entry.torch.__module__]).splitlines()
    imports = [s for s in lines if re.match(r"import|from (?!sympy|\.)", s)]
    return "\n".join([*imports, "", "", inspect.getsource(entry.torch)])


def _inplace(kind: Kind) -> str:
    if "inplace" not in kind.entry.signature:
        return ""
    return f"{signature(kind)[:-1]}, inplace=True)".replace("(, ", "(")


def _default(entry: Activation, argument: str) -> str:
    default = entry.signature[argument].default
    required = default is inspect.Parameter.empty
    return "none: must be given" if required else f"`{_short(default)}`"


def sampled(slug: str, text: str | None) -> str:
    """Where the samples are, and seven of them: wherever a derivative does not exist, then at the
    whole numbers nearest to 0. Nothing where there is no such `text`, in CSV."""
    if text is None:
        return ""
    head, *rows = csv.reader(io.StringIO(text))
    whole = [row for row in rows if float(row[0]).is_integer()]
    rough = [row for row in rows if "" in row]
    near = sorted(whole, key=lambda row: abs(float(row[0])))
    chosen = [*rough, *(row for row in near if row not in rough)][:SHOWN]
    cells = [
        [words.plain(cell, 6) if cell else "–" for cell in row]
        for row in sorted(chosen, key=lambda row: float(row[0]))
    ]
    link = f"[`{slug}.csv`](/samples/{slug}.csv)"
    shown = markdown.table(("x", "f(x)", "f′(x)", "f″(x)"), cells, ["--:"] * len(head))
    return f"\nSamples: {link} has {len(rows)} rows in full precision, among them\n\n{shown}"


def record(kind: Kind, facts: Family) -> dict[str, Any]:
    """What `/activations.json` publishes of the entry."""
    entry = kind.entry
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "aliases": list(entry.aliases),
        "family": entry.family,
        "kind": kind.published,
        "torch": entry.module_name,
        "functional": entry.functional_name,
        "parameters": [
            {
                "name": argument,
                "symbol": words.greek(parameter.symbol),
                "default": entry.defaults[argument],
                "shown": entry.setting[argument],
                "learnable": parameter.learnable,
                "meaning": parameter.meaning,
            }
            for argument, parameter in entry.parameters.items()
        ],
        "formula": kind.definition().latex,
        "derivative": r" \\ ".join(s.latex for s in kind.derivatives()),
        "second_derivative": "".join(s.latex for s in kind.second_derivative()),
        "papers": list(entry.papers),
        "models": [{"name": name, "paper": key} for name, key in entry.models.items()],
        "facts": facts.published(),
    }
