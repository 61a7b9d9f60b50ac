"""The generated parts of an activation's page, as Markdown that the page includes by name."""

import html
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from markupsafe import escape
from sympy import Symbol

from activations._entry import UNIVERSAL, Activation
from activations._families import FAMILIES
from activations._notation import NAMED, Named, i, x

from ...drawing.plots import Drawing
from ...facts import words
from ...facts.family import Family, Row
from ...kinds import Kind
from ...printing.latex import latex
from ...printing.statements import Statement
from . import controls


def parts(kind: Kind, rows: Sequence[Row], drawings: Sequence[Drawing]) -> dict[str, str]:
    """File name -> Markdown: lead, definition, plot, facts, torch."""
    return {
        "lead.md": lead(kind.entry),
        "definition.md": definition(kind, rows),
        "plot.md": hero(kind, drawings[0]),
        "facts.md": facts(kind, rows, drawings[1:]),
        "torch.md": in_torch(kind),
    }


def lead(entry: Activation) -> str:
    """The one sentence, the full name where it differs, the aliases, the family."""
    known = ([entry.title] if entry.title.lower() != entry.name.lower() else []) + [*entry.aliases]
    title, _ = FAMILIES[entry.family]
    also = f"Also called: {', '.join(known)}. " if known else ""
    family = f"Family: [{title}](/activations/index.md#{entry.family})."
    return f"{entry.summary}\n{{: .af-lead }}\n\n{also}{family}\n{{: .af-aliases }}\n"


def short_formula(entry: Activation) -> str:
    """The right-hand side alone, for tables."""
    return latex(entry.formula)


def definition(kind: Kind, rows: Sequence[Row]) -> str:
    """Formula, derivative, what the symbols mean, and the facts that are looked up most."""
    notes = {f"variant-{n}": variant for n, variant in enumerate(kind.entry.variants)}
    lines = []
    for statement in kind.statements():
        if variant := notes.get(statement.anchor):
            lines.append(f"With {_arguments(variant.settings)}, {variant.note}:")
        lines.append(_display(statement))
    lines += [text for text in (_symbols(kind), glance(kind, rows)) if text]
    return "\n\n".join(lines) + "\n"


