import sympy
from sympy import exp
from torch import nn

from ._entry import Activation
from ._notation import sigma, x

tanh = Activation(
    name="Tanh",
    title="Hyperbolic tangent",
    family="sigmoidal",
    summary="An odd S-shaped curve from −1 to 1 with slope 1 at zero.",
    formula=sympy.tanh(x),
    second_derivative=-2 * sympy.tanh(x) * (1 - sympy.tanh(x) ** 2),
    forms=((exp(x) - exp(-x)) / (exp(x) + exp(-x)), 2 * sigma(2 * x) - 1),
    torch=nn.Tanh,
    papers=("lecun1998efficient", "glorot2010understanding"),
)
