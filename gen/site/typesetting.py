"""Typesets the formulas of a finished page with MathJax, in Node, while the site is built.

pymdownx.arithmatex marks a formula in the page's HTML; here each mark becomes an SVG that
has the text colour, with the formula in words for screen readers; a wide one several, so that the
browser breaks it where they meet. A number or an interval in a line
of text becomes text, which can be searched and copied, and which costs a browser nothing.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from .. import cache, node

MARK = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.S)
NUMBER = re.compile(r"(?:[-\d.,()\[\] ]|\\infty|\\approx)+")
SIGNS = {r"\infty": "∞", r"\approx": "≈", "-": "−"}


class FormulaError(ValueError):
    """A formula that MathJax cannot parse, in TeX."""

    def __init__(self, message: str, tex: str) -> None:
        super().__init__(f"MathJax cannot parse this formula: {message}\n  {tex}")
        self.tex = tex


class Typesetter:
    """Typesets pages and remembers every formula; call `save` when the build ends."""

    def __init__(self) -> None:
        self._file = cache.FOLDER / "formulas.json"
        self._known = _load(self._file)
        self._used: dict[str, Any] = {}

    def page(self, content: str) -> str:
        """The page's HTML with its formulas typeset; raises FormulaError."""

        def replace(found: re.Match[str]) -> str:
            tag, opening, source = found.groups()
            tex = html.unescape(source).strip()
            if opening == "(" and NUMBER.fullmatch(tex):
                return f'<span class="af-quantity">{_written(tex)}</span>'
            drawn = self._typeset(tex, opening == "[")
            spoken = html.escape(drawn["speech"], quote=True)
            kind = "af-math af-display" if opening == "[" else "af-math"
            svg = drawn["svg"].replace("<svg ", '<svg aria-hidden="true" ')
            return f'<{tag} class="{kind}" role="img" aria-label="{spoken}">{svg}</{tag}>'

        return MARK.sub(replace, content)

    def _typeset(self, tex: str, display: bool) -> dict[str, Any]:
        key = cache.digest(cache.code("gen.node"), tex, str(display))
        if key not in self._used:
            drawn = self._known.get(key) or node.ask({"tex": tex, "display": display})
            if "error" in drawn:
                raise FormulaError(drawn["error"], tex)
            self._used[key] = drawn
        return self._used[key]

    def save(self) -> None:
        """Keep what this build used for the next one."""
        if self._used != self._known:
            draft = self._file.with_suffix(".draft")
            draft.write_text(json.dumps(self._used, sort_keys=True), encoding="utf-8")
            draft.replace(self._file)


def _written(tex: str) -> str:
    for command, sign in SIGNS.items():
        tex = tex.replace(command, sign)
    return tex


def _load(path: Path) -> dict[str, Any]:
    """What the last build remembered; nothing if the file is missing or damaged."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
