"""How a page of this site is cited; CITATION.cff is the one home of title, authors and version."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import messages


class ImprintError(messages.InputError):
    """A CITATION.cff that lacks what a citation needs; the message names the field."""


@dataclass(frozen=True)
class Imprint:
    """Who published the site, under which title, in which version, on which day (ISO 8601)."""

    title: str
    authors: tuple[str, ...]
    version: str
    date: str

    def item(self, page: str) -> dict[str, Any]:
        """A page as a CSL-JSON item, without its address."""
        return {
            "id": page,
            "type": "document",
            "title": page,
            "publisher": self.title,
            "author": [{"literal": name} for name in self.authors],
            "issued": {"date-parts": [[int(part) for part in self.date.split("-")]]},
            "version": self.version,
        }

    def bibtex(self, page: str, key: str, url: str, torch: str) -> str:
        """A page as a BibTeX entry that plain BibTeX styles print in full."""
        authors = " and ".join(f"{{{name}}}" for name in self.authors)
        year, month, _ = self.date.split("-")
        note = f"Version {self.version} of {self.date}, computed with torch {torch}"
        fields = {
            "author": f"{{{authors}}}",
            "title": f"{{{{{_escaped(page)}}}}}",
            "howpublished": f"{{{_escaped(self.title)}}}",
            "year": f"{{{year}}}",
            "month": f"{{{month}}}",
            "note": f"{{{note}}}",
            "url": f"{{{url}}}",
        }
        width = max(map(len, fields))
        body = ",\n".join(f"  {name.ljust(width)} = {value}" for name, value in fields.items())
        return f"@misc{{{key},\n{body}\n}}\n"


def read(path: Path) -> Imprint:
    """Read CITATION.cff (Citation File Format 1.2.0); raise ImprintError for a missing field."""
    where, found = messages.name(path), messages.fields(messages.text(path), messages.name(path))
    for field in ("title", "authors", "version", "date-released"):
        if not found.get(field):
            raise ImprintError(f"{where} has no {field}; add it")
    if not isinstance(found["authors"], list):
        raise ImprintError(f"{where}: authors is no list; write each after a dash")
    try:
        date = datetime.date.fromisoformat(str(found["date-released"]))
    except ValueError:
        raise ImprintError(
            f"{where}: date-released is no date; write it as 2026-01-31, not as"
            f" {found['date-released']}"
        ) from None
    authors = tuple(_author(author, where) for author in found["authors"])
    return Imprint(str(found["title"]), authors, str(found["version"]), date.isoformat())


def _author(author: Any, where: str) -> str:
    names = author if isinstance(author, dict) else {}
    kinds = ("name",) if names.get("name") else ("given-names", "family-names")
    parts = [part for kind in kinds if isinstance(part := names.get(kind), str)]
    if len(parts) < len(kinds):
        raise ImprintError(
            f"{where}: the author {author} has no name; write name, or given-names and family-names"
        )
    return " ".join(parts)


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)
