"""What browsers compute, held against torch in float64: the printed functions, run in Chromium."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import torch
from conftest import STILL, evaluated, watched
from playwright.sync_api import Browser, Page
from sympy import exp, log
from torch import Tensor

from activations import CATALOGUE
from activations._entry import Activation
from activations._notation import cases, sigma, x
from gen.evaluation import torch_side
from gen.evaluation.agreement import all_settings
from gen.evaluation.formula import at, pieces
from gen.printing import javascript
from gen.printing.sliders import slider

PRINTED = {slug: e for slug, e in CATALOGUE.items() if e.kind in ("elementwise", "gate")}
SCALAR = [slug for slug, entry in PRINTED.items() if entry.kind != "gate"]
CLOSE = 2e-14
STEP = 1e-3
CLOSE_TWICE = 1e-12  # torch differentiates twice by other formulas, with roundings of their own

EVALUATE = """async ({ slug, setting, xs }) => {
  const { default: module } = await import(`/assets/js/activations/${slug}.js`);
  const chosen = ({ settings }) => Object.keys(settings).every((k) => setting[k] === settings[k]);
  const definition = (module.variants ?? []).find(chosen) ?? module;
  const { noise, evaluation } = module;
  const p = noise ? { [noise.name]: evaluation(setting), ...setting } : setting;
  const numbers = (f) => xs.map((x) => String(f(x, p)));
  return {
    f: numbers(definition.f), df: numbers(definition.df), ddf: numbers(definition.ddf),
    joints: definition.joints(p),
  };
}"""


def points(cuts: Sequence[float]) -> list[float]:
    """Thousands of x: a fine grid, every power of ten out to 1e4, and both sides of each cut."""
    grid = [n / 200 for n in range(-4000, 4001)]
    far = [s * m * 10.0**e for e in range(-9, 5) for m in (1, 1.7, 3, 7) for s in (-1, 1)]
    near = [math.nextafter(c, s * math.inf) for c in cuts for s in (-1, 1)]
    return sorted({*grid, *far, *near} - {*cuts})


def by_torch(
    entry: Activation, setting: dict[str, Any], xs: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """f, f′ and f″ as torch and autograd compute them."""
    inputs = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    outputs = torch_side.callable_at(entry, setting)(inputs)
    (slopes,) = torch.autograd.grad(outputs.sum(), inputs, create_graph=True)
    return outputs.tolist(), slopes.tolist(), bends(entry, setting, inputs, slopes).tolist()


def bends(entry: Activation, setting: dict[str, Any], inputs: Tensor, slopes: Tensor) -> Tensor:
    """f″ by autograd; from differences of its slopes where it has none, or says NaN."""
    if not slopes.requires_grad:
        return torch.zeros_like(inputs)
    try:
        (found,) = torch.autograd.grad(slopes.sum(), inputs, allow_unused=True)
        twice = torch.zeros_like(inputs) if found is None else found
    except RuntimeError as error:
        assert "is not implemented" in str(error)
        twice = torch.full_like(inputs, math.nan)
    missing = twice.isnan()
    if missing.any():
        xs, joints = inputs[missing].tolist(), joints_at(entry, setting)
        sides = [p >= min(joints, key=lambda j: abs(j - p), default=p) for p in xs]
        aside = [p + (STEP if right else -STEP) for p, right in zip(xs, sides, strict=True)]
        rises = (
            torch.tensor(torch_side.slopes(entry, setting, aside), dtype=torch.float64)
            - slopes[missing].detach()
        )
        runs = torch.tensor(aside, dtype=torch.float64) - inputs[missing].detach()
        twice[missing] = rises / runs
    return twice


def gap(ours: float, theirs: float) -> float:
    """The difference, relative to the larger of 1 and torch's value; NaN counts as infinite."""
    found = abs(ours - theirs) / max(1, abs(theirs))
    return math.inf if math.isnan(found) else found


def known(entry: Activation, of: str) -> float:
    return max((t.at_most for t in entry.tolerances if t.of == of), default=0)


