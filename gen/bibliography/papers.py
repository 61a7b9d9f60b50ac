"""The paper list: reads papers.bib, labels citations, and checks that pages and list agree."""

import difflib
import itertools
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pybtex.database import Entry, InvalidNameString, Person, parse_string
from pybtex.exceptions import PybtexError
from pybtex.scanner import PybtexSyntaxError

from .. import messages
from .latex import address, plain

KEY = re.compile(r"[A-Za-z0-9_:-]+")
# what is published of an entry, in the order in which it is written; the rest stays in the file
FIELDS = (
    "author", "title", "journal", "booktitle", "type", "school", "institution", "year",
    "howpublished", "editor", "edition", "series", "volume", "number", "pages", "address",
    "organization", "publisher", "isbn", "issn", "doi", "note", "eprint", "archiveprefix",
    "primaryclass", "url",
)  # fmt: skip
USED_AS_THEY_STAND = ("doi", "eprint", "url")
# an accent on a dotless i, which Biber takes apart into two letters that LaTeX cannot print
DOTLESS = re.compile(r"""(\\[`'^"~=])\s*(?:\{\\([ij])\s*\}|\\([ij])(?![a-zA-Z])[ \t]*)""")
RANGE = re.compile(r"([^\s,–—-]+)\s*[-–—]+\s*([^\s,–—-]+)")


@dataclass(frozen=True)
class Paper:
    """One paper: its BibTeX entry, and how it is written for readers."""

    key: str
    entry: Entry
    suffix: str = ""

    def field(self, name: str) -> str:
        """A field as plain text; the empty string where there is none."""
        return plain(self.entry.fields.get(name, ""))

    @property
    def year(self) -> str:
        return self.field("year")

    @property
    def doi(self) -> str:
        return str(self.entry.fields.get("doi", ""))

    @property
    def eprint(self) -> str:
        """The arXiv number."""
        return str(self.entry.fields.get("eprint", ""))

    @property
    def url(self) -> str:
        """Where it can be read: the address that the .bib gives, or arXiv's page."""
        arxiv = f"https://arxiv.org/abs/{self.eprint}" if self.eprint else ""
        return str(self.entry.fields.get("url", arxiv))

    @property
    def authors(self) -> list[Person]:
        return list(self.entry.persons.get("author", []))

    @property
    def label(self) -> str:
        """`Clevert et al., 2016`, for running text."""
        names = [family(person) for person in self.authors]
        who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
        return f"{who}, {self.year}{self.suffix}"


def read(path: Path) -> dict[str, Paper]:
    """Parse a .bib file; raise InputError with the file and line if it is malformed."""
    where, text = messages.name(path), DOTLESS.sub(r"\1\2\3", messages.text(path))
    try:
        entries = parse_string(text, "bibtex").entries
    except PybtexSyntaxError as error:
        raise messages.InputError(
            f"{where}, line {error.lineno}: {error.args[0]}; mend the BibTeX there or above it"
        ) from None
    except InvalidNameString as error:
        raise messages.InputError(
            f"{where}: {error}; write names as Family, Given and Family, Given"
        ) from None
    except PybtexError as error:
        raise messages.InputError(
            f"{where}: {error}; each key may stand once, and each of its fields"
        ) from None
    _check_braces(where, text)
    for key, entry in entries.items():
        _check_entry(where, key, entry)
    return _disambiguated({key: Paper(key, entry) for key, entry in entries.items()})


def _check_entry(where: str, key: str, entry: Entry) -> None:
    """Refuse a key that is no file name, and LaTeX that cannot be decoded."""
    if not KEY.fullmatch(key):
        raise messages.InputError(
            f"{where}: the key {key} is part of an address; write it in letters, digits, _, : and -"
        )
    for name in USED_AS_THEY_STAND:
        if name in entry.fields:
            entry.fields[name] = address(entry.fields[name])
    people = list(itertools.chain(*entry.persons.values()))
    read = [entry.fields[n] for n in FIELDS if n in entry.fields and n not in USED_AS_THEY_STAND]
    for latex in itertools.chain(read, map(str, people), *map(_parts, people)):
        try:
            plain(latex)
        except ValueError as error:
            shown = textwrap.shorten(latex, 100)
            raise messages.InputError(f"{where}: {key}: {shown}: {error}") from None
    if pages := RANGE.fullmatch(plain(entry.fields.get("pages", ""))):
        entry.fields["pages"] = f"{pages[1]}--{pages[2]}"


def _parts(person: Person) -> list[str]:
    """The name's parts, each of which is written without the others somewhere."""
    given = [*person.first_names, *person.middle_names]
    parts = (given, person.prelast_names, person.last_names, person.lineage_names)
    return [" ".join(part) for part in parts]


def _disambiguated(papers: dict[str, Paper]) -> dict[str, Paper]:
    """Give papers with the same label the suffixes a, b, … in the order of their keys."""
    by_label: dict[str, list[str]] = {}
    for key in sorted(papers):
        by_label.setdefault(papers[key].label, []).append(key)
    for keys in by_label.values():
        if len(keys) > 1:
            for key, letter in zip(keys, "abcdefgh", strict=False):
                papers[key] = replace(papers[key], suffix=letter)
    return papers


def _check_braces(where: str, text: str) -> None:
    """Refuse text after an entry's last brace: BibTeX would drop it without a word."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        if depth == 0 and line.strip() and not line.lstrip().startswith(("@", "%")):
            raise messages.InputError(
                f"{where}, line {number}: this stands outside every entry; check the braces above"
                " it"
            )
        depth += line.count("{") - line.count("}")


def check(
    papers: Mapping[str, Paper],
    cited: Mapping[str, Iterable[str]],
    bib: str = "activations/papers.bib",
    root: Path | None = None,
) -> None:
    """Raise InputError unless every cited key is known and every paper is cited.

    `cited` maps a place (a page or an entry file, below `root`) to the keys that it cites.
    """
    used = set()
    for place, keys in cited.items():
        for key in keys:
            used.add(key)
            if key not in papers:
                near = difflib.get_close_matches(key, papers, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; add it to {bib}"
                where = f"{place}{_line(root / place, key)}" if root else place
                raise messages.InputError(f"{where} cites {key}, which is not in {bib}{hint}")
    unused = sorted(set(papers) - used)
    if unused:
        raise messages.InputError(
            f"{bib} lists {', '.join(unused)}, which nothing cites; cite it or take it out"
        )


def _line(path: Path, key: str) -> str:
    """`, line 3`: where the file first has the key."""
    text = messages.text(path)
    found = re.search(rf"(?<![\w:-]){re.escape(key)}(?![\w:-])", text)
    return f", line {messages.line_of(text, found.start())}" if found else ""


def family(person: Person) -> str:
    """The family name, with its particle."""
    return plain(" ".join([*person.prelast_names, *person.last_names]))


def labels(papers: Mapping[str, Paper]) -> dict[str, Any]:
    """What pages need for each key: the label, the full title, the year."""
    return {
        key: {"label": paper.label, "title": paper.field("title"), "year": paper.year}
        for key, paper in papers.items()
    }
