from sympy import KroneckerDelta, Sum, exp
from torch import nn

from ._entry import Activation, Counterpart, Textbook
from ._notation import K, i, j, k, xs, ys

softmax = Activation(
    name="Softmax",
    title="Softmax",
    family="softmax",
    kind="vector",
    summary="A vector of scores turned into probabilities: positive, in the same order, of sum 1.",
    formula=exp(xs[i]) / Sum(exp(xs[j]), (j, 1, K)),
    derivative=ys[i] * (KroneckerDelta(i, k) - ys[k]),
    torch=nn.Softmax,
    papers=("boltzmann1868studien", "bridle1990probabilistic", "bridle1990training"),
    models={"the Transformer": "vaswani2017attention"},
    aliases=("softargmax", "normalized exponential", "Boltzmann distribution"),
    arguments={"dim": "axis along which the outputs sum to 1"},
    textbook=Textbook(
        code="return torch.exp(x) / torch.exp(x).sum(-1, keepdim=True)",
        stable=("z = torch.exp(x - x.amax(-1, keepdim=True))\nreturn z / z.sum(-1, keepdim=True)"),
    ),
    elsewhere=(
        Counterpart("jax", "jax.nn.softmax(x)"),
        Counterpart("flax", "nnx.softmax(x)"),
        Counterpart("keras", "keras.ops.softmax(x)"),
        Counterpart("keras", "keras.layers.Softmax()(x)"),
        Counterpart("tensorflow", "tf.nn.softmax(x)"),
        Counterpart("onnx", "Softmax(x)"),
        Counterpart("mlx", "nn.softmax(x)"),
    ),
)
