"""What a page says of a plot that moves: what its script must know, and the controls.

The controls are in the page from the start, so that nothing moves when the script takes them
over; where scripts do not run, and in print, the style sheet leaves them out. There is room for
every score from the start, so that nothing moves when one is added.
"""

import html
import json
from dataclasses import asdict

from activations._entry import Activation, EntryError

from ...drawing.plots import Frame
from ...facts import words
from ...printing.sliders import Controls, Reading, Track

RESERVED = ("q", "h", "show", "at", "view", "a", "b", "x", "T", "seed", "hard", "by")
"""Names in the address that mean something else: the search's, and the view's own."""

MOST, REACH, STEP = 6, 6, 0.1  # scores of a vector: how many, how far, how finely


def attributes(entry: Activation, controls: Controls, axes: Frame | None) -> str:
    """The attributes by which the script finds the plot, its function and its axes."""
    found = f' data-widget="{controls.widget}" data-slug="{entry.slug}"'
    if axes is None:
        return found
    return f'{found} data-axes="{html.escape(json.dumps(asdict(axes)), quote=True)}"'


def written(entry: Activation, controls: Controls) -> str:
    """Readings, scores, switches, buttons and sliders, disabled until the script runs."""
    if controls.reserved:
        check(entry)
    cells = "".join(map(_reading, controls.readings))
    parts = [
        f'<fieldset class="af-controls" disabled aria-label="{html.escape(entry.name)}, controls'
        ' of the plot">',
        f'<div class="af-values af-values-{len(controls.readings)}">{cells}</div>',
        *(_scores(entry, controls) if controls.scores else []),
        *_choices(entry),
        *(_track(entry, track) for track in controls.tracks),
        *(_seed(entry, controls) if controls.seeded else []),
        f'<p class="af-hint">{controls.hint}</p>',
        '<p class="af-status" role="status"></p>',
        "</fieldset>",
    ]
    return "\n".join(parts)


def check(entry: Activation) -> None:
    """Raise EntryError if a parameter's name means something else in the address."""
    names = [*entry.parameters, *(name for v in entry.variants for name in v.settings)]
    if clash := [name for name in names if name in RESERVED]:
        raise EntryError(
            f"activations/{entry.slug}.py: {', '.join(clash)} cannot name a parameter in the"
            " page's address, where it means something else; rename it, or RESERVED in"
            " gen/pages/activation/controls.py"
        )


def _reading(reading: Reading) -> str:
    """A cell with a name and the number that the script writes."""
    number = f'<span class="af-number" data-value="{reading.key}">–</span></div>'
    if not reading.switch:
        return f'<div class="af-value"><span class="af-key">{reading.label}</span>{number}'
    on = "" if reading.key == "ddf" else " checked"
    return (
        f'<div class="af-value af-{reading.key}"><label class="af-key"><input type="checkbox"'
        f' data-show="{reading.key}"{on}>{reading.label}</label>{number}'
    )


def _track(entry: Activation, track: Track) -> str:
    """A slider with its name, its value and the way back."""
    ruled, name = track.slider, track.name
    identity = f"{entry.slug}-{name}"
    start = words.plain(10**ruled.start if track.log else ruled.start)
    at = (ruled.start - ruled.low) / (ruled.high - ruled.low)
    return (
        f'<div class="af-slider" style="--at: {min(max(at, 0), 1):.4f}">'
        f'<label for="{identity}">{track.label}</label>'
        f'<span class="af-set" data-set="{name}">{start}</span>'
        f'<button type="button" data-reset="{name}">{track.back}</button>'
        f'<input type="range" id="{identity}" data-parameter="{name}" min="{ruled.low:.12g}"'
        f' max="{ruled.high:.12g}" step="{ruled.step:.12g}" value="{ruled.start:.12g}"'
        f' aria-valuetext="{start}" autocomplete="off"{" data-log" * track.log}>'
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


def _scores(entry: Activation, controls: Controls) -> list[str]:
    """The sliders of a vector's scores, and the buttons that change how many there are."""
    scores = "".join(_score(entry, controls, n) for n in range(MOST))
    return [
        f'<div class="af-scores">{scores}</div>',
        '<p class="af-buttons"><button type="button" data-count="1">Add a score</button>'
        '<button type="button" data-count="-1">Remove the last</button>'
        '<button type="button" data-again>Start again</button></p>',
    ]


def _score(entry: Activation, controls: Controls, n: int) -> str:
    """The slider of score n, counted from 0; those beyond the first scores wait hidden."""
    shown = n < len(controls.scores)
    start = controls.scores[n] if shown else 0
    identity, text = f"{entry.slug}-score-{n + 1}", words.plain(start)
    return (
        f'<div class="af-score"{"" if shown else " hidden"}>'
        f'<label for="{identity}">Score {n + 1}</label> <span class="af-set">{text}</span>'
        f'<input type="range" id="{identity}" data-score="{n}" min="{-REACH}" max="{REACH}"'
        f' step="{STEP}" value="{start:g}" aria-valuetext="{text}" autocomplete="off"></div>'
    )


def _seed(entry: Activation, controls: Controls) -> list[str]:
    """The seed of the noise; the winner alone where torch has the argument `hard`."""
    identity = f"{entry.slug}-seed"
    parts = [
        f'<p class="af-buttons"><label for="{identity}">Seed</label>',
        f'<input type="number" id="{identity}" data-seed min="0" max="{2**32 - 1}" step="1"',
        ' value="0" autocomplete="off"><button type="button" data-next>Next seed</button>',
    ]
    if controls.hard:
        parts.append('<label><input type="checkbox" data-hard> <code>hard</code></label>')
    return ["".join([*parts, "</p>"])]
