"""Facts: known anchors from outside this code, and a brute-force look at torch's own numbers."""

import json
import math
from pathlib import Path
from typing import Any

import brute
import pytest
import shapes
import sympy
import torch

from activations import CATALOGUE
from activations._notation import x
from gen.evaluation import formula
from gen.evaluation.formula import at
from gen.facts import analysis, closed_forms, limits, number
from gen.facts.limits import UndeterminedError

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


def test_what_cannot_be_settled_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UndeterminedError, match=r"limit of .* at"):
        number.facts(x * sympy.cos(x))
    with pytest.raises(UndeterminedError, match=r"the period of .* is longer than what is scanned"):
        number.facts(sympy.sin(x / 10))
    with pytest.raises(UndeterminedError, match=r"derivative of order 1 of .* at 1"):
        number.some(sympy.sqrt(sympy.Abs(x - 1)), "smoothness")
    with pytest.raises(UndeterminedError, match=r"Gaussian integral of .* a tail beyond ±16"):
        number.some(sympy.exp(x**2 * sympy.Rational(12, 25)), "gaussian")
    monkeypatch.setattr(analysis, "SETTLED", 0)
    with pytest.raises(UndeterminedError, match=r"Gaussian integral of .* did not settle"):
        number.some(sympy.tanh(x), "gaussian")


@pytest.mark.parametrize(
    ("f", "right"),
    [
        (sympy.Rational(5, 2) - 1 / x, sympy.Rational(5, 2)),
        (1 / sympy.log(x**2 + 2), sympy.S.Zero),
        (sympy.log(x**2 + 1), sympy.oo),
        (1000 - x, -sympy.oo),
    ],
)
def test_a_wrong_limit_is_not_believed(
    f: sympy.Expr, right: sympy.Expr, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SymPy is made to answer each of these; only the right one passes."""
    for claim in (sympy.Rational(5, 2), sympy.Integer(9), sympy.S.Zero, sympy.oo, -sympy.oo):
        monkeypatch.setattr(limits.sympy, "limit", lambda *_, claim=claim: claim)
        limits._towards.cache_clear()
        with formula.high_precision():
            if claim == right:
                assert limits._towards(f, sympy.oo) == right
                continue
            with pytest.raises(UndeterminedError, match="is not found"):
                limits._towards(f, sympy.oo)
    limits._towards.cache_clear()


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


@pytest.mark.parametrize("slug", SCALAR)
def test_brute_force_finds_the_same(slug: str, facts: dict[str, dict[str, Any]]) -> None:
    """Dense tables of torch's float64 values and slopes contradict no fact."""
    entry = EVERY[slug]
    gap = max((tolerance.at_most for tolerance in entry.tolerances), default=0)
    assert not [*brute.contradictions(facts[slug], brute.of_torch(entry), gap)]


def test_what_is_published_is_strict_json(generated: Path) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"activations.json holds {constant}, which is not JSON")

    text = (generated / "public" / "activations.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=refuse)
    assert data["torch"] == torch.__version__.split("+")[0]
    assert list(data["activations"]) == list(CATALOGUE)
    wanted = {
        "name", "title", "summary", "aliases", "family", "kind", "torch", "functional",
        "parameters", "formula", "derivative", "second_derivative", "papers", "witnesses", "models",
        "facts",
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
