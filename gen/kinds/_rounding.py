"""What torch returns in float32, bfloat16 and float16, against the formula, by what goes in.

Functions of one number are given every number of a 16-bit dtype and a sample of float32's, the
others random inputs. The exact value is the formula in 50-digit arithmetic at the very input. The
smallest positive float32 is 1.4·10⁻⁴⁵, so even where a formula subtracts two numbers near 1, what
is left of 50 digits is right to 10⁻⁵ of it. It is then kept in float64, whose rounding is 2·10⁻⁹
ULP of float32.
"""

import functools
import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from mpmath import mpf
from sympy import Expr
from torch import Tensor, nn

from activations._entry import Activation
from activations._notation import a, b, x

from ..evaluation import torch_side
from ..evaluation.agreement import compile_element, element
from ..evaluation.formula import at, high_precision, numeric, pieces
from ..evaluation.ulp import DTYPES, Array, Line, finite_numbers, short, summary, texts, ulp

# outputs, and the first one's derivatives, for scores and noise
Exact = Callable[[Sequence[float], Sequence[float]], tuple[list[float], list[float]]]

VECTOR = 64  # a multiple of what any vectorized kernel takes at once
SAMPLES, LENGTH, SEEDS = 100, 8, 20
PARTS = ("output", "gradient")
INFINITY = float("inf")
NAN = float("nan")
ONE_NUMBER = (INFINITY, -INFINITY, NAN, -0.0)
TENSORS = (1, 2, 15, 16, 17, 32, 33, 1000)  # lengths at which special numbers are tried
NORMAL = 100_000  # so many normal numbers go through the scalar code, beside the vectorized
SCORES: tuple[tuple[float, ...], ...] = (
    (INFINITY, 1, 0),
    (-INFINITY, 1, 0),
    (-INFINITY,) * 3,
    (NAN, 1, 0),
    (1000,) * 3,
    (1000, 0, -1000),
)
HALVES = tuple(itertools.product((INFINITY, -INFINITY, NAN, 0.0), (1.0,)))
HALVES += ((1.0, INFINITY), (1.0, -INFINITY), (1.0, NAN), (INFINITY, -INFINITY), (0.0, INFINITY))

# far enough out for every entry to be at its limit, or beyond SETTLED, or within 1 / SETTLED of 0
FAR_OUT, SETTLED = mpf(10) ** 30, 1e15


def _record(
    errors: Any, special: Any, integers: Any, textbook: Any = None, strided: Any = None
) -> dict[str, Any]:
    """The shape of every record: by dtype, then output and gradient (None if not measured)."""
    return {
        "errors": errors,
        "special": special,
        "integers": integers,
        "textbook": textbook,
        "strided": strided,
    }


def _special(inputs: str, *results: str) -> dict[str, Any]:
    """What a special input gives, output and gradient, where no limit is known."""
    found = [{"result": result, "limit": None} for result in results]
    return {"input": inputs, **dict.fromkeys(PARTS), **dict(zip(PARTS, found, strict=False))}


def _integers(function: Callable[[Tensor], Tensor], inputs: Tensor) -> dict[str, Any]:
    """What an integer tensor gives: the dtype and the values, or the error it raises."""
    try:
        result = function(inputs)
    except Exception as error:
        message = str(error).splitlines()[0]
        return {"inputs": inputs.flatten().tolist(), "error": f"{type(error).__name__}: {message}"}
    return {
        "inputs": inputs.flatten().tolist(),
        "dtype": str(result.dtype).removeprefix("torch."),
        "outputs": texts(result.flatten().tolist()),
    }


def in_dtype(entry: Activation, dtype: torch.dtype, device: torch.device) -> Callable[..., Tensor]:
    """The torch callable in evaluation mode, with parameters of `dtype`."""
    function = torch_side.callable_at(entry, entry.setting)
    return function.to(device, dtype) if isinstance(function, nn.Module) else function


# functions of one number


def of_a_number(entry: Activation, device: torch.device) -> dict[str, Any]:
    """Errors over all numbers, special inputs, and the textbook formula in float32."""
    exact = exact_functions(entry)
    errors, special = {}, {}
    for name, dtype in DTYPES.items():
        function = in_dtype(entry, dtype, device)
        errors[name] = compare(function, exact, dtype, device)
        special[name] = [_one_number(function, v, exact, dtype, device) for v in ONE_NUMBER]
    integers = torch.tensor([-2, -1, 0, 1, 2], device=device)
    function = in_dtype(entry, torch.float32, device)
    strided = scalar(function, device)
    textbook = None
    if entry.textbook is not None:
        naive = functools.partial(entry.textbook.run, entry.textbook.code)
        textbook = compare(naive, exact, torch.float32, device)
    return _record(errors, special, _integers(function, integers), textbook, strided)


