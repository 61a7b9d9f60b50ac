"""The guided choice of docs/choose.md: its questions, and what it knows of each function.

It asks with the page's own lists. An item that ends in `{: data-suggests="relu gelu" }` is a kind
of model with the functions to start from; one that ends in `{: data-test="zeros" }` is a demand,
tested by the function of that name here; the rows of the table under "By layer" are last layers.
Facts are exact; the 16-bit test rests on measured rounding errors.
"""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import messages
from ..facts import words
from ..messages import InputError
from ..templates import render

Record = Mapping[str, Any]
Verdict = tuple[bool, str]
ROUGH = ("discontinuous", "C0", "C1")  # without a continuous second derivative
SMALL = ("bfloat16", "float16")
RESOLVED = 4  # ULP that a gradient may be off, counted at ½ where it is smaller
FAR = 1e4  # no input of a layer is expected beyond


def interval(extent: Record) -> str:
    """A range of the facts, with the brackets that say which ends belong to it."""
    low, high = words.plain(extent["lower"]), words.plain(extent["upper"])
    return words.between(low, extent["lower_attained"], high, extent["upper_attained"])


def bounded(record: Record) -> Verdict:
    extent = record["facts"]["range"]
    ends = {"lower": "-inf", "upper": "inf"}
    return all(extent[end] != infinite for end, infinite in ends.items()), (
        f"its range is {interval(extent)}"
    )


def quantization(record: Record) -> Verdict:
    """Integer arithmetic at any width, or a table whose range is known without calibration."""
    kept, reason = bounded(record)
    if record["degree"] is not None:
        return True, f"comparisons and products of integers compute it; {reason}"
    if kept:
        return True, f"a table of 256 entries computes it at 8 bits; {reason}"
    return False, f"curved and unbounded: a table of it needs a calibrated range; {reason}"


def half_precision(record: Record) -> Verdict:
    """Are gradients finite, and as exact as the dtype resolves beside ½ whatever their size?

    Slopes are added to others, so that one may be lost that is far below all of them.
    """
    if not record["errors"]:
        return False, "not measured yet"
    errors = {kind: record["errors"][kind] for kind in SMALL}
    for kind, found in errors.items():
        for place in found["output"]["not_finite"] + found["gradient"]["not_finite"]:
            if abs(place["x"]) < FAR:
                return False, f"{place['value']} at x = {words.plain(place['x'])} in {kind}"
    worst = max(found["gradient"]["largest"]["ulp"] for found in errors.values())
    told = [f"gradients within {words.plain(worst, 2)} ULP, of ½ where they are smaller"]
    told += [f"{lost} in {kind}" for kind, found in errors.items() if (lost := _lost(found))]
    return worst <= RESOLVED, ", ".join(told)


def _lost(errors: Record) -> str | None:
    """What is missing of the slope where the computed one no longer changes, from nearest 0 on."""
    early = {s["x"]: s for s in errors["gradient"]["settles"] if s["ulp"] > 1}
    if not early:
        return None
    x = min(early, key=abs)
    lost = words.plain(abs(early[x]["exact"] - early[x]["value"]), 2)
    if -x in early:
        return f"{lost} is lost from |x| = {words.plain(abs(x))} up"
    return f"{lost} is lost from x = {words.plain(x)} {'down' if x < 0 else 'up'}"


def zeros(record: Record) -> Verdict:
    flat = [place for place in record["facts"]["zeros"] or () if isinstance(place, dict)]
    if not flat:
        return False, "exactly 0 at single points only, if at all"
    return True, "exactly 0 on " + ", ".join(interval(place) for place in flat)


def second_derivative(record: Record) -> Verdict:
    smoothness = record["facts"]["smoothness"]
    if record["degree"] in (0, 1):
        return False, "its second derivative is 0 wherever it exists"
    return smoothness not in ROUGH, words.told_smoothness(smoothness).partition(": ")[2]


def invertible(record: Record) -> Verdict:
    one_way = record["facts"]["monotone"].startswith("strictly")
    onto = f", onto {interval(record['facts']['range'])}" if one_way else ""
    return one_way, f"monotone: {record['facts']['monotone']}{onto}"


def alive(record: Record) -> Verdict:
    share = record["facts"]["zero_slope_fraction"]
    if share:
        return False, f"slope exactly 0 for {100 * share:.3g} % of N(0, 1) inputs"
    return True, "its slope is 0 on no stretch"


TESTS: dict[str, Callable[[Record], Verdict]] = {
    test.__name__.replace("_", "-"): test
    for test in (
        bounded, quantization, half_precision, zeros, second_derivative, invertible, alive
    )
}  # fmt: skip


ITEM = re.compile(r'^- \*\*(.+?)\*\*((?:(?!\n- )(?s:.))*?)\n\s+\{: data-(\w+)="([^"]*)" \}$', re.M)
ROW = re.compile(r"^\| (?!The output is|---)(.+?) \|", re.M)


def guide(page: str, records: Sequence[Record], measured: Mapping[str, Record]) -> str:
    """The form, and what its script knows of each function: its name and each test's verdict.

    `page` is the text of docs/choose.md; `measured` maps a slug to its rounding errors by dtype.
    Raises InputError, also where what was measured cannot be read.
    """
    known = json.dumps(_known(records, measured), ensure_ascii=False, separators=(",", ":"))
    return render(
        "pages/templates/guide.html",
        **questions(page, [record["slug"] for record in records]),
        known=html.escape(known, quote=False),
    )


def questions(page: str, slugs: Sequence[str]) -> dict[str, list[Any]]:
    """What the form asks: the labels of `outputs` and `models`, the (test, label) of `demands`.

    Raises InputError.
    """
    models, demands = [], []
    for label, _, name, value in ITEM.findall(page):
        if name == "suggests":
            for slug in value.split():
                if slug not in slugs:
                    raise InputError(f"docs/choose.md suggests {slug} for “{label}”; no such entry")
            models.append(label)
        if name == "test":
            if value not in TESTS:
                raise InputError(
                    f"docs/choose.md tests “{label}” by {value}; use one of {', '.join(TESTS)}"
                )
            demands.append((value, label))
    outputs = ROW.findall(page.partition("## By layer")[2].partition("## By kind")[0])
    return {"outputs": outputs, "models": models, "demands": demands}


def _known(records: Sequence[Record], measured: Mapping[str, Record]) -> dict[str, Any]:
    """Name and verdicts by slug; functions of several numbers have no verdicts."""
    found = {}
    for record in records:
        slug = record["slug"]
        facts = {**record, "errors": measured.get(slug, {})}
        tests = TESTS if record["moments"] else {}
        with messages.refused(f"measured/{slug}.json", "where it is read", messages.MEASURE_AGAIN):
            verdicts = {key: test(facts) for key, test in tests.items()}
        found[slug] = {"name": record["name"], "tests": verdicts}
    return found
