"""What counts as a citation in Markdown."""

import re

from .. import messages

CITATION = re.compile(r"\[@([\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")


def cited_keys(text: str) -> list[str]:
    """The keys that a Markdown text cites: [@clevert2016fast] or [@one; @two]."""
    prose = messages.without_code(text)
    return [key for found in CITATION.finditer(prose) for key in keys_of(found)]


def keys_of(citation: re.Match[str]) -> list[str]:
    """The keys of one citation."""
    return [key.strip().lstrip("@") for key in citation[1].split(";")]
