"""The section "Numerics" of a page: what torch makes of the function in each dtype, as measured."""

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from activations._entry import Activation

from ... import markdown
from ...drawing import inline, plots
from ...drawing.ink import DASHES, pen
from ...drawing.plots import Drawing
from ...evaluation.ulp import curve_middles
from ...facts import words
from ...kinds import Kind
from ...kinds.exhaustive import HEADLINES, HIGH, LOW
from ...measure import files
from ...templates import render
from . import parts

TEMPLATE = "pages/activation/templates/numerics.md"
DEVICES = {"cpu": "CPU", "cuda": "GPU"}
QUANTITIES = ("output", "gradient")
KINDS = ("nan", "inf", "-inf", "0.0", "-0.0", "None")  # of numbers, beside the finite ones
ENDS = {-1: "down", 1: "up"}
ROUNDING = 1.0  # a value this near to the exact one, in ULP, is ordinary rounding

WINDOW = rf"with $2^{{{LOW}}} \le \lvert x\rvert \le 2^{HIGH}$"
NOT_MEASURED = "Not measured yet: run `make measure`, which writes it to `measured/`.\n"


def part(kind: Kind, data: Mapping[str, Any]) -> str:
    """Tables, sentences, the plot and the textbook formula, in Markdown.

    `data` are its `files.numerics`: empty where nothing is measured.
    """
    if not data:
        return NOT_MEASURED
    devices = [_told(kind, device, data) for device in DEVICES if device in data]
    return render(TEMPLATE, kind=kind, textbook=kind.entry.textbook, devices=devices)


