"""The section "Numerics" of a page: what torch makes of the function in each dtype, as measured."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from activations._entry import Activation, Textbook

from ...drawing import inline, plots
from ...drawing.ink import DASHES, pen
from ...drawing.plots import Drawing
from ...evaluation.ulp import curve_middles
from ...facts import words
from ...kinds import Kind
from . import parts

DEVICES = {"cpu": "CPU", "cuda": "GPU"}
ENDS = {-1: "down", 1: "up"}
FAR = 16.0  # errors above it, in ULP, deserve a sentence
ROUNDING = 1.0  # a value this near to the exact one, in ULP, is ordinary rounding

NOT_MEASURED = "Not measured yet: run `make measure`, which writes it to `measured/`.\n"
UNITS = (
    "Largest error in ULP, the distance between neighbouring numbers of the dtype at the exact"
    " value (correct rounding errs by at most 0.5);{place} what all but one error in a thousand"
    " stay within; and the largest absolute error{near}.\n"
)


def part(kind: Kind, data: Mapping[str, Any]) -> str:
    """Tables, sentences, the plot and the textbook formula, in Markdown.

    `data` is what `measured.numerics_of` gives: empty where nothing is measured.
    """
    if not data:
        return NOT_MEASURED
    entry = kind.entry
    devices = [device for device in DEVICES if device in data]
    scalar = kind.has_rounding_by_place
    place = " the x where it occurs;" if scalar else ""
    near = r" for $\lvert x\rvert \le 100$" if scalar else ""
    blocks = [UNITS.format(place=place, near=near)]
    for device in devices:
        record = data[device]
        if len(devices) > 1:
            blocks.append(f"**On a {DEVICES[device]}**\n")
        blocks.append(_error_table(record["errors"]))
        found = [*sentences(record["errors"]), *_special_sentences(record["special"])]
        blocks.append(_list([*found, *_issues(entry.issues)]))
        drawing = plot(entry, record["errors"], device)
        blocks.append(parts.figure(drawing, "af-sweep") if drawing else "")
        blocks.append(_special_table(kind, record["special"]))
        blocks.append(_integers(record["integers"]))
        if entry.textbook and record["textbook"]:
            blocks.append(_textbook(kind, entry.textbook, record["textbook"]))
        blocks.append(_provenance(kind, device, record))
    return "\n".join(block for block in blocks if block)


# errors


def _quantities(errors: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each dtype, "output" or "gradient", and what was measured of it."""
    for dtype, measured in errors.items():
        for quantity in ("output", "gradient"):
            if measured[quantity]:
                yield dtype, quantity, measured[quantity]


def _error_table(errors: Mapping[str, Any]) -> str:
    placed = any(found["largest"]["x"] is not None for *_, found in _quantities(errors))
    head = [
        '<span class="af-said">Measured</span>',
        "Largest",
        *(["at x"] if placed else []),
        "99.9 %",
        "Abs.",
    ]
    lines = [f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)]
    for dtype, quantity, found in _quantities(errors):
        largest = found["largest"]
        at = [_size(largest["x"]) if largest["ulp"] else "–"] if placed else []
        cells = [_size(largest["ulp"]), *at, _size(found["ulp_999"])]
        lines.append(
            f"| {dtype} {quantity} | {' | '.join(cells)} | {_size(found['absolute']['error'])} |"
        )
    return "\n".join(lines) + "\n"


def sentences(errors: Mapping[str, Any]) -> list[str]:
    """What a reader should know of the measured errors, in plain words."""
    found = [
        *_too_early(errors),
        *_not_finite(errors),
        *_inaccurate(errors),
        *_farthest(errors),
        *_by_rounding(errors),
    ]
    worst = max(measured["largest"]["ulp"] for *_, measured in _quantities(errors))
    if worst == 0:
        return ["Every output and gradient that was measured is exact.", *found]
    if worst <= 0.501:
        return ["Every output and gradient that was measured is correctly rounded.", *found]
    return found


def _settled(errors: Mapping[str, Any], quantity: str) -> Iterator[tuple[str, Any]]:
    for dtype, name, measured in _quantities(errors):
        if name == quantity:
            yield from ((dtype, s) for s in measured["settles"])