def exact_functions(entry: Activation) -> tuple[Callable[[float], float], ...]:
    """f and f′ of one number; f′ is NaN where the slope jumps or is not defined.

    Each number is computed once, though it occurs in several dtypes.
    """
    expr = at(entry, entry.setting)
    parts = pieces(expr)
    cuts = {float(part.upper) for part in parts[:-1]}
    f = numeric(expr)
    slopes = [(float(part.upper), numeric(part.expr.diff(x))) for part in parts]

    @functools.cache
    def value(p: float) -> float:
        with high_precision():
            return float(f(mpf(p)))

    @functools.cache
    def slope(p: float) -> float:
        if p in cuts:
            return NAN
        with high_precision():
            return float(next(g for upper, g in slopes if p < upper or upper == INFINITY)(mpf(p)))

    return value, slope


def compare(
    function: Callable[[Tensor], Tensor],
    exact: Sequence[Callable[[float], float]],
    dtype: torch.dtype,
    device: torch.device,
) -> dict[str, Any]:
    """Output and gradient of `function` against the exact ones, over the dtype's numbers."""
    xs = finite_numbers(dtype)
    found = {}
    for which, name in enumerate(PARTS):

        def compute(points: Array, which: int = which) -> Array:
            return _both(function, points, dtype, device)[which]

        truth = np.array([exact[which](p) for p in xs])
        line = Line(xs, compute(xs), truth, dtype, name, compute, exact[which])
        found[name] = line.summary()
    return found


def _both(
    function: Callable[[Tensor], Tensor], xs: Array, dtype: torch.dtype, device: torch.device
) -> tuple[Array, Array]:
    """Output and gradient at each x, as float64."""
    both = results(function, torch.tensor(xs, dtype=dtype, device=device))
    return _as_float64(both[0]), _as_float64(both[1])


def results(function: Callable[[Tensor], Tensor], xs: Tensor) -> tuple[Tensor, Tensor]:
    """Output and gradient at each of `xs`, a vector of any dtype, as the vectorized kernels of
    contiguous tensors compute them: the last x is repeated to fill whole vectors."""
    outputs, gradients = _run(function, torch.cat([xs, xs[-1:].expand(-len(xs) % VECTOR)]))
    return outputs[: len(xs)], gradients[: len(xs)]


def _run(function: Callable[[Tensor], Tensor], xs: Tensor) -> tuple[Tensor, Tensor]:
    inputs = xs.detach().requires_grad_()
    outputs = function(inputs)
    (gradients,) = torch.autograd.grad(outputs, inputs, torch.ones_like(outputs))
    return outputs.detach(), gradients


def _as_float64(values: Tensor) -> Array:
    return values.detach().to("cpu", torch.float64).numpy()


def scalar(function: Callable[[Tensor], Tensor], device: torch.device) -> dict[str, Any]:
    """How what the scalar code for strided float32 gives differs from what the vectorized gives.

    By output and gradient: the share of NORMAL standard normal numbers at which they differ, and
    the largest difference in ULP(max(|result|, ½)), with its x.
    """
    torch.manual_seed(0)
    xs = torch.randn(NORMAL).to(device)
    strided = torch.stack([xs, xs], -1)[:, 0]
    found: dict[str, Any] = {"numbers": NORMAL}
    pairs = zip(PARTS, results(function, xs), _run(function, strided), strict=True)
    for part, vectorized, other in pairs:
        ours, theirs = _as_float64(vectorized), _as_float64(other)
        gaps = np.abs(ours - theirs) / ulp(ours, torch.float32, 0.5)
        worst = int(gaps.argmax())
        share = float((ours != theirs).mean())
        found[part] = {"share": short(share), "ulp": short(gaps[worst]), "x": float(xs[worst])}
    return found


def _one_number(
    function: Callable[[Tensor], Tensor],
    value: float,
    exact: Sequence[Callable[[float], float]],
    dtype: torch.dtype,
    device: torch.device,
) -> dict[str, Any]:
    """What one special number gives in a long tensor, and the limit there.

    Vectorized kernels leave what does not fill a vector to scalar code. Where that gives another
    result, `tail` has it, and of each length in TENSORS how many of the last elements have it.
    """
    found: dict[str, Any] = {"input": texts([value])}
    tried = [_run(function, torch.full((n,), value, dtype=dtype, device=device)) for n in TENSORS]
    for which, name in enumerate(PARTS):
        listed = [[texts([v]) for v in _as_float64(both[which])] for both in tried]
        body = listed[-1][0]
        found[name] = {"result": body, "limit": _limit(exact[which], value)}
        tails = [_after(body, each) for each in listed]
        if others := dict.fromkeys(result for tail in tails for result in tail):
            of = {str(n): len(tail) for n, tail in zip(TENSORS, tails, strict=True) if tail}
            found[name]["tail"] = {"result": ", ".join(others), "of": of}
    return found


