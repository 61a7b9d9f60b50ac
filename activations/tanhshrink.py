from sympy import tanh
from torch import nn

from ._entry import Activation, Composition, Counterpart
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
    elsewhere=(
        Composition("jax", "x - jnp.tanh(x)"),
        Counterpart("keras", "keras.ops.tanh_shrink(x)"),
        Composition("tensorflow", "x - tf.tanh(x)"),
        Composition("onnx", ("z = Tanh(x)\ny = Sub(x, z)")),
        Composition("mlx", "x - mx.tanh(x)"),
    ),
)