def _too_early(errors: Mapping[str, Any]) -> Iterator[str]:
    """Where a value becomes a constant although the exact one is still another number."""
    for quantity in ("output", "gradient"):
        settled = [(d, s) for d, s in _settled(errors, quantity) if s["ulp"] > ROUNDING]
        for value, where, rows in _sides(settled):
            places = words_list([f"{_x(s['x'])} in {dtype}" for dtype, s in rows])
            truths = words_list([_apart(s["exact"], s["value"]) for _, s in rows])
            there = "the exact value there is" if len(rows) == 1 else "the exact values there are"
            start, end = where
            yield f"The {quantity} is exactly {value} from {start}{places} {end}; {there} {truths}."


def _by_rounding(errors: Mapping[str, Any]) -> Iterator[str]:
    """Where a value becomes a constant because no other number of the dtype is nearer."""
    clauses = []
    for quantity in ("output", "gradient"):
        settled = [(d, s) for d, s in _settled(errors, quantity) if s["ulp"] <= ROUNDING]
        for value, (start, end), rows in _sides(settled):
            places = words_list([f"{_x(s['x'])} in {dtype}" for dtype, s in rows])
            clauses.append(f"the {quantity} is exactly {value} from {start}{places} {end}")
    if clauses:
        yield f"By ordinary rounding, within 1 ULP of the exact value, {'; '.join(clauses)}."


def _sides(
    settled: Sequence[tuple[str, Any]],
) -> Iterator[tuple[str, tuple[str, str], list[tuple[str, Any]]]]:
    """The constants by side: their text, how the place is said, the dtypes that reach them.

    Two sides that mirror each other are told as one, in |x|.
    """
    left, right = ([(d, s) for d, s in settled if s["side"] == side] for side in (-1, 1))
    places = [(d, s["x"]) for d, s in right]
    constants = {s["value"] + 0.0 for _, s in settled}
    if right and [(d, -s["x"]) for d, s in left] == places and len(set(map(abs, constants))) == 1:
        sign = "±" if len(constants) == 2 else ""
        yield f"{sign}{_value(max(constants))}", (r"$\lvert x\rvert$ = ", "up"), right
        return
    for rows in (left, right):
        for value in dict.fromkeys(s["value"] + 0.0 for _, s in rows):
            reaching = [(d, s) for d, s in rows if s["value"] == value]
            yield _value(value), ("x = ", ENDS[reaching[0][1]["side"]]), reaching


def _not_finite(errors: Mapping[str, Any]) -> Iterator[str]:
    """Where a NaN or an infinity appears although the exact value is a number of the dtype."""
    for dtype, quantity, measured in _quantities(errors):
        places = measured["not_finite"]
        for value in dict.fromkeys(place["value"] for place in places):
            same = [place for place in places if place["value"] == value]
            where = words_list([f"x = {_x(p['x'])} {ENDS[p['side']]}" for p in same])
            truths = words_list(list(dict.fromkeys(_value(p["exact"]) for p in same)))
            instead = f"{words.special(value)} from {where} instead of {truths}"
            yield f"In {dtype} the {quantity} is {instead}."


def _inaccurate(errors: Mapping[str, Any]) -> Iterator[str]:
    """Where digits are lost; two sides that mirror each other are told as one, in |x|."""
    for dtype, quantity, measured in _quantities(errors):
        places = measured["inaccurate"]
        mirrored = len(places) == 2 and -places[0]["from"] == places[1]["to"]
        mirrored = mirrored and -places[0]["to"] == places[1]["from"]
        for place in places[1:] if mirrored else places:
            name = r"$\lvert x\rvert$" if mirrored else "x"
            where = (
                f"near {name} = {_x(place['x'])}"
                if place["from"] == place["to"]
                else f"between {name} = {_x(place['from'])} and {_x(place['to'])}"
            )
            yield (
                f"In {dtype} the {quantity} loses digits {where}: at x = {_x(place['x'])} it is"
                f" {_value(place['got'])}, and should be {_apart(place['exact'], place['got'])}."
            )


