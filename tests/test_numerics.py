"""What torch makes of each function in each dtype: the committed numbers, and what pages say."""

import copy
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from activations import CATALOGUE
from activations._entry import Textbook
from gen import kinds
from gen.evaluation import ulp
from gen.kinds import _rounding
from gen.kinds._rounding import compare, exact_functions, in_dtype
from gen.measure import digests, files
from gen.measure import rounding as measure
from gen.pages.activation import rounding

CPU = torch.device("cpu")
RECORDS = {slug: files.section(slug, "rounding")["cpu"] for slug in CATALOGUE}
STABLE = [slug for slug, entry in CATALOGUE.items() if entry.textbook]


def scalar(slug: str) -> bool:
    entry = CATALOGUE[slug]
    return entry.kind == "elementwise"


def errors(slug: str, dtype: str, quantity: str) -> Any:
    return RECORDS[slug]["errors"][dtype][quantity]


@pytest.fixture(scope="module")
def live() -> Any:
    """Measure one entry's output and gradient now, in one dtype."""

    def run(slug: str, dtype: str) -> Any:
        entry, kind = CATALOGUE[slug], ulp.DTYPES[dtype]
        return compare(in_dtype(entry, kind, CPU), exact_functions(entry), kind, CPU)

    return run


# the committed file


@pytest.mark.parametrize("slug", CATALOGUE)
def test_every_entry_is_measured_as_it_is(slug: str) -> None:
    assert not digests.is_due("rounding", CATALOGUE[slug]), f"run make measure and commit {slug}"


# the committed numbers, against a run of today


@pytest.mark.parametrize(
    ("slug", "dtype"),
    [("tanh", "float32"), ("elu", "float32"), ("silu", "float32")],
)
def test_committed_errors_are_those_of_today(live: Any, slug: str, dtype: str) -> None:
    today = live(slug, dtype)
    for quantity in ("output", "gradient"):
        kept, now = errors(slug, dtype, quantity), today[quantity]
        assert now["largest"]["ulp"] == pytest.approx(kept["largest"]["ulp"], rel=0.5, abs=1)
        assert now["ulp_999"] == pytest.approx(kept["ulp_999"], rel=0.5, abs=1)
        assert [(s["side"], s["value"]) for s in now["settles"]] == [
            (s["side"], s["value"]) for s in kept["settles"]
        ]
        for one, other in zip(now["settles"], kept["settles"], strict=True):
            assert one["x"] == pytest.approx(other["x"], rel=0.02)


@pytest.mark.parametrize(
    ("slug", "dtype", "quantity", "side", "value", "x"),
    [
        ("sigmoid", "bfloat16", "gradient", 1, 0, 6.25),
        ("sigmoid", "float32", "gradient", 1, 0, 16.64),
        ("sigmoid", "float32", "output", 1, 1, 16.64),
        ("tanh", "float32", "gradient", 1, 0, 9.01),
        ("tanh", "float32", "gradient", -1, 0, -9.01),
        ("gelu", "float32", "output", -1, 0, -5.54),
        ("elu", "float32", "output", -1, -1, -16.6355),
        ("softplus", "float32", "output", -1, 0, -102.873),
    ],
)
def test_known_places_of_saturation(
    slug: str, dtype: str, quantity: str, side: int, value: float, x: float
) -> None:
    found = errors(slug, dtype, quantity)["settles"]
    assert any(
        s["side"] == side and s["value"] == value and s["x"] == pytest.approx(x, rel=1e-3)
        for s in found
    ), found


@pytest.mark.parametrize(
    ("slug", "quantity"), [("tanh", "gradient"), ("elu", "output"), ("softplus", "output")]
)
def test_the_place_of_saturation_is_the_very_number(slug: str, quantity: str) -> None:
    """One float32 before it, the result is another yet."""
    found = errors(slug, "float32", quantity)["settles"][0]
    at, value = torch.tensor(found["x"]), found["value"]
    inputs = torch.stack([at, torch.nextafter(at, torch.tensor(0.0))]).repeat_interleave(64)
    which = _rounding.PARTS.index(quantity)
    result = _rounding.results(in_dtype(CATALOGUE[slug], torch.float32, CPU), inputs)[which]
    assert result[0] == value and result[64] != value