def _after(body: str, listed: list[str]) -> list[str]:
    """What is left of the list after those at its start that are `body`."""
    return [*itertools.dropwhile(lambda result: result == body, listed)]


def _limit(exact: Callable[[float], float], value: float) -> str | None:
    if abs(value) != INFINITY:
        return None
    far = exact(FAR_OUT if value > 0 else -FAR_OUT)
    if abs(far) > SETTLED:
        return texts([INFINITY * np.sign(far)])
    return texts([far if abs(far) > 1 / SETTLED else 0.0])


# vectors of scores


def normal_scores(dtype: torch.dtype, count: int, length: int) -> Tensor:
    """Rows of normal numbers of standard deviation 2, rounded to `dtype`."""
    chance = random.Random(0)
    rows = [[chance.gauss(0, 2) for _ in range(length)] for _ in range(count)]
    return torch.tensor(rows, dtype=torch.float64).to(dtype)


def of_rows(
    entry: Activation, exact_for: Callable[[int], Exact], device: torch.device
) -> dict[str, Any]:
    """Outputs, and the gradient of the first of them, for random vectors of scores."""
    errors: dict[str, Any] = {}
    special: dict[str, Any] = {}
    exact = exact_for(LENGTH)
    for name, dtype in DTYPES.items():
        got, truth = [], []
        for seed, scores in enumerate(normal_scores(dtype, SAMPLES, LENGTH)):
            noise = _noise(seed, LENGTH, dtype, device)
            got.append(_respond(entry, scores, device, seed))
            truth.append(exact(scores.tolist(), noise))
        ours, theirs = (np.array(each).swapaxes(0, 1) for each in (got, truth))
        errors[name] = {
            part: summary(ours[which].flatten(), theirs[which].flatten(), dtype, part)
            for which, part in enumerate(PARTS)
        }
        special[name] = []
        for scores in SCORES:
            both = _respond(entry, torch.tensor(scores, dtype=dtype), device, seed=0)
            special[name].append(_special(texts(scores), *map(texts, both)))
    integers = _integers(
        lambda t: torch_side.respond(entry, entry.setting, t), torch.arange(4, device=device)
    )
    return _record(errors, special, integers, _textbook_vector(entry, exact_for, device))


def _respond(
    entry: Activation, scores: Tensor, device: torch.device, seed: int
) -> tuple[list[float], list[float]]:
    """The outputs, and the first output's gradient by each score."""
    inputs = scores.to(device).requires_grad_()
    outputs = torch_side.respond(entry, entry.setting, inputs, seed)
    (gradients,) = torch.autograd.grad(outputs[0], inputs)
    return outputs.tolist(), gradients.tolist()


def _noise(seed: int, length: int, dtype: torch.dtype, device: torch.device) -> list[float]:
    """The Gumbel numbers that torch draws in `dtype` with this seed."""
    torch.manual_seed(seed)
    draws = torch.empty(length, dtype=dtype, device=device).exponential_()
    return (-draws.log()).tolist()


def _textbook_vector(
    entry: Activation, exact_for: Callable[[int], Exact], device: torch.device
) -> Any:
    """The textbook formula in float32 for three equal scores, against x, their value."""
    textbook, length = entry.textbook, 3
    if textbook is None:
        return None
    vector = exact_for(length)
    exact = [lambda p, w=which: vector([p] * length, [0.0] * length)[w][0] for which in range(2)]

    def first(scores: Tensor) -> Tensor:
        others = scores.detach().unsqueeze(-1).expand(-1, length - 1)
        return textbook.run(textbook.code, torch.cat([scores.unsqueeze(-1), others], -1))[:, 0]

    return compare(first, exact, torch.float32, device)


# gates