def _farthest(errors: Mapping[str, Any]) -> Iterator[str]:
    """The number behind a large error in ULP, where there is no x to name."""
    for dtype, quantity, measured in _quantities(errors):
        largest = measured["largest"]
        if largest["x"] is None and largest["ulp"] > FAR:
            got, exact = largest["got"], largest["exact"]
            noun = "an output" if quantity == "output" else "a gradient"
            yield (
                f"In {dtype} the largest error, {_size(largest['ulp'])} ULP, is that of {noun} of"
                f" {_apart(got, exact)}, which should be {_apart(exact, got)}."
            )


# special inputs


def _special_table(kind: Kind, special: Mapping[str, Any]) -> str:
    """One row for each input: float32's results, and another dtype's where they differ in kind."""
    gradients = any(row["gradient"] for rows in special.values() for row in rows)
    titles = kind.words.special
    lines = [f"| {' | '.join(titles)} |", "|" + " --- |" * len(titles)]
    for rows in zip(*special.values(), strict=True):
        given = rows[0]["input"]
        cells = [kind.special_input(given) or words.special(given)]
        for quantity in ("output", "gradient") if gradients else ("output",):
            cells.append(_across([row[quantity] for row in rows], list(special)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _across(results: Sequence[Any], dtypes: Sequence[str]) -> str:
    """float32's result, then those of dtypes that give another kind of number."""
    text = _result(results[0])
    others: dict[str, list[str]] = {}
    for dtype, result in zip(dtypes[1:], results[1:], strict=True):
        if _class(result) != _class(results[0]):
            others.setdefault(_result(result), []).append(dtype)
    return "; ".join([text, *(f"{words_list(d)}: {t}" for t, d in others.items())])


def _result(result: Any) -> str:
    text = words.special(result["result"])
    if "then" in result:
        text += f"; {words.special(result['then'])} in tensors of {result['from_length']} or more"
    return text


def _class(result: Any) -> tuple[str, ...]:
    """What kinds of number a result is made of, alone and in longer tensors."""
    both = [result["result"], result.get("then", "")]
    return tuple(_kind(number) for text in both for number in text.split(", "))


def _kind(number: str) -> str:
    return number if number in ("nan", "inf", "-inf", "0.0", "-0.0", "") else "number"


def _special_sentences(special: Mapping[str, Any]) -> Iterator[str]:
    """NaN at an infinity where the function has a limit."""
    for rows in zip(*special.values(), strict=True):
        clauses = []
        for quantity in ("output", "gradient"):
            for where, dtypes in _spoilt([row[quantity] for row in rows], list(special)).items():
                limit = words.special(rows[0][quantity]["limit"])
                which = "" if len(dtypes) == len(special) else f" in {words_list(dtypes)}"
                clauses.append(f"the {quantity} is NaN{which}{where} (limit {limit})")
        if clauses:
            yield f"At x = {words.special(rows[0]['input'])} {words_list(clauses)}."


def _spoilt(results: Sequence[Any], dtypes: Sequence[str]) -> dict[str, list[str]]:
    """The dtypes that return NaN instead of a limit, by the tensors in which they do."""
    found: dict[str, list[str]] = {}
    for dtype, result in zip(dtypes, results, strict=True):
        if not result or result["limit"] in (None, "nan"):
            continue
        if result["result"] == "nan":
            found.setdefault("", []).append(dtype)
        elif result.get("then") == "nan":
            where = f" in tensors of {result['from_length']} or more"
            found.setdefault(where, []).append(dtype)
    return found


def _integers(integers: Mapping[str, Any]) -> str:
    inputs = ", ".join(map(str, integers["inputs"])).replace("-", "−")
    given = f"the integers {inputs}" if inputs else "integers"
    if "error" in integers:
        return f"For {given} torch raises `{integers['error']}`.\n"
    outputs = words.special(integers["outputs"])
    return f"For {given} torch returns {outputs}, of dtype {integers['dtype']}.\n"


# the plot


def plot(entry: Activation, errors: Mapping[str, Any], device: str) -> Drawing | None:
    """Largest error in each bin of x, for output and gradient; None where rounding is all."""
    drawn = [(d, q, m) for d, q, m in _quantities(errors) if m["curve"]]
    if not drawn or all(m["largest"]["ulp"] <= 0.501 for *_, m in drawn):
        return None
    figure, panels = plots.axes(7.6, 3.2, 2, rows=2, beside=plots.NAMED)
    looks = {
        dtype: pen("f", linestyle=style, linewidth=1.3)
        for dtype, style in zip(dict.fromkeys(d for d, *_ in drawn), DASHES, strict=False)
    }
    for ax, quantity, role in zip(panels, ("output", "gradient"), ("f", "df"), strict=True):
        curves = {d: _heights(m["curve"]) for d, q, m in drawn if q == quantity}
        for dtype, ys in curves.items():
            ax.plot(curve_middles(), ys, **{**looks[dtype], **pen(role)})
        _panel(ax, quantity, curves.values())
    legend = {d: looks[d] for d, q, _ in drawn if q == "output"}
    plots.legend(figure, legend, len(legend), loc="upper center")
    tops = words_list(
        [
            f"{d} {q} {_size(m['largest']['ulp'])} at x = {_x(m['largest']['x'])}"
            for d, q, m in drawn
        ]
    )
    return Drawing(
        f"errors-{device}",
        inline.svg(figure, f"{entry.slug}-{device}"),
        f"Two plots of the error of {entry.name} in ULP against x from −1000 to 1000, output and"
        f" gradient. Largest over all x: {tops}.",
        "Largest error in ULP around each x, on logarithmic axes: output (left) and gradient"
        " (right). The grey line is 0.5, correct rounding; errors below 0.1 are drawn at 0.1.",
    )


def _heights(curve: str) -> list[float]:
    return [math.nan if text == "-" else max(float(text), 0.1) for text in curve.split()]


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


# the textbook formula


def _textbook(kind: Kind, textbook: Textbook, measured: Any) -> str:
    """Where the formula fails when it is typed as it stands, and what to write."""
    typed = textbook.code.removeprefix("return ")
    problems = [
        *_too_early({"float32": measured}),
        *_not_finite({"float32": measured}),
        *_inaccurate({"float32": measured}),
    ]
    name = f"stable_{kind.entry.slug}"
    return (
        f"**Typed as in a textbook**, `{typed}`, in float32{kind.words.textbook}:\n\n"
        f"{_list(problems)}\n"
        f"Where torch's own cannot be used, write:\n\n```python\nimport torch\n\n\n"
        f"{textbook.function(textbook.stable, name)}```\n"
    )


# provenance


def _provenance(kind: Kind, device: str, record: Any) -> str:
    points = f"{record['errors']['float32']['output']['points']:,}"
    inputs = kind.words.tried.format(float32=points)
    against = f"the formula in 50-digit arithmetic{kind.words.against}"
    note = ""
    if any(m["inaccurate"] for *_, m in _quantities(record["errors"])) or record["textbook"]:
        note = (
            " To lose digits is to err by more than 16 ULP and 16 times what rounding x explains."
        )
    return (
        f"Measured with torch {record['torch']} on a {DEVICES[device]} ({record['capability']}) on"
        f" {record['date']}{kind.words.mode}: {inputs} against {against}.{note} These"
        f" numbers hold for this {DEVICES[device]}; another may differ.\n{{: .af-provenance }}\n"
    )


def _issues(issues: Mapping[int, str]) -> Iterator[str]:
    """Reports in PyTorch's tracker, in plain words."""
    if issues:
        known = words_list([f"{number} ({what})" for number, what in issues.items()])
        noun = "issue" if len(issues) == 1 else "issues"
        yield f"Known to PyTorch's tracker as {noun} {known}."


# words


def words_list(items: Sequence[str]) -> str:
    """`a`, `a and b`, or `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _list(items: Sequence[str]) -> str:
    return "".join(f"- {item}\n" for item in items)


def _x(value: float | None) -> str:
    return "" if value is None else words.whole(value, 4)


def _value(value: float) -> str:
    return words.whole(value, 3)


def _apart(value: float, other: float) -> str:
    """The value, with as many digits as tell it from the other."""
    for digits in range(3, 12):
        if words.whole(value, digits) != words.whole(other, digits):
            break
    return words.whole(value, digits)


def _size(value: float) -> str:
    """An error: two digits are enough."""
    return words.whole(value, 2)
