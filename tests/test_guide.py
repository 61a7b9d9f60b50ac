"""The guided choice: its verdicts against torch, its questions, and its use in Chromium."""

import html
import json
import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from gen.evaluation import torch_side
from gen.pages import choose

SCALAR = [slug for slug, e in CATALOGUE.items() if e.kind == "elementwise"]
PAGE = (Path(__file__).parent.parent / "docs" / "choose.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def verdicts(generated: Path) -> dict[str, dict[str, list[object]]]:
    text = (generated / "choose" / "guide.md").read_text(encoding="utf-8")
    match = re.search(r'id="af-guide-data"[^>]*>\n(.*)\n</div>', text)
    assert match
    found = json.loads(html.unescape(match[1]))
    assert found.keys() == CATALOGUE.keys()
    return {slug: record["tests"] for slug, record in found.items()}


@pytest.mark.parametrize("slug", SCALAR)
def test_verdicts_are_what_torch_does(
    verdicts: dict[str, dict[str, list[object]]], slug: str
) -> None:
    entry = CATALOGUE[slug]
    met = {key: verdict[0] for key, verdict in verdicts[slug].items()}
    assert met.keys() == choose.TESTS.keys()
    near = [p / 64 + 1 / 1024 for p in range(-256, 257)]
    values = torch.tensor(torch_side.values(entry, entry.setting, near))
    slopes = torch.tensor(torch_side.slopes(entry, entry.setting, near))
    far = torch.tensor(torch_side.values(entry, entry.setting, [-1e6, -1e3, 1e3, 1e6]))
    assert met["bounded"] == bool((far.abs() < 100).all())
    assert met["zeros"] == bool((values == 0).sum() > 5)
    assert met["alive"] == bool((slopes == 0).sum() <= 1)
    assert met["invertible"] == bool((values.diff() > 0).all())
    straight = len({round(float(s), 9) for s in slopes}) <= 4
    assert met["quantization"] == (met["bounded"] and straight)
    if straight:
        assert not met["second-derivative"]
    bend = (slopes.diff() * 64).diff().abs().max()
    if not met["second-derivative"] and not straight:
        assert bend > 0.05, "its second derivative was said to jump"


def test_every_list_of_the_page_is_asked_about() -> None:
    asked = choose.questions(PAGE, list(CATALOGUE))
    assert len(asked["models"]) == PAGE.count("data-suggests=")
    assert len(asked["outputs"]) == 7
    assert len(asked["demands"]) == PAGE.count("data-test=") == len(choose.TESTS)


def test_a_choice_ends_in_reasons_and_an_address(page: Page, address: str) -> None:
    page.goto(f"{address}choose/")
    form = page.get_by_role("form", name="Guided choice")
    form.get_by_label("What it is for").select_option("Transformer")
    answer = form.get_by_role("status")
    expect(answer).to_contain_text("a gated MLP with SiLU")
    assert answer.locator(".af-cite a").count() > 3
    form.get_by_label("Second derivatives").press("Space")
    short = answer.locator(".af-short").first.locator("li")
    expect(short.first).to_have_text("SiLUSecond derivatives: yes, analytic")
    expect(short.last).to_contain_text("no, its second derivative is 0 wherever it exists")
    expect(page).to_have_url(re.compile("need=second-derivative"))
    page.reload()
    expect(form.get_by_label("What it is for")).to_have_value("Transformer")
    expect(short.first).to_contain_text("SiLU")
    short.first.get_by_role("link").click()
    page.wait_for_url(f"{address}activations/silu/")


def test_a_last_layer_ends_in_its_loss(page: Page, address: str) -> None:
    page.goto(f"{address}choose/")
    form = page.get_by_role("form", name="Guided choice")
    form.get_by_label("What it is for").select_option("one of K classes")
    answer = form.get_by_role("status")
    expect(answer).to_contain_text("Let the last layer give K logits; loss: CrossEntropyLoss.")
    expect(answer).to_contain_text("No softmax before CrossEntropyLoss")
    expect(form.get_by_label("Quantization")).to_be_disabled()


def test_demands_alone_list_what_meets_them(page: Page, address: str) -> None:
    page.goto(f"{address}choose/?need=quantization,zeros")
    answer = page.get_by_role("form", name="Guided choice").get_by_role("status")
    expect(answer.locator("li a")).to_have_text(["Hardsigmoid", "ReLU6"])
