"""The bibliography: the list that readers see, and its downloads for one paper, a page and all.

References are written in APA style by citeproc-js, from the CSL-JSON that is published.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import messages, node
from ..cache import ROOT
from ..templates import render
from . import formats, imprint, json_ld, papers, rules
from .latex import plain
from .papers import Paper

FORMATS = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
COPIED = ("bib", "ris")
BIB = "activations/papers.bib"


@dataclass(frozen=True)
class Citing:
    """A page that cites: its path below docs/, its title, and for each key the headings under
    which it is cited, as (heading, anchor)."""

    path: str
    title: str
    keys: dict[str, list[tuple[str, str]]]


def made(
    source: tuple[list[tuple[str, str, Any]], dict[str, list[str]], dict[str, str]],
) -> dict[str, str]:
    """Check the list; return the bibliography's files.

    `source` is what each page cites (see Citing), the papers that each entry's file names, and the
    title of each page. Raises InputError.
    """
    citing, entries, titles = source
    pages = [Citing(*page) for page in citing]
    site = imprint.read(ROOT / "CITATION.cff")
    library = papers.read(ROOT / BIB)
    if found := rules.problems(library):
        raise messages.InputError("\n".join(f"{BIB}: {problem}" for problem in found))
    cited = {f"docs/{page.path}": list(page.keys) for page in pages}
    papers.check(library, {**cited, **entries}, BIB, ROOT)
    items = [formats.item(paper) for paper in library.values()]
    written = _references([items, *([{**site.item(t), "id": p}] for p, t in titles.items())])
    texts = {
        "bibliography.md": listing(library, pages, written, _introduced(entries, titles)),
        "public/bibliography/forms.json": _json({k: _copied(p) for k, p in library.items()}),
        "citations.json": _json(papers.labels(library)),
        "references.json": _json({path: written[path] for path in titles}),
        "structured.json": _json({k: json_ld.paper(p) for k, p in library.items()}),
    }
    texts |= _files("papers", library.values())
    for key, paper in library.items():
        texts |= _files(f"papers/{key}", [paper])
    for page in pages:
        if place := page_files(page.path):
            texts |= _files(place, [library[key] for key in sorted(page.keys)])
    return texts


def _introduced(
    entries: Mapping[str, list[str]], titles: Mapping[str, str]
) -> dict[str, list[str]]:
    """Paper -> the names of the functions that it introduced: an entry names it first."""
    found: dict[str, list[str]] = {}
    for path, keys in entries.items():
        page = Path(path).with_suffix(".md")
        found.setdefault(keys[0], []).extend((page.stem, titles[str(page)]))
    return found


def _copied(paper: Paper) -> dict[str, str]:
    return {end: text for end, text in formats.bundle([paper]).items() if end in COPIED}


def page_files(path: str) -> str:
    """Where a page's papers are published, without the ending; nowhere for the home page, whose
    place is the whole list's."""
    home = re.sub(r"(/?index)?\.md$", "", path)
    return f"{home}/papers" if home else ""


def _files(place: str, chosen: Iterable[Paper]) -> dict[str, str]:
    return {f"public/{place}.{end}": text for end, text in formats.bundle(chosen).items()}


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)


def _references(lists: list[list[dict[str, Any]]]) -> dict[str, str]:
    """Each item's reference as HTML, by id."""
    reply = node.ask({"references": lists})
    if "error" in reply:
        raise messages.InputError(f"{BIB}: citeproc-js refused it: {reply['error']}; correct that")
    return reply["html"]


def listing(
    library: Mapping[str, Paper],
    pages: list[Citing],
    written: Mapping[str, str],
    introduced: Mapping[str, list[str]],
) -> str:
    """The list as Markdown with HTML entries, newest year first.

    `introduced` maps a paper to the names of what it introduced.
    """
    ordered = sorted(
        library.values(), key=lambda p: (-int(p.year), papers.family(p.authors[0]), p.key)
    )
    entries = [_entry(paper, pages, written[paper.key], introduced) for paper in ordered]
    return render(
        "bibliography/templates/listing.html", entries=entries, formats=FORMATS, literal=_literal
    )


def _entry(
    paper: Paper, pages: list[Citing], reference: str, introduced: Mapping[str, list[str]]
) -> dict[str, Any]:
    """What the template tells of the paper; `places` is in Markdown, where it is cited."""
    citing = [page for page in pages if paper.key in page.keys]
    names = " ".join(str(person) for person in paper.authors)
    words = [plain(names), paper.field("title"), paper.key, *(p.title for p in citing)]
    return {
        "paper": paper,
        "find": " ".join(words),
        "reference": reference,
        "coins": formats.coins(paper),
        "introduces": introduced.get(paper.key, []),
        "more": _more(paper, reference),
        "places": [_places(page, paper.key) for page in citing],
    }


def _more(paper: Paper, reference: str) -> list[tuple[str, str]]:
    """The addresses that the reference does not show, with their names."""
    more = []
    if paper.eprint and "arxiv.org" not in reference:
        more.append((f"arXiv:{paper.eprint}", f"https://arxiv.org/abs/{paper.eprint}"))
    if paper.url and paper.url not in reference and "arxiv.org" not in paper.url:
        more.append(("page of the paper", paper.url))
    return more


def _places(page: Citing, key: str) -> str:
    """The page, with the headings under which it cites the paper."""
    headings = [(heading, anchor) for heading, anchor in page.keys[key] if anchor]
    text = f"[{_literal(page.title)}](/{page.path})"
    if not headings:
        return text
    inner = ", ".join(f"[{_literal(h)}](/{page.path}#{anchor})" for h, anchor in headings)
    return f"{text} ({inner})"


def _literal(text: str) -> str:
    """Text in which neither Markdown nor HTML finds markup, nor an attribute its end."""
    return "".join(c if c.isalnum() or c in " ,.-" else f"&#{ord(c)};" for c in text)
