"""The generated parts of an activation's page, as Markdown that the page includes by name."""

import html
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import Indexed, Symbol

from activations._entry import UNIVERSAL, Activation
from activations._families import FAMILIES
from activations._notation import NAMED, Named, a, i, x

from ...drawing.plots import Drawing
from ...evaluation.torch_side import torch_version
from ...facts import words
from ...kinds import Row
from ...printing import javascript_vectors
from ...printing.latex import latex
from ...printing.statements import Statement, derivatives, second_derivative, statements
from . import controls, vector_controls


def parts(
    entry: Activation, rows: Sequence[Row], tables: Sequence[str], drawings: Sequence[Drawing]
) -> dict[str, str]:
    """File name -> Markdown: lead, definition, plot, facts, torch."""
    return {
        "lead.md": lead(entry),
        "definition.md": definition(entry, rows),
        "plot.md": hero(entry, drawings[0]),
        "facts.md": facts(entry, rows, tables, drawings[1:]),
        "torch.md": in_torch(entry),
    }


def lead(entry: Activation) -> str:
    """The one sentence, the full name where it differs, the aliases, the family."""
    known = ([entry.title] if entry.title.lower() != entry.name.lower() else []) + [*entry.aliases]
    title, _ = FAMILIES[entry.family]
    also = f"Also called: {', '.join(known)}. " if known else ""
    family = f"Family: [{title}](/activations/index.md#{entry.family})."
    return f"{entry.summary}\n{{: .af-lead }}\n\n{also}{family}\n{{: .af-aliases }}\n"


def formula_latex(entry: Activation) -> str:
    """The definition as one line of LaTeX: left side, formula, equal forms."""
    return statements(entry)[0].latex


def short_formula(entry: Activation) -> str:
    """The right-hand side alone, for tables."""
    return latex(entry.formula)


def definition(entry: Activation, rows: Sequence[Row]) -> str:
    """Formula, derivative, what the symbols mean, and the facts that are looked up most."""
    notes = {f"variant-{n}": variant for n, variant in enumerate(entry.variants)}
    lines = []
    for statement in statements(entry):
        if variant := notes.get(statement.anchor):
            lines.append(f"With {_arguments(variant.settings)}, {variant.note}:")
        lines.append(_display(statement))
    lines += [text for text in (_symbols(entry), glance(entry, rows)) if text]
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


def _symbols(entry: Activation) -> str:
    """What each symbol of the formula stands for."""
    notes = []
    for function in _named(entry):
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
    if not entry.is_scalar and entry.derivative is not None:
        if entry.derivative.has(sympy.KroneckerDelta):
            notes.append(r"$\delta_{ik}$ is 1 where $i = k$ and 0 elsewhere")
        if "y" in {str(e.base) for e in entry.derivative.atoms(Indexed)}:
            notes.append("$y$ is the output")
    notes += entry.notes
    return f"Here {'; '.join(notes)}.\n{{: .af-symbols }}" if notes else ""


def _named(entry: Activation) -> list[type[Named]]:
    shown = [entry.formula, *entry.forms, *(v.formula for v in entry.variants)]
    derivative = entry.derivative
    if derivative is None and entry.is_scalar:
        derivative = entry.formula.diff(a if entry.kind == "gated" else x)
    shown += [derivative] if derivative is not None else []
    return [f for f in NAMED if any(e.has(f) for e in shown)]


def glance(entry: Activation, rows: Sequence[Row]) -> str:
    """The facts that people look up, as a definition list."""
    items = [(row.label, row.short) for row in rows if row.short]
    items.append(("Module of ours" if entry.is_ours else "In torch", f"`{signature(entry)}`"))
    body = "\n\n".join(f"{label}\n:   {text}" for label, text in items)
    return f'<div class="af-glance" markdown>\n\n{body}\n\n</div>'


HIDDEN = (*UNIVERSAL, "args", "kwargs")


def signature(entry: Activation) -> str:
    """`nn.ELU(alpha=1.0)`: how torch is called, with its own defaults.

    Deprecated arguments are left out, and a layer's long list of optional ones is cut short.
    """
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
    if entry.kind == "layer":
        arguments = [s for s in arguments if "=" not in s] + ["…"]
    return f"{prefix}{name}({', '.join(arguments)})"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) and len(repr(value)) > 8 else repr(value)


