from sympy import Max, Min
from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import cases, lower, upper, x

hardtanh = Activation(
    name="Hardtanh",
    title="Hard hyperbolic tangent",
    family="sigmoidal",
    summary="The input clipped to an interval, by default from −1 to 1.",
    formula=Max(lower, Min(x, upper)),
    derivative=cases((1, (lower < x) & (x < upper)), (0, (x < lower) | (x > upper))),
    torch=nn.Hardtanh,
    papers=("collobert2004large",),
    aliases=("hard tanh", "clip", "clamp"),
    parameters={
        "min_val": Parameter(lower, "lower end of the interval"),
        "max_val": Parameter(upper, "upper end of the interval"),
    },
    sweep={"min_val": (-2, -1, 0), "max_val": (0.5, 1, 2)},
    window=(-4, 4),
    arguments={
        "min_value": "old name of min_val; deprecated",
        "max_value": "old name of max_val; deprecated",
    },
    elsewhere=(
        Counterpart("jax", "jax.nn.hard_tanh(x)"),
        Counterpart("flax", "nnx.hard_tanh(x)"),
        Counterpart("keras", "keras.ops.hard_tanh(x)"),
        Composition("tensorflow", "tf.clip_by_value(x, -1.0, 1.0)"),
        Composition(
            "onnx",
            (
                "low = Constant<value_float: float = -1.0>()\n"
                "high = Constant<value_float: float = 1.0>()\n"
                "y = Clip(x, low, high)"
            ),
        ),
        Counterpart("mlx", "nn.hard_tanh(x)"),
    ),
)
