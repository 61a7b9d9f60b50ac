from sympy import exp
from torch import nn

from ._entry import Activation, Counterpart
from ._notation import sigma, x

silu = Activation(
    name="SiLU",
    title="Sigmoid Linear Unit",
    family="self-gated",
    summary="The input times its own sigmoid.",
    formula=x * sigma(x),
    derivative=sigma(x) * (1 + x * (1 - sigma(x))),
    second_derivative=sigma(x) * (1 - sigma(x)) * (2 + x * (1 - 2 * sigma(x))),
    forms=(x / (1 + exp(-x)),),
    torch=nn.SiLU,
    papers=("hendrycks2016gelu", "elfwing2018sigmoid", "ramachandran2017searching"),
    models={
        "EfficientNet": "tan2019efficientnet",
        "PaLM (in SwiGLU)": "chowdhery2023palm",
        "LLaMA (in SwiGLU)": "touvron2023llama",
    },
    aliases=("Swish-1", "sigmoid-weighted linear unit", "SiL"),
    issues={160876: "the output at −∞ is NaN"},
    elsewhere=(
        Counterpart("jax", "y = jax.nn.silu(x)"),
        Counterpart("flax", "y = nnx.silu(x)"),
        Counterpart("keras", "y = keras.ops.silu(x)"),
        Counterpart("tensorflow", "y = tf.nn.silu(x)"),
        Counterpart("onnx", "y = Swish(x)"),
        Counterpart("mlx", "y = nn.silu(x)"),
        Counterpart("transformers", 'y = ACT2FN["silu"](x)'),
        Counterpart("transformers", 'y = ACT2FN["swish"](x)'),
        Counterpart("timm", 'y = get_act_fn("silu")(x)'),
        Counterpart("timm", 'y = get_act_fn("swish")(x)'),
    ),
)