def _arguments(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}={value!r}`" for name, value in settings.items())


def _display(statement: Statement) -> str:
    """The formula, with a link to its own address behind it."""
    link = (
        f'<a class="headerlink" href="#{statement.anchor}" title="Permanent link"'
        " data-search-exclude>¶</a>"
    )
    return (
        f'<div id="{statement.anchor}" class="af-formula" markdown>\n\n'
        f"$$\n{statement.latex}\n$$\n\n{link}\n\n</div>"
    )


def _symbols(kind: Kind) -> str:
    """What each symbol of the formula stands for."""
    entry, notes = kind.entry, []
    for function in _named(kind):
        if entry.formula == function(x):
            continue
        t = Symbol("t", real=True)
        notes.append(rf"${function.symbol}(t) = {latex(function.shown(t))}$")
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
    notes += kind.notes()
    notes += entry.notes
    return f"Here {'; '.join(notes)}.\n{{: .af-symbols }}" if notes else ""


def _named(kind: Kind) -> list[type[Named]]:
    """The named functions that readers meet in the definition, its forms and its derivatives."""
    entry = kind.entry
    shown = [entry.formula, *entry.forms, *(v.formula for v in entry.variants)]
    shown += [statement.expr for statement in kind.derivatives()]
    return [f for f in NAMED if any(e.has(f) for e in shown)]


def glance(kind: Kind, rows: Sequence[Row]) -> str:
    """The facts that people look up, as a definition list."""
    items = [(row.label, row.short) for row in rows if row.short]
    items.append(("Module of ours" if kind.entry.is_ours else "In torch", f"`{signature(kind)}`"))
    body = "\n\n".join(f"{label}\n:   {text}" for label, text in items)
    return f'<div class="af-glance" markdown>\n\n{body}\n\n</div>'


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


def figure(drawing: Drawing, kind: str) -> str:
    """An inline SVG with its text alternative and caption."""
    return _figure(drawing, kind, "", _svg(drawing))


def hero(kind: Kind, drawing: Drawing) -> str:
    """The main plot, with the controls of its interactive form where it has one."""
    moving = kind.controls(drawing)
    if moving is None:
        return figure(drawing, "af-hero")
    made = controls.written(kind.entry, moving)
    stage = f'<div class="af-stage">\n{_svg(drawing)}\n</div>\n{made}'
    known = controls.attributes(kind.entry, moving, drawing.axes)
    return _figure(drawing, "af-hero", known, stage)


def _svg(drawing: Drawing) -> str:
    alt = html.escape(drawing.alt, quote=True)
    return drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)


def _figure(drawing: Drawing, kind: str, attributes: str, body: str) -> str:
    return (
        f'<figure class="af-plot {kind}" id="plot-{drawing.name}" data-search-exclude'
        f"{attributes}>\n{body}\n"
        f"<figcaption>{escape(drawing.caption)}</figcaption>\n</figure>\n"
    )


def facts(kind: Kind, rows: Sequence[Row], drawings: Sequence[Drawing]) -> str:
    """The table of facts, its provenance, how they depend on the parameters, more plots."""
    lines = ['<div class="af-facts" markdown>', "", "| Fact | Value |", "| --- | --- |"]
    lines += [f"| [{r.label}](#{r.key}){{ #{r.key} .af-fact }} | {r.text} |" for r in rows]
    lines += ["", "</div>"]
    text = "\n".join(lines) + f"\n\n{kind.provenance(rows)}\n{{: .af-provenance }}\n"
    text += "".join(f"\n{table}" for table in kind.tables())
    return text + "".join(
        "\n" + figure(drawing, f"af-{drawing.name.partition('-')[0]}") for drawing in drawings
    )


def in_torch(kind: Kind) -> str:
    """The names torch has for it, its parameters, and where torch parts from the formula."""
    entry = kind.entry
    names = [
        ("Module", f"`{entry.module_name}`" if entry.module_name else None),
        ("Function", f"`{entry.functional_name}`" if entry.functional_name else None),
        ("In place", f"`{entry.inplace_name}`" if entry.inplace_name else _inplace(kind)),
    ]
    lines = [f"{label}\n:   {value}" for label, value in names if value]
    text = "\n\n".join(lines) + "\n" if lines else ""
    if entry.parameters or entry.variants or entry.arguments:
        text += "\n" + _parameters(entry)
    if entry.is_ours:
        source = inspect.getsource(entry.torch)
        text += f"\ntorch has no {entry.name}; this module is the one that the tests run:\n"
        text += f"\n```python\nimport torch\nfrom torch import Tensor, nn\n\n\n{source}```\n"
    for tolerance in entry.tolerances:
        text += (
            f"\ntorch's {tolerance.of} may differ from the formula by up to"
            f" {words.plain(tolerance.at_most, 2)}: {tolerance.reason}.\n"
        )
    return text


def _inplace(kind: Kind) -> str | None:
    return (
        f"`{signature(kind)[:-1]}, inplace=True)`".replace("(, ", "(")
        if "inplace" in kind.entry.signature
        else None
    )


def _parameters(entry: Activation) -> str:
    lines = ["| Parameter | Symbol | Default | Meaning |", "| --- | --- | --- | --- |"]
    for argument, parameter in entry.parameters.items():
        default = entry.defaults[argument]
        shown = "none: must be given" if default is None else f"`{_short(default)}`"
        meaning = parameter.meaning + ("; learned" if parameter.learnable else "")
        lines.append(f"| `{argument}` | ${latex(parameter.symbol)}$ | {shown} | {meaning} |")
    for variant in entry.variants:
        for argument, value in variant.settings.items():
            default = entry.signature[argument].default
            lines.append(f"| `{argument}` | | `{default!r}` | `{value!r}`: {variant.note} |")
    for argument, meaning in entry.arguments.items():
        default = entry.signature[argument].default
        required = default is inspect.Parameter.empty
        shown = "none: must be given" if required else f"`{_short(default)}`"
        lines.append(f"| `{argument}` | | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


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
