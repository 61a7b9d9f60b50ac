from sympy import KroneckerDelta, Sum, exp, log
from torch import nn

from ._entry import Activation
from ._notation import K, i, j, k, xs, ys

log_softmax = Activation(
    name="LogSoftmax",
    title="Logarithm of the softmax",
    family="softmax",
    kind="normalising",
    summary="Scores turned into log-probabilities, without forming the probabilities.",
    formula=xs[i] - log(Sum(exp(xs[j]), (j, 1, K))),
    derivative=KroneckerDelta(i, k) - exp(ys[k]),
    torch=nn.LogSoftmax,
    papers=("bridle1990probabilistic",),
    aliases=("log-softmax",),
    arguments={"dim": "axis along which the probabilities sum to 1"},
)
