from sympy import log
from torch import nn

from ._entry import Activation
from ._notation import sigma, softplus, x

logsigmoid = Activation(
    name="LogSigmoid",
    title="Logarithm of the sigmoid",
    family="exponential",
    summary="The logarithm of the sigmoid, computed without ever forming the sigmoid.",
    formula=log(sigma(x)),
    derivative=sigma(-x),
    second_derivative=-sigma(x) * (1 - sigma(x)),
    forms=(-softplus(-x),),
    torch=nn.LogSigmoid,
    papers=("dugas2001incorporating",),
    aliases=("log-sigmoid",),
)
