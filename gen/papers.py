"""The bibliography: reads papers.bib, labels citations, and writes the list that readers see."""

import difflib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pybtex.errors
from pybtex.database import BibliographyDataError, Entry, Person, parse_string
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

CITATION = re.compile(r"\[@([\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")


class PaperError(ValueError):
    """A paper list or a citation that cannot be published; the message says what to change."""


@dataclass(frozen=True)
class Paper:
    """One paper: its BibTeX entry, its text in papers.bib, and how it is written for readers."""

    key: str
    entry: Entry
    source: str
    suffix: str = ""

    def field(self, name: str) -> str:
        return _text(self.entry.fields.get(name, ""))

    @property
    def year(self) -> str:
        return self.field("year")

    @property
    def authors(self) -> list[Person]:
        return list(self.entry.persons.get("author", []))

    @property
    def label(self) -> str:
        """`Clevert et al., 2016`, for running text."""
        names = [_family(person) for person in self.authors]
        who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
        return f"{who}, {self.year}{self.suffix}"


def cited_keys(text: str) -> list[str]:
    """The keys that a Markdown text cites: [@clevert2016fast] or [@one; @two]."""
    plain = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.S | re.M)
    plain = re.sub(r"`[^`\n]*`", "", plain)
    return [
        key.strip().lstrip("@")
        for found in CITATION.finditer(plain)
        for key in found.group(1).split(";")
    ]


def read(path: Path) -> dict[str, Paper]:
    """Parse a .bib file; raise PaperError with the file and line if it is malformed."""
    text = path.read_text(encoding="utf-8")
    pybtex.errors.set_strict_mode(True)
    try:
        entries = parse_string(text, "bibtex").entries
    except PybtexSyntaxError as error:
        raise PaperError(f"{path}, line {error.lineno}: {error}; mend the BibTeX there") from None
    except BibliographyDataError as error:
        raise PaperError(f"{path}: {error}; each key may stand once") from None
    _check_braces(path, text)
    sources = dict(_sources(text))
    papers = {key: Paper(key, entry, sources[key]) for key, entry in entries.items()}
    for paper in papers.values():
        for need in ("title", "year"):
            if not paper.field(need):
                raise PaperError(f"{path}: {paper.key} has no {need}; add it")
        if not paper.authors:
            raise PaperError(f"{path}: {paper.key} has no author; add one")
    return _disambiguated(papers)


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


def _check_braces(path: Path, text: str) -> None:
    """Refuse text after an entry's last brace: BibTeX would drop it without a word."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if depth == 0 and line.strip() and not line.lstrip().startswith(("@", "%")):
            raise PaperError(
                f"{path}, line {number}: this stands outside every entry; check the braces above it"
            )
        depth += line.count("{") - line.count("}")


def _sources(text: str) -> Iterable[tuple[str, str]]:
    """Each entry's own text, by key."""
    for block in re.split(r"^(?=@)", text, flags=re.M):
        found = re.match(r"@\w+\{\s*([^,\s]+)\s*,", block)
        if found:
            yield found.group(1), block.strip()


