from collections.abc import Callable

import torch
from sympy import IndexedBase, Sum, Symbol, exp, log
from torch import Tensor, nn

from ._entry import Activation, Composition, Run
from ._notation import K, cases, j

y = Symbol("y", integer=True, positive=True)
c = Symbol("c", integer=True, positive=True)
head, tail = IndexedBase("h", real=True), IndexedBase("t", real=True)
log_head, log_tail = Symbol("H", real=True), Symbol("T", real=True)


def runs(change: Callable[[Tensor], Tensor] = torch.clone) -> list[Run]:
    """Twelve classes, the first four in the head, the rest in one tail cluster.

    `change` is applied to the random input.
    """
    features, classes, cutoff = 8, 12, 4
    layer = nn.AdaptiveLogSoftmaxWithLoss(features, classes, [cutoff])
    hidden = change(torch.randn(1, features))
    outputs = layer.log_prob(hidden)[0]
    return [
        Run(
            inputs={"h": layer.head(hidden)[0], "t": layer.tail[0](hidden)[0]},
            sizes={c: cutoff, K: classes},
            indices=("y",),
            outputs=outputs,
            picture=outputs.exp(),
            labels=("class y", "probability"),
            weights=sum(weight.numel() for weight in layer.parameters()),
        )
    ]


adaptive_log_softmax = Activation(
    name="Adaptive log-softmax",
    title="Adaptive log-softmax with loss",
    family="softmax",
    kind="layer",
    summary="A log-softmax for many classes that scores the rare ones only when they are needed.",
    formula=cases(
        (head[y] - log_head, y <= c),
        (head[c + 1] - log_head + tail[y - c] - log_tail, y > c),
    ),
    left=r"\ln p(y)",
    where={
        log_head: log(Sum(exp(head[j]), (j, 1, c + 1))),
        log_tail: log(Sum(exp(tail[j]), (j, 1, K - c))),
    },
    torch=nn.AdaptiveLogSoftmaxWithLoss,
    papers=("grave2017efficient",),
    aliases=("adaptive softmax", "AdaptiveLogSoftmaxWithLoss"),
    runs=runs,
    notes=(
        "the first $c$ of $K$ classes are in the head, the others in one tail cluster",
        "$h$ are the head's scores, one for each of its classes and one for the cluster",
        "$t$ are the cluster's scores",
        "classes are counted from 1, in torch from 0",
    ),
    arguments={
        "in_features": "width of the inputs",
        "n_classes": "number of classes, the most frequent first",
        "cutoffs": "classes at which a new cluster begins, in increasing order",
        "div_value": "factor by which the width shrinks from cluster to cluster",
        "head_bias": "add a learned constant in the head",
    },
    elsewhere=(
        Composition(
            "jax",
            (
                "head, tail = jax.nn.log_softmax(h), jax.nn.log_softmax(t)\n"
                "y = jnp.concatenate([head[:-1], head[-1] + tail])"
            ),
        ),
        Composition(
            "keras",
            (
                "head, tail = keras.ops.log_softmax(h), keras.ops.log_softmax(t)\n"
                "y = keras.ops.concatenate([head[:-1], head[-1] + tail])"
            ),
        ),
        Composition(
            "tensorflow",
            (
                "head, tail = tf.nn.log_softmax(h), tf.nn.log_softmax(t)\n"
                "y = tf.concat([head[:-1], head[-1] + tail], axis=0)"
            ),
        ),
        Composition(
            "onnx",
            (
                "head = LogSoftmax(h)\n"
                "tail = LogSoftmax(t)\n"
                "sizes = Constant<value_ints: ints = [4, 1]>()\n"
                "common, cluster = Split<axis: int = 0>(head, sizes)\n"
                "rare = Add(cluster, tail)\n"
                "y = Concat<axis: int = 0>(common, rare)"
            ),
        ),
        Composition(
            "mlx",
            (
                "head, tail = nn.log_softmax(h), nn.log_softmax(t)\n"
                "y = mx.concatenate([head[:-1], head[-1] + tail])"
            ),
        ),
    ),
)
