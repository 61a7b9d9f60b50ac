from sympy import Rational, erf, pi, sqrt, tanh
from torch import nn

from ._entry import Activation, Variant
from ._notation import Phi, phi, x

gelu = Activation(
    name="GELU",
    title="Gaussian Error Linear Unit",
    family="self-gated",
    summary="The input times the probability that a standard normal variable lies below it.",
    formula=x * Phi(x),
    second_derivative=phi(x) * (2 - x**2),
    forms=(x * (1 + erf(x / sqrt(2))) / 2,),
    variants=(
        Variant(
            {"approximate": "tanh"},
            x * (1 + tanh(sqrt(2 / pi) * (x + Rational(44715, 1000000) * x**3))) / 2,
            "the tanh approximation",
        ),
    ),
    torch=nn.GELU,
    papers=("hendrycks2016gelu",),
    issues={
        185770: "the output at +∞ is NaN",
        187806: "the negative tail cancels",
    },
)
