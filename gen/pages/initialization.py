"""The generated parts of the page "Initialization gains": its tables, and a plot for each function.

The gains are facts of the records; what they do to a deep random network was measured by
`gen.measure.depth` and is read from the entries' files in `measured/`.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

import activations

from .. import markdown, messages
from ..drawing import inline, plots
from ..drawing.ink import DASHES, pen
from ..drawing.plots import Drawing
from ..evaluation import torch_side
from ..facts import words
from ..measure import files
from . import catalogue
from .activation import parts

# choice of gain: (its label, the style of its line)
CHOICES: dict[str, tuple[str, str]] = {
    "exact": ("gain", DASHES[0]),
    "torch": ("torch's gain", DASHES[1]),
    "linear": ("gain 1", DASHES[2]),
}
# direction: (what is measured, its colour, the layer where it ends)
DIRECTIONS = {"signal": ("signal", "f", -1), "gradient": ("gradient", "df", 0)}
WINDOW = (-30, 10)
UNKNOWN = "not measured yet"


def deviation(slug: str) -> float:
    """The factor by which one layer with the exact gain changes a small deviation from 1.

    The second moment q becomes E f(√q z)² / E f(z)², z ~ N(0, 1); the result is the slope of that
    at q = 1, E (z² − 1) f(z)² / (2 E f(z)²). A trapezoidal rule on torch's float64 values, good to
    4 decimals also where f jumps.
    """
    entry = activations.load(slug)
    z = torch.linspace(-12, 12, 240_001, dtype=torch.float64)
    with torch.no_grad():
        y = torch_side.callable_at(entry, entry.setting)(z)
    weighted = y.square() * torch.exp(-z.square() / 2)
    return ((weighted * (z.square() - 1)).sum() / (2 * weighted.sum())).item()


Measured = Mapping[str, Mapping[str, Any]]  # slug -> what gen.measure.depth measured, or nothing


def made(
    source: tuple[Sequence[Mapping[str, Any]], Sequence[str], Measured],
) -> dict[str, str]:
    """The parts gains.md, experiment.md, and <slug>.md for each slug in `drawn`; raises InputError.

    `source` is the records, `drawn`, and slug -> what was measured of the entry. A record is
    `slug`, `name`, `family` and the Gaussian facts of one function.
    """
    records, drawn, measured = source
    ordered = catalogue.by_family(records)
    found = {"gains.md": gains(ordered), **experiments(ordered, drawn, measured)}
    return {f"initialization/{name}": text for name, text in found.items()}


def gains(records: Sequence[Mapping[str, Any]]) -> str:
    """One row for each function: its gains, torch's, and what its gain does to gradients."""
    gained = ("Gain", "Backward gain", "torch's gain")
    head = ["Function", *gained, "Gradient, per layer", "Deviation, per layer"]
    rows = []
    for record in records:
        recommended = torch_side.torch_gain(record["functional"])
        forward, backward = float(record["gain"]), float(record["backward_gain"])
        per_layer = ("none", "none")
        if all(0 < gain < math.inf for gain in (forward, backward)):
            per_layer = (f"{(forward / backward) ** 2:.4f}", f"{deviation(record['slug']):.3f}")
        rows.append(
            (
                markdown.link(record["name"], record["slug"]),
                _gain(forward),
                _gain(backward),
                "raises" if recommended is None else _gain(recommended),
                *per_layer,
            )
        )
    return markdown.table(head, rows, ["---"] + ["--:"] * 5) + (
        "\nGains: exact, rounded to 4 decimals, at torch's defaults (Threshold: see its page;"
        f" RReLU: in evaluation mode). Measured with torch {torch_side.torch_version()}:"
        " torch's gain, which is what `calculate_gain` does with the function's name; the"
        " deviation, by quadrature in float64."
        "\n{: .af-provenance }\n"
    )


def _gain(gain: float) -> str:
    return words.plain(gain) if math.isinf(gain) else f"{gain:.4f}"


def experiments(
    records: Sequence[Mapping[str, Any]], drawn: Sequence[str], measured: Measured
) -> dict[str, str]:
    """The parts made of what was measured, by the names of their files; raises InputError."""
    with messages.refused("measured/*.json", "where depth is read", messages.MEASURE_AGAIN):
        texts = {"experiment.md": experiment(records, measured)}
        return texts | {f"{r['slug']}.md": plot(r, measured) for r in records if r["slug"] in drawn}


