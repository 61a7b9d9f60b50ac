"""The plots that move: driven by mouse, keys and touch in headless Chromium."""

import re

import pytest
from conftest import PHONE, Visit, functions, until, watched
from playwright.sync_api import Browser, Locator, Page, expect


def value(plot: Locator, name: str) -> str:
    return plot.locator(f"[data-value='{name}']").inner_text()


def path(plot: Locator, role: str) -> str:
    curve = plot.locator(f".af-moving [data-role='{role}']")
    return (curve.get_attribute("d") or "") if curve.count() else ""


def at_x(plot: Locator, share: float) -> tuple[float, float]:
    """A place on the screen, in the middle of the plot's height, at a share of its width."""
    box = plot.locator(".af-moving").bounding_box()
    assert box
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


@pytest.mark.parametrize("slug", functions("elementwise"))
def test_every_curve_can_be_read_by_keys(visit: Visit, slug: str) -> None:
    plot = visit(slug, "?show=f,df,ddf")
    assert value(plot, "x") == "1" and value(plot, "f") != "–" and value(plot, "df") != "–"
    plot.locator(".af-moving").press("ArrowRight")
    expect(plot.locator("[data-value=x]")).not_to_have_text("1")
    for role in ("f", "df", "ddf"):
        assert value(plot, role) != "–"
        assert path(plot, role).startswith("M")


APART = """(stage) => {
  const [still, moving] = stage.querySelectorAll('svg');
  const scale = still.getBoundingClientRect().width / still.viewBox.baseVal.width;
  const pairs = [[still, moving], [moving, still]];
  const drawn = (svg, role) =>
    [...svg.querySelectorAll('g[clip-path] path, path[clip-path]')]
      .filter((path) => path.getAttribute('style').includes(`stroke: var(--af-${role},`));
  const near = (one, many) =>
    scale * Math.min(...many.map((other) => Math.hypot(one[0] - other[0], one[1] - other[1])));
  const points = (svg, role, step) => drawn(svg, role).flatMap((path) => {
    const length = path.getTotalLength();
    return Array.from({ length: Math.ceil(length / step) + 1 }, (_, n) => {
      const { x, y } = path.getPointAtLength(Math.min(n * step, length));
      return [x, y];
    });
  });
  const lines = (svg) => [...svg.querySelectorAll("path[style*='--af-grid']")].flatMap((path) =>
    path.getAttribute('d').match(/M[^M]+/g).map((d) => {
      const [x, y] = d.match(/[\\d.]+/g).map(Number);
      return /h/i.test(d) ? [0, y] : [x, 0];
    }));
  const box = (svg) => 'x y width height'.split(' ').map((name) =>
    Number(svg.querySelector('clipPath rect').getAttribute(name)));
  const texts = (svg) => [...svg.querySelectorAll('text')].map((text) => {
    const { left, bottom } = text.getBoundingClientRect();
    return [text.textContent, left / scale, bottom / scale];
  });
  const edges = box(moving);
  const far = { box: scale * Math.max(...box(still).map((edge, n) => Math.abs(edge - edges[n]))) };
  for (const role of ['f', 'df']) {
    far[role] = Math.max(...pairs.flatMap(([one, other]) => {
      const fine = points(other, role, 0.2);
      return points(one, role, 2).map((point) => near(point, fine));
    }));
  }
  far.ticks = Math.max(...pairs.flatMap(([one, other]) =>
    lines(one).map((line) => near(line, lines(other)))));
  far.texts = Math.max(...texts(moving).map(([text, ...place]) => {
    const same = texts(still).filter(([known]) => known.startsWith(text));
    return near(place, same.map((known) => known.slice(1)));
  }));
  return far;
}"""


@pytest.mark.parametrize("slug", functions("elementwise"))
def test_the_moving_plot_lies_on_the_static_one(visit: Visit, slug: str) -> None:
    """Box, ticks, letters and curves, in pixels."""
    apart = visit(slug).locator(".af-stage").evaluate(APART)
    assert apart.keys() == {"box", "ticks", "texts", "f", "df"}
    assert max(apart.values()) < 0.5, apart


