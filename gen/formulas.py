"""Typesets the formulas of a finished page with MathJax, in Node, while the site is built.

pymdownx.arithmatex marks a formula in the page's HTML; here each mark becomes an SVG that
has the text colour, with the formula in words for screen readers. A number or an interval in a line
of text becomes text, which can be searched and copied, and which costs a browser nothing.
"""

import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from . import node

CACHE = node.ROOT / ".cache" / "formulas.json"
MARK = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.S)
NUMBER = re.compile(r"(?:[-\d.,()\[\] ]|\\infty|\\approx)+")
SIGNS = {r"\infty": "∞", r"\approx": "≈", "-": "−"}


class FormulaError(ValueError):
    """A formula that MathJax cannot parse."""


class Typesetter:
    """Typesets pages and remembers every formula; call `save` when the build ends."""

    def __init__(self) -> None:
        self._salt = Path(__file__).with_name("render.mjs").read_bytes()
        self._salt += (node.ROOT / "package-lock.json").read_bytes()
        self._known = _load()
        self._used: dict[str, Any] = {}

    def page(self, content: str, where: str, sources: list[tuple[str, str]]) -> str:
        """The page's HTML with its formulas typeset.

        `where` is the page's path; `sources` are the (path, text) that its formulas may come
        from, to name the line of one that does not parse.
        """

        def replace(found: re.Match[str]) -> str:
            tag, opening, source = found.groups()
            tex = html.unescape(source).strip()
            if opening == "(" and NUMBER.fullmatch(tex):
                # left out of the search: a digit in a name would find every fact
                return f'<span class="af-quantity" data-search-exclude>{_written(tex)}</span>'
            drawn = self._typeset(tex, opening == "[")
            if "error" in drawn:
                place = _line(tex, sources) or where
                raise FormulaError(
                    f"{place}: MathJax cannot parse this formula: {drawn['error']}\n  {tex}"
                )
            spoken = html.escape(drawn["speech"], quote=True)
            kind = "af-math af-display" if opening == "[" else "af-math"
            svg = drawn["svg"].replace("<svg ", '<svg aria-hidden="true" ', 1)
            focus = ' tabindex="0"' if opening == "[" else ""
            return f'<{tag} class="{kind}" role="img" aria-label="{spoken}"{focus}>{svg}</{tag}>'

        return MARK.sub(replace, content)

    def _typeset(self, tex: str, display: bool) -> dict[str, Any]:
        key = hashlib.sha256(self._salt + json.dumps([tex, display]).encode()).hexdigest()
        if key not in self._used:
            self._used[key] = self._known.get(key) or node.ask({"tex": tex, "display": display})
        return self._used[key]

    def save(self) -> None:
        """Keep what this build used for the next one."""
        good = {k: v for k, v in sorted(self._used.items()) if "error" not in v}
        if good != self._known:
            CACHE.parent.mkdir(parents=True, exist_ok=True)
            draft = CACHE.with_suffix(".draft")
            draft.write_text(json.dumps(good), encoding="utf-8")
            draft.replace(CACHE)


def _written(tex: str) -> str:
    for command, sign in SIGNS.items():
        tex = tex.replace(command, sign)
    return tex


def _load() -> dict[str, Any]:
    try:
        found = json.loads(CACHE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _line(tex: str, sources: list[tuple[str, str]]) -> str | None:
    """`path, line N` of the first source that holds the formula."""
    for path, text in sources:
        start = text.find(tex)
        if start >= 0:
            return f"{path}, line {text.count(chr(10), 0, start) + 1}"
    return None
