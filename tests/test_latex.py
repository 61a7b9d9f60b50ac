"""The LaTeX that readers see: terms in a person's order, nothing lost."""

import pytest
from sympy import Abs, Expr, Rational, exp, pi, sqrt

from activations import CATALOGUE
from activations._notation import Phi, alpha, beta, cases, lamda, sigma, x
from gen import kinds
from gen.printing.latex import latex

WRITTEN = [
    (1 / (1 + exp(-x)), r"\frac{1}{1 + e^{-x}}"),
    (x / (1 + Abs(x)), r"\frac{x}{1 + \lvert x\rvert}"),
    (sigma(x) * (1 - sigma(x)), r"\sigma\left(x\right) \left(1 - \sigma\left(x\right)\right)"),
    (x * Phi(x), r"x \Phi\left(x\right)"),
    (exp(x) - 1, "e^{x} - 1"),
    (exp(x / alpha), r"e^{x/\alpha}"),
    (exp(-(x**2) / 2), "e^{-x^{2}/2}"),
    (x + 3, "x + 3"),
    (x - lamda, r"x - \lambda"),
    (sqrt(2 / pi) * x, r"\sqrt{\frac{2}{\pi}} x"),
    (x / sqrt(2), r"\frac{x}{\sqrt{2}}"),
    (Rational(44715, 10**6) * x, "0.044715 x"),
    (beta * x / 6, r"\frac{\beta x}{6}"),
    (-x * sigma(x), r"-x \sigma\left(x\right)"),
]


@pytest.mark.parametrize(("expression", "tex"), WRITTEN, ids=[tex for _, tex in WRITTEN])
def test_expressions_read_as_a_person_writes_them(expression: Expr, tex: str) -> None:
    assert latex(expression) == tex


def test_cases_keep_their_order_and_conditions() -> None:
    tex = latex(cases((x, x > 0), (alpha * x, x <= 0)))
    assert tex == r"\begin{cases} x & \text{if } x > 0 \\ \alpha x & \text{if } x \le 0 \end{cases}"
    between = latex(cases((1, (x > 0) & (x < 6)), (0, (x < 0) | (x > 6))))
    assert r"\text{if } 0 < x < 6" in between
    assert r"\text{if } x < 0 \text{ or } x > 6" in between


def test_no_formula_shows_sympys_own_words() -> None:
    tex = "".join(kinds.of(entry).definition().latex for entry in CATALOGUE.values())
    for word in ("Piecewise", r"\operatorname{sigma}", r"\theta\left", "otherwise", "Phi{"):
        assert word not in tex
