from sympy import Abs, Max, Min, Rational, S
from torch import nn

from ._entry import Activation, Composition, Counterpart
from ._notation import cases, x

hardswish = Activation(
    name="Hardswish",
    title="Hard Swish",
    family="self-gated",
    summary="The input times a hard sigmoid: SiLU's shape from a product and two clips.",
    formula=x * Min(Max(0, x + 3), 6) / 6,
    derivative=cases((0, x < -3), (x / 3 + S.Half, Abs(x) < 3), (1, x > 3)),
    second_derivative=cases((Rational(1, 3), Abs(x) < 3), (0, Abs(x) > 3)),
    torch=nn.Hardswish,
    papers=("howard2019searching",),
    models={"MobileNetV3": "howard2019searching"},
    aliases=("hard-swish", "h-swish", "hard SiLU"),
    elsewhere=(
        Counterpart("jax", "jax.nn.hard_swish(x)"),
        Counterpart("flax", "nnx.hard_swish(x)"),
        Counterpart("keras", "keras.ops.hard_swish(x)"),
        Composition("tensorflow", "x * tf.nn.relu6(x + 3.0) / 6.0"),
        Counterpart("onnx", "HardSwish(x)"),
        Counterpart("mlx", "nn.hardswish(x)"),
        Counterpart("transformers", 'ACT2FN["hardswish"](x)'),
        Counterpart("timm", 'get_act_fn("hard_swish")(x)'),
    ),
)