def of_pairs(entry: Activation, formulas: tuple[Expr, ...], device: torch.device) -> dict[str, Any]:
    """Outputs and gradients by both halves, for random pairs; `formulas` are f, ∂f/∂a, ∂f/∂b."""
    errors: dict[str, Any] = {}
    special: dict[str, Any] = {}
    f, by_a, by_b = (numeric(e, a, b) for e in formulas)
    for name, dtype in DTYPES.items():
        pairs = normal_scores(dtype, SAMPLES * LENGTH, 2)
        outputs, gradients = _gate(entry, pairs.to(device))
        exact = [(mpf(p), mpf(q)) for p, q in pairs.tolist()]
        truth = np.array([float(f(*p)) for p in exact])
        slopes = np.array([[float(by_a(*p)), float(by_b(*p))] for p in exact])
        errors[name] = {
            "output": summary(outputs, truth, dtype, "output"),
            "gradient": summary(gradients.flatten(), slopes.flatten(), dtype, "gradient"),
        }
        special[name] = []
        for halves in HALVES:
            value, slope = _gate(entry, torch.tensor([halves], dtype=dtype, device=device))
            special[name].append(_special(texts(halves), texts(value), texts(slope[0])))
    function = in_dtype(entry, torch.float32, device)
    return _record(errors, special, _integers(function, torch.tensor([[2, 1]], device=device)))


def _gate(entry: Activation, pairs: Tensor) -> tuple[Array, Array]:
    """The outputs for rows (a, b), and their gradients by a and b."""
    inputs = pairs.clone().requires_grad_()
    outputs = in_dtype(entry, pairs.dtype, pairs.device)(inputs)[:, 0]
    (gradients,) = torch.autograd.grad(outputs.sum(), inputs)
    return _as_float64(outputs), _as_float64(gradients)


# layers

CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "inf": lambda t: _first(t, INFINITY),
    "-inf": lambda t: _first(t, -INFINITY),
    "nan": lambda t: _first(t, NAN),
    "1000": lambda t: 1000 * t,
}


def _first(inputs: Tensor, value: float) -> Tensor:
    """The inputs with their first number replaced."""
    changed = inputs.clone()
    changed.view(-1)[0] = value
    return changed


def of_runs(entry: Activation, device: torch.device) -> dict[str, Any]:
    """Outputs of layers with random weights against the formula at the numbers it starts from."""
    errors, special = {}, {}
    compiled = functools.cache(functools.partial(_compile_place, entry))
    for name, dtype in DTYPES.items():
        got, truth = [], []
        for seed in range(SEEDS):
            for run in _runs(entry, dtype, device, seed):
                arrays = {key: tensor.tolist() for key, tensor in run.inputs.items()}
                for place in itertools.product(*(range(size) for size in run.outputs.shape)):
                    needs, f = compiled(tuple(run.sizes.items()), run.indices, place)
                    got.append(run.outputs[place].item())
                    truth.append(float(f(*(element(arrays, e) for e in needs))))
        errors[name] = {
            "output": summary(np.array(got), np.array(truth), dtype, "output"),
            "gradient": None,
        }
        special[name] = [
            _special(key, _counts(_runs(entry, dtype, device, 0, change)))
            for key, change in CHANGES.items()
        ]

    def on_integers(inputs: Tensor) -> Tensor:
        runs = _runs(entry, torch.float32, device, 0, lambda t: (10 * t).to(inputs.dtype))
        return runs[0].outputs

    return _record(errors, special, _integers(on_integers, torch.zeros(0, dtype=torch.int64)))


def _compile_place(
    entry: Activation,
    sizes: tuple[tuple[Any, int], ...],
    names: tuple[str, ...],
    place: tuple[int, ...],
) -> Any:
    """The formula of the output at `place`, counted from 0, for layers of these sizes."""
    indices = {name: p + 1 for name, p in zip(names, place, strict=True)}
    return compile_element(entry.formula, entry.where, dict(sizes), indices)


def _runs(
    entry: Activation,
    dtype: torch.dtype,
    device: torch.device,
    seed: int,
    change: Callable[[Tensor], Tensor] | None = None,
) -> Any:
    """The entry's runs with everything in `dtype`; `change` is applied to the layer's input."""
    assert entry.runs
    before = torch.get_default_dtype()
    torch.manual_seed(seed)
    torch.set_default_dtype(dtype)
    try:
        with torch.no_grad(), device:
            return entry.runs(change) if change else entry.runs()
    finally:
        torch.set_default_dtype(before)


def _counts(runs: Any) -> str:
    """How many of the outputs are NaN, infinite and finite: "3 nan, 17 finite", "all 20 nan"."""
    values = torch.cat([run.outputs.flatten().to("cpu", torch.float64) for run in runs])
    counted = {
        "nan": int(values.isnan().sum()),
        "infinite": int(values.isinf().sum()),
        "finite": int(values.isfinite().sum()),
    }
    found = [f"{count} {name}" for name, count in counted.items() if count]
    return f"all {found[0]}" if len(found) == 1 else ", ".join(found)
