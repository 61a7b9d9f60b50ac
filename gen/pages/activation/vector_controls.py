"""The controls of a moving map of vectors: its scores, its temperature, its noise.

There is room for every score from the start, so that nothing moves when one is added.
"""

import html
from math import log10

from sympy.tensor.indexed import Indexed

from activations._entry import Activation

from ...facts import words
from ...printing import javascript_vectors
from ...printing.sliders import Slider, slider
from .controls import check, reading, track

FEWEST, MOST = 3, 6
REACH = 6
STEP = 0.1
DECADE = Slider(-1, 1, 0.01, 0)  # log10 of a temperature
WIDE = 100  # a parameter that spans so large a factor gets a logarithmic slider


def attributes(entry: Activation) -> str:
    """The attributes by which the script finds the figure and its function."""
    return f' data-widget="vector" data-slug="{entry.slug}"'


def controls(entry: Activation) -> str:
    """Readings, sliders and buttons, disabled until the script runs."""
    check(entry)
    name = html.escape(entry.name)
    cells = [reading("Entropy, nats", "nats"), reading("in bits", "bits")]
    cells.append(reading("Largest share", "largest"))
    parts = [
        f'<fieldset class="af-controls" disabled aria-label="{name}, controls of the plot">',
        f'<div class="af-values af-values-{len(cells)}">{"".join(cells)}</div>',
        f'<div class="af-scores">{"".join(_score(entry, n) for n in range(MOST))}</div>',
        '<p class="af-buttons"><button type="button" data-count="1">Add a score</button>'
        '<button type="button" data-count="-1">Remove the last</button>'
        '<button type="button" data-again>Start again</button></p>',
        *(_parameter(entry, argument) for argument in entry.parameters),
        *([] if entry.parameters else [_temperature(entry)]),
        *(_noise(entry) if entry.noise else []),
        f'<p class="af-hint">{_hint(entry)}</p>',
        '<p class="af-status" role="status"></p>',
        "</fieldset>",
    ]
    return "\n".join(parts)


def _score(entry: Activation, n: int) -> str:
    """The slider of score n, counted from 0; those beyond the first scores wait hidden."""
    shown = n < len(javascript_vectors.SCORES)
    start = javascript_vectors.SCORES[n] if shown else 0
    identity, text = f"{entry.slug}-score-{n + 1}", words.plain(start)
    return (
        f'<div class="af-score"{"" if shown else " hidden"}>'
        f'<label for="{identity}">Score {n + 1}</label> <span class="af-set">{text}</span>'
        f'<input type="range" id="{identity}" data-score="{n}" min="{-REACH}" max="{REACH}"'
        f' step="{STEP}" value="{start:g}" aria-valuetext="{text}" autocomplete="off"></div>'
    )


def _parameter(entry: Activation, argument: str) -> str:
    label = f"{words.greek(entry.parameters[argument].symbol)} <code>{argument}</code>"
    ruled = slider(entry, argument)
    given = "Default" if entry.defaults[argument] is not None else "Start"
    back = f"{given} {words.plain(ruled.start)}"
    if ruled.low > 0 and ruled.high / ruled.low >= WIDE:
        low, high, start = (log10(value) for value in (ruled.low, ruled.high, ruled.start))
        return track(entry, argument, label, Slider(low, high, 0.01, start), back, log=True)
    return track(entry, argument, label, ruled, back)


def _temperature(entry: Activation) -> str:
    return track(entry, "T", "Temperature T", DECADE, "Back to 1", log=True)


def _noise(entry: Activation) -> list[str]:
    """The seed of the noise; the winner alone where torch has the argument `hard`."""
    identity = f"{entry.slug}-seed"
    parts = [
        f'<p class="af-buttons"><label for="{identity}">Seed</label>',
        f'<input type="number" id="{identity}" data-seed min="0" max="{2**32 - 1}" step="1"',
        ' value="0" autocomplete="off"><button type="button" data-next>Next seed</button>',
    ]
    if "hard" in entry.signature:
        parts.append('<label><input type="checkbox" data-hard> <code>hard</code></label>')
    return ["".join([*parts, "</p>"])]


def _hint(entry: Activation) -> str:
    lines = ["Drag the bars up and down, or move the sliders."]
    if any(len(e.indices) > 1 for e in entry.formula.atoms(Indexed)):
        lines.append("These are the scores of one place; every place is computed by itself.")
    if not entry.parameters:
        lines.append("T is no argument of torch’s: it divides the scores before the function.")
    if entry.noise:
        lines.append(
            "After <code>torch.manual_seed(seed)</code> the same noise is"
            " <code>-(-torch.rand(K, dtype=torch.float64).log()).log()</code>."
        )
    return " ".join(lines)
