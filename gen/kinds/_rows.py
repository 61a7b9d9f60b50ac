"""One line of a table of facts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A fact: its permanent address on the page, its label, its text in Markdown.

    `short` is the wording at the top of the page, for the few facts that stand there.
    """

    key: str
    label: str
    text: str
    short: str = ""
