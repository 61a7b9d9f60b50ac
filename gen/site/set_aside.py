"""Keeps drawings out of the way while a page's text is read.

Python-Markdown and the search read every tag of a page, and most of its bytes are drawings, which
say nothing to either. Each is set aside, leaves a comment in its place, and returns when the page
has been read.
"""

import itertools
import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

TAG = re.compile(r"<svg\b|</svg>")
PLACE = re.compile(r"<!--drawing (\d+)-->")
PRIORITY = 24  # after included parts and fenced code (32, 25), before blocks of HTML (20)


class Drawings(Extension):
    """A Markdown extension that sets aside the drawings of generated parts."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count()
        self._kept: dict[int, str] = {}

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_SetAside(md, self), "drawings", PRIORITY)

    def set_aside(self, text: str) -> str:
        """The text with a comment in place of each drawing."""
        pieces, depth, start, end = [], 0, 0, 0
        for tag in TAG.finditer(text):
            if tag[0] == "<svg":
                if not depth:
                    start = tag.start()
                depth += 1
            elif depth:
                depth -= 1
                if not depth:
                    pieces += [text[end:start], self._keep(text[start : tag.end()])]
                    end = tag.end()
        return "".join([*pieces, text[end:]])

    def put_back(self, text: str) -> str:
        """The text with its drawings, which are not kept any longer."""
        return PLACE.sub(lambda found: self._kept.pop(int(found[1])), text)

    def _keep(self, drawing: str) -> str:
        number = next(self._numbers)
        self._kept[number] = drawing
        return f"<!--drawing {number}-->"


class _SetAside(Preprocessor):
    def __init__(self, md: Markdown, drawings: Drawings) -> None:
        super().__init__(md)
        self.drawings = drawings

    def run(self, lines: list[str]) -> list[str]:
        return self.drawings.set_aside("\n".join(lines)).split("\n")
