"""The site in headless Chromium, as a reader uses it."""

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from conftest import DESKTOP, PAGES, PHONE, first_of_each, functions, shape, watched
from playwright.sync_api import Browser, Page, ViewportSize, expect

from activations import CATALOGUE


@pytest.mark.parametrize("slug", functions())
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


# for each part of a formula, and each formula: what is wrong with how it fits; the size is told
# against the one that it is drawn at where there is room
FIT = """(least) => [...document.querySelectorAll('.af-math')].flatMap(formula => {
  if (!formula.checkVisibility() || formula.closest('.md-typeset__scrollwrap')) return [];
  const ruler = document.createElement('i');
  ruler.style = 'display: inline-block; width: 100ex';
  formula.append(ruler);
  const ex = ruler.getBoundingClientRect().width / 100;
  ruler.remove();
  const room = formula.closest('.af-display, p, li, dd, div').getBoundingClientRect();
  const wrong = [...formula.children].flatMap(part => {
    const { left, right, width } = part.getBoundingClientRect();
    const size = width / (parseFloat(part.getAttribute('width')) * ex);
    return [
      left < room.left - 1 || right > room.right + 1 ? `is cut: ${right} of ${room.right}` : '',
      size < least && !formula.closest('#where-lambda') ? `is drawn at ${size.toFixed(2)}` : '',
    ];
  });
  const scrolls = getComputedStyle(formula).overflowX !== 'visible';
  const all = [...wrong, scrolls ? 'scrolls' : ''].filter(Boolean);
  return all.map(what => `${formula.ariaLabel} ${what}`);
})"""


@pytest.mark.parametrize(("width", "least"), [(1280, 0.95), (390, 0.7)])
def test_no_formula_is_cut_or_scrolls(page: Page, address: str, width: int, least: float) -> None:
    """Nor does one become small: but for SELU's λ, whose root no line can break."""
    page.set_viewport_size({"width": width, "height": 800})
    wrong = []
    for name in PAGES:
        page.goto(address + name)
        wrong += [f"{name}: {fault}" for fault in page.evaluate(FIT, least)]
    assert not wrong, "\n".join(wrong)


ONE_SCREEN: ViewportSize = {"width": 1280, "height": 800}
HEAD = "h1, .af-lead, .af-top .af-formula svg, .af-top dl, .af-hero svg[role=img]"


def test_the_top_of_each_page_answers_in_one_screen(page: Page, address: str) -> None:
    """Name, sentence, whole formula with what its symbols mean, derivative, facts, torch's name,
    alternatives and plot."""
    page.set_viewport_size(ONE_SCREEN)
    ends = "all => Math.max(...all.map((e) => e.getBoundingClientRect().bottom))"
    lowest = {}
    for slug in CATALOGUE:
        page.goto(f"{address}activations/{slug}/")
        lowest[slug] = page.locator(HEAD).evaluate_all(ends)
    assert not {slug: end for slug, end in lowest.items() if end > ONE_SCREEN["height"]}


def test_what_few_read_is_folded_and_opens_where_it_is_linked_to(page: Page, address: str) -> None:
    """By its section, from here and from elsewhere, and by a place in it."""
    gelu = f"{address}activations/gelu/"
    page.set_viewport_size(DESKTOP)
    page.goto(gelu, wait_until="networkidle")
    folds = page.locator(".af-whole")
    expect(folds).to_have_count(2)
    assert not page.locator(".af-whole[open]").count()
    assert page.evaluate("document.documentElement.scrollHeight") <= 6500
    page.locator(".md-sidebar--secondary a", has_text="Numerics").click()
    expect(folds.nth(1)).to_have_attribute("open", "")
    assert folds.nth(0).get_attribute("open") is None
    for anchor, n in (("same-function-elsewhere", 0), ("numerics", 1), ("plot-errors-cpu", 1)):
        page.goto("about:blank")
        page.goto(f"{gelu}#{anchor}")
        expect(folds.nth(n)).to_have_attribute("open", "")
        expect(page.locator(f"#{anchor}")).to_be_in_viewport()
        assert folds.nth(1 - n).get_attribute("open") is None


def test_a_fact_stands_once_on_its_page(pages: dict[str, BeautifulSoup]) -> None:
    """Those that people look up at the top, with what torch picks at kinks; the others below."""
    for slug, entry in CATALOGUE.items():
        soup = pages[f"activations/{slug}/"]
        top, rest = (
            [str(link["id"]) for link in soup.select(f"{place} .af-fact")]
            for place in (".af-top", ".af-facts")
        )
        assert top and rest and not {*top} & {*rest}
        assert "Alternatives" in soup.select(".af-top dt")[-1]
        if entry.kind == "elementwise":
            facts = ["range", "slope-at-zero", "smoothness", "monotone"]
            assert top in (facts, ["kinks", *facts])
            (kinks,) = soup.select("dt:has(#kinks), tr:has(#kinks)")
            assert ("none" in kinks.get_text()) == (kinks.name == "tr")


