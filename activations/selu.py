from sympy import E, Rational, S, erfc, exp, pi, sqrt
from torch import nn

from ._entry import Activation, Composition, Counterpart
from ._notation import alpha, cases, lamda, x

tail = erfc(1 / sqrt(S(2)))

selu = Activation(
    name="SELU",
    title="Scaled Exponential Linear Unit",
    family="exponential",
    summary="ELU with two fixed constants chosen to keep mean 0 and variance 1 across layers.",
    formula=cases((lamda * x, x > 0), (lamda * alpha * (exp(x) - 1), x <= 0)),
    derivative=cases((lamda, x > 0), (lamda * alpha * exp(x), x < 0)),
    second_derivative=cases((0, x > 0), (lamda * alpha * exp(x), x < 0)),
    where={
        alpha: sqrt(2 / pi) / (1 - tail * sqrt(E)),
        lamda: (1 - tail * sqrt(E))
        * sqrt(2 * pi)
        / sqrt(
            2 * erfc(sqrt(2)) * E**2 + pi * tail**2 * E - 2 * (2 + pi) * tail * sqrt(E) + pi + 2
        ),
    },
    torch=nn.SELU,
    papers=("klambauer2017self",),
    models={"the self-normalizing network": "klambauer2017self"},
    aliases=("scaled ELU",),
    elsewhere=(
        Counterpart("jax", "jax.nn.selu(x)"),
        Counterpart("flax", "nnx.selu(x)"),
        Counterpart("keras", "keras.ops.selu(x)"),
        Counterpart("tensorflow", "tf.nn.selu(x)"),
        Counterpart("onnx", "Selu(x)"),
        Counterpart(
            "mlx",
            "nn.selu(x)",
            computes=Rational(10507, 10000)
            * cases((x, x > 0), (Rational(167326, 100000) * (exp(x) - 1), x <= 0)),
        ),
        Composition(
            "mlx",
            (
                "below = mx.expm1(mx.where(x > 0, 0.0, x))\n"
                "y = 1.0507009873554805 * mx.where(x > 0, x, 1.6732632423543772 * below)"
            ),
        ),
        Counterpart("timm", 'get_act_fn("selu")(x)'),
    ),
)
