from sympy import Max
from torch import nn

from ._entry import Activation, Counterpart
from ._notation import cases, x

relu = Activation(
    name="ReLU",
    title="Rectified Linear Unit",
    family="rectifier",
    summary="The positive part of the input: x above zero, 0 below.",
    formula=Max(0, x),
    derivative=cases((0, x < 0), (1, x > 0)),
    torch=nn.ReLU,
    papers=("fukushima1969visual", "nair2010rectified", "glorot2011deep"),
    models={"the Transformer": "vaswani2017attention", "T5": "raffel2020exploring"},
    aliases=("rectifier", "positive part", "ramp function"),
    elsewhere=(
        Counterpart("jax", "jax.nn.relu(x)"),
        Counterpart("flax", "nnx.relu(x)"),
        Counterpart("keras", "keras.ops.relu(x)"),
        Counterpart("keras", "keras.layers.ReLU()(x)"),
        Counterpart("tensorflow", "tf.nn.relu(x)"),
        Counterpart("onnx", "Relu(x)"),
        Counterpart("mlx", "nn.relu(x)"),
        Counterpart("transformers", 'ACT2FN["relu"](x)'),
        Counterpart("timm", 'get_act_fn("relu")(x)'),
    ),
)
