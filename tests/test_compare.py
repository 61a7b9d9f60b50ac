"""The comparison: its links, and its use by mouse, keys and address in headless Chromium."""

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import DESKTOP, PHONE, Visit, uncached, until, watched
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from test_print import COLOURS
from torch.nn import functional as F

EIGHT = "relu,leaky_relu,elu,gelu,silu,mish,softplus,tanh"
APPROXIMATIONS = "gelu,gelu:approximate=tanh,swish:beta=1.702"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def visit(page: Page, address: str) -> Visit:
    """Open the comparison with a query; return it once it moves."""

    def go(query: str = "") -> Locator:
        page.goto(f"{address}compare/{query}")
        tool = page.locator(".af-compare.af-live")
        expect(tool).to_be_visible()
        return tool

    return go


def names(tool: Locator) -> list[str]:
    return tool.locator(".af-chosen li > a").all_inner_texts()


def curves(tool: Locator) -> list[str]:
    """The names of the curves that are drawn."""
    drawn = tool.locator(".af-moving path[data-name]")
    return [path.get_attribute("data-name") or "" for path in drawn.all()]


def read(text: str) -> float:
    """The number that the page writes as −1.5 or 4.7·10⁻⁴."""
    plain = text.replace("−", "-").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(plain.replace("·10", "e"))


def test_eight_functions_are_told_apart_without_colour(visit: Visit) -> None:
    tool = visit(f"?f={EIGHT}")
    assert len(names(tool)) == len(set(names(tool))) == 8
    assert curves(tool) == names(tool)
    styles = [path.get_attribute("style") or "" for path in tool.locator("path[data-name]").all()]
    assert len({re.search(r"stroke: (.*?);", style)[1] for style in styles}) == 8  # type: ignore[index]
    assert len({re.search(r"dasharray: (.*?);", style)[1] for style in styles}) == 8  # type: ignore[index]
    swatches = [
        path.get_attribute("style") for path in tool.locator(".af-chosen .af-swatch path").all()
    ]
    assert swatches == styles
    ends = tool.locator(".af-moving svg > g:last-child text")
    assert sorted(ends.all_text_contents()) == sorted(names(tool))
    places = [float(text.get_attribute("y") or 0) for text in ends.all()]
    assert min(b - a for a, b in itertools.pairwise(places)) >= 9


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_colours_stand_out_from_the_paper(page: Page, visit: Visit, scheme: str) -> None:
    visit()
    page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
    colours = page.evaluate(
        """() => { COLOURS
          return ['--af-paper', ...Array.from({length: 8}, (_, n) => `--af-curve-${n + 1}`)]
            .map((name) => getComputedStyle(document.body).getPropertyValue(name))
            .map((colour) => [colour, light(colour)]); }""".replace("COLOURS", COLOURS)
    )
    assert len({colour for colour, _ in colours[1:]}) == 8
    paper, *lines = (light for _, light in colours)
    for line in lines:
        low, high = sorted((paper, line))
        assert (high + 0.05) / (low + 0.05) >= 3


def test_differences_say_how_good_an_approximation_is(visit: Visit) -> None:
    tool = visit(f"?f={APPROXIMATIONS}&from=gelu&at=2")
    assert curves(tool) == ["GELU, tanh", "Swish, β = 1.702"]
    x = torch.linspace(-6, 6, 481, dtype=torch.float64)
    expected = [
        (other - F.gelu(x)).abs().max().item()
        for other in (F.gelu(x, approximate="tanh"), x * torch.sigmoid(1.702 * x))
    ]
    told = tool.locator(".af-farthest").all_inner_texts()
    assert told[0] == "the others differ from it"
    found = [read(re.search(r"by (\S+), at", text)[1]) for text in told[1:]]  # type: ignore[index]
    assert found == pytest.approx(expected, rel=6e-3)
    two = torch.tensor(2.0, dtype=torch.float64)
    difference = (F.gelu(two, approximate="tanh") - F.gelu(two)).item()
    texts = tool.locator(".af-chosen .af-number").all_inner_texts()
    assert texts[0] == "–" and read(texts[1]) == pytest.approx(difference, rel=6e-4)
    heights = tool.locator(".af-moving text").all_text_contents()
    assert "−0.020" in heights and "6" in heights


