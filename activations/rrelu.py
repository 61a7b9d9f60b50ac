from sympy import Mul, S
from torch import nn

from ._entry import Activation, Composition, Noise, Parameter
from ._notation import a, cases, lower, upper, x

# kept as (l + u)/2 for readers; SymPy would write l/2 + u/2
HALFWAY = Mul(S.Half, lower + upper, evaluate=False)

rrelu = Activation(
    name="RReLU",
    title="Randomized Leaky Rectified Linear Unit",
    family="rectifier",
    summary="Leaky ReLU whose negative slope is drawn at random in training and fixed afterwards.",
    formula=cases((x, x >= 0), (a * x, x < 0)),
    derivative=cases((1, x > 0), (a, x < 0)),
    torch=nn.RReLU,
    papers=("xu2015empirical",),
    aliases=("randomized ReLU", "randomized leaky ReLU"),
    parameters={
        "lower": Parameter(lower, "smallest slope of the negative side"),
        "upper": Parameter(upper, "largest slope of the negative side"),
    },
    issues={193671: "checkpointed without re-entry, the gradient comes of uninitialized memory"},
    noise=Noise(a, "uniform on [l, u], drawn anew for each element", HALFWAY),
    sweep={"lower": (0, 0.125), "upper": (0.3333333333333333, 0.5)},
    elsewhere=(
        Composition("jax", "jax.nn.leaky_relu(x, negative_slope=11 / 48)"),
        Composition("keras", "keras.ops.leaky_relu(x, negative_slope=11 / 48)"),
        Composition("tensorflow", "tf.nn.leaky_relu(x, alpha=11 / 48)"),
        Composition("onnx", "LeakyRelu<alpha: float = 0.22916667>(x)"),
        Composition("mlx", "nn.leaky_relu(x, negative_slope=11 / 48)"),
    ),
)