def figure(drawing: Drawing, kind: str) -> str:
    """An inline SVG with its text alternative and caption."""
    return _figure(drawing, kind, "", _svg(drawing))


def hero(entry: Activation, drawing: Drawing) -> str:
    """The main plot, with the controls of its interactive form where it has one."""
    if javascript_vectors.applies_to(entry):
        stage = (
            f'<div class="af-stage">\n{_svg(drawing)}\n</div>\n{vector_controls.controls(entry)}'
        )
        return _figure(drawing, "af-hero", vector_controls.attributes(entry), stage)
    if drawing.axes is None or not controls.applies_to(entry):
        return figure(drawing, "af-hero")
    stage = (
        f'<div class="af-stage">\n{_svg(drawing)}\n</div>\n{controls.controls(entry, drawing.axes)}'
    )
    return _figure(drawing, "af-hero", controls.attributes(entry, drawing.axes), stage)


def _svg(drawing: Drawing) -> str:
    alt = html.escape(drawing.alt, quote=True)
    return drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)


def _figure(drawing: Drawing, kind: str, attributes: str, body: str) -> str:
    return (
        f'<figure class="af-plot {kind}" id="plot-{drawing.name}" data-search-exclude'
        f"{attributes}>\n{body}\n"
        f"<figcaption>{html.escape(drawing.caption)}</figcaption>\n</figure>\n"
    )


def facts(
    entry: Activation, rows: Sequence[Row], tables: Sequence[str], drawings: Sequence[Drawing]
) -> str:
    """The table of facts, its provenance, how they depend on the parameters, more plots."""
    lines = ['<div class="af-facts" markdown>', "", "| Fact | Value |", "| --- | --- |"]
    lines += [f"| [{r.label}](#{r.key}){{ #{r.key} .af-fact }} | {r.text} |" for r in rows]
    lines += ["", "</div>"]
    text = "\n".join(lines) + f"\n\n{_provenance(entry, rows)}\n{{: .af-provenance }}\n"
    text += "".join(f"\n{table}" for table in tables)
    return text + "".join(
        "\n" + figure(drawing, f"af-{drawing.name.partition('-')[0]}") for drawing in drawings
    )


def _provenance(entry: Activation, rows: Sequence[Row]) -> str:
    symbols = {name: p.symbol for name, p in entry.parameters.items()}
    setting = words.settings(entry.setting, symbols)
    if entry.is_scalar and entry.kind in ("elementwise", "stochastic"):
        source = "Exact: computed from the formula in 50-digit arithmetic"
        if setting:
            default = "torch has no defaults" if entry.shown else "the default"
            source += f" at {setting} ({default})"
        if not any(row.key == "kinks" and "autograd" in row.text for row in rows):
            return f"{source}."
        return f"{source}. What autograd picks is measured in float64 with torch {torch_version()}."
    measured = {
        "gated": "on one tensor",
        "layer": "on the run that is drawn",
    }.get(entry.kind, "on 200 random vectors of 4 normal scores")
    where = f", at {setting}" if setting else ""
    return f"Measured in float64 with torch {torch_version()}, {measured}{where}."


def in_torch(entry: Activation) -> str:
    """The names torch has for it, its parameters, and where torch parts from the formula."""
    names = [
        ("Module", f"`{entry.module_name}`" if entry.module_name else None),
        ("Function", f"`{entry.functional_name}`" if entry.functional_name else None),
        ("In place", f"`{entry.inplace_name}`" if entry.inplace_name else _inplace(entry)),
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


def _inplace(entry: Activation) -> str | None:
    return (
        f"`{signature(entry)[:-1]}, inplace=True)`".replace("(, ", "(")
        if "inplace" in entry.signature
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


def record(entry: Activation, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What `/activations.json` publishes of the entry."""
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "aliases": list(entry.aliases),
        "family": entry.family,
        "kind": entry.kind,
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
        "formula": formula_latex(entry),
        "derivative": r" \\ ".join(s.latex for s in derivatives(entry)),
        "second_derivative": "".join(s.latex for s in second_derivative(entry)),
        "papers": list(entry.papers),
        "models": [{"name": name, "paper": key} for name, key in entry.models.items()],
        "facts": dict(facts),
    }
