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
        Counterpart("jax", "y = jax.nn.identity(x)"),
        Counterpart("flax", "y = nnx.identity(x)"),
        Counterpart("keras", "y = keras.activations.linear(x)"),
        Counterpart("tensorflow", "y = tf.identity(x)"),
        Counterpart("onnx", "y = Identity(x)"),
        Counterpart("mlx", "y = nn.Identity()(x)"),
        Counterpart("transformers", 'y = ACT2FN["linear"](x)'),
        Counterpart("timm", 'y = create_act_layer("identity")(x)'),
    ),
)
