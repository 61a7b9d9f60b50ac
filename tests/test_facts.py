"""Facts: known anchors from outside this code, and a brute-force look at torch's own numbers."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapes
import sympy
import torch

from activations import CATALOGUE
from activations._entry import Activation
from activations._notation import x
from gen.evaluation import formula, torch_side
from gen.evaluation.formula import at
from gen.facts import closed_forms, number
from gen.facts.analysis import UndeterminedError

STEP = sympy.Rational(1, 100)
EVERY = {**CATALOGUE, **shapes.ENTRIES}
SCALAR = [s for s, e in EVERY.items() if e.kind == "elementwise"]


@pytest.fixture(scope="session")
def facts(public: Path, beyond: Path) -> dict[str, dict[str, Any]]:
    """What is published of each function of one number, and of each of shapes.py."""
    text = (public / "activations.json").read_text(encoding="utf-8")
    records = json.loads(text)["activations"]
    for slug in shapes.ENTRIES:
        records[slug] = json.loads((beyond / slug / "record.json").read_text(encoding="utf-8"))
    return {slug: records[slug]["facts"] for slug in SCALAR}


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
    assert close(gelu["gaussian"]["mean"], 1 / (2 * math.sqrt(math.pi)))
    assert close(facts["selu"]["gaussian"]["mean"], 0)
    assert close(facts["selu"]["gaussian"]["second_moment"], 1)
    assert close(facts["relu"]["gaussian"]["gain"], math.sqrt(2))
    assert close(facts["relu"]["gaussian"]["mean"], 1 / math.sqrt(2 * math.pi))
    assert gelu["inflections"] == [-facts["gelu"]["steepest"]["x"], facts["gelu"]["steepest"]["x"]]
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


def test_roots_are_numbers_or_intervals(facts: dict[str, dict[str, Any]]) -> None:
    (below,) = facts["relu"]["zeros"]
    assert (below["lower"], below["upper"], below["upper_attained"]) == ("-inf", 0, True)
    assert facts["tanhshrink"]["zeros"] == [0]
    assert facts["softplus"]["zeros"] == []
    left, zero, right = facts["hardshrink"]["fixed_points"]
    assert zero == 0 and not left["upper_attained"] and not right["lower_attained"]
    assert close(facts["hardsigmoid"]["fixed_points"][0], 0.6)


def test_double_roots_are_found() -> None:
    """(x² − 2)² touches 0 twice, and never crosses it; x³ has a triple root."""
    found = number.facts((x**2 - 2) ** 2).published()["zeros"]
    assert [close(root, wanted) for root, wanted in zip(found, (-(2**0.5), 2**0.5), strict=True)]
    assert number.facts(x**3).published()["zeros"] == [0]
    near = number.facts((x - sympy.Rational(1, 3)) * (x - sympy.Rational(1, 3) - STEP)).published()[
        "zeros"
    ]
    assert len(near) == 2, "two roots inside one cell of the grid"


def test_what_cannot_be_settled_is_not_guessed() -> None:
    with pytest.raises(UndeterminedError, match=r"limit of .* at"):
        number.facts(sympy.sin(x**2))
    with pytest.raises(UndeterminedError, match=r"the period of .* is longer than what is scanned"):
        number.facts(sympy.sin(x / 10))
    with pytest.raises(UndeterminedError, match=r"derivative of order 1 of .* at 1"):
        number.some(sympy.sqrt(sympy.Abs(x - 1)), "smoothness")
    with pytest.raises(UndeterminedError, match=r"Gaussian integral of .* did not settle"):
        number.some(sympy.sqrt((x - 1) ** 2 + sympy.Rational(1, 10**8)), "gaussian")


def test_closed_forms_agree_with_the_numbers() -> None:
    """Each closed form, at each swept value on its side of every condition, is the fact."""
    keys = {"mean": "mean", "gain": "gain", "backward gain": "backward_gain"}
    compared = 0
    for entry in CATALOGUE.values():
        if entry.kind != "elementwise" or not entry.parameters:
            continue
        known = closed_forms.forms(entry)
        for setting in entry.settings:
            if any(value <= 0 for value in setting.values()):
                continue
            numbers = {
                p.symbol: formula.exact(setting[name]) for name, p in entry.parameters.items()
            }
            found = number.some(at(entry, setting), "range", "slope_at_zero", "gaussian")
            for name, key in keys.items():
                if name in known:
                    value = float(known[name].subs(numbers))
                    assert close(getattr(found["gaussian"], key), value, 12), (entry.slug, name)
                    compared += 1
            if "limit at −∞" in known:
                assert close(found["range"].lower, float(known["limit at −∞"].subs(numbers)))
            if "slope left of 0" in known:
                slope = float(known["slope left of 0"].subs(numbers))
                assert close(found["slope_at_zero"][0], slope)
    assert compared > 30


def test_elu_has_a_kink_unless_alpha_is_one() -> None:
    entry = CATALOGUE["elu"]
    (kink,) = number.facts(at(entry, {"alpha": 0.5})).published()["kinks"]
    assert (kink["left"], kink["right"]) == (0.5, 1)
    assert number.facts(at(CATALOGUE["celu"], {"alpha": 0.5})).published()["kinks"] == []


def as_float(value: float | str) -> float:
    return float(value)


def values_and_slopes(entry: Activation, xs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """f and f′ at each x, as torch and autograd compute them."""
    inputs = xs.clone().requires_grad_()
    ys = torch_side.callable_at(entry, entry.setting)(inputs)
    return ys.detach(), torch.autograd.grad(ys.sum(), inputs)[0]


def brute_force_kinks(
    entry: Activation, xs: torch.Tensor, ys: torch.Tensor, slopes: torch.Tensor, found: Any
) -> None:
    """torch's slopes beside each kink are the listed ones, and they jump nowhere else."""
    kinks = found["kinks"]
    for kink in kinks:
        beside = torch_side.slopes(entry, entry.setting, [kink["x"] - 1e-9, kink["x"] + 1e-9])
        assert math.isclose(beside[0], kink["left"], abs_tol=1e-7)
        assert math.isclose(beside[1], kink["right"], abs_tol=1e-7)
    # the curvature of no entry exceeds 2, so a smooth slope changes by at most 0.001 a step
    leaps = xs[1:][slopes.diff().abs() > 2e-3].tolist()
    assert all(any(abs(leap - kink["x"]) < 1e-3 for kink in kinks) for leap in leaps)
    broken = xs[1:][ys.diff().abs() > 5e-3].tolist()
    jumps = [kink["x"] for kink in kinks if kink["order"] == 0]
    assert all(any(abs(leap - jump) < 1e-3 for jump in jumps) for leap in broken)
    assert (found["smoothness"] == "discontinuous") == bool(broken)
    assert (found["smoothness"] in ("discontinuous", "C0")) == bool(leaps)


