from sympy import exp, log, tanh
from torch import nn

from ._entry import Activation, Textbook
from ._notation import sigma, softplus, x

mish = Activation(
    name="Mish",
    title="Mish",
    family="self-gated",
    summary="The input times the tanh of its softplus: close to SiLU, with a slightly deeper dip.",
    formula=x * tanh(softplus(x)),
    derivative=tanh(softplus(x)) + x * sigma(x) * (1 - tanh(softplus(x)) ** 2),
    forms=(x * tanh(log(1 + exp(x))),),
    torch=nn.Mish,
    papers=("misra2020mish",),
    textbook=Textbook(
        code="return x * torch.tanh(torch.log(1 + torch.exp(x)))",
        stable="return x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x)))",
    ),
)
