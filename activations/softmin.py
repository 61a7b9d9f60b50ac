from sympy import KroneckerDelta, Sum, exp
from torch import nn

from ._entry import Activation, Composition, Counterpart
from ._notation import K, i, j, k, xs, ys

softmin = Activation(
    name="Softmin",
    title="Softmin",
    family="softmax",
    kind="vector",
    summary="Softmax of the negated scores: the smallest score gets the largest share.",
    formula=exp(-xs[i]) / Sum(exp(-xs[j]), (j, 1, K)),
    derivative=-ys[i] * (KroneckerDelta(i, k) - ys[k]),
    torch=nn.Softmin,
    papers=("boltzmann1868studien", "bridle1990probabilistic"),
    arguments={"dim": "axis along which the outputs sum to 1"},
    elsewhere=(
        Composition("jax", "jax.nn.softmax(-x)"),
        Composition("keras", "keras.ops.softmax(-x)"),
        Composition("tensorflow", "tf.nn.softmax(-x)"),
        Composition("onnx", ("minus = Neg(x)\ny = Softmax(minus)")),
        Counterpart("mlx", "nn.softmin(x)"),
    ),
)