def brute_force_roots(xs: torch.Tensor, ys: torch.Tensor, roots: list[Any] | None) -> None:
    """Every sign change on a dense grid is at a listed root, and each listed root is one.

    Where roots go on without end they are met on every stretch.
    """
    if roots is None:
        assert all(piece.abs().min() < 1e-3 for piece in ys.chunk(10))
        return
    points = [as_float(r) for r in roots if not isinstance(r, dict)]
    spans = [(as_float(r["lower"]), as_float(r["upper"])) for r in roots if isinstance(r, dict)]
    crossings = xs[1:][(ys[1:] * ys[:-1]) < 0]
    for crossing in crossings[crossings.abs() < 20].tolist():
        at_point = any(abs(crossing - p) < 1e-3 for p in points)
        assert at_point or any(low - 1e-3 <= crossing <= high + 1e-3 for low, high in spans)
    for place in points:
        assert ys[(xs - place).abs().argmin()].abs() < 2e-3
    for low, high in spans:
        inside = (xs > low) & (xs < high)
        assert inside.any() and ys[inside].abs().max() < 1e-9


def expectations(entry: Activation, cuts: list[float]) -> dict[str, float]:
    """E f(z), E f(z)² and E f′(z)², z ~ N(0, 1), by Gauss-Legendre nodes on torch's values."""
    nodes, weights = map(torch.from_numpy, np.polynomial.legendre.leggauss(120))
    totals = dict.fromkeys(("mean", "second_moment", "slope_second_moment"), 0.0)
    for low, high in itertools.pairwise(cuts):
        half = (high - low) / 12
        for start in np.linspace(low, high, 7)[:-1]:
            places = start + half * (nodes + 1)
            ys, slopes = values_and_slopes(entry, places)
            density = half * weights * torch.exp(-(places**2) / 2) / math.sqrt(2 * math.pi)
            for key, of in zip(totals, (ys, ys**2, slopes**2), strict=True):
                totals[key] += float((density * of).sum())
    return totals


