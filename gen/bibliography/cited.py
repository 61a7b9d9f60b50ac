"""What counts as a citation in Markdown."""

import re

from .. import messages

CITATION = re.compile(r"\[@([\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")


def cited_keys(text: str) -> list[str]:
    """The keys that a Markdown text cites: [@clevert2016fast] or [@one; @two]."""
    return [
        key.strip().lstrip("@")
        for found in CITATION.finditer(messages.without_code(text))
        for key in found.group(1).split(";")
    ]