def test_gelu_loses_its_tail_in_float32() -> None:
    (found,) = errors("gelu", "float32", "output")["inaccurate"]
    assert found["from"] < -4 < found["to"] < -1
    assert abs(found["got"] - found["exact"]) > 0.1 * abs(found["exact"])


def test_gelu_of_infinity_is_nan_but_for_one_element() -> None:
    infinite = RECORDS["gelu"]["special"]["float32"][0]["output"]
    tail = {"result": "inf", "of": {"1": 1}}
    assert infinite == {"result": "nan", "limit": "inf", "tail": tail}


@pytest.mark.parametrize(
    ("slugs", "body", "vector"),
    [
        (("relu6", "hardtanh", "hardshrink", "softshrink"), "0.0", 16),
        (("elu", "celu", "selu", "hardswish"), "nan", 32),
    ],
)
def test_slopes_at_nan_are_told_by_position(slugs: Sequence[str], body: str, vector: int) -> None:
    """What does not fill a vector has slope 1, or SELU's scale."""
    lengths = (1, 2, 15, 16, 17, 32, 33, 1000)
    left = {str(n): n % vector for n in lengths if n % vector}
    for slug in slugs:
        found = RECORDS[slug]["special"]["float32"][2]["gradient"]
        tail = {"result": "1.0507" if slug == "selu" else "1.0", "of": left}
        assert found == {"result": body, "limit": None, "tail": tail}, slug


def test_strided_tensors_go_through_other_code() -> None:
    """Of N(0, 1) inputs, GELU gives another output for 19 % and another gradient for 74 %."""
    found = RECORDS["gelu"]["strided"]
    assert found["output"]["share"] == pytest.approx(0.19, abs=0.02)
    assert found["gradient"]["share"] == pytest.approx(0.74, abs=0.02)
    assert RECORDS["relu"]["strided"]["output"]["share"] == 0


@pytest.mark.parametrize("slug", ["relu", "identity", "threshold", "hardshrink"])
def test_selections_are_exact(slug: str) -> None:
    for dtype in ulp.DTYPES:
        for quantity in ("output", "gradient"):
            assert errors(slug, dtype, quantity)["largest"]["ulp"] == 0


def test_a_vector_a_gate_and_a_layer_are_measured_as_committed() -> None:
    for slug in ("softmin", "glu", "adaptive_log_softmax"):
        found = measure.measure(CATALOGUE[slug], {})["cpu"]["errors"]
        for dtype in ulp.DTYPES:
            now = found[dtype]["output"]["largest"]["ulp"]
            assert now == pytest.approx(errors(slug, dtype, "output")["largest"]["ulp"], rel=1)


# how errors are counted


def test_ulp_is_the_distance_to_the_next_number() -> None:
    for value in (1.0, 1.5, 0.75, 1000.0, 3e-5):
        here = np.float32(value)
        gap = float(np.nextafter(here, np.float32(np.inf))) - float(here)
        assert ulp.ulp(np.array([float(here)]), torch.float32)[0] == gap
    assert ulp.ulp(np.array([0.0]), torch.float32)[0] == 2.0**-149
    assert ulp.ulp(np.array([1.0]), torch.bfloat16)[0] == 2.0**-7


def test_sixteen_bit_dtypes_are_covered_whole() -> None:
    assert len(ulp.finite_numbers(torch.bfloat16)) == 2 * 255 * 128 - 1
    assert len(ulp.finite_numbers(torch.float16)) == 2 * 31 * 1024 - 1
    assert 3900 < len(ulp.finite_numbers(torch.float32)) < 4100


