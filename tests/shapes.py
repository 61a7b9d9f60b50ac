"""Entries that the catalogue does not have, one for each thing that a kind must serve."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from sympy import And, KroneckerDelta, Max, Min, Piecewise, S, Sum, Symbol, exp, log, sin, sqrt
from torch import Tensor, nn

from activations._entry import Activation, Parameter
from activations._notation import (
    Greatest,
    K,
    Ranked,
    a,
    alpha,
    b,
    cases,
    i,
    j,
    k,
    lamda,
    m,
    n,
    sigma,
    tau,
    x,
    xs,
    ys,
)  # fmt: skip


def of_halves(join: Callable[[Tensor, Tensor], Tensor]) -> type[nn.Module]:
    """A module that joins the two halves of its input."""

    class Joined(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return join(*x.chunk(2, dim=-1))

    return Joined


SwiGLU = of_halves(lambda a, b: F.silu(a) * b)
ReGLU = of_halves(lambda a, b: a * F.relu(b))


class ClippedSwiGLU(nn.Module):
    """gpt-oss's gate: the halves alternate, both are clipped, 1 is added to the linear one."""

    def __init__(self, limit: float = 7.0, alpha: float = 1.702) -> None:
        super().__init__()
        self.limit, self.alpha = limit, alpha

    def forward(self, x: Tensor) -> Tensor:
        gate, up = x[..., ::2], x[..., 1::2]
        gate, up = gate.clamp(max=self.limit), up.clamp(-self.limit, self.limit)
        return (up + 1) * gate * torch.sigmoid(self.alpha * gate)


class RMSNorm(nn.Module):
    def __init__(self, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), eps=self.eps)


