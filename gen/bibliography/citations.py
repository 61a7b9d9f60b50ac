"""A Markdown extension: [@clevert2016fast] becomes a link to that paper in the bibliography."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from .cited import CITATION, keys_of

PRIORITY = 175


class _Citation(InlineProcessor):
    def __init__(self, labels: dict[str, dict[str, str]]) -> None:
        super().__init__(CITATION.pattern)
        self.labels = labels

    # Python-Markdown's own stub knows only the old two-argument form.
    def handleMatch(  # type: ignore[override]
        self, found: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        keys = keys_of(found)
        if not all(key in self.labels for key in keys):
            return None, None, None
        span = ElementTree.Element("span", {"class": "af-cite"})
        span.text = "("
        for place, key in enumerate(keys):
            paper = self.labels[key]
            link = ElementTree.SubElement(
                span, "a", {"href": f"/bibliography.md#{key}", "title": paper["title"]}
            )
            link.text = paper["label"]
            link.tail = ")" if place == len(keys) - 1 else "; "
        return span, found.start(0), found.end(0)


class Citations(Extension):
    """Reads the labels that `gen` wrote; an unknown key was refused there already."""

    def __init__(self, path: Path, **options: Any) -> None:
        super().__init__(**options)
        self.path = path

    def extendMarkdown(self, md: Markdown) -> None:
        labels = json.loads(self.path.read_text(encoding="utf-8"))
        md.inlinePatterns.register(_Citation(labels), "citation", PRIORITY)