def test_a_function_that_is_off_is_measured_as_off() -> None:
    """Four ULP added to the identity, NaN from 7 and a constant from 9 down are all seen."""

    def broken(x: torch.Tensor) -> torch.Tensor:
        y = x * (1 + 4 * 2.0**-23)
        return torch.where(x > 7, torch.nan, torch.where(x < -9, -9 + 0 * x, y))

    exact = (lambda p: p, lambda p: 1.0)
    found = compare(broken, exact, torch.float32, CPU)["output"]
    (nan,) = found["not_finite"]
    assert nan["side"] == 1 and nan["value"] == "nan" and 7 < nan["x"] < 7.000001
    (settled,) = found["settles"]
    assert settled["side"] == -1 and settled["value"] == -9 and -9.000001 < settled["x"] < -8.99999
    assert found["ulp_999"] > 3
    assert 118 < found["absolute"] <= 119, "that of −128, the last that counts"


def test_a_constant_that_is_exact_is_not_said_to_settle() -> None:
    for dtype in ulp.DTYPES:
        assert all(s["value"] == 0 for s in errors("selu", dtype, "gradient")["settles"])
        assert not errors("relu", dtype, "gradient")["settles"]


# the textbook formulas


@pytest.mark.parametrize("slug", STABLE)
def test_the_stable_form_agrees_with_torch(slug: str) -> None:
    entry = CATALOGUE[slug]
    assert entry.textbook
    ends = torch.linspace(-200, 200, 4001)
    points = torch.cat([ends, torch.tensor([0.0, -1e-8, 1e-8, -1e4, 1e4, 1e30, -1e30])])
    inputs = points if scalar(slug) else torch.stack([points, points + 1, 0 * points], -1)
    name = "log_softmax" if slug == "log_softmax" else slug
    reference = getattr(torch, name, None) or getattr(F, name)
    more = {} if scalar(slug) else {"dim": -1}
    one, other = inputs.clone().requires_grad_(), inputs.clone().requires_grad_()
    ours, theirs = Textbook.run(entry.textbook.stable, one), reference(other, **more)
    weights = torch.linspace(1, 2, ours.numel()).reshape(ours.shape)
    gradients = [
        torch.autograd.grad((y * weights).sum(), x)[0] for y, x in ((ours, one), (theirs, other))
    ]
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("slug", STABLE)
def test_the_textbook_form_fails_where_the_file_says(slug: str) -> None:
    entry = CATALOGUE[slug]
    assert entry.textbook
    kept = RECORDS[slug]["textbook"]
    found = [place for quantity in kept.values() for place in quantity["not_finite"]]
    assert found, "the textbook form never overflows; why show another?"
    for quantity in ("output", "gradient"):
        for place in kept[quantity]["not_finite"]:
            x = torch.full((16,) if scalar(slug) else (16, 3), place["x"], requires_grad=True)
            y = Textbook.run(entry.textbook.code, x)
            result = y if quantity == "output" else torch.autograd.grad(y.flatten()[0], x)[0]
            assert not math.isfinite(result.detach().flatten()[0])


# what the page says


def page(slug: str, change: Any = None) -> str:
    data = copy.deepcopy(files.numerics(slug))
    if change:
        change(data)
    return rounding.part(kinds.of(CATALOGUE[slug]), data)


def test_the_built_parts_say_what_the_file_says(generated: Path) -> None:
    for slug in CATALOGUE:
        text = (generated / slug / "measured.md").read_text(encoding="utf-8")
        numerics = text.partition("## Numerics\n\n")[2].partition("\nSamples: ")[0]
        assert numerics == page(slug), slug


def test_an_entry_that_is_not_measured_says_so() -> None:
    assert files.section("no_such_activation", "rounding") == {}
    text = rounding.part(kinds.of(CATALOGUE["relu"]), {})
    assert "Not measured yet" in text and "make measure" in text


