from sympy import KroneckerDelta, Sum, exp
from torch import nn

from ._entry import Activation, Composition
from ._notation import C, h_, i, j, k, w_, xs, ys

softmax2d = Activation(
    name="Softmax2d",
    title="Softmax over channels",
    family="softmax",
    kind="vector",
    summary="Softmax over the channels of an image, separately at each pixel.",
    formula=exp(xs[i, h_, w_]) / Sum(exp(xs[j, h_, w_]), (j, 1, C)),
    derivative=ys[i, h_, w_] * (KroneckerDelta(i, k) - ys[k, h_, w_]),
    torch=nn.Softmax2d,
    papers=("bridle1990probabilistic",),
    elsewhere=(
        Composition("jax", "jax.nn.softmax(x, axis=-3)"),
        Composition("keras", "keras.ops.softmax(x, axis=-3)"),
        Composition("tensorflow", "tf.nn.softmax(x, axis=-3)"),
        Composition("onnx", "Softmax<axis: int = -3>(x)"),
        Composition("mlx", "nn.softmax(x, axis=-3)"),
    ),
)
