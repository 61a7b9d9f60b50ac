import sympy
from sympy import exp
from torch import nn

from ._entry import Activation, Counterpart, Textbook
from ._notation import sigma, x

tanh = Activation(
    name="Tanh",
    title="Hyperbolic tangent",
    family="sigmoidal",
    summary="An odd S-shaped curve from −1 to 1 with slope 1 at zero.",
    formula=sympy.tanh(x),
    second_derivative=-2 * sympy.tanh(x) * (1 - sympy.tanh(x) ** 2),
    forms=((exp(x) - exp(-x)) / (exp(x) + exp(-x)), 2 * sigma(2 * x) - 1),
    torch=nn.Tanh,
    papers=("lecun1998efficient", "glorot2010understanding"),
    textbook=Textbook(
        code="return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))",
        stable=(
            "z = torch.expm1(torch.where(x < 0, 2 * x, -2 * x))\n"
            "return torch.where(x < 0, z, -z) / (2 + z)"
        ),
    ),
    issues={195685: "the gradient is 0 too early"},
    elsewhere=(
        Counterpart("jax", "jax.nn.tanh(x)"),
        Counterpart("flax", "nnx.tanh(x)"),
        Counterpart("keras", "keras.ops.tanh(x)"),
        Counterpart("tensorflow", "tf.nn.tanh(x)"),
        Counterpart("onnx", "Tanh(x)"),
        Counterpart("mlx", "nn.tanh(x)"),
        Counterpart("transformers", 'ACT2FN["tanh"](x)'),
        Counterpart("timm", 'get_act_fn("tanh")(x)'),
    ),
)
