from sympy import exp, log, tanh
from torch import nn

from ._entry import Activation, Composition, Counterpart, Textbook
from ._notation import sigma, softplus, x

gate = tanh(softplus(x))

mish = Activation(
    name="Mish",
    title="Mish",
    family="self-gated",
    summary="The input times the tanh of its softplus: close to SiLU, with a slightly deeper dip.",
    formula=x * gate,
    derivative=gate + x * sigma(x) * (1 - gate**2),
    second_derivative=sigma(x) * (1 - gate**2) * (2 + x * (1 - sigma(x) - 2 * sigma(x) * gate)),
    forms=(x * tanh(log(1 + exp(x))),),
    torch=nn.Mish,
    papers=("misra2020mish",),
    models={"YOLOv4": "bochkovskiy2020yolov4"},
    textbook=Textbook(
        code="return x * torch.tanh(torch.log(1 + torch.exp(x)))",
        stable="return x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x)))",
    ),
    elsewhere=(
        Counterpart("jax", "jax.nn.mish(x)"),
        Counterpart("keras", "keras.activations.mish(x)"),
        Composition("tensorflow", "x * tf.tanh(tf.nn.softplus(x))"),
        Counterpart("onnx", "Mish(x)"),
        Counterpart("mlx", "nn.mish(x)"),
        Counterpart("transformers", 'ACT2FN["mish"](x)'),
        Counterpart("timm", 'get_act_fn("mish")(x)'),
    ),
)
