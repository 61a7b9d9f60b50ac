"""What every entry of papers.bib must keep to; each rule names the key and the fix."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from pylatexenc.latexencode import unicode_to_latex

from .formats import KINDS, bibtex
from .latex import plain
from .papers import FIELDS, Paper

# what sites and reference managers add for themselves; their other names have - or _ in them
OF_TOOLS = re.compile(
    r"abstract|acmid|annot(e|ation)|articleno|bibsource|biburl|comments?|copyright|creationdate|day"
    r"|file|groups?|id|key|keywords?|lang(uage|id)|month|modificationdate|numpages|opt\w+|owner"
    r"|pagetotal|pdf|pmc?id|ranking|readstatus|rights|shorttitle|timestamp|urldate|.*[-_].*"
)
DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\$&]+")
# four digits after the dot until the end of 2014, five since; before April 2007 an archive's name
ARXIV = re.compile(
    r"(?P<year>(0[7-9]|1[0-4])(?=\d\d\.\d{4}$)|(1[5-9]|[2-9]\d)(?=\d\d\.\d{5}$))(0[1-9]|1[0-2])\.\d+"
    r"|[a-z-]+(\.[A-Z]{2})?/(?P<old>\d\d)(0[1-9]|1[0-2])\d{3}"
)
ARXIV_WITHIN = re.compile(
    r"(?:(?<![\d.])|(?<=xiv\.))(\d{4}\.\d{4,5})(?!\d)|arxiv\S*?([a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I
)
NAMING = ("journal", "series", "volume", "number", "howpublished", "note", "doi", "url")
ADDRESS = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s{}\\<>\x22]*)?")


def problems(papers: Mapping[str, Paper]) -> list[str]:
    """Every breach, as `key: what is wrong; the fix`."""
    return [
        *(f"{paper.key}: {found}" for paper in papers.values() for found in _of_one(paper)),
        *_duplicates(papers.values()),
    ]


def _of_one(paper: Paper) -> Iterator[str]:
    kind = paper.entry.type
    if kind not in KINDS:
        yield f"@{kind} is no type of this list; use one of {', '.join(KINDS)}"
        return
    fields = set(map(str.lower, paper.entry.fields)) - set(FIELDS)
    if unknown := sorted(name for name in fields if not OF_TOOLS.fullmatch(name)):
        yield f"no field is called {', '.join(unknown)}; take it out, or write {', '.join(FIELDS)}"
    if not paper.authors:
        yield "no author; add one"
    yield from _names(paper)
    for name in ("title", "year", *KINDS[kind].needs):
        if not paper.field(name):
            yield f"no {name}, which @{kind} needs; add it"
    if paper.year and not re.fullmatch(r"1[5-9]\d\d|20\d\d", paper.year):
        yield f"the year {paper.year} is no year; write four digits"
    if paper.doi and not DOI.fullmatch(paper.doi):
        yield f"malformed doi {paper.doi}; write 10.…/…, without an address before it"
    if "url" in paper.entry.fields and not ADDRESS.fullmatch(paper.url):
        yield f"malformed url {paper.url}; write the whole address, beginning with https://"
    published = unicodedata.normalize("NFC", bibtex(paper))
    if letters := re.findall(r"[^\x00-\x7f]", published):
        latex = unicode_to_latex(letters[0], replacement_latex_protection="braces-all")
        yield f"{letters[0]} is cut in two by BibTeX's styles that shorten names; write {latex}"
    yield from _arxiv(paper)
    yield from _capitals(paper)


def _names(paper: Paper) -> Iterator[str]:
    for name in (plain(str(p)) for p in itertools.chain(*paper.entry.persons.values())):
        if name == "others":
            yield "“and others” is no name; name them all"
        elif re.search(r"[*;@†‡]", name) or not re.search(r"[^\W\d_]", name):
            yield f"“{name}” is no name; write Family, Given and Family, Given"


def _elsewhere(paper: Paper) -> Iterator[str]:
    """Numbers that would hide in other fields that the paper is listed already."""
    told = " ".join(paper.entry.fields.get(name, "") for name in NAMING)
    numbers = ARXIV_WITHIN.findall(told) if re.search(r"xiv|\bCoRR\b", told, re.I) else []
    for number in sorted({new or old for new, old in numbers} - {paper.eprint}):
        yield f"arXiv:{number} is not its eprint; write eprint = {{{number}}}, or take it out"
    doi = DOI.search(paper.url)
    if doi and "doi." in paper.url and doi[0].lower() != paper.doi.lower():
        yield f"the url names the doi {doi[0]}; write doi = {{{doi[0]}}}"


def _arxiv(paper: Paper) -> Iterator[str]:
    yield from _elsewhere(paper)
    if not paper.eprint:
        return
    found = ARXIV.fullmatch(paper.eprint)
    if not found:
        yield f"malformed eprint {paper.eprint}; write arXiv's number alone, such as 1511.07289"
        return
    if paper.field("archiveprefix") != "arXiv":
        yield "an eprint without archiveprefix; add archiveprefix = {arXiv}"
    digits = found["year"] or found["old"]
    posted = (1900 if digits > "90" else 2000) + int(digits)
    if not paper.year.isdigit():
        return
    if paper.entry.type == "misc" and int(paper.year) != posted:
        yield f"the year {paper.year} contradicts arXiv:{paper.eprint}; write {posted}"
    elif int(paper.year) < posted - 1:
        yield (
            f"published in {paper.year}, but arXiv:{paper.eprint} is of {posted}; correct the year"
            " or the number"
        )


def _capitals(paper: Paper) -> Iterator[str]:
    """BibTeX's styles write titles small: a word with inner capitals needs its braces."""
    bare = re.sub(r"\{([^\w{}\\]+)\}", r"\1", paper.entry.fields.get("title", ""))
    while "{" in bare:
        bare = re.sub(r"\{[^{}]*\}", "", bare)
    for word in re.findall(r"[^\W\d_]+", bare):
        if re.search(r"[^\W\d_][A-Z]", word):
            yield f"the capitals of {word} in the title are lost in print; write {{{word}}}"


def _duplicates(papers: Iterable[Paper]) -> Iterator[str]:
    ways: dict[str, Callable[[Paper], str]] = {
        "doi": lambda paper: paper.doi.lower(),
        "arXiv number": lambda paper: paper.eprint,
        "title": lambda paper: re.sub(r"\W", "", _folded(paper.field("title"))),
    }
    for what, value in ways.items():
        first: dict[str, str] = {}
        for paper in papers:
            found = value(paper)
            if found and found in first:
                yield f"{paper.key}: the same {what} as {first[found]}; keep one of the two"
            first.setdefault(found, paper.key)


def _folded(text: str) -> str:
    """Lower case, without accents."""
    split = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in split if not unicodedata.combining(c))
