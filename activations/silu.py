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
        Counterpart("jax", "jax.nn.silu(x)"),
        Counterpart("flax", "nnx.silu(x)"),
        Counterpart("keras", "keras.ops.silu(x)"),
        Counterpart("tensorflow", "tf.nn.silu(x)"),
        Counterpart("onnx", "Swish(x)"),
        Counterpart("mlx", "nn.silu(x)"),
        Counterpart("transformers", 'ACT2FN["silu"](x)'),
        Counterpart("transformers", 'ACT2FN["swish"](x)'),
        Counterpart("timm", 'get_act_fn("silu")(x)'),
        Counterpart("timm", 'get_act_fn("swish")(x)'),
    ),
)
