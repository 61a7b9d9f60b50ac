from sympy import Max, Min, Rational, erf, pi, sqrt, tanh
from torch import nn

from ._entry import Activation, Counterpart, Variant
from ._notation import Phi, phi, sigma, x

gelu = Activation(
    name="GELU",
    title="Gaussian Error Linear Unit",
    family="self-gated",
    summary="The input times the probability that a standard normal variable lies below it.",
    formula=x * Phi(x),
    second_derivative=phi(x) * (2 - x**2),
    forms=(x * (1 + erf(x / sqrt(2))) / 2,),
    variants=(
        Variant(
            {"approximate": "tanh"},
            x * (1 + tanh(sqrt(2 / pi) * (x + Rational(44715, 1000000) * x**3))) / 2,
            "the tanh approximation",
        ),
    ),
    torch=nn.GELU,
    papers=("hendrycks2016gelu",),
    models={"BERT": "devlin2019bert", "GPT-2": "radford2019language"},
    issues={
        185770: "the output at +∞ is NaN",
        187806: "the negative tail cancels",
    },
    elsewhere=(
        Counterpart(
            "jax",
            "jax.nn.gelu(x, approximate=False)",
            own="jax.nn.gelu(x)",
            computes={"approximate": "tanh"},
        ),
        Counterpart(
            "flax",
            "nnx.gelu(x, approximate=False)",
            own="nnx.gelu(x)",
            computes={"approximate": "tanh"},
        ),
        Counterpart(
            "keras",
            "keras.ops.gelu(x, approximate=False)",
            own="keras.ops.gelu(x)",
            computes={"approximate": "tanh"},
        ),
        Counterpart("keras", "keras.activations.gelu(x)"),
        Counterpart("tensorflow", "tf.nn.gelu(x)"),
        Counterpart("onnx", "Gelu(x)"),
        Counterpart("mlx", "nn.gelu(x)"),
        Counterpart("mlx", "nn.gelu_approx(x)", computes={"approximate": "tanh"}),
        Counterpart("mlx", "nn.gelu_fast_approx(x)", computes=x * sigma(Rational(1702, 1000) * x)),
        Counterpart("transformers", 'ACT2FN["gelu"](x)'),
        Counterpart("transformers", 'ACT2FN["gelu_python"](x)'),
        Counterpart("transformers", 'ACT2FN["gelu_new"](x)', computes={"approximate": "tanh"}),
        Counterpart("transformers", 'ACT2FN["gelu_fast"](x)', computes={"approximate": "tanh"}),
        Counterpart("transformers", 'ACT2FN["gelu_accurate"](x)', computes={"approximate": "tanh"}),
        Counterpart(
            "transformers", 'ACT2FN["gelu_pytorch_tanh"](x)', computes={"approximate": "tanh"}
        ),
        Counterpart(
            "transformers", 'ACT2FN["gelu_python_tanh"](x)', computes={"approximate": "tanh"}
        ),
        Counterpart(
            "transformers",
            'ACT2FN["quick_gelu"](x)',
            computes=x * sigma(Rational(1702, 1000) * x),
        ),
        Counterpart("transformers", 'ACT2FN["gelu_10"](x)', computes=Max(-10, Min(10, x * Phi(x)))),
        Counterpart("timm", 'get_act_fn("gelu")(x)'),
        Counterpart("timm", 'get_act_fn("gelu_tanh")(x)', computes={"approximate": "tanh"}),
        Counterpart(
            "timm", 'get_act_fn("quick_gelu")(x)', computes=x * sigma(Rational(1702, 1000) * x)
        ),
    ),
)
