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
        Counterpart("jax", "y = jax.nn.leaky_relu(x)"),
        Counterpart("flax", "y = nnx.leaky_relu(x)"),
        Counterpart(
            "keras",
            "y = keras.ops.leaky_relu(x, negative_slope=0.01)",
            own="y = keras.ops.leaky_relu(x)",
            computes={"negative_slope": 0.2},
        ),
        Counterpart(
            "keras",
            "y = keras.layers.LeakyReLU(negative_slope=0.01)(x)",
            own="y = keras.layers.LeakyReLU()(x)",
            computes={"negative_slope": 0.3},
        ),
        Counterpart(
            "keras2",
            "y = tf_keras.layers.LeakyReLU(alpha=0.01)(x)",
            own="y = tf_keras.layers.LeakyReLU()(x)",
            computes={"negative_slope": 0.3},
        ),
        Counterpart(
            "tensorflow",
            "y = tf.nn.leaky_relu(x, alpha=0.01)",
            own="y = tf.nn.leaky_relu(x)",
            computes={"negative_slope": 0.2},
        ),
        Counterpart("onnx", "y = LeakyRelu(x)"),
        Counterpart("mlx", "y = nn.leaky_relu(x)"),
        Counterpart("transformers", 'y = ACT2FN["leaky_relu"](x)'),
        Counterpart("timm", 'y = get_act_fn("leaky_relu")(x)'),
    ),
)
