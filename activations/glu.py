from torch import nn

from ._entry import Activation, Composition, Counterpart
from ._notation import a, b, sigma

glu = Activation(
    name="GLU",
    title="Gated Linear Unit",
    family="gate",
    kind="gate",
    summary="Half of the input times the sigmoid of the other half.",
    formula=a * sigma(b),
    torch=nn.GLU,
    papers=("dauphin2017language", "shazeer2020glu"),
    models={
        "the gated convolutional network": "dauphin2017language",
        "PaLM (SwiGLU)": "chowdhery2023palm",
        "LLaMA (SwiGLU)": "touvron2023llama",
    },
    arguments={"dim": "axis that is cut into two halves"},
    elsewhere=(
        Counterpart("jax", "jax.nn.glu(x)"),
        Counterpart("flax", "nnx.glu(x)"),
        Counterpart("keras", "keras.ops.glu(x)"),
        Composition("tensorflow", ("a, b = tf.split(x, 2, axis=-1)\ny = a * tf.sigmoid(b)")),
        Composition(
            "onnx",
            (
                "a, b = Split<axis: int = -1, num_outputs: int = 2>(x)\n"
                "z = Sigmoid(b)\n"
                "y = Mul(a, z)"
            ),
        ),
        Counterpart("mlx", "nn.glu(x)"),
    ),
)
