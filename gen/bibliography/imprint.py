"""How a page of this site is cited; CITATION.cff is the one home of title, authors and version."""

import datetime
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from .. import messages


def _name(author: Any) -> str | None:
    parts = author if isinstance(author, dict) else {}
    names = [parts.get(key) for key in ("name", "given-names", "family-names")]
    return " ".join(str(name) for name in names if name) or None


class Imprint(BaseModel):
    """Who published the site, under which title, in which version, on which day."""

    title: str = Field(description="the site's title, in quotes")
    authors: list[Annotated[str, BeforeValidator(_name)]] = Field(
        min_length=1, description="each after a dash, with name, or given-names and family-names"
    )
    version: str = Field(description='the version, such as "1.0.0"')
    date: datetime.date = Field(alias="date-released", description="the day, as 2026-01-31")

    def item(self, page: str) -> dict[str, Any]:
        """A page as a CSL-JSON item, without its address."""
        return {
            "id": page,
            "type": "document",
            "title": page,
            "publisher": self.title,
            "author": [{"literal": name} for name in self.authors],
            "issued": {"date-parts": [[self.date.year, self.date.month, self.date.day]]},
            "version": self.version,
        }

    def bibtex(self, page: str, key: str, url: str, torch: str) -> str:
        """A page as a BibTeX entry that plain BibTeX styles print in full."""
        authors = " and ".join(f"{{{name}}}" for name in self.authors)
        return f"""@misc{{{key},
  author       = {{{authors}}},
  title        = {{{{{_escaped(page)}}}}},
  howpublished = {{{_escaped(self.title)}}},
  year         = {{{self.date:%Y}}},
  month        = {{{self.date:%m}}},
  note         = {{Version {self.version} of {self.date}, computed with torch {torch}}},
  url          = {{{url}}}
}}
"""


def read(path: Path) -> Imprint:
    """Read CITATION.cff (Citation File Format 1.2.0); raise InputError for a wrong field."""
    where = messages.name(path)
    try:
        return Imprint.model_validate(messages.fields(messages.text(path), where))
    except ValidationError as error:
        wrong = error.errors()[0]
    field = str(wrong["loc"][0])
    fix = Imprint.model_json_schema()["properties"][field]["description"]
    raise messages.InputError(f"{where}: {field}: {wrong['msg']}; write {fix}")


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)
