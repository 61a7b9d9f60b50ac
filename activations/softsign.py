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
        Counterpart("jax", "y = jax.nn.soft_sign(x)"),
        Counterpart("flax", "y = nnx.soft_sign(x)"),
        Counterpart("keras", "y = keras.ops.softsign(x)"),
        Counterpart("tensorflow", "y = tf.nn.softsign(x)"),
        Counterpart("onnx", "y = Softsign(x)"),
        Counterpart("mlx", "y = nn.softsign(x)"),
    ),
)
