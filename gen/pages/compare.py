"""The comparison of docs/compare.md: its controls, its functions and their facts.

The page's own links of the form `[ReLU family](?f=relu,leaky_relu)` are the comparisons that it
offers; the first is the one that it starts with. Each is checked here, and where scripts do not run
it becomes a list of links to its functions' pages.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from activations._families import FAMILIES

from ..messages import InputError
from .choose import interval, number

Record = Mapping[str, Any]
LINK = re.compile(r"\[([^\]]+)\]\(\?([^)\s]+)\)")
SMOOTHNESS = {"discontinuous": "no, it jumps", "C0": "no, a kink", "C1": "once", "C2": "twice"}
ROLES = (("f", "f"), ("df", "f′"), ("ddf", "f″"))


class CompareError(InputError):
    """A link of docs/compare.md to a comparison that does not exist; the message names it."""


def facts(record: Record) -> dict[str, str]:
    """The facts that stand side by side, in words: title -> text."""
    found, moments = record["facts"], record["facts"]["gaussian"]
    left, right = found["slope_at_zero"]
    least = found["minimum"]
    return {
        "Range": interval(found["range"]),
        "Smooth": SMOOTHNESS.get(found["smoothness"], found["smoothness"]),
        "Monotone": found["monotone"],
        "Slope at 0": number(left) if left == right else f"{number(left)} | {number(right)}",
        "Minimum": f"{number(least['y'])} at {_where(least)}" if least else "none",
        "Lipschitz constant": number(found["lipschitz"]),
        "Gain": number(moments["gain"]),
        "Backward gain": number(moments["backward_gain"]),
        "Slope exactly 0, share of N(0, 1)": f"{100 * found['zero_slope_fraction']:.3g} %",
        "Mean over N(0, 1)": number(moments["mean"]),
    }


def _where(least: Record) -> str:
    """The x of a minimum: one place, or the stretch on which f is that small."""
    if "interval" not in least:
        return f"x = {number(least['x'])}"
    low, high = least["interval"]
    if low == "-inf":
        return f"x ≤ {number(high)}"
    return f"x ≥ {number(low)}" if high == "inf" else f"{number(low)} ≤ x ≤ {number(high)}"


def comparable(records: Sequence[Record]) -> dict[str, Record]:
    """The functions of one number, by slug, in the order of their families and names."""
    order = list(FAMILIES)
    found = [r for r in records if r["moments"]]
    found.sort(key=lambda r: (order.index(r["family"]), r["name"].lower()))
    return {r["slug"]: r for r in found}


def presets(page: str, known: Mapping[str, Record]) -> list[tuple[str, list[str]]]:
    """The comparisons that the page links to: title and terms. Raises CompareError."""
    found = []
    for title, query in LINK.findall(page):
        asked = parse_qs(query)
        terms = asked.get("f", [""])[0].split(",")
        for term in [*terms, *asked.get("from", [])]:
            _check(term, f"docs/compare.md, link “{title}”", known)
        if stray := set(asked.get("from", [])) - set(terms):
            raise CompareError(
                f"docs/compare.md, link “{title}”: from={stray.pop()} is not among the functions"
                " of f; add it there"
            )
        found.append((title, terms))
    if not found:
        raise CompareError("docs/compare.md links to no comparison; write one as [title](?f=relu)")
    return found


def _check(term: str, where: str, known: Mapping[str, Record]) -> None:
    slug, *given = term.split(":")
    if slug not in known:
        raise CompareError(
            f"{where}: {slug} is no function of one number; use a file name of activations/:"
            f" {', '.join(known)}"
        )
    names = [p["name"] for p in known[slug]["parameters"]]
    for part in given:
        name, _, value = part.partition("=")
        if name in known[slug]["choices"]:
            if value not in known[slug]["choices"][name]:
                raise CompareError(
                    f"{where}: {name} of {slug} must be one of {known[slug]['choices'][name]},"
                    f" not {value}"
                )
        elif name not in names or not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise CompareError(
                f"{where}: {part} sets nothing; write one of"
                f" {[*names, *known[slug]['choices']]} of {slug}, =, and a number"
            )


def form(page: str, records: Sequence[Record]) -> str:
    """The controls and the place of the plot, switched off until the script runs."""
    known = comparable(records)
    offered = presets(page, known)
    start = ",".join(offered[0][1])
    return (
        f'<div class="af-compare" data-widget="compare" data-start="{html.escape(start)}">\n'
        f"{_without_scripts(offered, known)}\n"
        '<fieldset class="af-tools" disabled aria-label="What is compared">\n'
        '<form class="af-add"><label>Add a function <input name="add" list="af-functions"'
        ' autocomplete="off" spellcheck="false" placeholder="name"></label>'
        '<button class="af-button">Add</button></form>\n'
        f'<datalist id="af-functions">{"".join(_options(known))}</datalist>\n'
        f'<div class="af-roles" role="radiogroup" aria-label="What is drawn">{_roles()}</div>\n'
        '<label>Difference from <select name="af-from" autocomplete="off">'
        '<option value="">nothing</option></select></label>\n'
        "</fieldset>\n"
        '<p class="af-message" role="status"></p>\n'
        '<figure class="af-plot"><div class="af-stage"></div>'
        '<figcaption class="af-caption"></figcaption></figure>\n'
        '<p class="af-reading">At x = <span data-value="x">–</span></p>\n'
        '<ul class="af-chosen"></ul>\n'
        '<p class="af-hint">Drag to move, Ctrl + wheel or pinch to zoom, arrow keys to read.</p>\n'
        '<p class="af-exports"><button type="button" class="af-button" data-save="svg">Download SVG'
        '</button> <button type="button" class="af-button" data-save="png">Download PNG</button>'
        ' <button type="button" class="af-button" data-copy>Copy link</button></p>\n'
        '<p class="af-status" role="status"></p>\n'
        "</div>\n"
    )


def _without_scripts(
    offered: Sequence[tuple[str, Sequence[str]]], known: Mapping[str, Record]
) -> str:
    items = []
    for title, terms in offered:
        slugs = dict.fromkeys(term.partition(":")[0] for term in terms)
        links = (
            f'<a href="../activations/{s}/">{html.escape(known[s]["name"])}</a>' for s in slugs
        )
        items.append(f"<li>{html.escape(title)}: {', '.join(links)}</li>")
    return (
        '<div class="af-unscripted"><p>Comparing needs scripts. What could be compared here, each'
        f" function on its own page:</p><ul>{''.join(items)}</ul></div>"
    )


def _options(known: Mapping[str, Record]) -> Iterator[str]:
    """Each name, and each alias with the name that it stands for."""
    for record in known.values():
        yield f'<option value="{html.escape(record["name"])}"></option>'
        for alias in record["aliases"]:
            yield f'<option value="{html.escape(alias)}">{html.escape(record["name"])}</option>'


def _roles() -> str:
    return "".join(
        f'<label><input type="radio" name="af-role" value="{role}"'
        f"{' checked' if role == 'f' else ''}>{label}</label>"
        for role, label in ROLES
    )


def module(records: Sequence[Record]) -> str:
    """The script's knowledge of each function, as a module: its names, choices and facts."""
    known = comparable(records)
    told = {slug: facts(record) for slug, record in known.items()}
    functions = {
        slug: {
            "names": [record["name"], *record["aliases"]],
            "choices": record["choices"],
            "facts": [*told[slug].values()],
        }
        for slug, record in known.items()
    }
    titles = [*next(iter(told.values()))]
    return (
        f"export const titles = {json.dumps(titles, ensure_ascii=False)};\n"
        f"export const functions = {json.dumps(functions, ensure_ascii=False)};\n"
    )


def table() -> str:
    """The empty table of facts, which the script fills."""
    return (
        '<div class="af-facts-side" role="region" aria-label="Facts side by side" tabindex="0">'
        '<table class="af-sidebyside"><thead></thead><tbody></tbody></table></div>\n'
        '<p class="af-moved-facts" hidden>† Facts at torch’s defaults, not at the values chosen'
        " above.</p>\n"
    )
