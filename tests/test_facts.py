"""Facts: known anchors from outside this code, and a brute-force look at torch's own numbers."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from activations import CATALOGUE
from gen import analyse, evaluate
from gen.formula import at
from gen.kinds import KINDS

SCALAR = [s for s, e in CATALOGUE.items() if e.is_scalar and e.kind != "gated"]


@pytest.fixture(scope="session")
def facts() -> dict[str, dict[str, Any]]:
    return {slug: KINDS[CATALOGUE[slug].kind].facts(CATALOGUE[slug]) for slug in SCALAR}


def close(value: float, wanted: float, digits: int = 15) -> bool:
    return math.isclose(value, wanted, rel_tol=10.0**-digits, abs_tol=10.0**-digits)


def test_anchors(facts: dict[str, dict[str, Any]]) -> None:
    """Values known from outside this program, to their last digit."""
    silu, gelu, mish = facts["silu"], facts["gelu"], facts["mish"]
    assert close(silu["minimum"]["y"], -0.278464542761073795)
    assert close(silu["minimum"]["x"], -1.278464542761073795)
    assert close(silu["steepest"]["y"], 1.099839320128866917)
    assert close(silu["steepest"]["x"], 2.3993572805154676678)
    assert close(gelu["minimum"]["y"], -0.169971207479903661)
    assert close(gelu["minimum"]["x"], -0.751791524693564457)
    assert close(gelu["steepest"]["y"], 1.12890414518515478)
    assert close(gelu["steepest"]["x"], math.sqrt(2))
    assert close(mish["minimum"]["y"], -0.30884341, 8)
    assert close(mish["minimum"]["x"], -1.19243, 5)
    assert close(facts["selu"]["lipschitz"], 1.7580993408473766, 14)
    assert facts["selu"]["steepest"]["x"] == 0
    slopes = [s for k in facts["hardswish"]["kinks"] for s in (k["left"], k["right"])]
    assert (min(slopes), max(slopes)) == (-0.5, 1.5)


def test_kinks_and_what_autograd_picks(facts: dict[str, dict[str, Any]]) -> None:
    (relu,) = facts["relu"]["kinks"]
    assert (relu["left"], relu["right"], relu["autograd"]) == (0, 1, 0)
    assert facts["elu"]["kinks"] == []
    assert facts["elu"]["smoothness"] == "C1"
    assert [k["order"] for k in facts["hardshrink"]["kinks"]] == [0, 0]
    assert facts["softsign"]["smoothness"] == "C1"
    assert facts["gelu"]["smoothness"] == "analytic"


def test_elu_has_a_kink_unless_alpha_is_one() -> None:
    entry = CATALOGUE["elu"]
    (kink,) = analyse.facts(at(entry, {"alpha": 0.5}))["kinks"]
    assert (kink["left"], kink["right"]) == (0.5, 1)
    assert analyse.facts(at(CATALOGUE["celu"], {"alpha": 0.5}))["kinks"] == []


def as_float(value: float | str) -> float:
    return float(value)


@pytest.mark.parametrize("slug", SCALAR)
def test_brute_force_finds_the_same(slug: str, facts: dict[str, dict[str, Any]]) -> None:
    """Dense grids of torch's float64 values must not contradict a fact, nor leave room for it."""
    entry, found = CATALOGUE[slug], facts[slug]
    xs = torch.linspace(-60, 60, 240_001, dtype=torch.float64)
    ys = torch.tensor(evaluate.values(entry, entry.setting, xs.tolist()), dtype=torch.float64)
    slopes = torch.tensor(evaluate.slopes(entry, entry.setting, xs.tolist()), dtype=torch.float64)

    low, high = as_float(found["range"]["lower"]), as_float(found["range"]["upper"])
    assert ys.min() >= low - 1e-12 and ys.max() <= high + 1e-12
    if math.isfinite(low):
        assert ys.min() <= low + 0.02
    if math.isfinite(high):
        assert ys.max() >= high - 0.02
    if found["minimum"]:
        assert math.isclose(ys.min().item(), found["minimum"]["y"], abs_tol=1e-7)

    steps = ys.diff()
    if found["monotone"] == "no":
        assert steps.min() < -1e-9 and steps.max() > 1e-9
    else:
        assert steps.min() >= -1e-12
    flat = bool((slopes == 0).any() and (ys[slopes == 0].unique().numel() < (slopes == 0).sum()))
    if found["monotone"] == "non-decreasing":
        assert flat

    if found["parity"] == "odd":
        torch.testing.assert_close(ys, -ys.flip(0), atol=1e-12, rtol=0)
    else:
        assert (ys + ys.flip(0)).abs().max() > 1e-3
    assert (found["parity"] == "even") == bool((ys - ys.flip(0)).abs().max() < 1e-12)

    bound = as_float(found["lipschitz"])
    assert slopes.abs().max() <= bound + 1e-7
    if math.isfinite(bound):
        assert slopes.abs().max() >= bound - 2e-3
        assert (steps / xs.diff()).abs().max() <= bound + 1e-6

    # The curve is convex where no chord lies below it.
    middle = ys[1:-1] - (ys[:-2] + ys[2:]) / 2
    gap = max((t.at_most for t in entry.tolerances if t.of == "value"), default=0)
    assert found["convex"] == bool(middle.max() < 1e-11 + gap)

    for end, limit in ((0, found["limits"]["-inf"]), (-1, found["limits"]["+inf"])):
        if math.isfinite(as_float(limit)):
            assert abs(ys[end].item() - as_float(limit)) < 0.02
        else:
            (far,) = evaluate.values(entry, entry.setting, [1e9 if end else -1e9])
            assert abs(far) > 1e6 and (far > 0) == (as_float(limit) > 0)

    assert math.isclose(
        evaluate.values(entry, entry.setting, [0.0])[0], found["value_at_zero"], abs_tol=1e-12
    )
    for side, sign in zip(found["slope_at_zero"], (-1, 1), strict=True):
        near = evaluate.slopes(entry, entry.setting, [sign * 1e-9])[0]
        assert math.isclose(near, side, abs_tol=1e-7)


def test_what_is_published_is_strict_json(generated: Path) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"activations.json holds {constant}, which is not JSON")

    text = (generated / "public" / "activations.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=refuse)
    assert data["torch"] == torch.__version__.split("+")[0]
    assert list(data["activations"]) == list(CATALOGUE)
    wanted = {
        "name", "title", "summary", "aliases", "family", "kind", "torch", "functional",
        "parameters", "formula", "derivative", "papers", "facts",
    }  # fmt: skip
    for slug, entry in data["activations"].items():
        assert set(entry) == wanted, slug
    assert data["activations"]["elu"]["torch"] == "torch.nn.ELU"
    assert data["activations"]["elu"]["functional"] == "torch.nn.functional.elu"
    assert data["activations"]["swish"]["torch"] is None
    assert data["activations"]["elu"]["parameters"][0]["default"] == 1.0
    assert data["activations"]["relu"]["facts"]["range"] == {
        "lower": 0.0, "lower_attained": True, "upper": "inf", "upper_attained": False,
    }  # fmt: skip
