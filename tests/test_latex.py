"""The LaTeX that readers see: terms in a person's order, nothing lost."""

import pytest
from sympy import Abs, Expr, Rational, exp, pi, sqrt

from activations._notation import Phi, alpha, beta, lamda, sigma, x
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
