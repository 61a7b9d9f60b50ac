from sympy import Max, Min
from torch import nn

from ._entry import Activation, Composition, Counterpart
from ._notation import cases, x

relu6 = Activation(
    name="ReLU6",
    title="Rectified Linear Unit capped at 6",
    family="rectifier",
    summary="ReLU with a ceiling: the input clipped to the interval from 0 to 6.",
    formula=Min(Max(0, x), 6),
    derivative=cases((1, (x > 0) & (x < 6)), (0, (x < 0) | (x > 6))),
    torch=nn.ReLU6,
    papers=("krizhevsky2010convolutional", "howard2017mobilenets", "sandler2018mobilenetv2"),
    models={"MobileNetV2": "sandler2018mobilenetv2"},
    window=(-4, 10),
    elsewhere=(
        Counterpart("jax", "jax.nn.relu6(x)"),
        Counterpart("flax", "nnx.relu6(x)"),
        Counterpart("keras", "keras.ops.relu6(x)"),
        Counterpart("tensorflow", "tf.nn.relu6(x)"),
        Composition(
            "onnx",
            (
                "low = Constant<value_float: float = 0.0>()\n"
                "high = Constant<value_float: float = 6.0>()\n"
                "y = Clip(x, low, high)"
            ),
        ),
        Counterpart("mlx", "nn.relu6(x)"),
        Counterpart("transformers", 'ACT2FN["relu6"](x)'),
        Counterpart("timm", 'get_act_fn("relu6")(x)'),
    ),
)
