"""How a page comes in: nothing moves, and scripts leave standing what the build wrote.

What a script moves or marks in a page that is already there, the browser styles and lays out again.
"""

from typing import Any

import pytest
from conftest import until
from playwright.sync_api import Page, expect

PAGES = (
    "",
    "activations/",
    "activations/elu/",
    "activations/gelu/",
    "bibliography/",
    "compare/",
    "models/",
    "notebooks/hands_on/",
)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
WATCH = """
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(
    ({ value, sources }) => [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))],
  ))).observe({ type: 'layout-shift', buffered: true });
  window.put = [];
  document.addEventListener('readystatechange', () => {
    window.atFirst = document.documentElement.className;
    const told = (node) => node.getAttribute?.('class') || node.nodeName;
    new MutationObserver((records) => window.put.push(...records.flatMap(
      ({ addedNodes }) => [...addedNodes].map(told),
    ))).observe(document, { childList: true, subtree: true });
  }, { once: true });
"""


def load(page: Page, url: str) -> None:
    """Open the page; its scripts come once it is painted."""
    page.add_init_script(WATCH)
    page.route("**/*.js", lambda _: None)  # held back until nothing answers for it any more
    page.goto(url, wait_until="commit")
    until(page, PAINTED)
    page.unroute("**/*.js")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves(page: Page, address: str, name: str, size: Any) -> None:
    page.set_viewport_size(size)
    load(page, address + name)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("name", PAGES)
def test_what_the_build_wrote_stays_where_it_is(page: Page, address: str, name: str) -> None:
    load(page, address + name)
    assert page.evaluate("window.atFirst") == "js"
    assert not {"TABLE", "af-table", "af-paper", "md-typeset__table"} & {*page.evaluate("put")}


def test_blocks_of_code_get_buttons_as_they_come_into_sight(page: Page, address: str) -> None:
    load(page, f"{address}notebooks/hands_on/")
    blocks = page.locator("pre:has(> code)")
    buttons = page.locator(".md-code__nav")
    assert 0 < buttons.count() < blocks.count() / 2
    last = page.locator(".highlight").last
    last.scroll_into_view_if_needed()
    expect(last.locator(".md-code__nav")).to_have_role("none")


def test_colours_change_at_once_by_a_rule_that_comes_with_the_change(
    page: Page, address: str
) -> None:
    load(page, address)
    rules = (
        "[...document.styleSheets, ...document.adoptedStyleSheets].flatMap((s) => [...s.cssRules])"
    )
    switching = f"{rules}.some(({{ cssText }}) => cssText.includes('data-md-color-switching'))"
    assert not page.evaluate(switching)
    fading = "getComputedStyle(document.querySelector('.md-content a')).transitionDuration"
    assert page.evaluate(fading) != "0s"
    page.locator(".md-header__option label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.evaluate("document.body.dataset.mdColorSwitching = ''")
    assert page.evaluate(fading) == "0s"