def test_the_largest_difference_is_told_to_its_last_digit(visit: Visit) -> None:
    told = visit("?f=silu,mish,relu&from=silu").locator(".af-farthest").all_inner_texts()
    x = torch.linspace(-6, 6, 1_200_001, dtype=torch.float64)
    for text, other in zip(told[1:], (F.mish(x), F.relu(x)), strict=True):
        gap = (other - F.silu(x)).abs()
        ((size, place),) = re.findall(r"by (\S+), at x = (\S+)", text)
        assert size == f"{gap.max().item():.3g}"
        assert f"{abs(read(place)):.3g}" == f"{x[gap.argmax()].abs().item():.3g}"


def test_numbers_are_read_before_a_point_is_chosen(visit: Visit) -> None:
    tool = visit("?f=silu,mish")
    assert tool.locator("[data-value=x]").inner_text() == "1"
    told = [read(text) for text in tool.locator(".af-number").all_inner_texts()]
    one = torch.tensor(1.0, dtype=torch.float64)
    assert told == pytest.approx([F.silu(one).item(), F.mish(one).item()], rel=6e-4)


def test_a_difference_jumps_where_either_function_does(visit: Visit) -> None:
    tool = visit("?f=relu,hardshrink,softshrink&from=relu&show=f")
    path = tool.locator("path[data-name=Hardshrink]").get_attribute("d") or ""
    assert path.count("M") == 3
    tool = visit("?f=relu,leaky_relu&from=relu&show=df&at=0")
    assert tool.locator(".af-number").last.inner_text() == "0.01 | 0"


def test_the_window_fits_what_is_shown_and_keeps_its_width(page: Page, visit: Visit) -> None:
    tool = visit("?f=gelu,silu&view=-2,2,-1,2")
    tool.get_by_label("Difference from").select_option("GELU")
    expect(page).to_have_url(re.compile(r"from=gelu"))
    view = re.search(r"view=(.*?)(&|$)", page.url)[1].split(",")  # type: ignore[index]
    assert view[:2] == ["-2", "2"] and float(view[3]) < 0.2
    tool.get_by_role("button", name="Reset the view").click()
    expect(page).not_to_have_url(re.compile("view="))


def test_parameters_change_curve_name_and_address(page: Page, visit: Visit) -> None:
    tool = visit("?f=swish,gelu")
    field = tool.get_by_label("Swish, beta")
    field.fill("1.702")
    field.press("Enter")
    tool.get_by_label("GELU, approximate").select_option("tanh")
    expect(page).to_have_url(re.compile(r"gelu:approximate=tanh$"))
    field.fill("99")
    field.press("Enter")
    expect(tool.locator(".af-message")).to_have_text("Swish: beta goes from 0.1 to 4")
    expect(field).to_have_value("1.702")


def test_facts_stand_side_by_side_and_say_where_they_differ(page: Page, visit: Visit) -> None:
    visit("?f=relu,hardtanh")
    rows = page.locator(".af-sidebyside tbody tr")
    assert rows.count() == 10
    table = {
        cells[0]: cells[1:]
        for row in rows.all()
        if (cells := row.locator("th, td").all_inner_texts())
    }
    assert table["Range"] == ["≠ differs", "[0, ∞)", "[−1, 1]"]
    assert table["Monotone?"] == ["= same", "non-decreasing", "non-decreasing"]
    assert table["Slope at 0"] == ["≠ differs", "0 from the left, 1 from the right", "1"]
    assert table["Minimum"] == ["≠ differs", "0, on all of (−∞, 0]", "−1, on all of (−∞, −1]"]
    assert table["Gain"][1] == "≈ 1.414"
    assert table["Share of z with slope exactly 0"] == ["≠ differs", "0.5", "≈ 0.31731051"]


@pytest.mark.parametrize("slug", ["gelu", "selu", "softshrink", "softplus"])
def test_its_facts_read_as_on_the_page_of_the_function(
    page: Page, visit: Visit, generated: Path, slug: str
) -> None:
    """With as many digits, and "≈" where they are rounded."""
    visit(f"?f={slug}")
    rows = page.locator(".af-sidebyside tbody tr").evaluate_all(
        "all => all.map(row => [row.cells[0].textContent, row.cells[2].textContent])"
    )
    text = (generated / slug / "top.md").read_text(encoding="utf-8")
    there = dict(re.findall(r"^\| \[(.+?)\]\(#.*? \| (.+) \|$", text, re.M))
    there |= dict(re.findall(r"^\[(.+?)\]\(#.*\n:   (.+)$", text, re.M))
    assert len([name for name, _ in rows if name in there]) == 7
    for name, told in rows[:7]:
        assert re.findall(r"[\d.]+", told) == re.findall(r"[\d.]+", there[name])
        assert told.count("≈") == there[name].count("\\approx")
        assert told.count("∞") == there[name].count("\\infty") and not re.search(r"[$\\{]", told)


