"""A paper in the formats that reference managers read: BibTeX, CSL-JSON, RIS and COinS.

CSL-JSON is as specified at docs.citationstyles.org (1.0.2), RIS as its 2011 description has it,
COinS as OpenURL key/encoded-value pairs (ANSI/NISO Z39.88-2004) in the spellings that Zotero's
COinS translator reads.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pybtex.database import Person

from .latex import pieces, plain
from .papers import FIELDS, Paper

MATRIX = "info:ofi/fmt:kev:mtx:"


@dataclass(frozen=True)
class Kind:
    """What a BibTeX entry type is called elsewhere, and what it needs.

    `coins` is the OpenURL format and genre (for `dc`, Zotero's item type); `needs` are the fields
    that BibTeX's standard styles ask for, besides author, title and year.
    """

    csl: str
    ris: str
    coins: tuple[str, str]
    needs: tuple[str, ...] = ()
    genre: str = ""


KINDS = {
    "article": Kind("article-journal", "JOUR", ("journal", "article"), ("journal",)),
    "inproceedings": Kind("paper-conference", "CPAPER", ("book", "proceeding"), ("booktitle",)),
    "incollection": Kind("chapter", "CHAP", ("book", "bookitem"), ("booktitle", "publisher")),
    "book": Kind("book", "BOOK", ("book", "book"), ("publisher",)),
    "techreport": Kind("report", "RPRT", ("book", "report"), ("institution",), "Technical report"),
    "phdthesis": Kind("thesis", "THES", ("dissertation", ""), ("school",), "PhD thesis"),
    "mastersthesis": Kind("thesis", "THES", ("dissertation", ""), ("school",), "Master’s thesis"),
    "unpublished": Kind("manuscript", "UNPB", ("dc", "manuscript"), ("note",)),
    "misc": Kind("document", "GEN", ("dc", "document")),
}
PUBLISHERS = ("publisher", "school", "institution", "organization", "howpublished")
PREPRINT = Kind("article", "UNPB", ("dc", "preprint"))


def kind(paper: Paper) -> Kind:
    """The paper's kind; a @misc entry with an arXiv number is a preprint."""
    if paper.entry.type == "misc" and paper.eprint:
        return PREPRINT
    return KINDS[paper.entry.type]


def item(paper: Paper) -> dict[str, Any]:
    """The paper as a CSL-JSON item; its id is the BibTeX key.

    Words that the .bib protects from a change of case are in <span class="nocase">.
    """
    field = paper.field
    preprint = kind(paper) is PREPRINT
    number = f"arXiv:{paper.eprint}" if preprint else field("number")
    in_journal = paper.entry.type == "article"
    found = {
        "id": paper.key,
        "type": kind(paper).csl,
        "title": _rich(paper.entry.fields["title"]),
        "author": [_name(person) for person in paper.authors],
        "editor": [_name(person) for person in paper.entry.persons.get("editor", [])],
        "issued": {"date-parts": [[int(paper.year)]]},
        "container-title": field("journal") or field("booktitle"),
        "collection-title": field("series"),
        "edition": field("edition"),
        "volume": field("volume"),
        "issue": number if in_journal else "",
        "number": "" if in_journal else number,
        "page": field("pages").replace("–", "-"),
        "genre": field("type") or kind(paper).genre,
        "publisher": next(filter(None, map(field, PUBLISHERS)), "arXiv" if preprint else ""),
        "publisher-place": field("address"),
        "ISBN": field("isbn"),
        "ISSN": field("issn"),
        "DOI": paper.doi,
        "URL": paper.url,
        "note": _notes(paper),
    }
    return {name: value for name, value in found.items() if value}


def _notes(paper: Paper) -> str:
    """The entry's own note, and the arXiv number of a paper that appeared elsewhere."""
    number = f"arXiv:{paper.eprint}" if paper.eprint and kind(paper) is not PREPRINT else ""
    return "; ".join(note for note in (paper.field("note"), number) if note)


def _name(person: Person) -> dict[str, str]:
    given = plain(" ".join([*person.first_names, *person.middle_names]))
    family = plain(" ".join(person.last_names))
    if not given:
        return {"literal": family}
    parts = {
        "family": family,
        "given": given,
        "non-dropping-particle": plain(" ".join(person.prelast_names)),
        "suffix": plain(" ".join(person.lineage_names)),
    }
    return {name: value for name, value in parts.items() if value}


def _rich(latex: str) -> str:
    """The text with its protected words marked."""
    return "".join(f'<span class="nocase">{t}</span>' if kept else t for t, kept in pieces(latex))


def bibtex(paper: Paper) -> str:
    """The paper as one BibTeX entry, as a style or another .bib can take it."""
    people = {role: " and ".join(map(str, who)) for role, who in paper.entry.persons.items()}
    values = {name.lower(): text for name, text in {**paper.entry.fields, **people}.items()}
    fields = {name: values[name] for name in FIELDS if values.get(name)}
    width = max(map(len, fields))
    lines = (f"  {name:<{width}} = {{{value}}}" for name, value in fields.items())
    return f"@{paper.entry.type}{{{paper.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(paper: Paper) -> str:
    """The paper as one RIS record."""
    field, csl = paper.field, item(paper)
    first, _, last = field("pages").partition("–")
    tags = [
        ("TY", kind(paper).ris),
        *(("AU", plain(str(person))) for person in paper.authors),
        *(("A2", plain(str(person))) for person in paper.entry.persons.get("editor", [])),
        ("TI", field("title")),
        ("T2", csl.get("container-title", "")),
        ("T3", field("series")),
        ("PY", paper.year),
        ("ET", field("edition")),
        ("VL", field("volume")),
        ("IS", field("number")),
        ("SP", first),
        ("EP", last),
        ("PB", csl.get("publisher", "")),
        ("CY", field("address")),
        ("M3", csl.get("genre", "")),
        ("SN", field("isbn") or field("issn")),
        ("DO", paper.doi),
        ("UR", paper.url),
        ("N1", csl.get("note", "") or (f"arXiv:{paper.eprint}" if paper.eprint else "")),
        ("ID", paper.key),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags if value or tag == "ER")


def coins(paper: Paper) -> str:
    """The paper as a context object, for the title of a <span class="Z3988">."""
    field = paper.field
    form, genre = kind(paper).coins
    pairs = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", MATRIX + form)]
    book = field("journal") or field("booktitle")
    if form == "dc":
        pairs += [("rft.type", genre), ("rft.title", field("title"))]
        pairs += [("rft.identifier", paper.url)]
    elif form == "dissertation":
        pairs += [("rft.title", field("title")), ("rft.inst", field("school"))]
        pairs += [("rft.degree", item(paper)["genre"])]
    elif not book:
        pairs += [("rft.genre", genre), ("rft.btitle", field("title"))]
    else:
        pairs += [("rft.genre", genre), ("rft.atitle", field("title"))]
        pairs += [("rft.jtitle" if form == "journal" else "rft.btitle", book)]
    pairs += [("rft.creator" if form == "dc" else "rft.au", plain(str(p))) for p in paper.authors]
    publisher = "" if form == "dissertation" else item(paper).get("publisher", "")
    pairs += [
        ("rft.date", paper.year),
        ("rft.volume", field("volume")),
        ("rft.issue", field("number") if form == "journal" else ""),
        ("rft.pages", field("pages").replace("–", "-")),
        ("rft.series", field("series")),
        ("rft.pub", publisher),
        ("rft.place", field("address")),
        ("rft_id", f"info:doi/{paper.doi}" if paper.doi else ""),
        ("rft_id", paper.url),
    ]
    return urlencode([(name, value) for name, value in pairs if value], quote_via=quote)


def bundle(papers: Iterable[Paper]) -> dict[str, str]:
    """The papers as one file in each format: file ending -> text."""
    chosen = list(papers)
    return {
        "bib": "\n".join(bibtex(paper) for paper in chosen),
        "ris": "\n".join(ris(paper) for paper in chosen),
        "json": json.dumps([item(p) for p in chosen], ensure_ascii=False, indent=1) + "\n",
    }
