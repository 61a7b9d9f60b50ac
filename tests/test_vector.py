"""Softmax and its relatives in the browser: the printed maps against torch, and the bars."""

import math
import re
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from conftest import PHONE, Visit, evaluated, functions, until, watched
from playwright.sync_api import Browser, Locator, Page, expect

from activations import CATALOGUE
from gen.evaluation import torch_side

# Noise: torch's own numbers, and the law that the page states.


def drawn(page: Page, address: str, seeds: Sequence[int], count: int) -> list[list[float]]:
    """The Gumbel numbers of each seed, from the page's own script."""
    page.goto(f"{address}activations/gumbel_softmax/")
    expect(page.locator(".af-hero.af-live")).to_be_visible()
    found: list[list[float]] = evaluated(
        page,
        """async ({ seeds, count }) => {
          const files = performance.getEntriesByType('resource').map((entry) => entry.name);
          const { gumbel } = await import(files.find((name) => name.includes('/chunks/noise')));
          return seeds.map((seed) => gumbel(seed, count));
        }""",
        seeds=list(seeds),
        count=count,
    )
    return found


def test_a_seed_gives_the_noise_that_torch_gives(page: Page, address: str) -> None:
    seeds = [0, 1, 2, 12345, 2**31, 2**32 - 1]
    for seed, found in zip(seeds, drawn(page, address, seeds, 12), strict=True):
        torch.manual_seed(seed)
        theirs = -(-torch.rand(12, dtype=torch.float64).log()).log()
        assert found == pytest.approx(theirs.tolist(), rel=1e-14), seed


# The picture that moves.


def picture(plot: Locator) -> str:
    """What is drawn, as its markup."""
    return plot.locator(".af-moving svg").inner_html()


def outputs(plot: Locator) -> list[float]:
    """The outputs as the sliders of the scores say them."""
    texts = [s.get_attribute("aria-valuetext") or "" for s in shown(plot).all()]
    return [number(re.sub(r".*output ", "", text)) for text in texts]


def shown(plot: Locator) -> Locator:
    return plot.locator(".af-score:not([hidden]) input")


def number(text: str) -> float:
    """A number as pages write it: −1.5, 3.2·10⁻⁷."""
    plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return float(plain.replace("·10", "e"))


def reading(plot: Locator, name: str) -> float:
    return number(plot.locator(f"[data-value={name}]").inner_text())


@pytest.mark.parametrize("slug", functions("vector"))
def test_the_picture_shows_what_torch_computes(visit: Visit, slug: str) -> None:
    entry = CATALOGUE[slug]
    name = next(iter(entry.parameters), "T")
    plot = visit(slug, f"?x=2,-1,0.5,3&{name}=2&seed=7&by=3")
    x = torch.tensor([2, -1, 0.5, 3], dtype=torch.float64)
    if entry.noise:
        torch.manual_seed(7)
        x += -(-torch.rand(4, dtype=torch.float64).log()).log()
    x.requires_grad_()
    plain = CATALOGUE["softmax"] if entry.noise else entry
    y = torch_side.respond(plain, plain.setting, x / 2)
    assert outputs(plot) == pytest.approx(y.tolist(), rel=1e-3)
    logs = y.exp().sum().item() == pytest.approx(1)
    law = torch.distributions.Categorical(probs=y.exp() if logs else y)
    assert reading(plot, "nats") == pytest.approx(law.entropy().item(), rel=1e-3)
    assert reading(plot, "bits") == pytest.approx(law.entropy().item() / math.log(2), rel=1e-3)
    assert reading(plot, "largest") == pytest.approx(law.probs.max().item(), rel=1e-3)
    winner = int(law.probs.argmax()) + 1
    expect(plot.get_by_role("status")).to_contain_text(f"of score {winner}")
    slopes = torch.stack([torch.autograd.grad(v, x, retain_graph=True)[0][2] for v in y])
    texts = [number(t) for t in plot.locator(".af-slope").all_text_contents()]
    assert texts == pytest.approx(slopes.tolist(), rel=1e-2)


def grip(plot: Locator, n: int) -> Any:
    """The box of the column in which score n, counted from 0, is dragged."""
    box = plot.locator(f"[data-grip='{n}']").bounding_box()
    assert box
    return box


def test_a_bar_is_dragged_by_mouse_then_moved_by_keys(page: Page, visit: Visit) -> None:
    plot = visit("softmax")
    plot.locator(".af-moving").scroll_into_view_if_needed()
    box = grip(plot, 2)
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x + 60, box["y"] + box["height"] / 4, steps=4)
    page.mouse.up()
    page.mouse.move(x, box["y"])
    slider = plot.get_by_role("slider", name="Score 3")
    dragged = float(slider.input_value())
    assert 3 < dragged < 4.5
    expect(page).to_have_url(re.compile(rf"\?x=2,1,{dragged}&by=3(#\w+)?$"))
    assert outputs(plot)[2] > 0.6
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(rf"^{dragged + 0.1:g}, output"))
    page.mouse.move(x, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, box["y"] + 900, steps=3)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^−6, output"))


def test_a_finger_drags_a_bar_and_scrolls_elsewhere(browser: Browser, address: str) -> None:
    with watched(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(f"{address}activations/softmax/")
        plot = page.locator(".af-hero.af-live")
        expect(plot).to_be_visible()
        plot.locator(".af-moving").scroll_into_view_if_needed()
        session = page.context.new_cdp_session(page)

        def swipe(x: float, y: float, by: float) -> None:
            for kind, down in (("Start", 0), ("Move", by / 3), ("Move", by)):
                points = [{"x": x, "y": y + down, "id": 0}]
                session.send(
                    "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
                )
            session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        box = grip(plot, 1)
        before = page.evaluate("scrollY")
        swipe(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, -30)
        expect(plot.get_by_role("slider", name="Score 2")).not_to_have_value("1")
        assert page.evaluate("scrollY") == before
        stage = plot.locator(".af-moving").bounding_box()
        assert stage
        swipe(stage["x"] + 150, stage["y"] + stage["height"] * 0.8, -90)
        until(page, f"scrollY > {before} + 20")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_scores_are_added_and_removed(page: Page, visit: Visit) -> None:
    plot = visit("softmax")
    add = plot.get_by_role("button", name="Add a score")
    remove = plot.get_by_role("button", name="Remove the last")
    expect(remove).to_be_disabled()
    height = plot.bounding_box()
    for count in (4, 5, 6):
        add.click()
        expect(shown(plot)).to_have_count(count)
        expect(plot.locator("[data-grip]")).to_have_count(count)
    expect(add).to_be_disabled()
    assert plot.bounding_box() == height
    expect(page).to_have_url(re.compile(r"\?x=2,1,0,0,0,0(#\w+)?$"))
    assert sum(outputs(plot)) == pytest.approx(1, abs=1e-3)
    for _ in range(3):
        remove.click()
    expect(remove).to_be_disabled()
    expect(page).to_have_url(re.compile(r"/softmax/(#\w+)?$"))


def test_hard_leaves_the_winner_and_the_soft_slopes(visit: Visit) -> None:
    plot = visit("gumbel_softmax", "?seed=3")
    soft, slopes = outputs(plot), plot.locator(".af-slope").all_text_contents()
    plot.get_by_label("hard").check()
    expect(plot.locator("[data-value=largest]")).to_have_text("1")
    assert outputs(plot) == [float(y == max(soft)) for y in soft]
    assert plot.locator(".af-slope").all_text_contents() == slopes
    assert reading(plot, "nats") == 0
