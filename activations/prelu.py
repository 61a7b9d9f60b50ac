from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import a, cases, x

prelu = Activation(
    name="PReLU",
    title="Parametric Rectified Linear Unit",
    family="rectifier",
    summary="Leaky ReLU whose negative slope a is learned with the weights.",
    formula=cases((x, x > 0), (a * x, x <= 0)),
    derivative=cases((1, x > 0), (a, x < 0)),
    torch=nn.PReLU,
    papers=("he2015delving", "xu2015empirical"),
    aliases=("parametric ReLU",),
    parameters={"init": Parameter(a, "slope of the negative side at the start", learnable=True)},
    sweep={"init": (0, 0.25, 1)},
    arguments={"num_parameters": "1 for one slope in all, or the number of channels for one each"},
    elsewhere=(
        Composition("jax", "jnp.where(x > 0, x, 0.25 * x)"),
        Counterpart(
            "flax",
            "nnx.PReLU(negative_slope_init=0.25)(x)",
            own="nnx.PReLU()(x)",
            computes={"init": 0.01},
        ),
        Counterpart(
            "keras",
            "keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))(x)",
            own="keras.layers.PReLU()(x)",
            computes={"init": 0.0},
        ),
        Composition("tensorflow", "tf.where(x > 0, x, 0.25 * x)"),
        Counterpart("onnx", ("slope = Constant<value_float: float = 0.25>()\ny = PRelu(x, slope)")),
        Counterpart("mlx", "nn.PReLU()(x)"),
        Counterpart("transformers", 'ACT2FN["prelu"](x)'),
        Counterpart("timm", 'create_act_layer("prelu")(x)'),
    ),
)
