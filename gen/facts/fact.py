"""One line of a table of facts."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A fact: its permanent address on the page, its label, its text in Markdown, its value.

    `value` is what programs get, in full precision (see `values.py`). `short` is the wording at the
    top of the page, for the few facts that stand there.
    """

    key: str
    label: str
    text: str
    value: Any
    short: str = ""
