"""The comparison of docs/compare.md: its controls, its functions and their facts.

The page's own links of the form `[ReLU family](?f=relu,leaky_relu)` are the comparisons that it
offers; the first is the one that it starts with. Each is checked here, and where scripts do not run
it becomes a list of links to its functions' pages.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from ..facts import words
from ..messages import InputError
from ..templates import render
from .catalogue import by_family

Record = Mapping[str, Any]
TOLD = (
    "range", "smoothness", "monotone", "slope-at-zero", "minimum", "lipschitz", "zero-slope",
)  # fmt: skip
MOMENTS = (("gain", "Gain"), ("backward_gain", "Backward gain"), ("mean", "Mean over N(0, 1)"))
SIGNS = {r"\approx": "≈", r"\infty": "∞", r"\cdot ": "·", "-": "−"}
LINK = re.compile(r"\[([^\]]+)\]\(\?([^)\s]+)\)")


def facts(record: Record) -> dict[str, str]:
    """The facts that stand side by side, in the words of the function's page: title -> text."""
    told = dict(record["told"][key] for key in TOLD)
    moments = {
        title: f"${words.about(record['facts']['gaussian'][key], 4)}$" for key, title in MOMENTS
    }
    return {title: text(markdown) for title, markdown in {**told, **moments}.items()}


def text(markdown: str) -> str:
    """A fact's words without markup: its formulas are numbers and intervals."""

    def written(found: re.Match[str]) -> str:
        tex = re.sub(r"\^\{(.*?)\}", lambda power: power[1].translate(words.RAISED), found[1])
        for command, sign in SIGNS.items():
            tex = tex.replace(command, sign)
        return tex

    return re.sub(r"\$(.*?)\$", written, markdown)


def comparable(records: Sequence[Record]) -> dict[str, Record]:
    """The functions of one number, by slug, in the order of their families and names."""
    return {r["slug"]: r for r in by_family(records) if r["moments"]}


def presets(page: str, known: Mapping[str, Record]) -> list[tuple[str, list[str]]]:
    """The comparisons that the page links to: title and terms. Raises InputError."""
    found = []
    for title, query in LINK.findall(page):
        asked = parse_qs(query)
        terms = asked.get("f", [""])[0].split(",")
        for term in [*terms, *asked.get("from", [])]:
            _check(term, f"docs/compare.md, link “{title}”", known)
        if stray := set(asked.get("from", [])) - set(terms):
            raise InputError(
                f"docs/compare.md, link “{title}”: from={stray.pop()} is not among the functions"
                " of f; add it there"
            )
        found.append((title, terms))
    if not found:
        raise InputError("docs/compare.md links to no comparison; write one as [title](?f=relu)")
    return found


def _check(term: str, where: str, known: Mapping[str, Record]) -> None:
    slug, *given = term.split(":")
    if slug not in known:
        raise InputError(
            f"{where}: {slug} is no function of one number; use a file name of activations/:"
            f" {', '.join(known)}"
        )
    names = [p["name"] for p in known[slug]["parameters"]]
    for part in given:
        name, _, value = part.partition("=")
        if name in known[slug]["choices"]:
            if value not in known[slug]["choices"][name]:
                raise InputError(
                    f"{where}: {name} of {slug} must be one of {known[slug]['choices'][name]},"
                    f" not {value}"
                )
        elif name not in names or not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise InputError(
                f"{where}: {part} sets nothing; write one of"
                f" {[*names, *known[slug]['choices']]} of {slug}, =, and a number"
            )


def form(page: str, records: Sequence[Record]) -> str:
    """The controls and the place of the plot, switched off until the script runs.

    `page` is the text of docs/compare.md. Raises InputError.
    """
    known = comparable(records)
    offered = presets(page, known)
    return render("pages/templates/compare.html", known=known, offered=offered, slugs=_slugs)


def _slugs(terms: Sequence[str]) -> list[str]:
    """The functions of a comparison, each once."""
    return list(dict.fromkeys(term.partition(":")[0] for term in terms))


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