def test_a_link_that_is_copied_says_all_of_it(page: Page, visit: Visit) -> None:
    """Its like are restored with every other widget's."""
    tool = visit()
    tool.get_by_label("Add a function").fill("hard-swish")
    tool.get_by_label("Add a function").fill("swish-1")
    tool.get_by_role("button", name="Add", exact=True).click()
    expect(tool.locator(".af-message")).to_have_text("SiLU is added.")
    tool.get_by_label("f′", exact=True).check()
    tool.get_by_label("Difference from").select_option("Tanh")
    tool.get_by_role("slider").press("ArrowRight")
    tool.get_by_role("button", name="Zoom in").click()
    tool.get_by_role("button", name="Copy link").click()
    expect(page.locator(".af-copied")).to_have_text("Copied: link")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.search(
        r"f=gelu,tanh,softshrink,logsigmoid,silu&show=df&from=tanh&at=[\d.]+&view=", link
    )
    expect(page).to_have_url(link)


def test_every_preset_shows_what_its_link_says(page: Page, visit: Visit) -> None:
    tool = visit()
    links = page.locator(".af-presets a")
    assert links.count() >= 4
    for link in links.all():
        link.click()
        query = (link.get_attribute("href") or "").partition("?")[2]
        terms = re.search("f=([^&]*)", query)[1].split(",")  # type: ignore[index]
        expect(tool.locator(".af-chosen li")).to_have_count(len(terms))
        expect(tool.locator("path[data-name]")).to_have_count(len(terms) - ("from=" in query))
        expect(tool.locator(".af-message")).to_have_text("")
    expect(page).to_have_url(re.compile(f"[?]{re.escape(query)}$"))
    page.reload()
    expect(tool.locator(".af-chosen li")).to_have_count(len(terms))