def test_search_answers_as_one_types_and_by_an_address(page: Page, address: str) -> None:
    """Its index comes only once one goes there; a question of two functions leads to both."""
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "search_index" in r.url else None)
    page.goto(f"{address}activations/elu/", wait_until="networkidle")
    assert not asked
    page.locator(".md-search__input").hover()
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1
    page.keyboard.press("f")
    page.keyboard.type("sigm", delay=30)
    first = page.locator(".md-search-result__link").first
    expect(first).to_contain_text("Sigmoid")
    expect(page.locator(".md-search__suggest")).to_contain_text("sigmoid")
    expect(first.locator("mark").first).to_have_text("Sigmoid")
    page.goto(f"{address}?q=gelu+vs+silu")
    first.click()
    page.wait_for_url(f"{address}compare/**")
    expect(page.locator(".af-chosen")).to_contain_text("GELU")
    expect(page.locator(".af-chosen")).to_contain_text("SiLU")
    page.goto(f"{address}?q=hard-swish")
    first.click()
    page.wait_for_url(f"{address}activations/hardswish/**")
    expect(page.locator(".md-content h1")).to_contain_text("Hardswish")


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


@pytest.mark.parametrize(("form", "end"), [("BibTeX", "bib"), ("RIS", "ris")])
def test_what_is_copied_of_a_paper_is_what_is_downloaded(
    page: Page, address: str, form: str, end: str
) -> None:
    page.goto(f"{address}bibliography/#clevert2016fast")
    entry = page.locator("#clevert2016fast")
    entry.get_by_role("button", name=f"Copy {form}").click()
    expect(entry.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        entry.get_by_role("link", name=form, exact=True).click()
    assert download.value.suggested_filename == f"clevert2016fast.{end}"
    assert copied == Path(download.value.path()).read_text(encoding="utf-8")
    assert copied.startswith({"bib": "@inproceedings{clevert2016fast,", "ris": "TY  -"}[end])


def test_the_bibliography_is_filtered_by_words(page: Page, address: str) -> None:
    """Names without their accents and years alike; years without a paper go."""
    page.goto(f"{address}bibliography/")
    box = page.get_by_label("Filter by author, title, year or activation")
    shown, counted = page.locator(".af-paper:visible"), page.locator(".af-filter output")
    everything = shown.count()
    expect(counted).to_have_text(f"{everything} papers")
    for query, keys in (
        ("hochreiter 2016", ["clevert2016fast"]),
        ("HOCHREITER 1991", ["hochreiter1991untersuchungen"]),
        ("muller backprop", ["lecun1998efficient"]),
        ("celu barron", ["barron2017continuously"]),
        ("nobody", []),
    ):
        box.fill(query)
        expect(counted).to_have_text(f"{len(keys)} of {everything} papers")
        assert shown.evaluate_all("all => all.map(e => e.id)") == keys
        assert page.locator("h2:visible").count() == len(keys)
    box.fill("")
    expect(counted).to_have_text(f"{everything} papers")
    expect(page).to_have_url(re.compile(r"bibliography/(#.*)?$"))


def test_who_looks_for_a_function_finds_first_what_introduced_it(page: Page, address: str) -> None:
    page.goto(f"{address}bibliography/")
    shown, box = page.locator(".af-paper:visible"), page.get_by_label("Filter by author")
    before = shown.evaluate_all("all => all.map(e => e.id)")
    for query, key in (
        ("gelu", "hendrycks2016gelu"),
        ("GELU", "hendrycks2016gelu"),
        ("relu", "fukushima1969visual"),
        ("hardsw", "howard2019searching"),
    ):
        box.fill(query)
        found = shown.evaluate_all("all => all.map(e => e.id)")
        assert found[0] == key and len(found) == len(set(found)) > 1
    box.fill("")
    assert shown.evaluate_all("all => all.map(e => e.id)") == before


def test_years_without_a_paper_leave_the_table_of_contents(page: Page, address: str) -> None:
    page.goto(f"{address}bibliography/")
    years = page.locator(".md-sidebar--secondary .md-nav__item:visible a")
    expect(years).to_have_count(page.locator("h2[id^=year-]").count())
    page.get_by_label("Filter by author").fill("hochreiter")
    kept = page.locator("h2:visible").evaluate_all("all => all.map(e => `#${e.id}`)")
    assert kept == years.evaluate_all("all => all.map(e => e.hash)") and kept


def test_with_260_papers_the_bibliography_stays_light(site: Path) -> None:
    """As much for each paper more as for those that there are: they do not repeat one another."""
    soup = BeautifulSoup((site / "bibliography/index.html").read_text("utf-8"), "html.parser")
    whole = len(gzip.compress(str(soup).encode(), 9))
    papers = soup.select(".af-paper")
    for paper in papers:
        paper.decompose()
    frame = len(gzip.compress(str(soup).encode(), 9))
    assert frame + 260 * (whole - frame) / len(papers) < 100_000


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


# the copy control

FORMS = {"LaTeX": "latex", "MathML": "mathml", "SymPy": "sympy", "Python": "python"}


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


@pytest.mark.parametrize("slug", first_of_each(shape))
def test_every_item_of_every_menu_copies_its_form(
    page: Page, address: str, site: Path, slug: str
) -> None:
    page.goto(f"{address}activations/{slug}/")
    forms = json.loads((site / "activations" / slug / "forms.json").read_text(encoding="utf-8"))
    buttons = page.locator(".af-copy")
    expect(buttons).to_have_count(len(forms))
    assert {b.get_attribute("data-anchor") for b in buttons.all()} == {*forms}
    for anchor in [a for a in forms if "formula" in a or "where" in a] + ["range", "smoothness"]:
        if anchor not in forms:
            continue
        for label, key in FORMS.items():
            assert copy(page, anchor, label) == forms[anchor][key], (anchor, label)
        link = copy(page, anchor, "Link")
        assert link == f"{address}activations/{slug}/#{anchor}"
    page.goto(link)
    expect(page.locator(f'[id="{anchor}"]')).to_be_in_viewport()


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
    button.click()
    page.locator(".md-content h1").click()
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert clipboard(page).startswith("import math\n\n\ndef elu_derivative(x, alpha=1.0):")


def test_copying_goes_on_after_a_page_change(page: Page, address: str) -> None:
    """Without a reload the next page has its own buttons, once, and its own forms."""
    page.goto(f"{address}activations/elu/")
    copy(page, "definition-formula", "LaTeX")
    page.locator("nav.md-nav--primary a", has_text="CELU").first.click()
    page.wait_for_url(f"{address}activations/celu/")
    expect(page.locator(".md-content h1")).to_contain_text("CELU")
    formula = page.locator("#definition-formula svg").last
    assert formula.evaluate("e => e.getBoundingClientRect().width") > 100
    expect(page.locator('.af-copy[data-anchor="definition-formula"]')).to_have_count(1)
    assert copy(page, "definition-formula", "SymPy").rstrip().splitlines()[-1].startswith("celu =")
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


def test_on_a_phone_a_finger_hits_every_control(browser: Browser, address: str) -> None:
    """A check box by its label; and no sign of a link stands beside a heading."""
    with watched(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        others = ("activations/", "bibliography/", "choose/", "compare/")
        for name in (*[f"activations/{slug}/" for slug in first_of_each(shape)], *others):
            page.goto(address + name)
            held = ".af-plot, .af-filter, .af-guide, .af-tools, .af-chosen, .af-actions"
            kinds = "button, select, input, label:has(> :is([type=checkbox], [type=radio]))"
            small = page.locator(f".af-copy, .af-menu, :is({held}) :is({kinds})").evaluate_all(
                """all => all.filter(e => e.checkVisibility())
                  .filter(e => !['checkbox', 'radio'].includes(e.type))
                  .map(e => [e.outerHTML, e.getBoundingClientRect().height])
                  .filter(([, height]) => height < 40)"""
            )
            assert not small, name
            assert not page.locator(".headerlink:visible").count()


# pictures


@pytest.mark.parametrize("slug", first_of_each(shape))
def test_every_plot_is_had_as_a_file(page: Page, address: str, slug: str) -> None:
    """As it is seen, in colours that need no page, with the licence."""
    page.goto(f"{address}activations/{slug}/")
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    for figure in page.locator("figure.af-plot").all():
        name = f"{slug}-{(figure.get_attribute('id') or '').removeprefix('plot-')}"
        found = {}
        for form in ("SVG", "PNG"):
            with page.expect_download() as download:
                figure.get_by_role("button", name=form).click()
            assert download.value.suggested_filename == f"{name}.{form.lower()}"
            found[form] = Path(download.value.path()).read_bytes()
        drawn = ElementTree.fromstring(found["SVG"])
        texts = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert texts[-1].endswith(f"/activations/{slug}/ · CC BY 4.0")
        assert not re.search(r"var\(|af-grip", found["SVG"].decode())
        wide, high = (int.from_bytes(found["PNG"][at : at + 4], "big") for at in (16, 20))
        assert wide == pytest.approx(4 * float(drawn.attrib["width"]), abs=4)
        assert high == pytest.approx(4 * float(drawn.attrib["height"]), abs=4)


def test_the_picture_is_what_the_reader_sees(page: Page, address: str) -> None:
    page.goto(f"{address}activations/elu/?alpha=2&show=f")
    expect(page.locator(".af-hero.af-live")).to_be_visible()
    with page.expect_download() as download:
        page.locator(".af-hero [data-picture=svg]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<title>ELU, α = 2.</title>" in text and "f(x)" in text and "f′(x)" not in text
