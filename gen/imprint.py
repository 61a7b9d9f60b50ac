"""How a page of this site is cited; CITATION.cff is the one home of title, authors and version."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ImprintError(ValueError):
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
    import yaml

    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for field in ("title", "authors", "version", "date-released"):
        if not found.get(field):
            raise ImprintError(f"{path.name} has no {field}; add it")
    authors = tuple(
        author.get("name") or f"{author['given-names']} {author['family-names']}"
        for author in found["authors"]
    )
    return Imprint(found["title"], authors, str(found["version"]), str(found["date-released"]))


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)