class Sparsemax(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        ranked = x.sort(dim=-1, descending=True).values
        counts = torch.arange(1, x.shape[-1] + 1, dtype=x.dtype)
        threshold = ((ranked.cumsum(-1) - 1) / counts).amax(-1, keepdim=True)
        return (x - threshold).clamp(min=0)


class SinkSoftmax(nn.Module):
    def __init__(self, sink: float = 0.5) -> None:
        super().__init__()
        self.sink = sink

    def forward(self, x: Tensor) -> Tensor:
        sink = torch.full_like(x[..., :1], self.sink)
        return torch.softmax(torch.cat([x, sink], dim=-1), dim=-1)[..., :-1]


class TopK(nn.Module):
    def __init__(self, count: int = 2) -> None:
        super().__init__()
        self.count = count

    def forward(self, x: Tensor) -> Tensor:
        least = x.topk(self.count, dim=-1).values[..., -1:]
        return torch.where(x >= least, x, torch.zeros_like(x))


class CReLU(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.relu(torch.cat([x, -x], dim=-1))


class MaxMin(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        one, other = x.chunk(2, dim=-1)
        return torch.cat([torch.maximum(one, other), torch.minimum(one, other)], dim=-1)


class Snake(nn.Module):
    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(float(alpha)))

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.sin(self.alpha * x).square() / self.alpha


class FourPieces(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.where(
            x < -2, -torch.ones_like(x), torch.where(x < 0, x / 2, torch.where(x < 1, 2 * x, x + 1))
        )


class Jump(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x + 1, torch.zeros_like(x))


class Sine(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(x)


class Logarithm(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.log(x)


limit, sink = Symbol("L", real=True), Symbol("s", real=True)
count = Symbol("q", integer=True, positive=True)
root, total = Symbol("r", real=True), Symbol("S", real=True)
gate = Min(a, limit)
same = KroneckerDelta(i, k)


def entry(slug: str, **fields: Any) -> Activation:
    made = {"name": slug, "title": slug, "family": "gate", "summary": "A test.", "papers": ("no",)}
    return Activation(**{**made, **fields, "slug": slug})


ENTRIES = {
    made.slug: made
    for made in (
        entry("swiglu", kind="gate", formula=a * sigma(a) * b, torch=SwiGLU),
        entry("reglu", kind="gate", formula=a * Max(b, 0), torch=ReGLU),
        entry("bilinear", kind="gate", formula=a * b, torch=of_halves(torch.mul)),
        entry("maximum", kind="gate", formula=Max(a, b), torch=of_halves(torch.maximum)),
        entry(
            "clipped",
            kind="gate",
            formula=(Min(Max(b, -limit), limit) + 1) * gate * sigma(alpha * gate),
            torch=ClippedSwiGLU,
            parameters={
                "limit": Parameter(limit, "where both halves are clipped"),
                "alpha": Parameter(alpha, "steepness of the sigmoid"),
            },
        ),
        entry(
            "rmsnorm",
            kind="vector",
            formula=xs[i] / root,
            where={root: sqrt(Sum(xs[j] ** 2, (j, 1, K)) / K + lamda)},
            derivative=same / root - xs[i] * xs[k] / (K * root**3),
            torch=RMSNorm,
            parameters={"eps": Parameter(lamda, "keeps the root from 0")},
        ),
        entry(
            "sparsemax",
            kind="vector",
            formula=Max(xs[i] - tau, 0),
            where={tau: Greatest((Sum(Ranked(xs, j, K), (j, 1, m)) - 1) / m, (m, 1, K))},
            derivative=cases(
                (same - 1 / Sum(Piecewise((1, ys[n] > 0), (0, True)), (n, 1, K)),
                 And(ys[i] > 0, ys[k] > 0)),
                (S.Zero, True),
            ),
            torch=Sparsemax,
        ),
        entry(
            "sink_softmax",
            kind="vector",
            formula=exp(xs[i]) / (exp(sink) + Sum(exp(xs[j]), (j, 1, K))),
            derivative=ys[i] * (same - ys[k]),
            torch=SinkSoftmax,
            parameters={"sink": Parameter(sink, "score of the sink")},
        ),
        entry(
            "top_k",
            kind="vector",
            formula=cases((xs[i], xs[i] >= Ranked(xs, count, K)), (S.Zero, True)),
            derivative=cases((same, xs[i] >= Ranked(xs, count, K)), (S.Zero, True)),
            torch=TopK,
            parameters={"count": Parameter(count, "how many scores are kept")},
        ),
        entry(
            "crelu",
            kind="vector",
            formula=cases((Max(xs[i], 0), i <= K), (Max(-xs[i - K], 0), True)),
            derivative=cases(
                (cases((same, xs[i] > 0), (S.Zero, True)), i <= K),
                (cases((-KroneckerDelta(i - K, k), xs[i - K] < 0), (S.Zero, True)), True),
            ),
            torch=CReLU,
        ),
        entry(
            "maxmin",
            kind="vector",
            formula=cases(
                (Max(xs[i], xs[i + K / 2]), i <= K / 2), (Min(xs[i - K / 2], xs[i]), True)
            ),
            derivative=cases(
                (cases((same, xs[i] > xs[i + K / 2]), (KroneckerDelta(i + K / 2, k), True)),
                 i <= K / 2),
                (cases((same, xs[i] < xs[i - K / 2]), (KroneckerDelta(i - K / 2, k), True)), True),
            ),
            torch=MaxMin,
        ),
        entry(
            "snake",
            formula=x + sin(alpha * x) ** 2 / alpha,
            torch=Snake,
            parameters={"alpha": Parameter(alpha, "frequency", learnable=True)},
            sweep={"alpha": (0.5, 1, 2)},
        ),
        entry(
            "four_pieces",
            formula=cases((-1, x < -2), (x / 2, x < 0), (2 * x, x < 1), (x + 1, True)),
            torch=FourPieces,
        ),
        entry("jump", formula=cases((x + 1, x > 0), (S.Zero, True)), torch=Jump),
        entry("sine", formula=sin(x), torch=Sine),
    )
}  # fmt: skip

LOGARITHM = entry("logarithm", formula=cases((log(x), x > 0)), torch=Logarithm)
"""Defined for x > 0 only, which no kind serves."""
