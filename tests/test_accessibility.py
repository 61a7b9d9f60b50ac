"""What a reader without a mouse, without sight or with weak sight needs, in headless Chromium."""

from typing import Literal

import pytest
from conftest import DESKTOP, EVERYWHERE, PHONE, ROOT
from playwright.sync_api import Browser, Page, ViewportSize, expect
from test_print import COLOURS

Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}
SIZES = {"wide": DESKTOP, "phone": PHONE}

# for each place that the Tab key reaches: its name, and what is wrong with how the focus is shown
STOP = """() => {
  COLOURS
  const at = document.activeElement;
  if (at === document.body) return null;
  const name = `${at.tagName} ${at.id} ${at.className} ${at.textContent.trim().slice(0, 40)}`;
  const visible = {opacityProperty: true, visibilityProperty: true};
  const shown = [at, ...(at.labels ?? []), ...at.parentElement.children].find(
    e => e?.checkVisibility(visible) && getComputedStyle(e).outlineStyle === 'solid');
  if (!shown) return [name, 'has no outline'];
  const back = e => getComputedStyle(e).backgroundColor;
  let under = shown.parentElement;
  while (under.parentElement && painted(back(under))[3] < 255) under = under.parentElement;
  const ground = painted(back(under))[3] ? back(under) : 'white';
  const both = [getComputedStyle(shown).outlineColor, ground].map(c => light(c) + 0.05);
  if (Math.max(...both) / Math.min(...both) < 3) return [name, `outline is faint on ${ground}`];
  const box = shown.getClientRects()[0];
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (left >= right || top >= bottom) return [name, 'is outside the window'];
  const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const seen = shown.contains(found) || found.contains(shown);
  return [name, seen ? '' : `is covered by ${found.outerHTML.slice(0, 80)}`];
}""".replace("COLOURS", COLOURS)
VIEWS = pytest.mark.parametrize(
    ("scheme", "size"),
    [
        ("dark", "wide"),
        ("light", "phone"),
        pytest.param("light", "wide", marks=pytest.mark.long),
        pytest.param("dark", "phone", marks=pytest.mark.long),
    ],
)
MOVED = [
    "activations/glu/?a=1&b=2", "activations/rrelu/?show=f,df,ddf&at=-1",
    "activations/gumbel_softmax/?x=2,1,0,-3", "bibliography/?find=hochreiter",
    "compare/?f=gelu,gelu:approximate=tanh,relu,rrelu,hardtanh,mish,tanh&from=gelu",
    "choose/?for=Transformer&need=alive",
]  # fmt: skip
"""Pages in a state that their scripts restore from the address."""


def visit(page: Page, url: str, scheme: Scheme = "light", size: ViewportSize = DESKTOP) -> None:
    """Open the page without motion, so that nothing is judged halfway."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])


def faults(page: Page) -> list[str]:
    """What axe-core, with all the rules that it runs by default, finds on the page as it stands.

    The selector of each element without a fault, which axe would tell too, takes most of its time.
    """
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert result["passes"]
    return [
        f"{rule['id']}: {node['html'][:200]}\n{node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def settled(page: Page) -> list[str] | None:
    """What STOP says, once the page has had half a second to show what took the focus."""
    for _ in range(10):
        stop = page.evaluate(STOP)
        if stop is None or not stop[1]:
            break
        page.wait_for_timeout(50)
    return stop


def said(found: list[str]) -> str:
    return "\n\n".join(found[:20])


@VIEWS
@pytest.mark.parametrize("name", [*EVERYWHERE, *MOVED])
def test_axe_finds_no_fault(page: Page, address: str, name: str, scheme: Scheme, size: str) -> None:
    """With every box of details open, the one that cites the page among them."""
    visit(page, address + name, scheme, SIZES[size])
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SIZES[size]["width"], f"{name} is {wide} px wide and scrolls sideways"
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    found = faults(page)
    assert not found, said(found)


@VIEWS
def test_axe_finds_no_fault_in_what_opens(
    page: Page, address: str, scheme: Scheme, size: str
) -> None:
    """The copy menu, the search with its results, and the drawer where there is one."""
    visit(page, f"{address}activations/elu/", scheme, SIZES[size])
    page.locator(".af-copy").first.click()
    expect(page.get_by_role("menu")).to_be_visible()
    found = faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.type("gelu", delay=30)
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    expect(page.get_by_role("dialog", name="Search")).to_have_count(1)
    found += faults(page)
    page.keyboard.press("Escape")
    if size == "phone":
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name="CELU").first).to_be_in_viewport()
        found += faults(page)
    assert not found, said(found)


def test_axe_finds_no_fault_where_one_arrives_without_reloading(page: Page, address: str) -> None:
    visit(page, f"{address}choose/")
    page.evaluate("window.stayed = true")
    page.locator(".md-tabs").get_by_role("link", name="Learn").click()
    page.wait_for_url(f"{address}concepts/")
    expect(page.locator(".md-content h1")).to_contain_text("Concepts")
    expect(page.locator(".md-code__button").first).to_be_visible()
    assert page.evaluate("window.stayed")
    found = faults(page)
    assert not found, said(found)


@VIEWS
@pytest.mark.parametrize("name", ["", "activations/", "activations/elu/", "choose/", "404.html"])
def test_the_focus_is_seen_wherever_the_tab_key_goes(
    page: Page, address: str, name: str, size: str, scheme: Scheme
) -> None:
    visit(page, address + name, scheme, SIZES[size])
    found = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = settled(page)
        if stop is None:
            break
        found.append(stop)
    assert len(found) >= 4
    wrong = [f"{place}: {fault}" for place, fault in found if fault]
    assert not wrong, said(wrong)


def test_one_skips_to_the_text(page: Page, address: str) -> None:
    visit(page, f"{address}activations/elu/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    page.wait_for_url("**#elu")
    expect(page.locator("a:focus")).to_have_count(0)  # the jump takes the focus from the link
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("e => Boolean(e.closest('article'))")


def test_the_drawer_is_worked_by_keys(page: Page, address: str) -> None:
    visit(page, f"{address}activations/elu/", size=PHONE)
    menu = page.get_by_role("button", name="Menu")
    section = page.get_by_role("checkbox", name="Activations")
    focused = page.locator(":focus")
    expect(section).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(menu).to_be_focused()
    for leave in (lambda: page.keyboard.press("Escape"), page.locator("article a").first.focus):
        expect(menu).to_have_attribute("aria-expanded", "false")
        menu.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        expect(section).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("checkbox", name="Exponential")).to_be_focused()
        page.keyboard.press("Tab")
        expect(focused).to_contain_text("CELU")
        leave()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.press("Enter")
    page.keyboard.press("Space")
    expect(section).not_to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(focused).to_contain_text("Choose an activation")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}choose/")
    expect(menu).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_drawer_is_worked_by_pointer(browser: Browser, address: str, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{address}activations/elu/")
    button = page.locator(".md-header__button").nth(1)
    box = button.bounding_box()
    assert box and (box["x"], box["y"], box["width"], box["height"]) == (8, 4, 40, 40)
    button.click()
    link = page.get_by_role("link", name="CELU").first
    expect(link).to_be_in_viewport()
    page.mouse.click(380, 400)
    expect(link).not_to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_ask_for_that(
    page: Page, address: str, motion: Literal["reduce", "no-preference"]
) -> None:
    visit(page, f"{address}activations/elu/", size=PHONE)
    page.emulate_media(reduced_motion=motion)
    moving = page.evaluate(
        """() => { document.querySelector('#__drawer').click();
                   return document.getAnimations().length; }"""
    )
    assert bool(moving) == (motion == "no-preference")
