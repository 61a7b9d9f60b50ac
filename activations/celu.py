from sympy import exp
from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import alpha, cases, x

celu = Activation(
    name="CELU",
    title="Continuously Differentiable Exponential Linear Unit",
    family="exponential",
    summary="ELU rescaled so that its slope is continuous at zero for every α.",
    formula=cases((x, x > 0), (alpha * (exp(x / alpha) - 1), x <= 0)),
    derivative=cases((1, x > 0), (exp(x / alpha), x <= 0)),
    second_derivative=cases((0, x > 0), (exp(x / alpha) / alpha, x < 0)),
    torch=nn.CELU,
    papers=("barron2017continuously",),
    parameters={
        "alpha": Parameter(alpha, "distance of the negative limit −α from zero, and its scale")
    },
    sweep={"alpha": (0.5, 1, 2)},
    elsewhere=(
        Counterpart("jax", "jax.nn.celu(x)"),
        Counterpart("flax", "nnx.celu(x)"),
        Counterpart("keras", "keras.ops.celu(x)"),
        Composition("tensorflow", "tf.nn.elu(x)"),
        Counterpart("onnx", "Celu(x)"),
        Counterpart("mlx", "nn.celu(x)"),
        Counterpart("timm", 'get_act_fn("celu")(x)'),
    ),
)