def test_all_of_it_works_by_keys(page: Page, visit: Visit) -> None:
    tool = visit("?f=gelu,relu&show=df")
    stage = tool.get_by_role("slider", name="the x at which")
    stage.focus()
    page.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("aria-valuetext", "x = 0.1")
    status = tool.locator(".af-status")
    expect(status).to_have_text("GELU: 0.5795; ReLU: 1")
    page.keyboard.press("ArrowLeft")
    expect(status).to_have_text("GELU: 0.5; ReLU: 0 on the left, 1")
    remove = tool.get_by_role("button", name="Remove GELU")
    remove.focus()
    page.keyboard.press("Enter")
    expect(tool.get_by_role("button", name="Remove ReLU")).to_be_focused()
    page.keyboard.press("Space")
    expect(tool.get_by_label("Add a function")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?f=(&|$)"))
    page.reload()
    expect(tool.locator(".af-caption")).to_have_text("Nothing is chosen.")
    assert names(tool) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_svg_stands_alone(browser: Browser, address: str, tmp_path: Path, scheme: Any) -> None:
    with watched(browser, viewport=DESKTOP, color_scheme=scheme) as page:
        page.goto(f"{address}compare/?f={EIGHT}")
        expect(page.locator(".af-compare.af-live")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download SVG").click()
        assert download.value.suggested_filename.startswith("compare-relu-leaky_relu")
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert "var(" not in text
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text.startswith("f(x): ReLU; Leaky ReLU")  # type: ignore[union-attr]
        drawn = [p for p in root.iter(f"{SVG}path") if p.get("data-name")]
        assert [p.get("data-name") for p in drawn] == names(page.locator(".af-compare"))
        assert all(re.search(r"stroke: #[0-9a-f]{6}", p.get("style") or "") for p in drawn)
        assert re.search("font-family: .+, system-ui, sans-serif", text)
        paper = root.find(f"{SVG}rect")
        assert paper is not None
        assert paper.get("fill") == {"light": "#ffffff", "dark": "#17191c"}[scheme]
        words = [element.text or "" for element in root.iter(f"{SVG}text")]
        assert words[-1].endswith("/compare/ · CC BY 4.0")
        assert {*names(page.locator(".af-compare"))} <= {*words}


def test_the_png_has_twice_the_size_and_is_not_blank(page: Page, visit: Visit) -> None:
    tool = visit(f"?f={EIGHT}")
    with page.expect_download() as download:
        tool.get_by_role("button", name="Download PNG").click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == "PNG" and picture.size == (1280, 824)
        colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    assert sum(count >= 40 for count, _ in colours) > 8


def test_the_plot_follows_the_width_of_the_page(page: Page, visit: Visit) -> None:
    visit("?f=gelu")
    for width, shape in ((1440, 2.3), (390, 1), (1440, 2.3)):
        page.set_viewport_size({"width": width, "height": 900})
        until(
            page,
            f"""((svg) => [svg.getBoundingClientRect(), svg.viewBox.baseVal].every(
                 (s) => Math.abs(s.width / s.height / {shape} - 1) < 0.01
               ))(document.querySelector('.af-compare .af-moving svg'))""",
        )


@pytest.mark.parametrize("size", [DESKTOP, {"width": 390, "height": 3000}], ids=["wide", "phone"])
def test_nothing_shifts_when_it_starts(page: Page, visit: Visit, size: ViewportSize) -> None:
    """Nor below the first screen, which a phone's reader may have left by then."""
    page.add_init_script(
        """window.shifts = [];
           new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
             .map((entry) => entry.value))).observe({ type: 'layout-shift', buffered: true });"""
    )
    uncached(page)
    page.set_viewport_size(size)
    for chosen in (EIGHT, "silu,mish", "gelu,tanh,softshrink,logsigmoid"):
        visit(f"?f={chosen}")
        page.wait_for_timeout(300)
        assert sum(page.evaluate("window.shifts")) < 0.001, chosen
    expect(page.get_by_role("heading", name="Facts side by side")).to_be_visible()


# for each column of pixels of the plot: how far apart the two nearest curves are, in pixels
NEAREST = """() => {
  const svg = document.querySelector('.af-compare .af-moving svg');
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const curves = [...svg.querySelectorAll('path[data-name]')].map((path) =>
    [...path.getAttribute('d').matchAll(/(-?[\\d.]+)[ ,](-?[\\d.]+)/g)]
      .map(([, x, y]) => [scale * x, scale * y]));
  const at = (points, x) => {
    const n = points.findIndex(([px]) => px >= x);
    if (n < 1) return points[0][1];
    const [[x1, y1], [x2, y2]] = [points[n - 1], points[n]];
    return y1 + (x2 > x1 ? ((x - x1) / (x2 - x1)) * (y2 - y1) : 0);
  };
  const [left, right] = [curves[0][0][0], curves[0].at(-1)[0]];
  const found = [];
  for (let x = left; x <= right; x += 1) {
    const ys = curves.map((points) => at(points, x)).sort((a, b) => a - b);
    found.push(Math.min(...ys.slice(1).map((y, n) => y - ys[n])));
  }
  return found;
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_the_first_curves_are_told_apart_on_most_of_the_width(
    page: Page, visit: Visit, size: Any
) -> None:
    """By at least twice the width of a line."""
    page.set_viewport_size(size)
    tool = visit()
    assert len(curves(tool)) == 4
    gaps = page.evaluate(NEAREST)
    assert len(gaps) > 250
    assert sum(gap >= 4 for gap in gaps) > 0.6 * len(gaps)


def test_on_a_phone_names_stand_above_the_plot(page: Page, visit: Visit) -> None:
    page.set_viewport_size(PHONE)
    tool = visit(f"?f={EIGHT}")
    caption, stage = tool.locator(".af-caption"), tool.locator(".af-stage")
    assert caption.locator("span").all_inner_texts() == names(tool)
    looks = "all => all.map(e => e.getAttribute('style'))"
    swatches = caption.locator("path").evaluate_all(looks)
    assert swatches == tool.locator("path[data-name]").evaluate_all(looks)
    above, plot = caption.bounding_box(), stage.bounding_box()
    assert above and plot and above["y"] + above["height"] <= plot["y"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("SiLU", "SiLU"), ("swish-1", "SiLU"), ("sil", "SiLU"), ("ramp", "ReLU"),
     ("softsh", "Softshrink"), ("HARD-SW", "Hardswish"), ("relu", "ReLU")],
)  # fmt: skip
def test_a_function_is_found_as_one_types(visit: Visit, typed: str, name: str) -> None:
    tool = visit("?f=")
    tool.get_by_label("Add a function").fill(typed)
    tool.get_by_label("Add a function").press("Enter")
    expect(tool.locator(".af-chosen li > a")).to_have_text(name)


def test_it_starts_empty_in_an_instant(page: Page, address: str) -> None:
    """Without any function's module, at the latest when the page has loaded all that it names."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}compare/?f=")
    started = page.evaluate(
        """async () => {
          while (!document.querySelector('.af-compare.af-live'))
            await new Promise(requestAnimationFrame);
          return performance.now();
        }"""
    )
    assert not [url for url in asked if "/js/activations/" in url]
    assert started < 3000  # ms from the click; the machine may be busy
