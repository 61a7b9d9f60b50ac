"""How pages are set: what has a voice, what stands on what, in headless Chromium."""

import pytest
from conftest import DESKTOP, PHONE, first_of_each, shape, watched
from playwright.sync_api import Browser, Page, expect
from test_accessibility import SCHEMES, Scheme, visit
from test_browser import ONE_SCREEN
from test_print import COLOURS

BOTH = pytest.mark.parametrize("scheme", SCHEMES)
WITH_CONTROLS = ["activations/", "bibliography/", "choose/", "compare/", "models/"]
# fields and buttons that stand in no plot and repeat with no paper: how each kind of them is drawn
CONTROLS = """() => [...document.querySelectorAll(
    '.md-content :is(.af-button, .af-filter input, .af-tools input, .af-fields input, select)')]
  .filter(e => e.checkVisibility() && !['checkbox', 'radio'].includes(e.type))
  .filter(e => !e.closest('.af-plot, .af-actions'))
  .map(e => [e.getBoundingClientRect().height, getComputedStyle(e)])
  .map(([height, s]) => [height, s.fontSize, s.borderColor, s.borderRadius].join())"""
# parts of the head that are higher than the room that they have
SPILLED = """() => [...document.querySelectorAll('.af-formula, .af-glance :is(dt, dd)')]
  .filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 2)
  .map(e => `${e.textContent.trim().slice(0, 40)}: ${e.scrollHeight} in ${e.clientHeight}`)"""
BROKEN = """() => [...document.querySelectorAll('td code, td[style*="right"]')]
  .filter(e => e.checkVisibility() && (e.matches('td') || /^[\\w']+$/.test(e.textContent)))
  .filter(e => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const { height } = range.getBoundingClientRect();
    return height > 1.9 * parseFloat(getComputedStyle(e).fontSize);
  })
  .map(e => e.textContent)"""
RATIO = """e => {
  COLOURS
  const both = [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor];
  const [a, b] = both.map(colour => light(colour) + 0.05);
  return Math.max(a, b) / Math.min(a, b);
}""".replace("COLOURS", COLOURS)


def test_under_a_finger_no_row_stands_on_what_follows(browser: Browser, address: str) -> None:
    """Nor a formula: room for a finger is the least that they get, not the most."""
    with watched(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        for slug in {*first_of_each(shape), "gelu", "selu"}:
            page.goto(f"{address}activations/{slug}/")
            assert not page.evaluate(SPILLED), slug


@pytest.mark.parametrize("name", WITH_CONTROLS)
def test_controls_have_one_look(page: Page, address: str, name: str) -> None:
    """One height, type, edge and corner, and no sign that the browser draws itself."""
    visit(page, address + name)
    looks = set(page.evaluate(CONTROLS))
    assert len(looks) == 1, looks
    drawn = "all => all.filter((e) => getComputedStyle(e).appearance !== 'none').length"
    assert not page.locator(".md-content select").evaluate_all(drawn)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "wide"])
@pytest.mark.parametrize("name", ["choose/", "models/", "activations/gelu/"])
def test_no_cell_breaks_a_name_or_a_number(
    page: Page, address: str, name: str, size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(address + name)
    assert not page.evaluate(BROKEN)


@BOTH
def test_the_head_of_a_table_stands_on_its_own_ground(
    page: Page, address: str, scheme: Scheme
) -> None:
    visit(page, f"{address}activations/", scheme)
    ground = "e => getComputedStyle(e).backgroundColor"
    head, group, name, paper = (
        page.locator(place).first.evaluate(ground)
        for place in (".af-catalogue thead th", ".af-group th", ".af-catalogue [scope=row]", "body")
    )
    assert head == group != name == paper


@BOTH
def test_one_sees_where_one_is(page: Page, address: str, scheme: Scheme) -> None:
    """By more than a shade: a line below the section, a heavier name in the column."""
    visit(page, f"{address}activations/gelu/", scheme)
    drawn = "all => all.map((e) => getComputedStyle(e).backgroundImage !== 'none')"
    assert page.locator(".md-tabs__item").evaluate_all(drawn).count(True) == 1
    weight = "all => all.map((e) => [e.innerText.trim(), +getComputedStyle(e).fontWeight])"
    links = page.locator(".md-nav--primary .md-nav__item .md-nav__item .md-nav__item a:visible")
    assert [name for name, heavy in links.evaluate_all(weight) if heavy >= 600] == ["GELU"]


@BOTH
def test_the_sign_that_leads_to_the_source_is_seen(
    page: Page, address: str, scheme: Scheme
) -> None:
    visit(page, f"{address}activations/gelu/", scheme)
    assert page.locator(".md-content__button").first.evaluate(RATIO) >= 4.5


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("slug", first_of_each(shape))
def test_the_letters_of_a_plot_are_the_pages_and_large_enough(
    page: Page, address: str, slug: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}activations/{slug}/", wait_until="networkidle")
    letters = page.locator(".af-hero svg text").evaluate_all(
        """all => all.filter(e => e.checkVisibility({visibilityProperty: true})).map(e => {
          const { a, b } = e.getScreenCTM();
          const style = getComputedStyle(e);
          return [parseFloat(style.fontSize) * Math.hypot(a, b), style.fontFamily];
        })"""
    )
    (face,) = {face for _, face in letters}
    assert face == page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "Helvetica" not in face
    assert min(size for size, _ in letters) >= 8
    assert sorted(size for size, _ in letters)[len(letters) // 2] > 9.5


def test_the_comparison_shows_its_plot_in_one_screen(page: Page, address: str) -> None:
    page.set_viewport_size(ONE_SCREEN)
    page.goto(f"{address}compare/", wait_until="networkidle")
    plot = page.locator(".af-compare .af-stage").bounding_box()
    assert plot and plot["y"] + plot["height"] <= ONE_SCREEN["height"]


def test_the_scheme_is_the_systems_until_one_is_chosen(page: Page, address: str) -> None:
    """While a page is open and on the next visit; then it stays, until it is given back."""
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}activations/elu/")
    body, switch = page.locator("body"), page.locator("[data-md-component=palette] label:visible")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    for scheme, name in reversed(SCHEMES.items()):
        page.emulate_media(color_scheme=scheme)
        expect(body).to_have_attribute("data-md-color-scheme", name)
        page.reload()
        expect(body).to_have_attribute("data-md-color-scheme", name)
    for chosen in ("slate", "default"):
        switch.click()
        page.reload()
        expect(body).to_have_attribute("data-md-color-scheme", chosen)
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    switch.click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
