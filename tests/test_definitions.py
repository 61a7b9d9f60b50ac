"""Facts of definitions that are no entries: right, or refused with one true message."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import brute
import pytest
import torch
from definitions import FACTS, HIDDEN, REFUSED, entry, where
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    KroneckerDelta,
    Max,
    Min,
    Rational,
    Sum,
    Symbol,
    asinh,
    atan,
    cos,
    exp,
    sin,
    sqrt,
    tanh,
)
from torch import Tensor

from activations._entry import Parameter
from activations._notation import K, Phi, a, b, cases, i, j, k, sigma, softplus, x, xs
from gen import kinds, messages
from gen.evaluation.formula import UndefinedError
from gen.facts.limits import UndeterminedError
from gen.pages import choose

SECONDS = 20  # of CPU time, for each


def published(slug: str, formula: Any, function: Any) -> dict[str, Any]:
    """The facts, once formula and torch agree and the formulas can be printed."""
    with messages.bounded(SECONDS, slug):
        kind = kinds.of(entry(slug, formula, function))
        kind.check()
        facts = kind.facts()
        assert all(statement.latex for statement in kind.statements())
        assert kind.script() and kind.rows(facts)
        return facts.published()


@pytest.mark.parametrize("slug", FACTS)
def test_facts_are_right(slug: str) -> None:
    found = published(slug, *FACTS[slug])
    both = brute.of_torch(entry(slug, *FACTS[slug]))
    assert not [*brute.contradictions(found, both)]


@pytest.mark.parametrize("slug", REFUSED)
def test_what_has_no_facts_is_refused(slug: str) -> None:
    formula, function, message = REFUSED[slug]
    with pytest.raises((UndeterminedError, UndefinedError), match=message):
        published(slug, formula, function)


def test_what_a_table_does_not_show() -> None:
    """Features a millionth wide, or a thousand away; values beyond float64."""
    shown = ("narrow_kink", "narrow_bump", "far_gate", "far_root", "explosion")
    kink, bump, gate, root, explosion = (published(slug, *HIDDEN[slug]) for slug in shown)
    assert kink["convex"] and kink["fixed_points"] == [] and kink["minimum"] is None
    assert kink["monotone"] == "strictly increasing"
    assert math.isclose(kink["gaussian"]["slope_second_moment"], 0.49999968667, abs_tol=1e-11)

    assert bump["monotone"] == "no" and not bump["convex"]
    width = 1e-5 / math.sqrt(2)
    assert bump["inflections"] == pytest.approx([1 / 3 - width, 1 / 3 + width], abs=1e-12)
    top = 1 + 1e5 * math.sqrt(2 / math.e)
    assert math.isclose(bump["lipschitz"], top, rel_tol=1e-12)
    density = math.exp(-1 / 18) / math.sqrt(2 * math.pi)
    mean = 1e-5 * math.sqrt(math.pi) * density
    assert math.isclose(bump["gaussian"]["mean"], mean, rel_tol=1e-8)

    assert gate["inflections"] == pytest.approx([100.04], abs=1e-4)
    assert gate["lipschitz"] == pytest.approx(25.51, abs=1e-3)
    assert root["zeros"] == [1000]
    moments = explosion["gaussian"]
    assert (moments["mean"], moments["gain"], moments["variance"]) == ("inf", 0, "inf")
    assert explosion["lipschitz"] == "inf" and explosion["smoothness"] == "analytic"


@pytest.mark.parametrize(
    ("slug", "wanted"),
    [
        ("farther_gate", {"limits": {"-inf": 0, "+inf": "inf"}, "parity": "neither"}),
        ("wide", {"limits": {"-inf": -1, "+inf": 1}, "parity": "odd"}),
        ("far_bump", {"monotone": "no", "parity": "even"}),
        ("uneven_far_out", {"parity": "neither"}),
        ("dip", {"monotone": "no"}),
        ("point", {"smoothness": "discontinuous", "zeros": [], "parity": "neither"}),
    ],
)
def test_what_lies_far_out_or_in_between(slug: str, wanted: dict[str, Any]) -> None:
    found = published(slug, *HIDDEN[slug])
    assert {name: found[name] for name in wanted} == wanted
    if slug == "far_bump":
        assert found["range"]["upper"] == 1


@pytest.mark.parametrize(
    ("slug", "label", "text"),
    [
        ("relu_squared", "Largest slope in size", "no bound: the slope grows without end"),
        ("step", "Largest slope in size", "no bound: the function jumps"),
        ("step", "Minimum", r"$0$, on all of $(-\infty, 0)$"),
        ("hat", "Minimum", r"$0$, on all of $(-\infty, -1]$ and on all of $[1, \infty)$"),
        ("double_well", "Minimum", "$0$ at $x = -1$ and at $x = 1$"),
        ("cosine", "Minimum", r"$-1$ at $x \approx -3.1415927$ and without end"),
        (
            "sixth_power",
            "Smooth?",
            "5 times: the derivative of order 5 is continuous, the next jumps",
        ),
        (
            "laplace",
            "Largest slope in size",
            "$1$ (the Lipschitz constant), on both sides of $x = 0$",
        ),
        ("wave_beside_a_line", "Zeros", "$3$"),
        ("wave_beside_a_bowl", "Minimum", "$-2.25$ at $x = 1.5$"),
        ("falling", "Monotone?", "strictly decreasing"),
        ("constant", "Monotone?", "constant"),
        ("constant", "Backward gain, 1/√(mean of f′(z)²)", r"$\infty$"),
    ],
)
def test_what_is_said(slug: str, label: str, text: str) -> None:
    kind = kinds.of(entry(slug, *FACTS[slug]))
    assert {row.label: row.text for row in kind.rows(kind.facts())}[label] == text


@pytest.mark.parametrize(
    ("slug", "first", "second"),
    [
        ("absolute", r"-1 & \text{if } x < 0 \\ 1 & \text{if } x > 0", "wherever it exists"),
        ("signed_log", r"\text{if } x < 0 \\ \frac{1}{x + 1} & \text{if } x \ge 0", r"x > 0"),
        ("sign", r"0 & \text{if } x < 0 \text{ or } x > 0", "wherever it exists"),
    ],
)
def test_a_derivative_is_printed_where_it_exists(slug: str, first: str, second: str) -> None:
    kind = kinds.of(entry(slug, *FACTS[slug]))
    assert first in kind.derivatives()[0].latex
    assert second in kind.second_derivative()[0].latex


def test_cases_whose_end_is_not_found_are_refused() -> None:
    with pytest.raises(UndefinedError, match="where x - sin\\(x\\) changes its sign is not found"):
        published("minsin", Min(x, sin(x)), torch.sin)


def test_a_root_of_a_parameter_takes_no_minutes() -> None:
    """SymPy searches for integrals of it that it does not find."""
    alpha = Symbol("alpha", real=True)
    root = cases((x, x >= 0), (x / sqrt(1 + alpha * x**2), True))

    def call(input: Tensor, alpha: float = 1.0) -> Tensor:
        return torch.where(input >= 0, input, input * (1 + alpha * input**2).rsqrt())

    given = replace(
        entry("isrlu", root, torch.tanh),
        torch=call, parameters={"alpha": Parameter(alpha, "curvature")}, sweep={"alpha": (1, 3)},
    )  # fmt: skip
    with messages.bounded(SECONDS, "isrlu"):
        kind = kinds.of(given)
        assert kind.check() and kind.facts()
        _, closed = kind.tables()
    assert r"| limit at −∞ | $-\frac{1}{\sqrt{\alpha}}$ |" in closed


def test_parameters_at_their_limits() -> None:
    """A slope of 0 inside a named function; a limit that depends on an unknown sign."""
    alpha, beta = (Symbol(name, real=True) for name in ("alpha", "beta"))

    def call(input: Tensor, alpha: float = 1.0, beta: float = 0.25) -> Tensor:
        steep = (alpha - beta) * input
        return steep * torch.sigmoid(steep) + beta * input

    steep = (alpha - beta) * x
    given = replace(
        entry("acon", steep * sigma(steep) + beta * x, torch.tanh),
        torch=call, sweep={"alpha": (0.25, 2)},
        parameters={"alpha": Parameter(alpha, "one"), "beta": Parameter(beta, "other")},
    )  # fmt: skip
    kind = kinds.of(given)
    assert kind.check() and kind.facts()
    swept, closed = kind.tables()
    assert r"| $0.25$ | $(-\infty, \infty)$ | $0.25$ | $0.25$ | $0$ | $4$ | $4$ |" in swept
    assert r"| slope left of 0 | $\frac{\alpha}{2} + \frac{\beta}{2}$ |" in closed
    assert "limit" not in closed


def test_a_wave_that_gates_has_zeros_without_end() -> None:
    def call(input: Tensor) -> Tensor:
        one, other = input.chunk(2, dim=-1)
        return one * other.cos()

    given = replace(entry("wave", x, torch.tanh), formula=a * cos(b), kind="gate", torch=call)
    kind = kinds.of(given)
    told = {row.key: row.text for row in kind.rows(kind.facts())}
    assert told["zeros"] == "$a = 0$ or $b$ at infinitely many places: they repeat"


@pytest.mark.parametrize(
    ("formula", "join", "edges"),
    [
        (sqrt(a**2 + b**2), torch.hypot, ""),
        (Max(a**2, b), lambda p, q: torch.maximum(p * p, q), r"$a = -sqrt(b)$; $a = sqrt(b)$"),
    ],
)
def test_halves_that_meet_at_a_tip_or_on_a_curve(formula: Any, join: Any, edges: str) -> None:
    def call(input: Tensor) -> Tensor:
        found: Tensor = join(*input.chunk(2, dim=-1))
        return found

    given = replace(entry("curve", x, torch.tanh), formula=formula, kind="gate", torch=call)
    kind = kinds.of(given)
    told = {row.key: row.text for row in kind.rows(kind.facts())}
    assert kind.check() and told.get("kinks", "") == edges


@pytest.mark.parametrize("monotone", ["strictly increasing", "strictly decreasing"])
def test_what_only_rises_or_only_falls_can_be_inverted(monotone: str) -> None:
    reals = {"lower": "-inf", "lower_attained": False, "upper": "inf", "upper_attained": False}
    assert choose.invertible({"facts": {"monotone": monotone, "range": reals}})[0]


def test_what_a_browser_cannot_compute_is_refused() -> None:
    def call(t: Tensor) -> Tensor:
        return torch.maximum(t, (-t).exp())

    with pytest.raises(UndefinedError, match="a browser cannot compute LambertW"):
        published("meeting", Max(x, exp(-x)), call)


# definitions drawn from a grammar: a formula, and torch's function of the same


Drawn = tuple[Expr, Callable[[Tensor], Tensor]]
BENDS: list[tuple[Callable[[Any], Any], Callable[[Tensor], Tensor]]] = [
    (sigma, torch.sigmoid),
    (tanh, torch.tanh),
    (Phi, torch.special.ndtr),
    (softplus, lambda t: torch.logaddexp(t, torch.zeros_like(t))),
    (atan, torch.atan),
    (asinh, torch.asinh),
    (lambda t: exp(-(t**2)), lambda t: (-t * t).exp()),
]
NUMBERS = st.sampled_from([Rational(n, 4) for n in (-8, -5, -2, -1, 1, 2, 3, 6, 10)])


@st.composite
def lines(draw: st.DrawFn) -> Drawn:
    m, c = draw(NUMBERS), draw(NUMBERS | st.just(Rational(0)))
    return m * x + c, lambda t: float(m) * t + float(c)


@st.composite
def terms(draw: st.DrawFn) -> Drawn:
    """Lines, functions that bend, gates, powers, maxima, |x|."""
    (u, f), (v, g) = draw(lines()), draw(lines())
    bend, torch_bend = draw(st.sampled_from(BENDS))
    n = draw(st.sampled_from([2, 3]))
    return draw(
        st.sampled_from(
            [
                (u, f),
                (bend(u), lambda t: torch_bend(f(t))),
                (u * bend(v), lambda t: f(t) * torch_bend(g(t))),
                (u**n, lambda t: f(t) ** n),
                (Max(u, v), lambda t: torch.maximum(f(t), g(t))),
                (Min(u, v), lambda t: torch.minimum(f(t), g(t))),
                (Abs(u), lambda t: f(t).abs()),
            ]
        )
    )


@st.composite
def definitions(draw: st.DrawFn) -> Drawn:
    (u, f), (v, g), c = draw(terms()), draw(terms()), draw(NUMBERS)
    split = where(lambda t: t < float(c), f, g)
    return draw(
        st.sampled_from(
            [
                (u, f),
                (u + c * v, lambda t: f(t) + float(c) * g(t)),
                (cases((u, x < c), (v, True)), split),
            ]
        )
    )


def hold(count: int) -> dict[str, int]:
    """How many of so many drawn definitions have right facts, and how many are refused."""
    outcomes = {"right": 0, "refused": 0}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(definitions())
    def check(drawn: Drawn) -> None:
        try:
            found = published("drawn", *drawn)
        except (UndeterminedError, messages.InputError):
            outcomes["refused"] += 1
            return
        assert not [*brute.contradictions(found, brute.of_torch(entry("drawn", *drawn)))], drawn[0]
        outcomes["right"] += 1

    check()
    return outcomes


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.long)])
def test_facts_of_drawn_definitions_are_right(count: int) -> None:
    outcomes = hold(count)
    print(outcomes)
    assert outcomes["refused"] < count / 10


def test_centred_outputs_sum_to_0() -> None:
    def call(input: Tensor) -> Tensor:
        return input - input.mean(-1, keepdim=True)

    centred = xs[i] - Sum(xs[j], (j, 1, K)) / K
    slope = KroneckerDelta(i, k) - 1 / K
    given = replace(
        entry("centring", x, torch.tanh),
        formula=centred, derivative=slope, kind="vector", torch=call,
    )  # fmt: skip
    kind = kinds.of(given)
    assert {row.key: row.text for row in kind.rows(kind.facts())}["sum"] == "0"
