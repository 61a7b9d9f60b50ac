from sympy import exp, log
from torch import nn

from ._entry import Activation, Counterpart, Parameter, Textbook, Tolerance
from ._notation import beta, sigma, x

softplus = Activation(
    name="Softplus",
    title="Softplus",
    family="exponential",
    summary="A smooth ReLU: always positive, and its slope is the sigmoid.",
    formula=log(1 + exp(beta * x)) / beta,
    derivative=sigma(beta * x),
    second_derivative=beta * sigma(beta * x) * (1 - sigma(beta * x)),
    torch=nn.Softplus,
    papers=("dugas2001incorporating", "glorot2011deep", "zheng2015improving"),
    aliases=("smooth ReLU",),
    parameters={"beta": Parameter(beta, "sharpness of the bend")},
    sweep={"beta": (0.5, 1, 4)},
    tolerances=(
        Tolerance(
            "value",
            4.2e-9,
            "torch returns x itself where βx > 20, its default threshold (so for β ≥ 0.5; the"
            " difference is largest there, log(1 + e⁻²⁰)/β)",
        ),
        Tolerance("slope", 2.1e-9, "torch returns slope 1 where βx > 20, its default threshold"),
    ),
    arguments={"threshold": "torch returns x itself where βx is above it"},
    textbook=Textbook(
        code="return torch.log(1 + torch.exp(x))",
        stable="return torch.logaddexp(x, torch.zeros_like(x))",
    ),
    elsewhere=(
        Counterpart("jax", "jax.nn.softplus(x)"),
        Counterpart("flax", "nnx.softplus(x)"),
        Counterpart("keras", "keras.ops.softplus(x)"),
        Counterpart("tensorflow", "tf.nn.softplus(x)"),
        Counterpart("onnx", "Softplus(x)"),
        Counterpart("mlx", "nn.softplus(x)"),
    ),
)
