from sympy import Integer, exp, tanh
from torch import nn

from ._entry import Activation, Counterpart, Textbook
from ._notation import sigma, x

sigmoid = Activation(
    name="Sigmoid",
    title="Logistic sigmoid",
    family="sigmoidal",
    summary="An S-shaped curve from 0 to 1 that turns a real number into a probability.",
    formula=sigma(x),
    derivative=sigma(x) * (1 - sigma(x)),
    second_derivative=sigma(x) * (1 - sigma(x)) * (1 - 2 * sigma(x)),
    forms=(1 / (1 + exp(-x)), (1 + tanh(x / 2)) / Integer(2)),
    torch=nn.Sigmoid,
    papers=("lecun1998efficient", "glorot2010understanding", "elfwing2018sigmoid"),
    aliases=("logistic", "logistic function", "expit", "inverse logit"),
    window=(-8, 8),
    textbook=Textbook(
        code="return 1 / (1 + torch.exp(-x))",
        stable=(
            "z = torch.exp(torch.where(x < 0, x, -x))\nreturn torch.where(x < 0, z, 1) / (1 + z)"
        ),
    ),
    issues={195527: "the gradient of sigmoid and tanh is 0 too early"},
    elsewhere=(
        Counterpart("jax", "jax.nn.sigmoid(x)"),
        Counterpart("flax", "nnx.sigmoid(x)"),
        Counterpart("keras", "keras.ops.sigmoid(x)"),
        Counterpart("tensorflow", "tf.nn.sigmoid(x)"),
        Counterpart("onnx", "Sigmoid(x)"),
        Counterpart("mlx", "nn.sigmoid(x)"),
        Counterpart("transformers", 'ACT2FN["sigmoid"](x)'),
        Counterpart("timm", 'get_act_fn("sigmoid")(x)'),
    ),
)
