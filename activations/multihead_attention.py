from collections.abc import Callable

import torch
from sympy import IndexedBase, Sum, exp, sqrt
from torch import Tensor, nn

from ._entry import Activation, Composition, Counterpart, Run
from ._notation import d, i, j, k, m, n

queries, keys, values = (IndexedBase(name, real=True) for name in "qkv")
weights, scores = (IndexedBase(name, real=True) for name in "as")


def runs(change: Callable[[Tensor], Tensor] = torch.clone) -> list[Run]:
    """Self-attention of five positions, two heads of width two; one run for each head.

    `change` is applied to the random input.
    """
    length, width, heads = 5, 4, 2
    layer = nn.MultiheadAttention(width, heads, batch_first=True)
    nn.init.normal_(layer.in_proj_weight)
    nn.init.eye_(layer.out_proj.weight)
    tokens = change(torch.randn(1, length, width))
    output, attention = layer(tokens, tokens, tokens, average_attn_weights=False)
    query, key, value = nn.functional.linear(
        tokens[0], layer.in_proj_weight, layer.in_proj_bias
    ).chunk(3, dim=-1)
    per_head = zip(*(t.chunk(heads, dim=-1) for t in (query, key, value)), strict=True)
    return [
        Run(
            inputs={"q": q, "k": k, "v": v},
            sizes={n: length, d: width // heads},
            indices=("i", "m"),
            outputs=output[0].chunk(heads, dim=-1)[head],
            picture=attention[0, head],
            labels=("key", "query"),
            weights=sum(weight.numel() for weight in layer.parameters()),
        )
        for head, (q, k, v) in enumerate(per_head)
    ]


multihead_attention = Activation(
    name="Multi-head attention",
    title="Multi-head attention",
    family="gate",
    kind="layer",
    summary="Each query takes a softmax-weighted mean of the values, several times in parallel.",
    formula=Sum(weights[i, j] * values[j, m], (j, 1, n)),
    left=r"\operatorname{head}(q, k, v)_{im}",
    where={
        weights[i, j]: exp(scores[i, j]) / Sum(exp(scores[i, k]), (k, 1, n)),
        scores[i, j]: Sum(queries[i, m] * keys[j, m], (m, 1, d)) / sqrt(d),
    },
    torch=nn.MultiheadAttention,
    functional="scaled_dot_product_attention",
    papers=("vaswani2017attention",),
    models={"the Transformer": "vaswani2017attention", "BERT": "devlin2019bert"},
    aliases=("attention", "scaled dot-product attention", "self-attention", "MHA"),
    runs=runs,
    notes=(
        "$q$, $k$, $v$ are the queries, keys and values of one head, each a learned linear map of"
        " the layer's inputs",
        "$n$ is the number of keys and $d$ the width of a head, `embed_dim // num_heads`",
        "the heads' outputs are joined and mapped once more",
    ),
    arguments={
        "embed_dim": "width of the inputs and the output",
        "num_heads": "number of heads; must divide embed_dim",
        "dropout": "share of the weights set to 0 in training",
        "bias": "add a learned constant in each linear map",
        "add_bias_kv": "append a learned key and value to each sequence",
        "add_zero_attn": "append a key and value of zeros to each sequence",
        "kdim": "width of the keys, if not embed_dim",
        "vdim": "width of the values, if not embed_dim",
        "batch_first": "inputs are (batch, position, width), not (position, batch, width)",
    },
    elsewhere=(
        Counterpart(
            "jax",
            (
                "q, k, v = (t.swapaxes(1, 2) for t in (q, k, v))\n"
                "y = jax.nn.dot_product_attention(q, k, v).swapaxes(1, 2)"
            ),
        ),
        Counterpart(
            "flax",
            (
                "q, k, v = (t.swapaxes(1, 2) for t in (q, k, v))\n"
                "y = nnx.dot_product_attention(q, k, v).swapaxes(1, 2)"
            ),
        ),
        Counterpart(
            "keras",
            (
                "q, k, v = (keras.ops.swapaxes(t, 1, 2) for t in (q, k, v))\n"
                "y = keras.ops.swapaxes(keras.ops.dot_product_attention(q, k, v), 1, 2)"
            ),
        ),
        Composition(
            "tensorflow",
            (
                "scores = tf.matmul(q, k, transpose_b=True) / q.shape[-1] ** 0.5\n"
                "y = tf.matmul(tf.nn.softmax(scores), v)"
            ),
        ),
        Counterpart("onnx", "Attention(q, k, v)"),
        Counterpart(
            "mlx", "mx.fast.scaled_dot_product_attention(q, k, v, scale=q.shape[-1] ** -0.5)"
        ),
    ),
)
