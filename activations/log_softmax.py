from sympy import KroneckerDelta, Sum, exp, log
from torch import nn

from ._entry import Activation, Counterpart
from ._notation import K, i, j, k, xs, ys

log_softmax = Activation(
    name="LogSoftmax",
    title="Logarithm of the softmax",
    family="softmax",
    kind="vector",
    summary="Scores turned into log-probabilities, without forming the probabilities.",
    formula=xs[i] - log(Sum(exp(xs[j]), (j, 1, K))),
    derivative=KroneckerDelta(i, k) - exp(ys[k]),
    torch=nn.LogSoftmax,
    papers=("bridle1990probabilistic",),
    aliases=("log-softmax",),
    arguments={"dim": "axis along which the probabilities sum to 1"},
    elsewhere=(
        Counterpart("jax", "jax.nn.log_softmax(x)"),
        Counterpart("flax", "nnx.log_softmax(x)"),
        Counterpart("keras", "keras.ops.log_softmax(x)"),
        Counterpart("tensorflow", "tf.nn.log_softmax(x)"),
        Counterpart("onnx", "LogSoftmax(x)"),
        Counterpart("mlx", "nn.log_softmax(x)"),
    ),
)