def experiment(records: Sequence[Mapping[str, Any]], measured: Measured) -> str:
    """One row for each function: log10 of the second moment where each direction ends."""
    columns = list(itertools.product(DIRECTIONS, CHOICES))
    named = [f"{DIRECTIONS[d][0].capitalize()}, {CHOICES[c][0]}" for d, c in columns]
    head = ["Function", *named, "In common"]
    rows = []
    for record in records:
        result = measured.get(record["slug"], {}).get("results")
        cells = [UNKNOWN] * (len(head) - 1)
        if result:
            cells = [_end(result, choice, direction) for direction, choice in columns]
            cells.append(_percent(result["exact"]["common"]))
        rows.append([markdown.link(record["name"], record["slug"]), *cells])
    rules = ["---"] + ["--:"] * (len(head) - 1)
    return f"{markdown.table(head, rows, rules)}\n{_provenance(measured)}"


def _provenance(measured: Measured) -> str:
    sections = [section for section in measured.values() if section]
    if not sections:
        return ""
    dates, versions = (files.span(s[key] for s in sections) for key in ("date", "torch"))
    first = sections[0]
    return (
        f"Measured on {dates} with torch {versions} in {first['dtype']}:"
        f" {first['depth']} layers of width {first['width']}, {first['batch']} inputs,"
        f" median of {len(first['seeds'])} seeds; the lowest and the highest are in each"
        " function's file in `measured/`.\n{: .af-provenance }\n"
    )


def _end(result: Mapping[str, Any], choice: str, direction: str) -> str:
    """The median where the direction ends."""
    if choice not in result:
        return "–"
    return _log(result[choice][direction][DIRECTIONS[direction][2]])


def _log(value: float | str | None) -> str:
    """log10 of a second moment with one decimal; of exactly 0 it is −∞, of what overflowed ∞."""
    if isinstance(value, str):
        return "∞"
    return "−∞" if value is None else f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def plot(record: Mapping[str, Any], measured: Measured) -> str:
    """log10 of the second moment against the layer, forward and backward, for each choice."""
    section = measured.get(record["slug"])
    if not section:
        return f"{record['name']}: {UNKNOWN}; `make measure` does it.\n"
    result, depth = section["results"], section["depth"]
    known = {choice: CHOICES[choice] for choice in CHOICES if choice in result}
    rows, columns = (1, 4) if len(known) < 3 else (2, 3)
    figure, (ax,) = plots.axes(height=3.4, rows=rows, beside=plots.NAMED)
    for direction, (_, role, end) in DIRECTIONS.items():
        for choice, (_, style) in known.items():
            values = [_drawn(v) for v in result[choice][direction]]
            ax.plot(values, **pen(role, linestyle=style))
            spread = [_drawn(v) for v in result[choice][f"{direction}_range"]]
            bar = pen(role, linewidth=3, alpha=0.5, solid_capstyle="butt")
            ax.plot([end % len(values)] * 2, spread, **bar)
    ax.set(xlim=(-1, depth + 1), ylim=WINDOW, yticks=range(-30, 11, 10))
    ax.set(xlabel="layer", ylabel="log₁₀ of the second moment")
    looks = {label: pen(role) for label, role, _ in DIRECTIONS.values()}
    looks |= {name: pen("muted", linestyle=style) for name, style in known.values()}
    plots.legend(figure, looks, columns)
    drawing = Drawing(
        f"initialization-{record['slug']}",
        inline.svg(figure, f"{record['slug']}-i"),
        _alt(record["name"], result, depth),
        f"{record['name']}.",
    )
    return parts.figure(drawing, "af-initialization")


def _drawn(value: float | str | None) -> float:
    """The height that stands for a logarithm; that of exactly 0 is far below the window, that of
    what overflowed far above."""
    if isinstance(value, str):
        return WINDOW[1] * 10
    return WINDOW[0] * 10 if value is None else value


def _alt(name: str, result: Mapping[str, Any], depth: int) -> str:
    """The plot in words, made from the measured numbers."""
    told = []
    for choice in (c for c in CHOICES if c in result):
        values = result[choice]
        told.append(
            f"with {CHOICES[choice][0]} ({words.plain(values['gain'])}) the signal ends at"
            f" {_log(values['signal'][-1])} and the gradient at {_log(values['gradient'][0])}"
        )
    return (
        f"Plot of log10 of the second moment for {name} over {depth} layers; both start at 0."
        f" {'; '.join(told).capitalize()}."
    )
