from torch import nn

from ._entry import Activation, Counterpart
from ._notation import x

identity = Activation(
    name="Identity",
    title="Identity",
    family="linear",
    summary="The input, unchanged.",
    formula=x,
    torch=nn.Identity,
    papers=("leshno1993multilayer",),
    models={"MobileNetV2 (its narrow layers)": "sandler2018mobilenetv2"},
    aliases=("linear activation", "no activation"),
    elsewhere=(
        Counterpart("jax", "jax.nn.identity(x)"),
        Counterpart("flax", "nnx.identity(x)"),
        Counterpart("keras", "keras.activations.linear(x)"),
        Counterpart("tensorflow", "tf.identity(x)"),
        Counterpart("onnx", "Identity(x)"),
        Counterpart("mlx", "nn.Identity()(x)"),
        Counterpart("transformers", 'ACT2FN["linear"](x)'),
        Counterpart("timm", 'create_act_layer("identity")(x)'),
    ),
)
