"""The downloads, read back by independent libraries and held against the .bib field by field.

The .bib is read by bibtexparser (the build uses pybtex), RIS by rispy, CSL-JSON by citeproc-py.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from bs4 import BeautifulSoup
from citeproc.source.json import CiteProcJSON

Entries = dict[str, Any]
CSL_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "incollection": "chapter",
    "techreport": "report", "phdthesis": "thesis", "mastersthesis": "thesis",
    "unpublished": "manuscript", "misc": "article",
}  # fmt: skip
RIS_TYPES = {
    "article": "JOUR", "inproceedings": "CPAPER", "incollection": "CHAP", "techreport": "RPRT",
    "phdthesis": "THES", "mastersthesis": "THES", "unpublished": "UNPB", "misc": "UNPB",
}  # fmt: skip
PLACES = ("journal", "booktitle")
PUBLISHERS = ("publisher", "school", "institution", "howpublished")


@pytest.fixture(scope="session")
def entries(generated: Path) -> Entries:
    """Each entry of the published .bib: field -> text, and the names of its authors and editors."""
    path = str(generated / "public" / "papers.bib")
    verbatim = bibtexparser.parse_file(path).entries_dict
    library = bibtexparser.parse_file(
        path,
        append_middleware=[
            middlewares.LatexDecodingMiddleware(),
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
        ],
    )
    assert not library.failed_blocks
    found = {}
    for entry in library.entries:
        fields = {f.key: f.value for f in entry.fields}
        for role in ("author", "editor"):
            fields[role] = [
                (" ".join([*n.von, *n.last]), " ".join(n.first)) for n in fields.get(role, [])
            ]
        fields["title"] = fields["title"].replace("$^2$", "²")
        if "url" in fields:
            fields["url"] = verbatim[entry.key]["url"]
        found[entry.key] = {**fields, "kind": entry.entry_type}
    assert len(found) > 60
    return found


def first(entry: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((entry[name] for name in names if name in entry), "")


def address(entry: dict[str, Any]) -> str:
    arxiv = f"https://arxiv.org/abs/{entry['eprint']}" if "eprint" in entry else ""
    return str(entry.get("url", arxiv))


def is_preprint(entry: dict[str, Any]) -> bool:
    return entry["kind"] == "misc" and "eprint" in entry


# what is said of a paper, as rispy and as citeproc-py name it
NAMES = {
    "title": ("title", "title"),
    "place": ("secondary_title", "container_title"),
    "series": ("tertiary_title", "collection_title"),
    "volume": ("volume", "volume"),
    "publisher": ("publisher", "publisher"),
    "address": ("place_published", "publisher_place"),
    "doi": ("doi", "DOI"),
}


def said(entry: dict[str, Any], place: int) -> dict[str, str]:
    """The texts of NAMES, by the names that the library at that place has for them."""
    published = first(entry, PUBLISHERS) or ("arXiv" if is_preprint(entry) else "")
    texts = {**entry, "place": first(entry, PLACES), "publisher": published}
    return {names[place]: texts.get(field, "") for field, names in NAMES.items()}


def test_ris_says_what_the_bib_says(generated: Path, entries: Entries) -> None:
    text = (generated / "public" / "papers.ris").read_text(encoding="utf-8")
    records = {record["id"]: record for record in rispy.loads(text)}
    assert records.keys() == entries.keys()
    for key, entry in entries.items():
        record = records[key]
        other = entry["kind"] == "misc" and not is_preprint(entry)
        first_page, _, last_page = entry.get("pages", "").partition("–")
        wanted = {
            **said(entry, 0),
            "type_of_reference": "GEN" if other else RIS_TYPES[entry["kind"]],
            "authors": [f"{family}, {given}" for family, given in entry["author"]],
            "secondary_authors": [f"{family}, {given}" for family, given in entry["editor"]],
            "year": entry["year"],
            "number": entry.get("number", ""),
            "start_page": first_page,
            "end_page": last_page,
            "urls": [address(entry)] if address(entry) else [],
        }
        for name, value in wanted.items():
            assert record.get(name, type(value)()) == value, f"{key}: {name}"
        notes = " ".join(record.get("notes", []))
        assert entry.get("note", "") in notes and entry.get("eprint", "") in notes, key


def plain(text: object) -> str:
    return re.sub(r"<[^>]*>", "", str(text))


def test_csl_json_says_what_the_bib_says(generated: Path, entries: Entries) -> None:
    items = json.loads((generated / "public" / "papers.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in items] == list(entries)
    read = CiteProcJSON(items)
    for key, entry in entries.items():
        item, preprint = read[key], is_preprint(entry)
        other = entry["kind"] == "misc" and not preprint
        assert item.type == ("document" if other else CSL_TYPES[entry["kind"]]), key
        for role in ("author", "editor"):
            assert [(n.family, n.given) for n in item.get(role, [])] == entry[role], key
        assert str(item["issued"].year) == entry["year"]
        number = "issue" if entry["kind"] == "article" else "number"
        wanted = {
            **said(entry, 1),
            "URL": address(entry),
            number: f"arXiv:{entry['eprint']}" if preprint else entry.get("number", ""),
        }
        for name, value in wanted.items():
            assert plain(item.get(name, "")) == value, f"{key}: {name}"
        assert plain(item.get("page", "")).replace("-", "–") == entry.get("pages", ""), key
        if not preprint:
            assert entry.get("eprint", "") in plain(item.get("note", "")), key


def test_csl_json_marks_the_words_that_keep_their_case(generated: Path) -> None:
    items = json.loads((generated / "public" / "papers.json").read_text(encoding="utf-8"))
    titles = {item["id"]: item["title"] for item in items}
    assert titles["clevert2016fast"].endswith('(<span class="nocase">ELUs</span>)')
    assert titles["zhang2024relu2"].startswith('<span class="nocase">ReLU²</span> Wins')


def test_each_paper_and_each_page_has_its_own_files(generated: Path, entries: Entries) -> None:
    public = generated / "public"
    whole = (public / "papers.bib").read_text(encoding="utf-8")
    for key in entries:
        one = (public / "papers" / f"{key}.bib").read_text(encoding="utf-8")
        assert one in whole and one.count("\n@") == 0 and f"{{{key}," in one
        ris = rispy.loads((public / "papers" / f"{key}.ris").read_text(encoding="utf-8"))
        (item,) = json.loads((public / "papers" / f"{key}.json").read_text(encoding="utf-8"))
        assert [r["id"] for r in ris] == [key] and item["id"] == key
    for path in public.glob("activations/*/papers.json"):
        keys = [item["id"] for item in json.loads(path.read_text(encoding="utf-8"))]
        page = Path("docs/activations") / f"{path.parent.name}.md"
        text = (generated.parent.parent / page).read_text(encoding="utf-8")
        assert (
            sorted(set(re.findall(r"@(\w+)", " ".join(re.findall(r"\[@.*?\]", text, re.S)))))
            == keys
        )
        ris = rispy.loads(path.with_suffix(".ris").read_text(encoding="utf-8"))
        assert [record["id"] for record in ris] == keys


def test_references_are_written_in_apa_style(generated: Path) -> None:
    text = (generated / "bibliography.md").read_text(encoding="utf-8")
    for reference in (
        "Clevert, D.-A., Unterthiner, T., &#38; Hochreiter, S. (2016). Fast and Accurate Deep"
        " Network Learning by Exponential Linear Units (ELUs). <i>4th International Conference on"
        " Learning Representations (ICLR)</i>.",
        "Bridle, J. S. (1990a). ",
        "Bridle, J. S. (1990b). ",
        "Hochreiter, S. (1991). <i>Untersuchungen zu dynamischen neuronalen Netzen</i> [Diploma"
        " thesis]. Technische Universität München.",
        "Grave, É., Joulin, A., Cissé, M.",
        "<i>ReLU<sup>2</sup> Wins: ",
    ):
        assert reference in text


def test_the_list_carries_each_paper_as_coins(site: Path, entries: Entries) -> None:
    """What Zotero's COinS translator reads: OpenURL pairs in the title of span.Z3988."""
    page = (site / "bibliography" / "index.html").read_text(encoding="utf-8")
    spans = BeautifulSoup(page, "html.parser").select("span.Z3988[title]")
    assert len(spans) == len(entries)
    titles = []
    for span in spans:
        pairs = parse_qs(str(span["title"]), strict_parsing=True)
        assert pairs["ctx_ver"] == ["Z39.88-2004"]
        form = pairs["rft_val_fmt"][0].removeprefix("info:ofi/fmt:kev:mtx:")
        assert form in ("journal", "book", "dissertation", "dc")
        (title,) = pairs.get("rft.atitle") or pairs.get("rft.title") or pairs["rft.btitle"]
        (entry,) = (e for e in entries.values() if e["title"] == title)
        authors = pairs.get("rft.au") or pairs["rft.creator"]
        assert authors == [f"{family}, {given}" for family, given in entry["author"]]
        assert pairs["rft.date"] == [entry["year"]]
        places = [f"info:doi/{entry['doi']}"] if "doi" in entry else []
        places += [address(entry)] if address(entry) else []
        assert pairs.get("rft_id", []) == places
        titles.append(title)
    assert sorted(titles) == sorted(entry["title"] for entry in entries.values())
