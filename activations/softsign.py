from sympy import Abs
from torch import nn

from ._entry import Activation, Counterpart
from ._notation import cases, x

softsign = Activation(
    name="Softsign",
    title="Softsign",
    family="sigmoidal",
    summary="An odd S-shaped curve from −1 to 1 whose tails close in like 1/x, not exponentially.",
    formula=x / (1 + Abs(x)),
    derivative=1 / (1 + Abs(x)) ** 2,
    second_derivative=cases((-2 / (1 + x) ** 3, x > 0), (2 / (1 - x) ** 3, x < 0)),
    torch=nn.Softsign,
    papers=(
        "elliott1993better",
        "bergstra2009quadratic",
        "turian2009quadratic",
        "glorot2010understanding",
    ),
    aliases=("Elliott function", "Elliott sigmoid"),
    window=(-8, 8),
    elsewhere=(
        Counterpart("jax", "jax.nn.soft_sign(x)"),
        Counterpart("flax", "nnx.soft_sign(x)"),
        Counterpart("keras", "keras.ops.softsign(x)"),
        Counterpart("tensorflow", "tf.nn.softsign(x)"),
        Counterpart("onnx", "Softsign(x)"),
        Counterpart("mlx", "nn.softsign(x)"),
    ),
)