@pytest.mark.parametrize("slug", SCALAR)
def test_brute_force_finds_the_same(slug: str, facts: dict[str, dict[str, Any]]) -> None:
    """Dense grids of torch's float64 values must not contradict a fact, nor leave room for it."""
    entry, found = EVERY[slug], facts[slug]
    xs = torch.linspace(-60, 60, 240_001, dtype=torch.float64)
    ys, slopes = values_and_slopes(entry, xs)

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
        if limit is None:
            assert ys[xs.abs() > 50].min() < ys[xs.abs() > 50].max() - 0.1
        elif math.isfinite(as_float(limit)):
            assert abs(ys[end].item() - as_float(limit)) < 0.02
        else:
            (far,) = torch_side.values(entry, entry.setting, [1e9 if end else -1e9])
            assert abs(far) > 1e6 and (far > 0) == (as_float(limit) > 0)

    assert math.isclose(
        torch_side.values(entry, entry.setting, [0.0])[0], found["value_at_zero"], abs_tol=1e-12
    )
    brute_force_kinks(entry, xs, ys, slopes, found)
    brute_force_roots(xs, ys, found["zeros"])
    brute_force_roots(xs, ys - xs, found["fixed_points"])
    for end, line in found["asymptotes"].items():
        (far,) = torch_side.values(entry, entry.setting, [math.copysign(1e6, as_float(end))])
        if line:
            wanted = line["slope"] * math.copysign(1e6, as_float(end)) + line["intercept"]
            assert math.isclose(far, wanted, rel_tol=1e-6, abs_tol=1e-5)

    # Gauss-Legendre on torch's own values, split at the kinks
    moments = found["gaussian"]
    cuts = [-12.0, *sorted({0.0, *(k["x"] for k in found["kinks"])}), 12.0]
    for key, brute in expectations(entry, cuts).items():
        loose = 1e-8 + 20 * max((t.at_most for t in entry.tolerances), default=0)
        assert math.isclose(brute, moments[key], rel_tol=loose, abs_tol=1e-9), key
    assert close(moments["gain"], moments["second_moment"] ** -0.5, 12)
    assert close(moments["backward_gain"], moments["slope_second_moment"] ** -0.5, 12)
    assert math.isclose(
        moments["variance"], moments["second_moment"] - moments["mean"] ** 2, abs_tol=1e-12
    )
    density = torch.exp(-(xs**2) / 2) / math.sqrt(2 * math.pi)
    share = (density * (slopes == 0) * (xs.abs() < 8)).sum().item() * 120 / 240_000
    assert math.isclose(share, found["zero_slope_fraction"], abs_tol=3e-4)

    bends = slopes.diff()
    if found["inflections"] is None:
        assert all(piece.min() < 0 < piece.max() for piece in bends.chunk(10))
    for place in found["inflections"] or []:
        near = (xs[1:] - as_float(place)).abs() < 0.2
        assert bends[near].min() < 0 < bends[near].max()

    for side, sign in zip(found["slope_at_zero"], (-1, 1), strict=True):
        beside = torch_side.slopes(entry, entry.setting, [sign * 1e-9])[0]
        assert math.isclose(beside, side, abs_tol=1e-7)


def test_what_is_published_is_strict_json(generated: Path) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"activations.json holds {constant}, which is not JSON")

    text = (generated / "public" / "activations.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=refuse)
    assert data["torch"] == torch.__version__.split("+")[0]
    assert list(data["activations"]) == list(CATALOGUE)
    wanted = {
        "name", "title", "summary", "aliases", "family", "kind", "torch", "functional",
        "parameters", "formula", "derivative", "second_derivative", "papers", "models", "facts",
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
