"""torch against every float32 of a window: the committed maxima, and how they are found."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mpf
from sympy import atan, erf, gamma, sin

from activations import CATALOGUE
from activations._notation import x
from gen import kinds
from gen.evaluation.double import NoDoubleError, double
from gen.evaluation.formula import at, high_precision, numeric, pieces
from gen.kinds import exhaustive
from gen.measure import digests, files
from gen.measure import exhaustive as command

NUMBERS = [slug for slug, e in CATALOGUE.items() if kinds.of(e).has_rounding_by_place]
NOTHING = exhaustive.tally(torch.ones(1), torch.ones(1), torch.ones(1).double())
KEPT = {slug: files.section(slug, "exhaustive") for slug in CATALOGUE}


def around(slug: str, place: float) -> Any:
    """The tallies of the chunk that the x lies in."""
    bits = int(np.float32(abs(place)).view(np.int32)) // exhaustive.CHUNK * exhaustive.CHUNK
    sign = 1 if place > 0 else -1
    return exhaustive.of(slug).chunk(sign, bits, exhaustive.CHUNK)


# the committed maxima


def test_functions_of_a_number_are_measured_as_they_are_and_no_others() -> None:
    assert {slug for slug in CATALOGUE if KEPT[slug]} == set(NUMBERS)
    due = [slug for slug in NUMBERS if digests.is_due("exhaustive", CATALOGUE[slug])]
    assert not due, f"run make measure-exhaustive and commit {due}"


@pytest.mark.parametrize("slug", NUMBERS)
def test_maxima_are_maxima(slug: str) -> None:
    kept = KEPT[slug]
    assert kept["numbers"] == 520_093_698 and kept["protocol"] == command.METHOD
    for part, headline in exhaustive.HEADLINES.items():
        found = kept[part]
        binades = [size for side in found["binades"].values() for size in side["sizes"]]
        assert max(binades) == pytest.approx(found[headline]["size"], rel=1e-3, abs=1e-3)
        assert found["half"]["size"] <= max(found["normal"]["size"], found["ulp"]["size"], 0.5)
        assert found["nans"] == 0
        for unit in exhaustive.UNITS:
            assert 2.0**-24 <= abs(found[unit]["x"]) <= 2.0**7


@pytest.mark.parametrize(
    ("slug", "part", "unit", "size", "place"),
    [
        ("hardswish", "gradient", "ulp", 5.59e6, -1.5000001192092896),
        ("gelu", "gradient", "ulp", 1.224e8, -0.7517915368080139),
        ("gelu", "output", "absolute", 1.303e-6, 3.4810190200805664),
        ("gelu", "output", "half", 19.4, -3.463510513305664),
        ("tanhshrink", "output", "ulp", 8.373e6, 0.0003523320483509451),
    ],
)
def test_known_maxima_are_kept_and_found_again(
    slug: str, part: str, unit: str, size: float, place: float
) -> None:
    kept = KEPT[slug][part][unit]
    assert kept["size"] == pytest.approx(size, rel=0.5)
    found = around(slug, kept["x"])[part][unit][0]
    assert found == pytest.approx(kept["size"], rel=0.5)
    assert around(slug, place)[part][unit][0] >= found * 0.5


@pytest.mark.parametrize("slug", ["relu", "identity", "threshold", "hardshrink", "softshrink"])
def test_a_chunk_beside_a_kink_is_exact(slug: str) -> None:
    for place in (-0.5, 0.5, 1.0):
        for found in around(slug, place).values():
            assert all(found[unit][0] <= 0.5 for unit in exhaustive.UNITS) and not found["nans"]


# how they are counted


def test_the_window_is_counted_whole() -> None:
    lows = {(sign, low) for sign in (-1, 1) for low in range(-24, 7)}
    assert set(exhaustive.BINADES) == lows and exhaustive.NUMBERS == 520_093_698
    asked: list[tuple[int, int]] = []

    class Counted(exhaustive.Exhaustive):
        def chunk(self, sign: int, first: int, count: int) -> Any:
            asked.append((first, count))
            return dict.fromkeys(exhaustive.HEADLINES, NOTHING)

    Counted(CATALOGUE["relu"]).binade(1, 6)
    assert sum(count for _, count in asked) == 2**23 + 1
    assert np.int32(asked[0][0]).view(np.float32) == 64
    assert np.int32(asked[-1][0]).view(np.float32) == 128


def test_errors_wrong_zeros_and_nans_are_told_apart() -> None:
    xs = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    got = torch.tensor([1.0, 0.0, 1.0 + 2.0**-23, math.nan, 7.0])
    exact = torch.tensor([1.0, 2.0**-30, 1.0, 1.0, math.nan], dtype=torch.double)
    found = exhaustive.tally(xs, got, exact)
    assert found["ulp"] == (1.0, 3.0), "the result that is wrongly 0 does not count"
    assert found["normal"] == (2.0**23, 2.0)
    assert found["half"] == (1.0, 3.0) and found["absolute"] == (2.0**-23, 3.0)
    assert found["zeros"] == [(1, 2.0, 2.0)] and found["nans"] == 1, "a kink counts as neither"
    rounded = torch.full((1,), 2.0**-150, dtype=torch.double)
    assert not exhaustive.tally(xs[:1], torch.zeros(1), rounded)["zeros"], "0 is its rounding"


def test_stretches_of_zeros_are_joined_where_they_meet() -> None:
    zeros = [[(3, -8.0, -5.0)], [(1, -0.75, -0.75)], [(2, -12.0, -8.5)], [(4, 1.0, 1.5)]]
    found = exhaustive.merged([{**NOTHING, "zeros": each} for each in zeros])
    assert found["zeros"] == [(5, -12.0, -5.0), (1, -0.75, -0.75), (4, 1.0, 1.5)]


# the float64 side


@pytest.mark.parametrize("slug", NUMBERS)
def test_float64_forms_hold_in_high_precision(slug: str) -> None:
    """Within what the condition of f explains, for x of every binade."""
    places = [s * 1.37 * 2.0**low for low in range(-24, 7) for s in (-1, 1)]
    for piece in pieces(at(CATALOGUE[slug], CATALOGUE[slug].setting)):
        inside = [p for p in places if piece.lower < p < piece.upper]
        for expr in (piece.expr, piece.expr.diff(x)):
            (got,) = double(expr)(torch.tensor(inside, dtype=torch.double))
            with high_precision():
                exact = [float(numeric(expr)(mpf(p))) for p in inside]
            for p, ours, theirs in zip(inside, got.tolist(), exact, strict=True):
                allowed = max(1e-12 * abs(theirs), 1e-15 * abs(p) if slug == "tanhshrink" else 0)
                assert abs(ours - theirs) <= max(allowed, 2.0**-165), (expr, p)


def test_a_formula_without_a_float64_form_is_left_out_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NoDoubleError, match=r"^gamma has no form in gen"):
        double(x * gamma(x))
    monkeypatch.setattr(command, "of", lambda slug: double(gamma(x)))
    found = command.measure(CATALOGUE["relu"], None)
    assert found.keys() == {"digest", "protocol", "left_out"}


def test_functions_that_no_entry_has_yet_have_a_float64_form() -> None:
    for expr in (erf(x), x + sin(x) ** 2, atan(x).diff(x)):
        (got,) = double(expr)(torch.tensor([0.7], dtype=torch.double))
        assert float(got) == pytest.approx(float(expr.subs(x, 0.7)), rel=1e-14)


def test_a_float64_value_that_is_not_exact_enough_is_refused() -> None:
    whole = exhaustive.of("silu")
    whole._hold(0, [-1.0, 3.0])
    broken = exhaustive.Exhaustive(CATALOGUE["silu"])
    broken.pieces = [(math.inf, double(*(f * (1 + 1e-6) for f in (x, x))))]
    with pytest.raises(exhaustive.InexactError, match=r"the output at x = -1\.0 is -1\.000001 in"):
        broken._hold(0, [-1.0])


# the command


def test_what_was_stopped_goes_on_and_another_protocol_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def measured(entry: Any, workers: Any) -> dict[str, Any]:
        asked.append(entry.slug)
        if entry.slug == "relu":
            raise KeyboardInterrupt
        digest = digests.of("exhaustive", entry)
        return {"digest": digest, "protocol": command.METHOD, "numbers": 1}

    def run() -> list[str]:
        asked.clear()
        with pytest.raises(KeyboardInterrupt):
            command.main([])
        return asked

    monkeypatch.setattr(files, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "measure", measured)
    monkeypatch.setattr(files.activations, "slugs", lambda: ["elu", "glu", "relu"])
    assert run() == ["elu", "relu"], "a gate is no function of a number"
    assert run() == ["relu"]
    monkeypatch.setattr(command, "METHOD", 2)
    assert run() == ["elu", "relu"]
    assert files.section("elu", "exhaustive")["protocol"] == 2
