"""Initialization: the gains, what was measured with them, and the page's generated parts."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from activations import CATALOGUE
from gen.evaluation.torch_side import torch_gain
from gen.measure import digests, files
from gen.measure.depth import DEPTH, draw, propagate
from gen.pages import initialization
from gen.pages.initialization import CHOICES

SCALAR = [s for s, e in CATALOGUE.items() if e.kind == "elementwise"]
MEASURED = {slug: files.section(slug, "depth") for slug in CATALOGUE}


@pytest.fixture(scope="session")
def records(generated: Path) -> dict[str, Any]:
    text = (generated / "public" / "activations.json").read_text(encoding="utf-8")
    return json.loads(text)["activations"]


def test_gains_known_from_elsewhere(records: dict[str, Any]) -> None:
    """He et al. for ReLU and leaky slopes, both ways; Klambauer et al. for SELU."""
    for slug, slope in (("relu", 0), ("leaky_relu", 0.01), ("prelu", 0.25), ("rrelu", 11 / 48)):
        moments = records[slug]["facts"]["gaussian"]
        for way in ("gain", "backward_gain"):
            assert math.isclose(moments[way], math.sqrt(2 / (1 + slope**2)), rel_tol=1e-12)
    assert math.isclose(records["selu"]["facts"]["gaussian"]["gain"], 1, rel_tol=1e-9)


def test_what_torch_recommends() -> None:
    known = {s: g for s in SCALAR if (g := torch_gain(s)) is not None}
    assert known == {
        "leaky_relu": math.sqrt(2 / 1.0001), "relu": math.sqrt(2), "selu": 0.75, "sigmoid": 1,
        "tanh": 5 / 3,
    }  # fmt: skip


def test_deviation_is_the_slope_of_the_map() -> None:
    """What follows from the formula: rectified lines scale with their input, constants do not."""
    assert math.isclose(initialization.deviation("relu"), 1, abs_tol=1e-6)
    assert math.isclose(initialization.deviation("identity"), 1, abs_tol=1e-6)
    # by hand for f = x where |x| > 1/2: 1 + φ(1/2)/8 / (2 E f²)
    density = math.exp(-1 / 8) / math.sqrt(2 * math.pi)
    square = math.erfc(0.5 / math.sqrt(2)) + density
    shrunk = 1 + density / (8 * square)
    assert math.isclose(initialization.deviation("hardshrink"), shrunk, abs_tol=1e-4)


@pytest.mark.parametrize("slug", SCALAR)
def test_the_measured_file_is_complete(slug: str, records: dict[str, Any]) -> None:
    assert MEASURED[slug], f"{slug} is not measured; run make measure and commit"
    assert not digests.is_due("depth", CATALOGUE[slug]), f"run make measure and commit {slug}"
    result = MEASURED[slug]["results"]
    wanted = {"linear": 1.0, "torch": torch_gain(slug)}
    wanted["exact"] = records[slug]["facts"]["gaussian"]["gain"]
    assert set(result) == {choice for choice in CHOICES if wanted[choice] is not None}
    for choice, values in result.items():
        stale = f"{slug} was measured with another gain; run make measure and commit"
        assert math.isclose(values["gain"], wanted[choice] or 0, rel_tol=1e-12), stale
        for direction, start, end in (("signal", 0, -1), ("gradient", -1, 0)):
            logs = values[direction]
            assert len(logs) == MEASURED[slug]["depth"] + 1 == DEPTH + 1
            assert abs(logs[start]) < 0.01
            low, high = (-math.inf if v is None else float(v) for v in values[f"{direction}_range"])
            assert low <= (-math.inf if logs[end] is None else float(logs[end])) <= high
    shares = [values["common"] for values in result.values()]
    assert all(share is None or 0 < share <= 1 for share in shares)


def test_nothing_else_is_measured() -> None:
    assert [slug for slug in CATALOGUE if MEASURED[slug]] == SCALAR


def test_a_run_is_what_autograd_computes() -> None:
    weights, inputs, errors = draw(0, width=16, batch=4, depth=3)
    signal, gradient, common = propagate(CATALOGUE["tanh"], 1.5, weights, inputs, errors)
    z = start = inputs.clone().requires_grad_()
    for weight in weights:
        z = torch.tanh(z) @ (1.5 * weight).T
    z.backward(errors)
    assert start.grad is not None
    assert math.isclose(
        common, 1 - (z.var(0, correction=0).mean() / z.square().mean()).item(), rel_tol=1e-5
    )
    assert math.isclose(10 ** signal[-1], z.square().mean().item(), rel_tol=1e-5)
    assert math.isclose(10 ** gradient[0], start.grad.square().mean().item(), rel_tol=1e-5)


def test_what_reaches_zero_is_none_of_the_numbers() -> None:
    signal, gradient, common = propagate(CATALOGUE["threshold"], 1.0, *draw(0, 32, 4, 40))
    assert signal[-1] == gradient[0] == -math.inf and math.isnan(common)


def test_what_overflows_is_told_as_infinite() -> None:
    entry = CATALOGUE["relu2"]
    signal, gradient, _ = propagate(entry, 1.0, *draw(0, 32, 4, 40))
    assert math.isfinite(signal[1]) and signal[-1] == gradient[0] == math.inf
    result = MEASURED["relu2"]["results"]["exact"]
    assert result["signal"][-1] == result["gradient"][0] == "inf"
    row = initialization.experiment([{"slug": "relu2", "name": "R"}], {"relu2": MEASURED["relu2"]})
    assert row.splitlines()[2].split(" | ")[1:-1] == ["∞", "–", "∞", "∞", "–", "∞"]


def test_tables_list_every_function(generated: Path) -> None:
    for name in ("gains", "experiment"):
        table = (generated / f"initialization/{name}.md").read_text(encoding="utf-8")
        rows = [line for line in table.splitlines() if line.startswith("| [")]
        assert sorted(line.split("(/activations/")[1].split(".md)")[0] for line in rows) == SCALAR
        assert initialization.UNKNOWN not in table
    gains = (generated / "initialization/gains.md").read_text(encoding="utf-8")
    assert "| [ReLU](/activations/relu.md) | 1.4142 | 1.4142 | 1.4142 | 1.0000 | 1.000 |" in gains
    assert "| [GELU](/activations/gelu.md) | 1.5335 | 1.4811 | raises | 1.0720 | 1.144 |" in gains


def test_gains_that_restore_nothing_are_told() -> None:
    """A function that grows without end has the gain 0, one whose slope is 0 an infinite one."""
    names = {"slug": "wall", "name": "Wall", "functional": None}
    record = {**names, "gain": 0.0, "backward_gain": "inf"}
    row = initialization.gains([record]).splitlines()[2]
    assert row.endswith("| 0.0000 | ∞ | raises | none | none |")
