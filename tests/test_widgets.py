"""What every widget does, whatever it shows: it starts late, keeps still, lives in the address."""

import re
from typing import Any

import pytest
from conftest import BUDGET, DESKTOP, PHONE, first_of_each, functions, shape, watched, weighed
from playwright.sync_api import Browser, Page, expect

MOVING = functions("elementwise", "gate", "vector")
MOVED = [param.values[0] for param in MOVING]
EIGHT = "relu,leaky_relu,elu,gelu,silu,mish,softplus,tanh"
# page -> a query that says all that the page's widget reads
STATES = {
    "activations/elu/": "?alpha=1.5&show=f,ddf&at=-1.2&view=-4,2,-2,3",
    "activations/gelu/": "?approximate=tanh&at=-2",
    "activations/glu/": "?a=2&b=0.5",
    "activations/rrelu/": "?show=f,df,ddf&at=-1&upper=0.4",
    "activations/gumbel_softmax/": "?x=1.5,-2,0,4&by=2&tau=0.25&seed=9&hard=1",
    "compare/": "?f=gelu,silu,swish:beta=1.702&show=df&from=silu&at=0.5&view=-2,2,-1,2",
    "choose/": "?for=Transformer&need=second-derivative",
    "activations/": "?family=Sigmoidal+functions&smooth=analytic&sort=-gain",
    "porting/": "?keras=matched",
    "models/": "?find=of+llama&activation=SiLU&sort=year",
    "bibliography/": "?find=hochreiter+2016",
}
# what a reader sees of a widget: its fields, its curves, and the words of the page that stay
STATE = """() => {
  const [article, place] = ['article', '[data-widget]'].map((name) => document.querySelector(name));
  const announced = [...place.querySelectorAll('.af-message, .af-status')].map((e) => e.innerText);
  return {
    fields: [...place.querySelectorAll('input, select')]
      .map(({ type, checked, value }) => (type === 'checkbox' ? checked : value)),
    curves: [...place.querySelectorAll('.af-moving path')].map((path) => path.getAttribute('d')),
    words: article.innerText.split('\\n').filter((line) => line && !announced.includes(line)),
  };
}"""
TYPED = (*"ReLU", "Enter")
KEYS = {
    "text": TYPED, "search": TYPED, "select-one": ["ArrowDown"], "range": ["ArrowRight"],
    "checkbox": ["Space"],
}  # fmt: skip
STILL = "[data-widget], .af-formula, .af-display, .af-facts td, .af-glance, h2"
PLACES = "all => all.map((e) => e.getBoundingClientRect().toJSON())"
SHIFTS = """() => {
  window.shifts = [];
  const told = ({ value, sources }) => [value, ...sources.map(({ node }) => node?.nodeName)];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(told)))
    .observe({ type: 'layout-shift' });
}"""


def ready(page: Page) -> None:
    """Wait until the page's widget works."""
    live = ".af-live[data-widget], .af-filter:has(output:not(:empty)), .af-guide[data-started]"
    expect(page.locator(live)).to_be_visible()
    if page.locator(".af-guide").count():
        page.wait_for_load_state("networkidle")  # nothing else tells that it works


def state(page: Page, url: str = "") -> Any:
    """What a reader sees of the widget, once it has drawn the same twice."""
    if url:
        page.goto(url)
    ready(page)
    found, before = page.evaluate(STATE), None
    while found != before:
        page.wait_for_timeout(100)
        found, before = page.evaluate(STATE), found
    return found


def follow(page: Page, url: str) -> None:
    """Go to another page of the site by its navigation, which does not reload."""
    page.evaluate("(url) => [...document.links].find(({ href }) => href === url).click()", url)
    page.wait_for_url(f"{url}**")


def work_by_keys(page: Page) -> None:
    """Change something with the keys alone: what the Tab key reaches first in the widget."""
    inside = "() => document.activeElement.closest('[data-widget]') && document.activeElement.type"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(inside)
        if found in KEYS:
            for key in KEYS[found]:
                page.keyboard.press(key)
            return
    raise AssertionError("the Tab key does not reach the widget")


@pytest.mark.parametrize("name", STATES)
def test_the_address_restores_it(page: Page, address: str, name: str) -> None:
    fresh = state(page, address + name)
    url = f"{address}{name}{STATES[name]}"
    there = state(page, url)
    assert all(there[part] != fresh[part] for part in ("fields", "words"))
    assert page.url.startswith(url)
    page.reload()
    assert state(page) == there


