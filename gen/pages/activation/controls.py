"""The interactive plot's part of a page: what the script needs to know, and the controls.

The controls are in the page from the start, so that nothing moves when the script takes them
over; where scripts do not run, and in print, the style sheet leaves them out.
"""

import html
import json
from dataclasses import asdict

import sympy

from activations._entry import Activation, EntryError

from ...drawing.plots import Frame
from ...facts import words
from ...printing.sliders import Slider, slider

RESERVED = ("q", "h", "show", "at", "view", "a", "b", "x", "T", "seed", "hard", "by")
"""Names in the address that mean something else: the search's, and the view's own."""


HINTS = (
    "Drag to move, Ctrl + wheel or pinch to zoom, arrow keys to read.",
    "Point at the map, or move the sliders.",
)


def applies_to(entry: Activation) -> bool:
    """Whether the page's plot is one that a script makes interactive."""
    return entry.is_scalar and entry.kind in ("elementwise", "gated", "stochastic")


def attributes(entry: Activation, axes: Frame) -> str:
    """The attributes by which the script finds the plot, its function and its axes."""
    widget = "gate" if entry.kind == "gated" else "explore"
    known = html.escape(json.dumps(asdict(axes)), quote=True)
    return f' data-widget="{widget}" data-slug="{entry.slug}" data-axes="{known}"'


def controls(entry: Activation, axes: Frame) -> str:
    """The switches, the readings and the sliders, disabled until the script runs."""
    check(entry)
    if entry.kind == "gated":
        cells = [reading("a", "a"), reading("b", "b"), reading("f(a, b)", "f")]
        cells += [reading("∂f/∂a", "da"), reading("∂f/∂b", "db")]
        sliders = [
            track(entry, half, half, Slider(span[0], span[1], 0.05, 0), "Start 0")
            for half, span in (("a", axes.x), ("b", axes.y))
        ]
    else:
        cells = [reading("x", "x"), _switch("f", "f(x)"), _switch("df", "f′(x)")]
        cells += [_switch("ddf", "f″(x)")]
        sliders = [_parameter(entry, argument) for argument in entry.parameters]
        sliders += [_noise(entry)] if entry.noise is not None else []
    parts = [
        f'<fieldset class="af-controls" disabled aria-label="{html.escape(entry.name)}, controls'
        ' of the plot">',
        f'<div class="af-values af-values-{len(cells)}">{"".join(cells)}</div>',
        *_choices(entry),
        *sliders,
        f'<p class="af-hint">{HINTS[entry.kind == "gated"]}</p>',
        '<p class="af-status" role="status"></p>',
        "</fieldset>",
    ]
    return "\n".join(parts)


def check(entry: Activation) -> None:
    """Raise EntryError if a parameter's name means something else in the address."""
    clash = [name for name in _names(entry) if name in RESERVED and entry.kind != "gated"]
    if clash:
        raise EntryError(
            f"activations/{entry.slug}.py: {', '.join(clash)} cannot name a parameter in the"
            " page's address, where it means something else; rename it, or RESERVED in"
            " gen/pages/activation/controls.py"
        )


def _names(entry: Activation) -> list[str]:
    return [*entry.parameters, *(name for v in entry.variants for name in v.settings)]


def reading(label: str, key: str) -> str:
    """A cell with a name and the number that the script writes."""
    return (
        f'<div class="af-value"><span class="af-key">{label}</span>'
        f'<span class="af-number" data-value="{key}">–</span></div>'
    )


def _switch(role: str, label: str) -> str:
    on = "" if role == "ddf" else " checked"
    return (
        f'<div class="af-value af-{role}"><label class="af-key"><input type="checkbox"'
        f' data-show="{role}"{on}>{label}</label>'
        f'<span class="af-number" data-value="{role}">–</span></div>'
    )


def _parameter(entry: Activation, argument: str) -> str:
    symbol = words.greek(entry.parameters[argument].symbol)
    label = f"{symbol} <code>{argument}</code>"
    given = "Default" if entry.defaults[argument] is not None else "Start"
    ruled = slider(entry, argument)
    return track(entry, argument, label, ruled, f"{given} {words.plain(ruled.start)}")


def _noise(entry: Activation) -> str:
    """The random number itself, within the interval that it is drawn from."""
    assert entry.noise is not None
    low, high = (float(entry.setting[name]) for name in entry.parameters)
    symbol = str(entry.noise.symbol)
    numbers = {p.symbol: entry.setting[name] for name, p in entry.parameters.items()}
    start = float(sympy.sympify(entry.noise.evaluation).subs(numbers))
    label = f"{symbol}, the number drawn"
    return track(entry, f"noise-{symbol}", label, Slider(low, high, 0.001, start), "Evaluation")


def track(
    entry: Activation, name: str, label: str, ruled: Slider, back: str, *, log: bool = False
) -> str:
    """A slider with its name, its value and the way back; `log` for one of the value's log10."""
    identity = f"{entry.slug}-{name}"
    start = words.plain(10**ruled.start if log else ruled.start)
    at = (ruled.start - ruled.low) / (ruled.high - ruled.low)
    return (
        f'<div class="af-slider" style="--at: {min(max(at, 0), 1):.4f}">'
        f'<label for="{identity}">{label}</label>'
        f'<span class="af-set" data-set="{name}">{start}</span>'
        f'<button type="button" data-reset="{name}">{back}</button>'
        f'<input type="range" id="{identity}" data-parameter="{name}" min="{ruled.low:.12g}"'
        f' max="{ruled.high:.12g}" step="{ruled.step:.12g}" value="{ruled.start:.12g}"'
        f' aria-valuetext="{start}" autocomplete="off"{" data-log" * log}>'
        '<span class="af-mark" aria-hidden="true"></span></div>'
    )


def choices(entry: Activation) -> dict[str, list[str]]:
    """Each argument that makes torch compute another definition, with its values, default first."""
    offered: dict[str, list[str]] = {}
    for variant in entry.variants:
        ((name, value),) = variant.settings.items()
        offered.setdefault(name, [str(entry.signature[name].default)]).append(str(value))
    return offered


def _choices(entry: Activation) -> list[str]:
    """A list to choose from for each such argument."""
    return [
        f'<p class="af-choice"><label>{name} <select data-choice="{name}" autocomplete="off">'
        f"{''.join(f'<option>{html.escape(value)}</option>' for value in values)}"
        "</select></label></p>"
        for name, values in choices(entry).items()
    ]