def test_float32_maxima_are_those_of_all_numbers() -> None:
    text = page("gelu")
    assert "| float32 output | 1.2·10⁷ | −5.543 | 1.3·10⁻⁶ |" in text
    assert "| float32 gradient | 5.4 | 0.04323 | 3.2·10⁻⁷ |" in text
    window = "of float32 all 520,093,698 with $2^{-24} \\le \\lvert x\\rvert \\le 2^7$"
    assert f"{window} (in sentences a sample of 3,999), against" in text
    assert "99.9 %" not in text
    assert "The first row leaves out 11,837,104 outputs that are 0 and should not be." in text
    assert "leaves out" not in page("relu")


def test_what_was_measured_elsewhere_names_its_machine() -> None:
    text = page("gelu", lambda data: data["exhaustive"].update(capability="AVX2"))
    assert f"on a CPU ({RECORDS['gelu']['capability']} and AVX2) on" in text


def test_without_them_float32_maxima_are_those_of_the_sample() -> None:
    text = page("gelu", lambda data: data.update(exhaustive={"left_out": "erf has no form"}))
    assert "520,093,698" not in text and "float16, of float32 a sample of 3,999," in text
    assert "| float32 output | 1.7·10⁷ |" in text


def test_what_scalar_code_gives_is_told_in_a_line() -> None:
    (line,) = (line for line in page("gelu").splitlines() if "Strided" in line)
    assert "19 % of outputs and 74 % of gradients differ, by up to 13 ULP." in line
    assert "Strided" not in page("relu")
    row = "| NaN | NaN | 0; 1 in tensors of up to 15, the last 1 of 17, the last 1 of 33 and the"
    assert f"{row} last 8 of 1,000 |" in page("relu6")


def test_sentences_name_dtype_place_and_truth() -> None:
    text = page("sigmoid")
    assert "The gradient is exactly 0 from x = 16.64 in float32, 6.25 in bfloat16" in text
    assert "in float16 up, where it should be 5.96·10⁻⁸, 0.00192 and 0.000243." in text
    assert "The output is exactly 1 from x = 16.64 in float32" in text
    assert "The output is NaN" not in text


def test_a_truth_is_written_with_the_digits_that_tell_it_from_what_torch_gives() -> None:
    assert rounding.apart(0.99999994, 1.0) == "0.9999999"
    assert rounding.apart(1.0132, 1.0) == "1.01"


def test_nan_at_infinity_is_said_with_its_limit() -> None:
    text = page("gelu")
    assert "| ∞ | NaN; ∞ in tensors of 1 (limit ∞)" in text and "| NaN (limit 1) |" in text
    assert "| −∞ | NaN (limit 0) | NaN (limit 0) |" in text


@pytest.mark.parametrize("slug", CATALOGUE)
def test_each_part_has_its_table_and_provenance(slug: str) -> None:
    text = page(slug)
    block = RECORDS[slug]
    assert f"torch {block['torch']} on a CPU ({block['capability']}) on {block['date']}" in text
    for dtype in ulp.DTYPES:
        assert f"| {dtype} output |" in text
    rows = [line for line in text.splitlines() if line.startswith("| float32")]
    assert all(row.count("|") == 5 for row in rows)
    assert not re.search(r"\bnan\b", text)


def test_a_gpu_block_is_shown_beside_the_cpu() -> None:
    def add(data: Any) -> None:
        data["cuda"] = {**data["cpu"], "capability": "Some GPU"}

    text = page("glu", add)
    assert "**On a CPU**" in text and "**On a GPU**" in text and "GPU (Some GPU)" in text


def test_what_an_earlier_gpu_measured_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure.torch.cuda, "is_available", lambda: False)
    found = measure.measure(CATALOGUE["relu"], {"cuda": {"capability": "kept"}})
    assert found["cuda"] == {"capability": "kept"}
    assert found["cpu"]["errors"] == RECORDS["relu"]["errors"], "selections are exact anywhere"