@pytest.mark.parametrize("name", STATES)
def test_it_is_worked_by_keys_and_lives_with_the_navigation(
    page: Page, address: str, name: str
) -> None:
    start = "activations/" if "/" in name.strip("/") else ""
    page.goto(address + start, wait_until="networkidle")
    page.evaluate("window.stayed = true")
    follow(page, address + name)
    fresh = state(page)
    work_by_keys(page)
    expect(page).to_have_url(re.compile(rf"{name}\?\w+=."))
    changed = state(page)
    assert changed != fresh
    follow(page, f"{address}concepts/")
    expect(page.locator("article h1")).to_contain_text("Concepts")
    page.go_back()
    page.wait_for_url(f"{address}{name}?*")
    assert state(page) == changed
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize(
    ("name", "query", "meant"),
    [
        ("activations/elu/", "?alpha=x&show=no&at=&view=1,1,0", ""),
        ("activations/elu/", "?alpha=99", "?alpha=2"),
        ("activations/elu/", "?alpha=-inf", ""),
        ("activations/glu/", "?a=99&b=x", "?a=4"),
        ("activations/softmax/", "?x=1,2&T=0&by=9", "?T=0.1&by=3"),
        ("activations/softmax/", "?x=99,1,1&T=x&by=0.5", "?x=6,1,1"),
        ("activations/gumbel_softmax/", "?x=1,a,2&seed=-4", ""),
        ("activations/gumbel_softmax/", "?x=1,2,3,4,5,6,7", ""),
        ("activations/", "?family=Nobody&sort=-height&find=", ""),
        ("models/", "?activation=Nobody&sort=size", ""),
        ("choose/", "?for=Nobody&need=wings", ""),
        ("compare/", "?f=nobody,gelu:approximate=x&show=g&from=elu&view=1,1,0", "?f=gelu"),
    ],
)
def test_a_wrong_value_in_the_address_is_ignored_or_bounded(
    page: Page, address: str, name: str, query: str, meant: str
) -> None:
    assert state(page, address + name + query) == state(page, address + name + meant)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(pytest.param(f"activations/{p.values[0]}/", "", marks=p.marks) for p in MOVING),
        ("activations/softmax/", "?x=2,1,-0.5,3,-6,6"),
        *((name, "") for name in ("activations/", "porting/", "bibliography/", "compare/")),
    ],
)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_it_is_switched_off_until_it_starts_and_nothing_shifts(
    page: Page, address: str, name: str, query: str, size: Any
) -> None:
    starter = f"{address}assets/js/main.js"
    page.route(starter, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.set_viewport_size(size)
    page.goto(f"{address}{name}{query}")
    page.locator("[data-widget]").scroll_into_view_if_needed()
    before = page.locator(STILL).evaluate_all(PLACES)
    stage = page.locator(".af-hero .af-stage > svg")
    still = stage.first.bounding_box() if stage.count() else None
    assert page.locator("fieldset:is(.af-controls, .af-tools):enabled").count() == 0
    page.evaluate(SHIFTS)
    page.add_script_tag(url=f"{starter}?late", type="module")
    ready(page)
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("window.shifts") == []
    assert page.locator(STILL).evaluate_all(PLACES) == before
    assert page.locator("fieldset:is(.af-controls, .af-tools):disabled").count() == 0
    if still:
        assert page.locator(".af-stage").bounding_box() == still
    assert "NaN" not in str(page.evaluate(STATE)["curves"])


VISIBLE = "all => all.map((e) => e.checkVisibility({ visibilityProperty: true }))"
# page -> what is there without scripts, and what is not
UNSCRIPTED = {
    "activations/elu/": (".af-stage > svg", ".af-controls"),
    "activations/softmax/": (".af-stage > svg", ".af-controls"),
    "compare/": (
        ".af-unscripted a",
        ".af-tools, .af-stage, .af-exports, .af-presets, .af-sidebyside",
    ),
    "choose/": ("li[data-suggests]", ".af-guide"),
    "activations/?family=Linear": (".af-catalogue tbody tr", ".af-filter, .af-catalogue button"),
    "models/": ("details:has(.af-catalogue) summary", ".af-filter, .af-catalogue button"),
    "bibliography/": (".af-paper", ".af-filter, .af-button"),
}


@pytest.mark.parametrize("name", UNSCRIPTED)
def test_without_scripts_all_is_read_and_no_control_is_dead(
    browser: Browser, address: str, name: str
) -> None:
    shown, hidden = UNSCRIPTED[name]
    with watched(browser, java_script_enabled=False) as page:
        page.goto(address + name)
        assert set(page.locator(shown).evaluate_all(VISIBLE)) == {True}
        assert not any(page.locator(hidden).evaluate_all(VISIBLE))


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        *((f"activations/{slug}/", slug) for slug in first_of_each(shape) if slug in MOVED),
        (f"compare/?f={EIGHT}", EIGHT),
        *((name, "") for name in ("choose/", "activations/", "models/", "bibliography/")),
        ("concepts/", ""),
    ],
)
def test_a_page_is_light_and_loads_only_what_it_shows(
    page: Page, address: str, name: str, modules: str
) -> None:
    sizes = weighed(page, address, name)
    found = {name for name in sizes if "/activations/" in name}
    assert found == {f"assets/js/activations/{slug}.js" for slug in modules.split(",") if slug}
    assert "assets/js/main.js" in sizes and "assets/site.css" in sizes
    assert sum(sizes.values()) < BUDGET, sizes
    if name == "concepts/":
        scripts = [name for name in sizes if "assets/js/" in name and "/chunk-" not in name]
        assert scripts == ["assets/js/main.js"]
