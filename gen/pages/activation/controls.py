"""What a page says of a plot that moves: what its script must know, and the controls.

The controls are in the page from the start, so that nothing moves when the script takes them
over; where scripts do not run, and in print, the style sheet leaves them out. There is room for
every score from the start, so that nothing moves when one is added.
"""

import json
from dataclasses import asdict

from activations._entry import Activation, EntryError

from ...drawing.plots import Frame
from ...facts import words
from ...printing.sliders import Controls, Track
from ...templates import render

RESERVED = ("q", "h", "show", "at", "view", "a", "b", "x", "T", "seed", "hard", "by")
"""Names in the address that mean something else: the search's, and the view's own."""

MOST, REACH, STEP = 6, 6, 0.1  # scores of a vector: how many, how far, how finely


def attributes(entry: Activation, controls: Controls, axes: Frame | None) -> dict[str, str | None]:
    """The attributes by which the script finds the plot, its function and its axes."""
    return {
        "data-widget": controls.widget,
        "data-slug": entry.slug,
        "data-axes": json.dumps(asdict(axes)) if axes else None,
    }


def written(entry: Activation, controls: Controls) -> str:
    """Readings, scores, switches, buttons and sliders, disabled until the script runs.

    Scores beyond the first wait hidden. Raises EntryError as `check` does.
    """
    if controls.reserved:
        check(entry)
    return render(
        "pages/activation/templates/controls.html",
        entry=entry,
        controls=controls,
        choices=choices(entry),
        tracks=[(track, *_start(track)) for track in controls.tracks],
        scores=[*controls.scores, *[0] * (MOST - len(controls.scores))],
        reach=REACH,
        step=STEP,
        plain=words.plain,
    )


def _start(track: Track) -> tuple[str, float]:
    """The value that the slider starts at, in words, and how far along the track that is."""
    ruled = track.slider
    at = (ruled.start - ruled.low) / (ruled.high - ruled.low)
    start = words.plain(10**ruled.start if track.log else ruled.start)
    return start, min(max(at, 0), 1)


def check(entry: Activation) -> None:
    """Raise EntryError if a parameter's name means something else in the address."""
    names = [*entry.parameters, *(name for v in entry.variants for name in v.settings)]
    if clash := [name for name in names if name in RESERVED]:
        raise EntryError(
            f"activations/{entry.slug}.py: {', '.join(clash)} cannot name a parameter in the"
            " page's address, where it means something else; rename it, or RESERVED in"
            " gen/pages/activation/controls.py"
        )


def choices(entry: Activation) -> dict[str, list[str]]:
    """Each argument that makes torch compute another definition, with its values, default first."""
    offered: dict[str, list[str]] = {}
    for variant in entry.variants:
        ((name, value),) = variant.settings.items()
        offered.setdefault(name, [str(entry.signature[name].default)]).append(str(value))
    return offered
