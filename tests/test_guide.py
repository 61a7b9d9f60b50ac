"""The guided choice: its verdicts against torch, its questions, and its use in Chromium."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from activations._entry import Activation
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
    parabolas = bool((slopes.diff().diff().abs() > 1e-6).sum() <= 8)  # but for a few kinks
    assert met["quantization"] == (met["bounded"] or parabolas)
    assert met["half-precision"] == all(resolved(entry, kind) for kind in choose.SMALL)
    if straight:
        assert not met["second-derivative"]
    bend = (slopes.diff() * 64).diff().abs().max()
    if not met["second-derivative"] and not straight:
        assert bend > 0.05, "its second derivative was said to jump"


def resolved(entry: Activation, kind: str) -> bool:
    """Whether slopes in 16 bits are those of float64, to what 16 bits resolve of ½ or more."""
    dtype = getattr(torch, kind)
    xs = torch.arange(-(2**15), 2**15).to(torch.int16).view(dtype)
    xs = xs[xs.abs() <= 100].requires_grad_()
    function = entry.call(entry.setting)
    if isinstance(function, torch.nn.Module):
        function = function.eval().to(dtype)
    (got,) = torch.autograd.grad(function(xs).sum(), xs)
    setting = {name: float(p) for name, p in entry.setting.items()}
    exact = torch.tensor(torch_side.slopes(entry, setting, xs.tolist()), dtype=torch.float64)
    spacing = torch.exp2(exact.abs().clamp(min=0.5).log2().floor()) * torch.finfo(dtype).eps
    return bool(((got.double() - exact).abs() <= 4 * spacing).all())


def errors(ulp: float = 0.5, gone: float | None = None, lost: float | None = None) -> Any:
    """What was measured of gradients: largest error, where they end, what is lost beyond x = 9."""
    settled = [{"x": 9.0, "value": 0.0, "exact": lost, "ulp": 250.0}] if lost else []
    ended = [{"x": gone, "value": "nan"}] if gone else []
    gradient = {"largest": {"ulp": ulp}, "settles": settled, "not_finite": ended}
    return {kind: {"output": {"not_finite": []}, "gradient": gradient} for kind in choose.SMALL}


@pytest.mark.parametrize(
    ("found", "kept", "reason"),
    [
        ({}, False, "not measured yet"),
        (errors(lost=2e-37), True, "2·10⁻³⁷ is lost from x = 9 up in bfloat16"),
        (errors(ulp=64, lost=0.25), False, "0.25 is lost from x = 9 up in float16"),
        (errors(gone=89.0), False, "nan at x = 89 in bfloat16"),
        (errors(gone=3e38), True, "within 0.5 ULP"),
    ],
)
def test_16_bits_refuse_what_matters(found: Any, kept: bool, reason: str) -> None:
    verdict, told = choose.half_precision({"errors": found})
    assert verdict == kept and reason in told


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


def test_demands_alone_list_what_meets_them(
    page: Page, address: str, verdicts: dict[str, dict[str, list[object]]]
) -> None:
    demands = ("quantization", "zeros")
    met = [s for s in SCALAR if all(verdicts[s][demand][0] for demand in demands)]
    of_torch = [CATALOGUE[slug].name for slug in met if not CATALOGUE[slug].is_ours]
    assert of_torch == [
        "Hardshrink", "Hardsigmoid", "Hardswish", "ReLU", "ReLU6", "Softshrink", "Threshold",
    ]  # fmt: skip
    page.goto(f"{address}choose/?need={','.join(demands)}")
    answer = page.get_by_role("form", name="Guided choice").get_by_role("status")
    expect(answer.locator("li a")).to_have_text([CATALOGUE[slug].name for slug in met])
