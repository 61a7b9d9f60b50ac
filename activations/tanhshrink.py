from sympy import tanh
from torch import nn

from ._entry import Activation
from ._notation import x

tanhshrink = Activation(
    name="Tanhshrink",
    title="Hyperbolic-tangent shrinkage",
    family="shrinkage",
    summary="The input minus its tanh: nearly 0 around zero, nearly x ∓ 1 far out.",
    formula=x - tanh(x),
    second_derivative=2 * tanh(x) * (1 - tanh(x) ** 2),
    torch=nn.Tanhshrink,
    papers=("kunc2024three",),
    window=(-4, 4),
)
