"""The site in headless Chromium, as a reader uses it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import DESKTOP, KINDS_OF_PAGES, PHONE
from playwright.sync_api import Browser, Page, expect

from activations import CATALOGUE


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
        """() => [...document.querySelectorAll('.af-math:not(.tabbed-block *) > svg')].map(svg => {
             const box = svg.getBoundingClientRect();
             const ink = svg.querySelector('path').getBoundingClientRect().width > 0;
             return [box.width, box.height, ink];
           })"""
    )
    assert sizes
    assert all(w > 3 and h > 3 and ink for w, h, ink in sizes)
    plot = page.locator(".af-hero svg").first.bounding_box()
    assert plot and plot["width"] > 250 and plot["height"] > 200
    widths = "all => Math.max(...all.map((e) => e.getBoundingClientRect().width))"
    assert page.locator(".af-hero svg path").evaluate_all(widths) > 100


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


def test_the_search_index_comes_only_when_one_goes_to_the_search(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "search_index" in r.url else None)
    page.goto(f"{address}activations/elu/", wait_until="networkidle")
    assert not asked
    page.locator(".md-search__input").hover()
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1


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
    formula = page.locator(".af-math svg path").first.evaluate("e => getComputedStyle(e).fill")
    text = page.locator("article p").first.evaluate("e => getComputedStyle(e).color")
    assert formula == text


def test_pages_change_without_reloading_and_formulas_stay(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    page.locator("nav.md-nav--primary a", has_text="GELU").first.click()
    page.wait_for_url(f"{address}activations/gelu/")
    expect(page.locator(".md-content h1")).to_contain_text("GELU")
    assert page.evaluate("window.stayed")
    width = page.locator("#definition-formula svg").evaluate("e => e.getBoundingClientRect().width")
    assert width > 100
    assert page.evaluate("window.stayed") is True


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
    expect(page).to_have_url(re.compile(r"\?find=."))
    page.reload()
    expect(box).to_have_value(query)
    assert shown.evaluate_all("all => all.map(e => e.id)") == keys
    box.fill("")
    expect(page).to_have_url(re.compile(r"bibliography/(#.*)?$"))
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
    page.goto(f"{address}activations/elu/#when-to-use-it")
    page.wait_for_load_state("networkidle")
    citation = page.locator(".af-cite a").first
    expect(citation).to_be_in_viewport()
    citation.click()
    page.wait_for_url(f"{address}bibliography/**")
    paper = page.locator("#clevert2016fast")
    expect(paper).to_be_in_viewport()
    back = paper.locator(".af-cited a", has_text="History and papers").first
    place = back.evaluate("link => link.href")
    back.click()
    page.wait_for_url(place)
    expect(page.locator("#history-and-papers")).to_be_in_viewport()


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
    expect(page).to_have_url(f"{address}activations/elu/#limits")


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


# the copy control

FORMS = {"LaTeX": "latex", "MathML": "mathml", "SymPy": "sympy", "Python": "python"}
COPIED = ["elu", "gelu", "softmax", "glu", "multihead_attention"]


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def copy(page: Page, anchor: str, form: str) -> str:
    """What is on the clipboard once a reader has chosen the form in the menu at the anchor."""
    button = page.locator(f'.af-copy[data-anchor="{anchor}"]')
    button.click()
    page.get_by_role("menuitem", name=form, exact=True).click()
    expect(page.locator("[role=status].af-said")).to_have_text(f"Copied: {form}")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    return clipboard(page)


@pytest.mark.parametrize("slug", COPIED)
def test_every_item_of_every_menu_copies_its_form(
    page: Page, address: str, site: Path, slug: str
) -> None:
    page.goto(f"{address}activations/{slug}/")
    forms = json.loads((site / "activations" / slug / "forms.json").read_text(encoding="utf-8"))
    buttons = page.locator(".af-copy")
    expect(buttons).to_have_count(len(forms))
    assert [b.get_attribute("data-anchor") for b in buttons.all()] == list(forms)
    for anchor in [a for a in forms if "formula" in a or "where" in a] + ["range", "smoothness"]:
        if anchor not in forms:
            continue
        for label, key in FORMS.items():
            assert copy(page, anchor, label) == forms[anchor][key], (anchor, label)
        link = copy(page, anchor, "Link")
        assert link == f"{address}activations/{slug}/#{anchor}"
    page.goto(link)
    expect(page.locator(f'[id="{anchor}"]')).to_be_in_viewport()


def test_what_is_pasted_evaluates(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    space: dict[str, Any] = {}
    exec(copy(page, "definition-formula", "Python"), space)
    elu = torch.nn.functional.elu(torch.tensor([-1.5, 2.0], dtype=torch.float64)).tolist()
    assert [space["elu"](-1.5), space["elu"](2.0)] == pytest.approx(elu, abs=1e-15)
    exec(copy(page, "derivative-formula", "SymPy"), space)
    slope = space["elu_derivative"].subs({space["x"]: -1.5, space["alpha"]: 2})
    assert float(slope) == pytest.approx(2 * elu[0] + 2, abs=1e-15)
    exec(copy(page, "gain", "Python"), space)
    assert space["elu_gain"] == pytest.approx(1.2451983007007066, abs=1e-15)


def test_the_menu_is_worked_by_keys(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    button = page.get_by_role("button", name="Copy derivative formula", exact=True)
    menu = page.get_by_role("menu")
    for opener in ("Enter", "Space"):
        button.focus()
        page.keyboard.press(opener)
        expect(menu).to_be_visible()
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("menuitem", name="LaTeX")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("menuitem", name="Link")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name="MathML")).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert clipboard(page).startswith("import math\n\n\ndef elu_derivative(x, alpha=1.0):")


def test_a_click_elsewhere_closes_the_menu(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.locator(".af-copy").first.click()
    page.locator(".md-content h1").click()
    expect(page.get_by_role("menu")).to_be_hidden()


def test_copying_goes_on_after_a_page_change(page: Page, address: str) -> None:
    """Without a reload the next page has its own buttons, once, and its own forms."""
    page.goto(f"{address}activations/elu/")
    copy(page, "definition-formula", "LaTeX")
    page.locator("nav.md-nav--primary a", has_text="GELU").first.click()
    page.wait_for_url(f"{address}activations/gelu/")
    expect(page.locator(".md-content h1")).to_contain_text("GELU")
    expect(page.locator('.af-copy[data-anchor="definition-formula"]')).to_have_count(1)
    assert copy(page, "definition-formula", "SymPy").rstrip().splitlines()[-1].startswith("gelu =")
    page.goto(f"{address}choose/")
    expect(page.locator(".af-copy")).to_have_count(0)


def test_a_failed_copy_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }"
    )
    page.locator(".af-copy").first.click()
    page.get_by_role("menuitem", name="LaTeX").click()
    expect(page.locator("[role=status].af-said")).to_have_text("Not copied: not allowed")
    expect(page.locator(".af-copy").first).to_have_text("Failed")


def test_on_a_phone_the_copy_control_can_be_seen_and_hit(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}activations/multihead_attention/")
    for button in page.locator(".af-copy").all():
        box = button.bounding_box()
        assert box and box["height"] >= 24 and box["width"] >= 24
        assert button.evaluate("e => getComputedStyle(e).opacity") == "1"
    page.locator(".af-copy").first.tap()
    menu = page.get_by_role("menu").bounding_box()
    assert menu and menu["x"] >= 0 and menu["x"] + menu["width"] <= PHONE["width"]
    page.get_by_role("menuitem", name="Python").tap()
    expect(page.locator(".af-copy").first).to_have_text("Copied")
    context.close()


def test_the_script_moves_nothing(page: Page, address: str) -> None:
    """Nothing has another place or size once the buttons are there."""
    places = []
    for blocked in (True, False):
        page.goto("about:blank")
        if blocked:
            page.route(
                "**/main.js", lambda route: route.fulfill(body="", content_type="text/javascript")
            )
        else:
            page.unroute("**/main.js")
        page.goto(f"{address}activations/selu/", wait_until="networkidle")
        found = page.locator(".af-formula, .af-display, .af-facts td, .af-glance, h2")
        places.append([e.bounding_box() for e in found.all()])
        assert bool(page.locator(".af-copy").count()) != blocked
    assert places[0] == places[1]


def test_every_formula_links_to_itself(page: Page, address: str) -> None:
    page.goto(f"{address}activations/selu/")
    for link in page.locator(".af-formula .headerlink").all():
        link.focus()
        expect(link).to_have_css("opacity", "1")
    page.locator("#where-alpha .headerlink").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#where-alpha")


def test_the_copy_control_is_not_printed(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/")
    page.emulate_media(media="print")
    expect(page.locator(".af-copy").first).to_be_hidden()
