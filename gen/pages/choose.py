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

Record = Mapping[str, Any]
Verdict = tuple[bool, str]
SMALL = ("bfloat16", "float16")
JUMPS = {"discontinuous": "it jumps", "C0": "its slope jumps", "C1": "its second derivative jumps"}


def number(value: float | str) -> str:
    """A number of the facts, with four digits."""
    if isinstance(value, str):
        return {"inf": "∞", "-inf": "−∞"}[value]
    return f"{value:.4g}".replace("-", "−")


def interval(extent: Record) -> str:
    """A range of the facts, with the brackets that say which ends belong to it."""
    opening = "[" if extent["lower_attained"] else "("
    closing = "]" if extent["upper_attained"] else ")"
    return f"{opening}{number(extent['lower'])}, {number(extent['upper'])}{closing}"


def bounded(record: Record) -> Verdict:
    extent = record["facts"]["range"]
    ends = {"lower": "-inf", "upper": "inf"}
    return all(extent[end] != infinite for end, infinite in ends.items()), (
        f"its range is {interval(extent)}"
    )


def quantization(record: Record) -> Verdict:
    kept, reason = bounded(record)
    straight = record["piecewise_linear"]
    return kept and straight, f"{reason}, {'straight pieces' if straight else 'curved'}"


def half_precision(record: Record) -> Verdict:
    errors = record["errors"]
    if not errors:
        return False, "not measured yet"
    lost = {
        kind: min(abs(stretch["x"]) for stretch in found)
        for kind in SMALL
        if (found := [s for s in errors[kind]["gradient"]["settles"] if s["ulp"] > 1])
    }
    if lost:
        told = ", ".join(f"|x| = {number(x)} in {kind}" for kind, x in lost.items())
        return False, f"its gradient stops changing too early: from {told}"
    worst = max(errors[kind]["gradient"]["ulp_999"] for kind in SMALL)
    return worst <= 4, f"99.9 % of its gradients are within {number(worst)} ULP"


def zeros(record: Record) -> Verdict:
    flat = [place for place in record["facts"]["zeros"] or () if isinstance(place, dict)]
    if not flat:
        return False, "exactly 0 at single points only, if at all"
    return True, "exactly 0 on " + ", ".join(interval(place) for place in flat)


def second_derivative(record: Record) -> Verdict:
    reason = JUMPS.get(record["facts"]["smoothness"])
    if record["piecewise_linear"]:
        return False, "its second derivative is 0 wherever it exists"
    return reason is None, reason or "its second derivative is continuous"


def invertible(record: Record) -> Verdict:
    rises = record["facts"]["monotone"] == "strictly increasing"
    onto = f", onto {interval(record['facts']['range'])}" if rises else ""
    return rises, f"monotone: {record['facts']['monotone']}{onto}"


def alive(record: Record) -> Verdict:
    share = record["facts"]["zero_slope_fraction"]
    if share:
        return False, f"slope exactly 0 for {100 * share:.3g} % of N(0, 1) inputs"
    return True, "its slope is 0 on no stretch"


TESTS: dict[str, Callable[[Record], Verdict]] = {
    "bounded": bounded,
    "quantization": quantization,
    "half-precision": half_precision,
    "zeros": zeros,
    "second-derivative": second_derivative,
    "invertible": invertible,
    "alive": alive,
}


ITEM = re.compile(r'^- \*\*(.+?)\*\*((?:(?!\n- )(?s:.))*?)\n\s+\{: data-(\w+)="([^"]*)" \}$', re.M)
ROW = re.compile(r"^\| (?!The output is|---)(.+?) \|", re.M)


class GuideError(messages.InputError):
    """A list item of docs/choose.md that the guided choice cannot use; the message says why."""


def form(page: str, slugs: Sequence[str]) -> str:
    """The questions as an HTML form, from the page's Markdown. Raises GuideError."""
    models, demands = [], []
    for label, _, name, value in ITEM.findall(page):
        if name == "suggests":
            for slug in value.split():
                if slug not in slugs:
                    raise GuideError(f"docs/choose.md suggests {slug} for “{label}”; no such entry")
            models.append(label)
        if name == "test":
            if value not in TESTS:
                raise GuideError(
                    f"docs/choose.md tests “{label}” by {value}; use one of {', '.join(TESTS)}"
                )
            demands.append((value, label))
    outputs = ROW.findall(page.partition("## By layer")[2].partition("## By kind")[0])
    boxes = "".join(
        f'<label><input type="checkbox" name="need" value="{value}">{html.escape(label)}</label>'
        for value, label in demands
    )
    return (
        '<form class="af-guide" data-widget="guide" aria-label="Guided choice">\n'
        '<label>What it is for <select name="for"><option value="">choose</option>'
        f"{_group('Last layer; the output is', outputs)}{_group('Hidden layers', models)}"
        "</select></label>\n"
        f"<fieldset><legend>What matters</legend>{boxes}</fieldset>\n"
        '<div class="af-guide-list" role="status"></div>\n</form>\n'
    )


def _group(title: str, labels: Sequence[str]) -> str:
    options = "".join(f"<option>{html.escape(label)}</option>" for label in labels)
    return f'<optgroup label="{title}">{options}</optgroup>'


def data(records: Sequence[Record], measured: Mapping[str, Record]) -> str:
    """The data of the guided choice, for its script: slug -> name, and each test's verdict.

    `measured` maps a slug to its rounding errors by dtype; functions of several numbers have no
    verdicts.
    """
    found = {}
    for record in records:
        slug = record["slug"]
        facts = {**record, "errors": measured.get(slug, {})}
        tests = TESTS if record["moments"] else {}
        with messages.refused(f"measured/{slug}.json", "where it is read", messages.MEASURE_AGAIN):
            verdicts = {key: test(facts) for key, test in tests.items()}
        found[slug] = {"name": record["name"], "tests": verdicts}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    # no script element: where pages change without reloading, Material runs each as JavaScript
    return (
        '<div id="af-guide-data" hidden data-search-exclude>\n'
        f"{html.escape(text, quote=False)}\n</div>\n"
    )
