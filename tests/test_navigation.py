"""How a reader gets from page to page: sections, families, neighbours."""

import re
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from gen.pages.catalogue import is_beyond_torch

Pages = dict[str, BeautifulSoup]


def targets(page: str, soup: BeautifulSoup, selector: str) -> list[str]:
    """The pages that the links lead to, as addresses below the site's root."""
    links = [urljoin(f"/{page}", str(link["href"])) for link in soup.select(selector)]
    return [link.partition("#")[0].removeprefix("/") for link in links]


def members(family: str) -> list[str]:
    """The pages of a family: torch's functions first, then those beyond torch, by their names."""
    found = [slug for slug, entry in CATALOGUE.items() if entry.family == family]
    beyond = {slug: is_beyond_torch(names(slug)) for slug in found}
    return [f"activations/{slug}/" for slug in sorted(found, key=lambda s: (beyond[s], s))]


def names(slug: str) -> dict[str, str | None]:
    entry = CATALOGUE[slug]
    return {"torch": entry.module_name, "functional": entry.functional_name}


def test_home_leads_to_seven_sections_at_most(pages: Pages) -> None:
    tabs = [tab.get_text(strip=True) for tab in pages[""].select(".md-tabs__link")]
    assert len(tabs) <= 7 and tabs[0] == "Activations", tabs


def test_no_page_is_more_than_two_clicks_from_home(pages: Pages) -> None:
    first = set(targets("", pages[""], "a[href]")) & set(pages)
    second = {t for page in first for t in targets(page, pages[page], "a[href]")}
    assert set(pages) - first - second == {"404.html"}


@pytest.mark.parametrize("slug", CATALOGUE)
def test_the_left_column_and_the_footer_stay_in_the_family(pages: Pages, slug: str) -> None:
    page, family = f"activations/{slug}/", members(CATALOGUE[slug].family)
    listed = targets(page, pages[page], 'nav[data-md-level="2"] > ul > li > a')
    assert listed == family
    place = family.index(page)
    around = family[max(0, place - 1) : place] + family[place + 1 : place + 2]
    assert targets(page, pages[page], "a.md-footer__link") == around


def test_what_torch_lacks_is_marked(pages: Pages) -> None:
    marks = pages["activations/gelu/"].select(".md-nav--primary .md-status--beyond")
    marked = [(mark.find_parent("li"), mark["title"]) for mark in marks]
    told = [(item.get_text(strip=True), title) for item, title in marked if item]
    family = [e for e in CATALOGUE.values() if e.family == CATALOGUE["gelu"].family and e.is_ours]
    assert told == [(entry.name, "beyond torch") for entry in family]
    assert ("Swish", "beyond torch") in told


def test_home_counts_what_there_is(pages: Pages) -> None:
    counts = (
        r"(\d+) functions of torch, (\d+) beyond it, (\d+) papers, and ([\d,]+) values and slopes"
    )
    found = re.search(counts, pages[""].get_text())
    assert found
    functions, beyond, papers, checked = (int(number.replace(",", "")) for number in found.groups())
    assert beyond == sum(is_beyond_torch(names(slug)) for slug in CATALOGUE)
    assert functions + beyond == len(CATALOGUE) and checked > 100 * functions
    listed = pages["bibliography/"].select("article .af-paper")
    assert papers == len(listed)


def test_home_begins_with_the_search_and_fits_one_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    for card in page.locator(".af-ways a").all():
        expect(card).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Search a name").click()
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("gelu")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