def joints_at(entry: Activation, setting: dict[str, Any]) -> list[float]:
    """Where cases meet at `setting`, and where they would at the shown one.

    A PReLU of slope 1 is a straight line, and still two cases that meet at 0.
    """
    shown = {**entry.setting, **{k: v for k, v in setting.items() if k not in entry.parameters}}
    found = [
        [float(piece.upper) for piece in pieces(at(entry, where))[:-1]]
        for where in (setting, shown)
    ]
    return max(found, key=len)


@pytest.fixture(scope="module")
def still(browser: Browser, address: str) -> Iterator[Page]:
    """One page for all functions, which runs nothing but what it is asked."""
    with watched(browser) as page:
        page.goto(address + STILL)
        yield page


@pytest.mark.parametrize("slug", SCALAR)
def test_the_browser_agrees_with_torch(still: Page, slug: str) -> None:
    entry = CATALOGUE[slug]
    for setting in all_settings(entry):
        xs = points(joints_at(entry, setting))
        found = evaluated(still, EVALUATE, slug=slug, setting=setting, xs=xs)
        theirs = by_torch(entry, setting, xs)
        # where torch's slope has a step of a known size, f″ differs by the like around it
        allowed = (
            max(CLOSE, known(entry, "value")),
            max(CLOSE, known(entry, "slope")),
            max(CLOSE_TWICE, 10 * known(entry, "slope")),
        )
        for what, torchs, most in zip(("f", "df", "ddf"), theirs, allowed, strict=True):
            for p, mine, its in zip(xs, found[what], torchs, strict=True):
                assert gap(float(mine), its) <= most, (
                    f"{slug} {setting}: {what}({p!r}) is {mine} in the browser, {its!r} in torch"
                )


@pytest.mark.parametrize("slug", SCALAR)
def test_joints_say_what_torch_does_on_both_sides(still: Page, slug: str) -> None:
    entry = CATALOGUE[slug]
    for setting in all_settings(entry):
        cuts = joints_at(entry, setting)
        found = evaluated(still, EVALUATE, slug=slug, setting=setting, xs=cuts)
        assert [joint["x"] for joint in found["joints"]] == pytest.approx(cuts, abs=1e-12)
        for n, (joint, cut) in enumerate(zip(found["joints"], cuts, strict=True)):
            sides = [cut - 1e-9, cut, cut + 1e-9]
            f, df, ddf = by_torch(entry, setting, sides)
            assert joint["f"] == pytest.approx(f, abs=1e-7)
            assert joint["df"] == pytest.approx(df, abs=1e-7)
            assert joint["ddf"] == pytest.approx([ddf[0], ddf[2]], abs=1e-7)
            assert float(found["f"][n]) == pytest.approx(f[1], abs=1e-12)
            assert float(found["df"][n]) == pytest.approx(df[1], abs=1e-7), "not autograd's pick"
            assert math.isnan(float(found["ddf"][n])), "f″ has no value where two cases meet"


@pytest.mark.parametrize("slug", SCALAR)
def test_a_slider_covers_what_the_page_shows(slug: str) -> None:
    entry = CATALOGUE[slug]
    for argument in entry.parameters:
        ruled = slider(entry, argument)
        half = ruled.step / 2
        for value in (*entry.sweep.get(argument, ()), entry.setting[argument]):
            assert ruled.low - half <= value <= ruled.high + half
        count = (ruled.high - ruled.low) / ruled.step
        assert 100 <= count + 1e-9 <= 251 and count == pytest.approx(round(count))
        assert float(f"{ruled.step:e}".split("e")[0]) in (1, 2, 5)


@pytest.mark.parametrize(
    ("expr", "code"),
    [
        (log(1 + exp(2 * x)), "softplus(2*x)"),
        (log(sigma(x)), "-softplus(-x)"),
        (1 - sigma(x), "sigma(-x)"),
        (sigma(x) - 1, "-sigma(-x)"),
        (3 * (exp(x) - 1), "3*Math.expm1(x)"),
        (1 - exp(-x), "-Math.expm1(-x)"),
        (cases((x, x > 0)), "(x > 0 ? x : NaN)"),
    ],
)
def test_what_would_overflow_or_cancel_is_rewritten(expr: Any, code: str) -> None:
    assert javascript.code(expr) == code
