"""The site in headless Chromium, as a reader uses it."""

from pathlib import Path

import pytest
from conftest import DESKTOP, PHONE
from playwright.sync_api import Page, expect

from activations import CATALOGUE

KINDS_OF_PAGES = [
    "", "activations/", "activations/elu/", "activations/softmax/", "activations/selu/",
    "activations/multihead_attention/", "choose/", "concepts/", "initialization/", "bibliography/",
    "cite/", "contributing/", "data/", "notebooks/hands_on/",
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS_OF_PAGES)
def test_a_page_on_a_phone_does_not_scroll_sideways(page: Page, address: str, name: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address + name)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{name} is {wide} px wide"
    page.evaluate("window.scrollBy(200, 0)")
    assert page.evaluate("window.scrollX") == 0


@pytest.mark.parametrize("slug", CATALOGUE)
def test_formulas_and_plot_are_visible(page: Page, address: str, slug: str) -> None:
    page.goto(f"{address}activations/{slug}/")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.af-math > svg')].map(svg => {
             const box = svg.getBoundingClientRect();
             const ink = [...svg.querySelectorAll('use')].some(
               use => use.getBoundingClientRect().width > 0);
             return [box.width, box.height, ink];
           })"""
    )
    assert sizes
    assert all(w > 3 and h > 3 and ink for w, h, ink in sizes)
    plot = page.locator(".af-hero svg").first.bounding_box()
    assert plot and plot["width"] > 250 and plot["height"] > 200
    line = page.locator(".af-hero svg path").first.evaluate("e => e.getBoundingClientRect().width")
    assert line > 0


def test_the_head_of_a_page_is_above_the_fold(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    for selector in ("h1", ".af-lead", "#definition-formula svg", ".af-hero svg", ".af-glance dl"):
        box = page.locator(selector).first.bounding_box()
        assert box and box["y"] + box["height"] <= DESKTOP["height"], selector


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("swish", "swish"), ("logistic", "sigmoid"), ("gelu", "gelu"), ("softargmax", "softmax"),
        ("hard-swish", "hardswish"), ("Swish-1", "silu"), ("elu", "elu"), ("leaky", "leaky_relu"),
        ("relu", "relu"), ("attention", "multihead_attention"), ("log softmax", "log_softmax"),
        ("selu", "selu"), ("tanh", "tanh"), ("hard sigmoid", "hardsigmoid"),
    ],
)  # fmt: skip
def test_search_finds_the_functions_own_page_first(
    page: Page, address: str, query: str, slug: str
) -> None:
    page.goto(f"{address}?q={query}")
    first = page.locator(".md-search-result__link").first
    expect(first).to_be_visible()
    first.click()
    page.wait_for_url(f"{address}activations/{slug}/**")
    expect(page.locator(".md-content h1")).to_contain_text(CATALOGUE[slug].name)


def test_search_answers_while_one_types(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("f")
    page.keyboard.type("sigm", delay=30)
    expect(page.locator(".md-search-result__link").first).to_contain_text("Sigmoid")
    expect(page.locator(".md-search__suggest")).to_contain_text("sigmoid")


def test_the_scheme_switches_and_colours_follow(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    curve = page.locator(".af-hero svg [style*='stroke: var(--af-f,']").first
    light = curve.evaluate("e => getComputedStyle(e).stroke")
    page.locator("label[for='__palette_1']").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    dark = curve.evaluate("e => getComputedStyle(e).stroke")
    assert light != dark
    formula = page.locator(".af-math svg g").first.evaluate("e => getComputedStyle(e).fill")
    text = page.locator("article p").first.evaluate("e => getComputedStyle(e).color")
    assert formula == text


def test_pages_change_without_reloading_and_formulas_stay(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    page.locator("nav.md-nav--primary a", has_text="GELU").first.click()
    page.wait_for_url(f"{address}activations/gelu/")
    expect(page.locator("h1")).to_contain_text("GELU")
    width = page.locator("#definition-formula svg").evaluate("e => e.getBoundingClientRect().width")
    assert width > 100
    assert page.evaluate("window.stayed") is True


def test_code_and_bibtex_are_copied(page: Page, address: str) -> None:
    page.goto(f"{address}bibliography/#clevert2016fast")
    entry = page.locator("#clevert2016fast")
    entry.locator("summary").click()
    code = entry.locator("code").first.inner_text()
    entry.locator(".md-code__button[data-md-type='copy'], .md-clipboard").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code.strip()
    assert copied.startswith("@inproceedings{clevert2016fast,")


def test_a_fact_has_an_address(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.locator("a.af-fact", has_text="Limits").click()
    page.wait_for_url("**#limits")


def test_the_keyboard_reaches_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent.trim()")
    assert focused == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#elu")


def test_a_page_prints(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.emulate_media(media="print")
    assert page.locator(".md-header").evaluate("e => getComputedStyle(e).display") == "none"
    assert page.locator(".af-hero svg").first.bounding_box()
    assert page.pdf().startswith(b"%PDF")


def test_a_missing_page_helps(page: Page, address: str, site: Path) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "Page not found" in text and "activations/" in text
