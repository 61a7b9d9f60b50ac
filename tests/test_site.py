"""The built site as files: links, anchors, hosts, metadata, formulas, search index."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import PAGES
from pybtex.database import parse_string

from activations import CATALOGUE
from activations._entry import Activation
from gen.bibliography import papers
from gen.site import notebook

BIB = Path(__file__).parent.parent / "activations" / "papers.bib"


@pytest.fixture(scope="session")
def root(pages: dict[str, BeautifulSoup]) -> str:
    """The address that the site is published under, as its home page gives it."""
    return str(pages[""].select_one('link[rel="canonical"]')["href"])  # type: ignore[index]


def addresses(soup: BeautifulSoup) -> Iterator[str]:
    """Whatever the page refers to: links, files, and what it tells machines in its head."""
    for found in soup.select("[href], [src], meta[content*='://']"):
        yield str(found.get("href") or found.get("src") or found["content"])
    for script in soup.select('script[type="application/ld+json"]'):
        yield from re.findall(r'"([^"]*://[^"]*)"', script.get_text())


@pytest.fixture(scope="session")
def leads(site: Path, pages: dict[str, BeautifulSoup], root: str) -> Callable[[str], bool]:
    """Whether an absolute address is of another site, or of a file and an anchor of this one."""
    ids = {name: {tag["id"] for tag in soup.select("[id]")} for name, soup in pages.items()}

    def lead(address: str) -> bool:
        target = urlsplit(address.removeprefix(root))
        path, anchor = unquote(target.path), unquote(target.fragment)
        if path in pages:
            return not anchor or anchor in ids[path]
        return not address.startswith(root) or (site / path).is_file()

    return lead


def test_links_and_anchors_lead_somewhere(
    pages: dict[str, BeautifulSoup], root: str, leads: Callable[[str], bool]
) -> None:
    wrong = [
        f"{name} leads to {address}, which is not there"
        for name, soup in pages.items()
        for address in addresses(soup)
        if not leads(urljoin(root + name, address))
    ]
    assert not wrong, "\n".join(wrong[:20])


def test_the_site_lists_its_pages_and_no_other(
    site: Path, pages: dict[str, BeautifulSoup], root: str
) -> None:
    assert sorted(pages) == sorted([*PAGES, "404.html"])
    assert "Page not found" in pages["404.html"].get_text()
    assert pages["404.html"].select("article a[href*='activations/']")
    listed = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert sorted(listed) == [root + name for name in PAGES]


def test_the_search_leads_to_places_that_are_there(
    site: Path, root: str, leads: Callable[[str], bool]
) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = [record["location"] for record in index["docs"]]
    assert len(places) > len(PAGES)
    assert not [place for place in places if not leads(root + place)]


def test_activations_are_described_for_machines(pages: dict[str, BeautifulSoup]) -> None:
    library = papers.read(BIB)
    listed = {str(tag["id"]) for tag in pages["bibliography/"].select("[id]")}
    for slug, entry in CATALOGUE.items():
        try:
            described(pages[f"activations/{slug}/"], entry, library, listed)
        except (AssertionError, LookupError, ValueError) as error:
            error.add_note(f"on the page of {slug}")
            raise


def described(
    soup: BeautifulSoup, entry: Activation, library: Mapping[str, papers.Paper], listed: set[str]
) -> None:
    """schema.org: the term, the article, its papers and the way to it, with absolute addresses."""
    (script,) = soup.select('script[type="application/ld+json"]')
    data = json.loads(script.get_text())
    assert data["@context"] == "https://schema.org"
    canonical = str(soup.select_one('link[rel="canonical"]')["href"])  # type: ignore[index]
    nodes = data["@graph"]
    typed = {kind: [n for n in nodes if n["@type"] == kind] for kind in (n["@type"] for n in nodes)}
    (term,), (article,) = typed["DefinedTerm"], typed["TechArticle"]
    assert term["name"] == entry.name and term["url"] == article["url"] == canonical
    assert set(entry.aliases) <= set(term["alternateName"])
    assert article["mainEntity"]["@id"] == term["@id"] == f"{canonical}#definition"
    assert soup.find(id="definition")
    assert soup.select("h1")[0].get_text().startswith(entry.name)
    cited = {n["@id"]: n for n in nodes if n["@type"] in ("ScholarlyArticle", "Thesis", "Report")}
    assert [c["@id"] for c in article["citation"]] == list(cited)
    keys = {address.partition("#")[2] for address in cited}
    assert set(entry.papers) <= keys <= listed
    for address, node in cited.items():
        paper = library[address.partition("#")[2]]
        assert node["name"] == paper.field("title") and node["datePublished"] == paper.year
        assert len(node["author"]) == len(paper.authors)
    (trail,) = typed["BreadcrumbList"]
    assert [step["position"] for step in trail["itemListElement"]] == [1, 2, 3]
    assert trail["itemListElement"][-1]["item"] == canonical
    for step in trail["itemListElement"]:
        assert step["item"].startswith("https://") and step["name"]


def test_every_page_says_how_to_cite_it(pages: dict[str, BeautifulSoup]) -> None:
    told = yaml.safe_load((BIB.parent.parent / "CITATION.cff").read_text(encoding="utf-8"))
    for name, soup in pages.items():
        if name == "404.html":
            continue
        (box,) = soup.select(".af-cite-page")
        canonical = str(soup.select_one('link[rel="canonical"]')["href"])  # type: ignore[index]
        entry = parse_string(box.select_one("code").get_text(), "bibtex").entries  # type: ignore[union-attr]
        (fields,) = (e.fields for e in entry.values())
        assert fields["url"] == canonical, name
        assert f"Version {told['version']} of {told['date-released']}" in fields["note"]
        assert told["title"] in box.get_text() and canonical in box.get_text()
        meta = {str(m.get("name")): str(m["content"]) for m in soup.select('meta[name^="DC."]')}
        assert meta["DC.identifier"] == canonical and meta["DC.date"] == str(told["date-released"])
        assert meta["DC.creator"] == told["authors"][0]["name"] and meta["DC.title"]


def test_pages_describe_themselves(site: Path, pages: dict[str, BeautifulSoup]) -> None:
    seen: dict[str, str] = {}
    for name, soup in pages.items():
        if name == "404.html":
            continue
        meta = {m.get("name") or m.get("property"): m.get("content") for m in soup.find_all("meta")}
        for wanted in ("description", "og:title", "og:description", "og:image", "og:url"):
            assert meta.get(wanted), f"{name} lacks {wanted}"
        assert seen.setdefault(str(meta["description"]), name) == name
        image = urlsplit(str(meta["og:image"])).path.lstrip("/")
        assert (site / image).read_bytes().startswith(b"\x89PNG"), image


NO_PROSE = re.compile(r"<(pre|code|script|style|svg)\b.*?</\1>", re.S)


def test_every_formula_is_typeset(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        assert not soup.select(".arithmatex"), name
        for formula in soup.select(".af-math"):
            assert formula.find("svg") and formula.get("aria-label"), name
        prose = re.sub("<[^>]*>", "", NO_PROSE.sub("", str(soup)))
        assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[|\\frac|--8<--|\[@", prose), name


def test_every_citation_leads_to_its_paper(pages: dict[str, BeautifulSoup]) -> None:
    library = papers.read(BIB)
    keys = {str(t["id"]) for t in pages["bibliography/"].select(".af-paper")}
    assert keys == set(library)
    cited = {
        str(link["href"]).rpartition("#")[2]
        for soup in pages.values()
        for link in soup.select(".af-cite a")
    }
    assert cited == keys


def test_the_notebook_ran(pages: dict[str, BeautifulSoup]) -> None:
    page = pages["notebooks/hands_on/"]
    assert len(page.select("article img")) >= 4
    assert len(page.select(".af-output")) >= 5
    assert not page.select(".jp-Cell")


def test_a_notebook_publishes_no_warning_of_the_machine_that_ran_it() -> None:
    told = '<div class="jp-OutputArea-output" data-mime-type="{}"><pre>{}</pre></div>'
    cell = told.format("text/plain", "0.5") + told.format("application/vnd.jupyter.stderr", "/home")
    html, _ = notebook.plain(f"<h1>Title</h1>{cell}", "hands_on.ipynb")
    assert "0.5" in html and "/home" not in html