def test_a_slider_moves_the_curve_by_mouse(page: Page, visit: Visit) -> None:
    plot = visit("elu")
    before = path(plot, "f")
    slider = plot.locator("input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(plot.locator("[data-set=alpha]")).to_have_text("2")
    assert path(plot, "f") != before
    expect(plot.locator(".af-moved")).to_have_text("ELU, α = 2.")
    expect(page).to_have_url(re.compile(r"\?alpha=2$"))
    plot.get_by_role("button", name="Default 1").click()
    expect(plot.locator("[data-set=alpha]")).to_have_text("1")
    expect(page).to_have_url(re.compile(r"/elu/$"))
    assert path(plot, "f") == before
    mark, thumb = plot.locator(".af-mark").bounding_box(), 16
    assert mark, "the default is marked on the track"
    share = (mark["x"] - box["x"] - thumb / 2) / (box["width"] - thumb)
    assert share == pytest.approx((1 - 0.5) / 1.5, abs=0.02)


def test_the_pointer_reads_and_a_click_keeps(page: Page, visit: Visit) -> None:
    plot = visit("relu")
    page.mouse.move(*at_x(plot, 0.8))
    expect(plot.locator("[data-value=df]")).to_have_text("1")
    reading = float(value(plot, "x"))
    assert 3 < reading < 5 and float(value(plot, "f")) == reading
    page.mouse.move(5, 5)
    expect(plot.locator("[data-value=x]")).to_have_text("1")
    page.mouse.click(*at_x(plot, 0.8))
    page.mouse.move(5, 5)
    expect(page).to_have_url(re.compile(rf"\?at={reading}$"))
    assert float(value(plot, "x")) == reading


def test_a_kink_shows_both_slopes_and_autograds_pick(visit: Visit) -> None:
    plot = visit("relu", "?at=0")
    assert value(plot, "df") == "0 | 1"
    expect(plot.get_by_role("status")).to_have_text(
        "f(x) = 0; f′(x): 0 on the left, 1 on the right, autograd picks 0"
    )
    dots = plot.locator(".af-moving g:nth-of-type(4) circle")
    assert dots.count() == 2


def test_a_jump_cuts_the_curve(visit: Visit) -> None:
    plot = visit("hardshrink")
    assert path(plot, "f").count("M") == 3
    assert path(visit("tanh"), "f").count("M") == 1


def test_the_keys_read_zoom_and_go_back(page: Page, visit: Visit) -> None:
    plot = visit("sigmoid")
    stage = plot.get_by_role("slider", name="the x at which")
    stage.press("ArrowRight")
    expect(stage).to_have_attribute("aria-valuetext", "x = 0.1")
    expect(plot.get_by_role("status")).to_contain_text("f(x) = 0.525")
    stage.press("PageDown")
    expect(plot.locator("[data-value=x]")).to_have_text("−0.9")
    stage.press("+")
    expect(stage).to_have_attribute("aria-valuemax", "4")
    stage.press("End")
    expect(plot.locator("[data-value=x]")).to_have_text("4")
    stage.press("0")
    expect(stage).to_have_attribute("aria-valuemax", "8")
    stage.press("Home")
    expect(plot.locator("[data-value=x]")).to_have_text("−8")


def test_buttons_and_the_wheel_zoom_and_dragging_pans(page: Page, visit: Visit) -> None:
    plot = visit("tanh")
    stage = plot.get_by_role("slider", name="the x at which")
    plot.get_by_role("button", name="Zoom in").click()
    expect(stage).to_have_attribute("aria-valuemax", "3")
    plot.get_by_role("button", name="Zoom out").click()
    expect(stage).to_have_attribute("aria-valuemax", "6")
    page.mouse.move(*at_x(plot, 0.5))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(stage).not_to_have_attribute("aria-valuemax", "6")
    plot.get_by_role("button", name="Reset the view").click()
    expect(stage).to_have_attribute("aria-valuemax", "6")
    page.mouse.move(*at_x(plot, 0.5))
    page.mouse.down()
    page.mouse.move(*at_x(plot, 0.3), steps=4)
    page.mouse.up()
    expect(stage).not_to_have_attribute("aria-valuemax", "6")
    assert float(stage.get_attribute("aria-valuemax") or 0) > 8
    assert page.evaluate("window.scrollY") == 0


def test_the_wheel_alone_scrolls_the_page(page: Page, visit: Visit) -> None:
    plot = visit("tanh")
    page.mouse.move(*at_x(plot, 0.5))
    page.mouse.wheel(0, 300)
    until(page, "window.scrollY > 100")
    assert "view" not in page.url


def test_two_fingers_zoom_and_one_reads(browser: Browser, address: str) -> None:
    with watched(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(f"{address}activations/tanh/")
        plot = page.locator(".af-hero.af-live")
        expect(plot).to_be_visible()
        stage = plot.get_by_role("slider", name="the x at which")
        stage.scroll_into_view_if_needed()
        page.touchscreen.tap(*at_x(plot, 0.75))
        expect(plot.locator("[data-value=x]")).not_to_have_text("1")
        x, y = at_x(plot, 0.5)
        session = page.context.new_cdp_session(page)
        for kind, apart in (("Start", 30), ("Move", 60), ("Move", 90)):
            fingers = [{"x": x + s * apart, "y": y, "id": n} for n, s in enumerate((-1, 1))]
            event = {"type": f"touch{kind}", "touchPoints": fingers}
            session.send("Input.dispatchTouchEvent", event)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(page).to_have_url(re.compile("view="))
        assert float(stage.get_attribute("aria-valuemax") or 0) < 5
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]


def test_links_within_the_page_keep_the_state(page: Page, visit: Visit) -> None:
    plot = visit("elu", "?alpha=2")
    page.wait_for_load_state("networkidle")
    plot.evaluate("figure => figure.classList.add('before')")
    for value, name in (("0.5", "limits"), ("2", "zeros")):
        plot.get_by_role("slider", name="α alpha").fill(value)
        # once it has scrolled there, Material writes the heading's anchor over the link's
        with page.expect_navigation(url=re.compile(rf"\?alpha={value}#{name}$")):
            page.locator(f"a.af-fact[href$='#{name}']").click()
        # at the first such link Material puts the whole page there anew
        until(page, "document.querySelector('.af-hero.af-live:not(.before)')")
        expect(plot.locator("[data-set=alpha]")).to_have_text(value)


def test_a_random_slope_moves_within_its_band(visit: Visit) -> None:
    plot = visit("rrelu", "?at=-6")
    expect(plot.locator("[data-value=f]")).to_have_text("−1.375")
    slope = plot.get_by_role("slider", name="the number drawn")
    slope.press("End")
    expect(plot.locator("[data-value=f]")).to_have_text("−2")
    plot.get_by_role("slider", name="u upper").press("End")
    expect(slope).to_have_attribute("max", "0.5")
    plot.get_by_role("button", name="Evaluation").click()
    expect(plot.locator("[data-set=noise-a]")).to_have_text("0.3125")
    assert plot.locator(".af-moving path[style*='opacity: 0.18']").count() == 1


def test_a_gate_is_read_on_its_map(page: Page, visit: Visit) -> None:
    plot = visit("glu", "?a=2&b=0")
    assert value(plot, "f") == "1" and value(plot, "da") == "0.5" and value(plot, "db") == "0.5"
    plot.get_by_role("slider", name="b").press("End")
    expect(page).to_have_url(re.compile("a=2&b=4"))
    expect(plot.locator("[data-value=f]")).to_have_text("1.964")
    box = plot.locator(".af-stage").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.2)
    expect(plot.locator("[data-value=a]")).not_to_have_text("2")
    reading = float(value(plot, "a"))
    assert 3 < reading < 4 and float(value(plot, "b")) > 1