def _told(kind: Kind, device: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the template tells of one device."""
    entry, record = kind.entry, data[device]
    errors, special, textbook = record["errors"], record["special"], record["textbook"]
    every = data.get("exhaustive", {}) if device == "cpu" else {}
    measured = [each for each in (record, every) if "date" in each]
    tried = f"a sample of {errors['float32']['output']['points']:,}"
    if "numbers" in every:
        tried = f"all {every['numbers']:,} {WINDOW} (in sentences {tried})"
        errors = {**errors, "float32": _over_all(errors["float32"], every)}
    drawing = plot(entry, errors, device)
    return {
        **{k: " and ".join({m[k]: None for m in measured}) for k in ("torch", "capability")},
        "date": files.span(m["date"] for m in measured),
        "device": DEVICES[device],
        "errors": _error_table(errors),
        "zeros": sum(zeros["count"] for zeros in every.get("output", {}).get("zeros", ())),
        "told": [
            *sentences(errors),
            *_strided(record.get("strided")),
            *_issues(entry.issues),
        ],
        "figure": parts.figure(drawing, "af-sweep") + "\n" if drawing else "",
        "special": _special_table(kind, special),
        "integers": _integers(record["integers"]),
        "fails": [*_failures({"float32": textbook})] if entry.textbook and textbook else [],
        "tried": kind.words.tried.format(float32=tried),
        "loses_digits": any(m["inaccurate"] for *_, m in _quantities(errors)) or bool(textbook),
    }


# errors


def _over_all(float32: Mapping[str, Any], every: Mapping[str, Any]) -> dict[str, Any]:
    """float32's errors, with the maxima over all numbers in place of those over the sample."""
    found = {}
    for quantity, headline in HEADLINES.items():
        largest, absolute = every[quantity][headline], every[quantity]["absolute"]["size"]
        found[quantity] = {
            **float32[quantity],
            "largest": {"ulp": largest["size"], "x": largest["x"]},
            "plain": math.inf if every[quantity]["zeros"] else every[quantity]["ulp"]["size"],
            "absolute": absolute,
            "binades": every[quantity]["binades"],
        }
    return found


def _quantities(errors: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each dtype, "output" or "gradient", and what was measured of it."""
    for dtype, measured in errors.items():
        for quantity in QUANTITIES:
            if measured[quantity]:
                yield dtype, quantity, measured[quantity]


def _error_table(errors: Mapping[str, Any]) -> str:
    placed = any(found["largest"]["x"] is not None for *_, found in _quantities(errors))
    measured = '<span class="af-said">Measured</span>'
    head = [measured, "Largest", "at x" if placed else "99.9 %", "Abs."]
    rows = []
    for dtype, quantity, found in _quantities(errors):
        largest, most = found["largest"], _size(found["ulp_999"])
        if placed:
            most = _x(largest["x"]) if largest["ulp"] else "–"
        sizes = (_size(largest["ulp"]), most, _size(found["absolute"]))
        rows.append([f"{dtype} {quantity}", *sizes])
    return markdown.table(head, rows, ["---"] + ["---:"] * (len(head) - 1))


def sentences(errors: Mapping[str, Any]) -> list[str]:
    """What a reader should know of the measured errors, in plain words."""
    found = [*_failures(errors), *_constants(errors, ordinary=True)]
    worst = max(measured["plain"] for *_, measured in _quantities(errors))
    if worst <= 0.501:
        how = "correctly rounded" if worst else "exact"
        return [f"Every output and gradient that was measured is {how}.", *found]
    return found


def _failures(errors: Mapping[str, Any]) -> Iterator[str]:
    """Where values are far from the exact ones."""
    yield from _constants(errors, ordinary=False)
    found: dict[str, list[str]] = {}
    for dtype, quantity, measured in _quantities(errors):
        for place in measured["not_finite"]:
            told = (
                f"the {quantity} is {words.special(place['value'])} from x = {_x(place['x'])}"
                f" {ENDS[place['side']]} instead of {_value(place['exact'])}."
            )
            found.setdefault(told, []).append(dtype)
    yield from (f"In {words.listed(dtypes)} {told}" for told, dtypes in found.items())
    for dtype, quantity, measured in _quantities(errors):
        for at, place in _mirrored(measured["inaccurate"]):
            where = " to ".join(dict.fromkeys((_x(place["from"]), _x(place["to"]))))
            yield (
                f"In {dtype} the {quantity} loses digits at {at} = {where}: at {_x(place['x'])} it"
                f" is {_value(place['got'])}, and should be {apart(place['exact'], place['got'])}."
            )


def _mirrored(places: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """The stretches of "x", or the one of "|x|" where those of both sides are the same."""
    ends = [{abs(place["from"]), abs(place["to"])} for place in places]
    if len(places) == 2 and ends[0] == ends[1]:
        return [("|x|", places[1])]
    return [("x", place) for place in places]


def _constants(errors: Mapping[str, Any], ordinary: bool) -> Iterator[str]:
    """Where a value becomes a constant: by ordinary rounding, or although it should not yet."""
    found: dict[tuple[str, int, float], list[tuple[str, Any]]] = {}
    for dtype, quantity, measured in _quantities(errors):
        for place in measured["settles"]:
            if (place["ulp"] <= ROUNDING) == ordinary:
                one = quantity, place["side"], place["value"]
                found.setdefault(one, []).append((dtype, place))
    for (quantity, side, value), reached in found.items():
        places = words.listed([f"{_x(place['x'])} in {dtype}" for dtype, place in reached])
        truths = words.listed([apart(place["exact"], place["value"]) for _, place in reached])
        why = "within 1 ULP" if ordinary else f"where it should be {truths}"
        constant = f"The {quantity} is exactly {_value(value + 0)}"
        yield f"{constant} from x = {places} {ENDS[side]}, {why}."


def _strided(strided: Mapping[str, Any] | None) -> Iterator[str]:
    """How often the scalar code gives other numbers than the vectorized."""
    if apart := [q for q in QUANTITIES if strided and strided[q]["share"]]:
        assert strided
        shares = [f"{_size(100 * strided[q]['share'])} % of {q}s" for q in apart]
        most = _size(max(strided[q]["ulp"] for q in apart))
        yield (
            f"Strided float32 tensors take scalar code: for N(0, 1) inputs {words.listed(shares)}"
            f" differ, by up to {most} ULP."
        )


# special inputs


def _special_table(kind: Kind, special: Mapping[str, Any]) -> str:
    """One row for each input: float32's results, and another dtype's where they differ in kind."""
    gradients = any(row["gradient"] for rows in special.values() for row in rows)
    quantities = QUANTITIES if gradients else ("output",)
    lines = []
    for rows in zip(*special.values(), strict=True):
        given = rows[0]["input"]
        results = (_across([row[q] for row in rows], list(special)) for q in quantities)
        lines.append([kind.special_input(given) or words.special(given), *results])
    return markdown.table(kind.words.special, lines)


def _across(results: Sequence[Any], dtypes: Sequence[str]) -> str:
    """float32's result, then those of dtypes that give another kind of number."""
    text = _result(results[0])
    others: dict[str, list[str]] = {}
    for dtype, result in zip(dtypes[1:], results[1:], strict=True):
        if _class(result) != _class(results[0]):
            others.setdefault(_result(result), []).append(dtype)
    return "; ".join([text, *(f"{words.listed(d)}: {t}" for t, d in others.items())])


def _result(result: Any) -> str:
    """What the input gives in a long tensor, what the last elements do where they give something
    else, and what it should give, where that is NaN."""
    text, limit = words.special(result["result"]), result["limit"]
    if tail := result.get("tail"):
        text += f"; {words.special(tail['result'])} in {_places(tail['of'])}"
    if limit not in (None, "nan") and "nan" in _class(result):
        text += f" (limit {words.special(limit)})"
    return text


def _places(of: Mapping[str, int]) -> str:
    """So many of the last elements by length: "tensors of up to 17 and the last 1 of 33"."""
    whole = max((int(length) for length, count in of.items() if count == int(length)), default=0)
    parts = [f"the last {count} of {int(n):,}" for n, count in of.items() if count != int(n)]
    first = [f"tensors of {'up to ' if whole > 1 else ''}{whole}"] if whole else []
    return words.listed([*first, *parts])


def _class(result: Any) -> list[str]:
    """What kinds of number a result is made of, in a long tensor and at its end."""
    numbers = f"{result['result']}, {result.get('tail', {}).get('result')}".split(", ")
    return [number if number in KINDS else "number" for number in numbers]


def _integers(integers: Mapping[str, Any]) -> str:
    inputs = ", ".join(map(str, integers["inputs"])).replace("-", "−")
    given = f"the integers {inputs}" if inputs else "integers"
    if "error" in integers:
        return f"{given} torch raises `{integers['error']}`"
    return (
        f"{given} torch returns {words.special(integers['outputs'])}, of dtype {integers['dtype']}"
    )


def _issues(issues: Mapping[int, str]) -> Iterator[str]:
    """Reports in PyTorch's tracker, in plain words."""
    if issues:
        known = words.listed([f"{number} ({what})" for number, what in issues.items()])
        noun = "issue" if len(issues) == 1 else "issues"
        yield f"Known to PyTorch's tracker as {noun} {known}."


# the plot


def plot(entry: Activation, errors: Mapping[str, Any], device: str) -> Drawing | None:
    """Largest error in each bin of x, for output and gradient; None where rounding is all."""
    drawn = [(d, q, m) for d, q, m in _quantities(errors) if m["curve"]]
    if not drawn or all(m["plain"] <= 0.501 for *_, m in drawn):
        return None
    figure, panels = plots.axes(7.6, 3.2, 2, rows=2, beside=plots.NAMED)
    looks = {
        dtype: pen("f", linestyle=style, linewidth=1.3)
        for dtype, style in zip(dict.fromkeys(d for d, *_ in drawn), DASHES, strict=False)
    }
    for ax, quantity, role in zip(panels, QUANTITIES, ("f", "df"), strict=True):
        curves = {d: _points(m) for d, q, m in drawn if q == quantity}
        for dtype, points in curves.items():
            ax.plot(*points, **{**looks[dtype], **pen(role)})
        _panel(ax, quantity, [ys for _, ys in curves.values()])
    plots.legend(figure, looks, len(looks), loc="upper center")
    stepped = any("binades" in measured for *_, measured in drawn)
    steps = " (of float32, between powers of 2)" if stepped else ""
    return Drawing(
        f"errors-{device}",
        inline.svg(figure, f"{entry.slug}-{device}"),
        f"Two plots of the error of {entry.name} in ULP against x from −1000 to 1000, output and"
        " gradient; the table has the largest.",
        f"Largest error in ULP around each x{steps}: output (left) and gradient (right) on"
        " logarithmic axes. Grey is 0.5, correct rounding; errors below 0.1 are drawn at 0.1.",
    )


def _points(measured: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """The curve's xs and ys: of what was measured at every number, steps from power to power."""
    if "binades" not in measured:
        texts = measured["curve"].split()
        return curve_middles(), [math.nan if t == "-" else max(float(t), 0.1) for t in texts]
    negative, positive = (measured["binades"][sign]["sizes"] for sign in ("negative", "positive"))
    edges = [2.0**power for power in range(LOW, HIGH + 1)]
    ends = [end for pair in itertools.pairwise(edges) for end in pair]
    xs = [*(-x for x in reversed(ends)), *ends]
    return xs, [max(y, 0.1) for y in (*reversed(negative), *positive) for _ in range(2)]


def _panel(ax: Axes, title: str, curves: Iterable[Sequence[float]]) -> None:
    """A logarithmic error axis; an x axis in decades that is linear around 0."""
    top = max([20, *(1.25 * y for ys in curves for y in ys if not math.isnan(y))])
    ax.set(title=title, xlabel="x", ylabel="error in ULP", yscale="log", ylim=(0.08, top))
    ax.set_xscale("asinh", linear_width=0.1)
    marks = (-100, -1, 0, 1, 100)
    ax.set_xticks(marks, [words.plain(mark) for mark in marks])
    ax.set_xlim(-1000, 1000)
    ax.minorticks_off()
    plots.decades(ax.yaxis)
    ax.axhline(0.5, **plots.AXIS)


# words


# an error, a value, and a place, each with the digits that it needs
_size = functools.partial(words.whole, digits=2)
_value = functools.partial(words.whole, digits=3)
_x = functools.partial(words.whole, digits=4)


def apart(value: float, other: float) -> str:
    """The value, with as many digits as tell it from the other."""
    for digits in range(3, 12):
        if words.whole(value, digits) != words.whole(other, digits):
            break
    return words.whole(value, digits)
