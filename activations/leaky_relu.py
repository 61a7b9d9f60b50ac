from torch import nn

from ._entry import Activation, Counterpart, Parameter
from ._notation import alpha, cases, x

leaky_relu = Activation(
    name="Leaky ReLU",
    title="Leaky Rectified Linear Unit",
    family="rectifier",
    summary="The identity above zero, a line of small slope α below.",
    formula=cases((x, x > 0), (alpha * x, x <= 0)),
    derivative=cases((1, x > 0), (alpha, x < 0)),
    torch=nn.LeakyReLU,
    papers=("maas2013rectifier", "xu2015empirical"),
    aliases=("LReLU", "leaky rectifier"),
    parameters={"negative_slope": Parameter(alpha, "slope of the negative side")},
    sweep={"negative_slope": (0.01, 0.1, 0.3)},
    elsewhere=(
        Counterpart("jax", "jax.nn.leaky_relu(x)"),
        Counterpart("flax", "nnx.leaky_relu(x)"),
        Counterpart(
            "keras",
            "keras.ops.leaky_relu(x, negative_slope=0.01)",
            own="keras.ops.leaky_relu(x)",
            computes={"negative_slope": 0.2},
        ),
        Counterpart(
            "keras",
            "keras.layers.LeakyReLU(negative_slope=0.01)(x)",
            own="keras.layers.LeakyReLU()(x)",
            computes={"negative_slope": 0.3},
        ),
        Counterpart(
            "keras2",
            "tf_keras.layers.LeakyReLU(alpha=0.01)(x)",
            own="tf_keras.layers.LeakyReLU()(x)",
            computes={"negative_slope": 0.3},
        ),
        Counterpart(
            "tensorflow",
            "tf.nn.leaky_relu(x, alpha=0.01)",
            own="tf.nn.leaky_relu(x)",
            computes={"negative_slope": 0.2},
        ),
        Counterpart("onnx", "LeakyRelu(x)"),
        Counterpart("mlx", "nn.leaky_relu(x)"),
        Counterpart("transformers", 'ACT2FN["leaky_relu"](x)'),
        Counterpart("timm", 'get_act_fn("leaky_relu")(x)'),
    ),
)
