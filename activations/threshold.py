from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import cases, theta, v, x

threshold = Activation(
    name="Threshold",
    title="Threshold",
    family="rectifier",
    summary="The input where it is above a threshold θ, the constant v elsewhere.",
    formula=cases((x, x > theta), (v, x <= theta)),
    derivative=cases((1, x > theta), (0, x < theta)),
    torch=nn.Threshold,
    papers=("konda2014zero",),
    aliases=("thresholded ReLU", "TRec"),
    parameters={
        "threshold": Parameter(theta, "input up to which the constant replaces it"),
        "value": Parameter(v, "the constant"),
    },
    shown={"threshold": 1, "value": 0},
    sweep={"threshold": (0, 1, 2), "value": (-1, 0, 1)},
    elsewhere=(
        Composition("jax", "jnp.where(x <= 1.0, 0.0, x)"),
        Counterpart("keras", "keras.ops.threshold(x, 1.0, 0.0)"),
        Composition("tensorflow", "tf.where(x <= 1.0, 0.0, x)"),
        Counterpart("onnx", "ThresholdedRelu(x)"),
        Composition("mlx", "mx.where(x <= 1.0, 0.0, x)"),
    ),
)
