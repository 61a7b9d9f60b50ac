from sympy import exp
from torch import nn

from ._entry import Activation, Counterpart, Parameter, Textbook
from ._notation import alpha, cases, x

elu = Activation(
    name="ELU",
    title="Exponential Linear Unit",
    family="exponential",
    summary="The identity above zero, an exponential that settles at −α below.",
    formula=cases((x, x > 0), (alpha * (exp(x) - 1), x <= 0)),
    derivative=cases((1, x > 0), (alpha * exp(x), x < 0)),
    second_derivative=cases((0, x > 0), (alpha * exp(x), x < 0)),
    torch=nn.ELU,
    papers=("clevert2016fast",),
    parameters={"alpha": Parameter(alpha, "distance of the negative limit −α from zero")},
    sweep={"alpha": (0.5, 1, 2)},
    textbook=Textbook(
        code="return torch.where(x > 0, x, torch.exp(x) - 1)",
        stable="return torch.where(x > 0, x, torch.expm1(x.clamp(max=0)))",
    ),
    elsewhere=(
        Counterpart("jax", "jax.nn.elu(x)"),
        Counterpart("flax", "nnx.elu(x)"),
        Counterpart("keras", "keras.ops.elu(x)"),
        Counterpart("keras", "keras.layers.ELU()(x)"),
        Counterpart("tensorflow", "tf.nn.elu(x)"),
        Counterpart("onnx", "Elu(x)"),
        Counterpart("mlx", "nn.elu(x)"),
        Counterpart("timm", 'get_act_fn("elu")(x)'),
    ),
)
