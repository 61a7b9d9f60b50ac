"""The site in headless Chromium, as a reader uses it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import served
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from activations import CATALOGUE

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
OURS = ("http://127.0.0.1", "data:", "blob:")
KINDS_OF_PAGES = [
    "", "activations/", "activations/elu/", "activations/softmax/", "activations/selu/",
    "activations/multihead_attention/", "choose/", "concepts/", "initialization/", "bibliography/",
    "cite/", "contributing/", "data/", "notebooks/hands_on/",
]  # fmt: skip


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site, served on this machine."""
    with served(site) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page; the test fails on a console error or a request to another host."""
    context = browser.new_context(viewport=DESKTOP, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith(OURS) else trouble.append(r.url),
    )
    yield page
    context.close()
    assert not trouble, trouble


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
    plot = page.locator(".af-hero svg").bounding_box()
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
    expect(page.locator("h1")).to_contain_text(CATALOGUE[slug].name)


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
    assert page.evaluate("window.stayed")
    width = page.locator("#definition-formula svg").evaluate("e => e.getBoundingClientRect().width")
    assert width > 100


def test_the_bibtex_that_is_copied_is_the_one_that_is_downloaded(page: Page, address: str) -> None:
    page.goto(f"{address}bibliography/#clevert2016fast")
    entry = page.locator("#clevert2016fast")
    entry.get_by_role("button", name="Copy BibTeX").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        entry.get_by_role("link", name="BibTeX", exact=True).click()
    assert download.value.suggested_filename == "clevert2016fast.bib"
    assert copied == Path(download.value.path()).read_text(encoding="utf-8")
    assert copied.startswith("@inproceedings{clevert2016fast,")


def test_a_page_is_cited_by_copying(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    box = page.locator(".af-cite-page")
    box.locator("summary").press("Enter")
    box.get_by_role("button", name="Copy BibTeX").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == box.locator("code").inner_text()
    with page.expect_download() as download:
        box.get_by_role("link", name="RIS").click()
    assert "ID  - clevert2016fast" in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("hochreiter 2016", ["clevert2016fast"]),
        ("HOCHREITER 1991", ["hochreiter1991untersuchungen"]),
        ("muller backprop", ["lecun1998efficient"]),
        ("celu barron", ["barron2017continuously"]),
        ("nobody", []),
    ],
)
def test_the_bibliography_is_filtered_with_the_keys_alone(
    page: Page, address: str, query: str, keys: list[str]
) -> None:
    page.goto(f"{address}bibliography/")
    box = page.get_by_label("Filter by author, title, year or activation")
    everything = page.locator(".af-paper").count()
    expect(page.locator(".af-filter output")).to_have_text(f"{everything} papers")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if box.evaluate("e => e === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.type(query)
    shown = page.locator(".af-paper:visible")
    expect(page.locator(".af-filter output")).to_have_text(f"{len(keys)} of {everything} papers")
    assert shown.evaluate_all("all => all.map(e => e.id)") == keys
    assert page.locator("h2:visible").count() == len(keys)
    page.reload()
    expect(box).to_have_value(query)
    assert shown.evaluate_all("all => all.map(e => e.id)") == keys
    box.fill("")
    assert "find" not in page.url
    assert shown.count() == everything


def test_the_filter_works_where_one_arrives_without_reloading(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    page.locator(".md-tabs").get_by_role("link", name="Bibliography").click()
    page.wait_for_url(f"{address}bibliography/")
    page.get_by_label("Filter by author").fill("bridle")
    assert page.locator(".af-paper:visible").count() == 2
    assert page.evaluate("window.stayed")


def test_a_citation_leads_to_its_paper_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.locator(".af-cite a").first.click()
    page.wait_for_url(f"{address}bibliography/#clevert2016fast")
    page.locator("#clevert2016fast .af-cited a", has_text="History and papers").first.click()
    page.wait_for_url("**#history-and-papers")


def test_without_scripts_the_bibliography_has_no_dead_control(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}bibliography/")
    assert page.locator(".af-paper:visible").count() > 60
    assert page.locator(".af-button:visible, .af-filter:visible").count() == 0
    context.close()


def test_code_is_copied(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    block = page.locator(".highlight").first
    block.locator(".md-code__button[data-md-type='copy'], .md-clipboard").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip()


def test_a_fact_has_an_address(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.locator("a.af-fact", has_text="Limits").click()
    assert page.url.endswith("#limits")


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
    assert page.locator(".af-hero svg").bounding_box()
    assert page.pdf().startswith(b"%PDF")


def test_a_missing_page_helps(page: Page, address: str, site: Path) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "Page not found" in text and "activations/" in text