def check(
    papers: Mapping[str, Paper],
    cited: Mapping[str, Iterable[str]],
    bib: str = "activations/papers.bib",
) -> None:
    """Raise PaperError unless every cited key is known and every paper is cited.

    `cited` maps a place (a page or an entry file) to the keys that it cites.
    """
    used = set()
    for place, keys in cited.items():
        for key in keys:
            used.add(key)
            if key not in papers:
                near = difflib.get_close_matches(key, papers, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; add it to {bib}"
                raise PaperError(f"{place} cites {key}, which is not in {bib}{hint}")
    unused = sorted(set(papers) - used)
    if unused:
        raise PaperError(
            f"{bib} lists {', '.join(unused)}, which nothing cites; cite it or take it out"
        )


def _text(latex: str) -> str:
    """A BibTeX field as plain text: accents decoded, protecting braces and TeX quotes gone."""
    decoded = str(Text.from_latex(latex)) if "\\" in latex else latex
    decoded = decoded.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    return (
        re.sub(r"\$([^$]*)\$", _math, decoded).replace("{", "").replace("}", "").replace("~", " ")
    )


def _math(found: re.Match[str]) -> str:
    return found.group(1).replace("^2", "²")


def _family(person: Person) -> str:
    return _text(" ".join([*person.prelast_names, *person.last_names]))


def _full(person: Person) -> str:
    return _text(" ".join([*person.first_names, *person.middle_names, _family(person)]))


def venue(paper: Paper) -> str:
    """Where it appeared, in one line."""
    field = paper.field
    kind = {
        "phdthesis": "PhD thesis",
        "mastersthesis": field("type") or "Master’s thesis",
        "techreport": f"Technical report {field('number')}",
    }.get(paper.entry.type, "")
    place = field("journal") or field("booktitle") or field("school") or field("institution")
    parts = [kind, place, field("series")]
    if paper.entry.type != "techreport" and field("volume"):
        number = f"({field('number')})" if field("number") else ""
        parts.append(f"{field('volume')}{number}")
    if field("pages"):
        parts.append(f"pp. {field('pages')}")
    parts += [field("publisher"), field("howpublished")]
    if not place and field("eprint"):
        parts.append(f"arXiv:{field('eprint')}")
    return ", ".join(part for part in parts if part)


def links(paper: Paper) -> list[tuple[str, str]]:
    """Its addresses, each once: DOI, arXiv, the publisher's page."""
    found = []
    if doi := paper.entry.fields.get("doi"):
        found.append((f"doi:{doi}", f"https://doi.org/{doi}"))
    if eprint := paper.field("eprint"):
        found.append((f"arXiv:{eprint}", f"https://arxiv.org/abs/{eprint}"))
    url = paper.entry.fields.get("url", "")
    if url and "arxiv.org" not in url:
        found.append(("page of the paper", url))
    return found


def bibliography(papers: Mapping[str, Paper], cited: Mapping[str, list[tuple[str, str]]]) -> str:
    """The list as Markdown with HTML entries, newest year first.

    `cited` maps a key to the (title, page) pairs that cite it; a page is a path below docs/.
    """
    lines = []
    year = ""
    for paper in sorted(
        papers.values(), key=lambda p: (-int(p.year), _family(p.authors[0]), p.key)
    ):
        if paper.year != year:
            year = paper.year
            lines.append(f"## {year} {{: #year-{year} }}\n")
        lines.append(_entry(paper, cited.get(paper.key, [])))
    return "\n".join(lines)


def _entry(paper: Paper, cited: list[tuple[str, str]]) -> str:
    authors = ", ".join(_full(person) for person in paper.authors)
    if len(paper.authors) > 12:
        first = ", ".join(_full(person) for person in paper.authors[:3])
        authors = f"{first} and {len(paper.authors) - 3} others"
    anchors = " · ".join(f"[{_md(name)}]({url})" for name, url in links(paper))
    pages = ", ".join(f"[{_md(title)}](/{page})" for title, page in cited)
    note = f" {_md(paper.field('note'))}." if paper.field("note") else ""
    where = f" {_md(venue(paper))}." if venue(paper) else ""
    return (
        f'<div class="af-paper" id="{paper.key}" markdown>\n\n'
        f"{_md(authors)}. **{_md(paper.field('title'))}**.{where}{note}\n\n"
        + (f"{anchors}\n\n" if anchors else "")
        + f"Cited on: {pages}\n{{: .af-cited }}\n\n"
        f'<details class="af-bibtex" markdown data-search-exclude><summary>BibTeX</summary>\n\n'
        f"```bibtex\n{paper.source}\n```\n\n</details>\n\n</div>\n"
    )


def _md(text: str) -> str:
    """Escape what Markdown would read as markup."""
    return re.sub(r"([\\`*_\[\]$<>])", r"\\\1", html.unescape(text))


def labels(papers: Mapping[str, Paper]) -> dict[str, Any]:
    """What the Markdown extension needs for each key: the label and the full title."""
    return {
        key: {"label": paper.label, "title": paper.field("title")} for key, paper in papers.items()
    }
