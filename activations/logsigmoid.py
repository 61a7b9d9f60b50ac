from sympy import log
from torch import nn

from ._entry import Activation, Composition, Counterpart
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
    elsewhere=(
        Counterpart("jax", "jax.nn.log_sigmoid(x)"),
        Counterpart("flax", "nnx.log_sigmoid(x)"),
        Counterpart("keras", "keras.ops.log_sigmoid(x)"),
        Counterpart("tensorflow", "tf.math.log_sigmoid(x)"),
        Composition("onnx", ("minus = Neg(x)\nz = Softplus(minus)\ny = Neg(z)")),
        Counterpart("mlx", "nn.log_sigmoid(x)"),
    ),
)
