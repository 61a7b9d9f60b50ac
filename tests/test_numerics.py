"""What torch makes of each function in each dtype: the committed numbers, and what pages say."""

import copy
import math
import re
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


def test_the_place_of_saturation_is_the_very_number() -> None:
    """One float32 before it, the gradient is not yet 0."""
    (found,) = (s for s in errors("tanh", "float32", "gradient")["settles"] if s["side"] == 1)
    at = np.float32(found["x"])
    inputs = torch.tensor([at] * 16 + [np.nextafter(at, np.float32(0))] * 16, requires_grad=True)
    (gradients,) = torch.autograd.grad(torch.tanh(inputs).sum(), inputs)
    assert gradients[0] == 0 and gradients[16] != 0


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
    assert 90 < found["absolute"] <= 91, "that of −100, the last that counts"


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
    data = copy.deepcopy(files.section(slug, "rounding"))
    if change:
        change(data)
    return rounding.part(kinds.of(CATALOGUE[slug]), data)


def test_the_built_parts_say_what_the_file_says(generated: Path) -> None:
    for slug in CATALOGUE:
        text = (generated / slug / "measured.md").read_text(encoding="utf-8")
        assert text.partition("## Numerics\n\n")[2] == page(slug), slug


def test_an_entry_that_is_not_measured_says_so() -> None:
    assert files.section("no_such_activation", "rounding") == {}
    text = rounding.part(kinds.of(CATALOGUE["relu"]), {})
    assert "Not measured yet" in text and "make measure" in text


def test_a_truth_is_written_with_the_digits_that_tell_it_from_what_torch_gives() -> None:
    assert rounding.apart(0.99999994, 1.0) == "0.9999999"
    assert rounding.apart(1.0132, 1.0) == "1.01"


@pytest.mark.parametrize("slug", CATALOGUE)
def test_each_part_has_its_table_and_provenance(slug: str) -> None:
    text = page(slug)
    block = RECORDS[slug]
    assert f"torch {block['torch']} on a CPU ({block['capability']}) on {block['date']}" in text
    for dtype in ulp.DTYPES:
        assert f"| {dtype} output |" in text
    rows = [line for line in text.splitlines() if line.startswith("| float32")]
    assert all(row.count("|") <= 6 for row in rows)
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
