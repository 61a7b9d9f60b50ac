"""python framework.py: what a framework computes, and how its functions are called, as JSON.

It runs in the virtual environment of each framework, so it imports that framework, NumPy and the
standard library only. The question, on standard input, is a list of cases {"framework", "code",
"inputs": name -> {input: array}}; code ends in a line `y = …`. The answer has a list for each case,
with one result for each runner: who computed, with which versions, and what.
"""

import ast
import contextlib
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import packages_distributions, version
from typing import Any

import numpy as np

os.environ["KERAS_BACKEND"] = "jax"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

Arrays = Mapping[str, np.ndarray]
Run = Callable[[str, Arrays], tuple[Any, Any]]  # (code, inputs) -> output and slope, or None

# who runs the code -> the packages whose versions are told; others are packages themselves
PACKAGES = {
    "jax": ("jax",),
    "flax": ("flax", "jax"),
    "keras": ("keras", "jax"),
    "keras2": ("tf_keras", "tensorflow"),
    "tensorflow": ("tensorflow",),
    "mlx": ("mlx",),
    "transformers": ("transformers",),
    "timm": ("timm",),
    "onnx": ("onnx",),
    "onnxruntime": ("onnxruntime", "onnx"),
}
# what the code of a framework finds imported
IMPORTS = {
    "jax": "import jax\nimport jax.numpy as jnp",
    "flax": "from flax import nnx",
    "keras": "import keras",
    "keras2": "import tf_keras",
    "tensorflow": "import tensorflow as tf",
    "mlx": "import mlx.core as mx\nimport mlx.nn as nn",
    "transformers": "from transformers.activations import ACT2FN",
    "timm": "from timm.layers import create_act_layer, get_act_fn",
    "packages": "import torch",
    "onnx": "",
}
OPSET = 24  # the newest that onnxruntime runs
OPERATOR = re.compile(r"(\w+)(?:<.*>)?\(")  # in a line of ONNX text
HEADER = '<ir_version: 10, opset_import: ["" : {opset}]>'


def weights(shape: Any) -> np.ndarray:
    """1, 2, 1, 2, …: slopes are of the sum of the outputs times these."""
    return 1 + np.arange(int(np.prod(shape)), dtype=np.float32).reshape(shape) % 2


def evaluated(code: str, space: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """The `y` that the code leaves."""
    names = {**space, **inputs}
    exec(code, names)
    return names["y"]


def of_jax(space: Mapping[str, Any]) -> Run:
    import jax
    import jax.numpy as jnp

    return by_grad(space, jnp.asarray, jax.grad)


def of_mlx(space: Mapping[str, Any]) -> Run:
    import mlx.core as mx

    return by_grad(space, mx.array, mx.grad)


def by_grad(space: Mapping[str, Any], array: Callable[..., Any], grad: Callable[..., Any]) -> Run:
    """For what differentiates functions: `grad` gives that of a function of an array."""

    def run(code: str, inputs: Arrays) -> tuple[Any, Any]:
        given = {name: array(numbers) for name, numbers in inputs.items()}
        first = next(iter(given))

        def total(x: Any) -> Any:
            y = evaluated(code, space, {**given, first: x})
            return (y * array(weights(y.shape))).sum()

        return evaluated(code, space, given), grad(total)(given[first])

    return run


def of_tensorflow(space: Mapping[str, Any]) -> Run:
    import tensorflow as tf

    def run(code: str, inputs: Arrays) -> tuple[Any, Any]:
        given = {name: tf.constant(array) for name, array in inputs.items()}
        first = next(iter(given.values()))
        with tf.GradientTape() as tape:
            tape.watch(first)
            y = evaluated(code, space, given)
            total = tf.reduce_sum(y * weights(y.shape))
        return y, tape.gradient(total, first)

    return run


def of_torch(space: Mapping[str, Any]) -> Run:
    import torch

    def run(code: str, inputs: Arrays) -> tuple[Any, Any]:
        given = {name: torch.tensor(array) for name, array in inputs.items()}
        first = next(iter(given.values())).requires_grad_()
        y = evaluated(code, space, given)
        (y * torch.tensor(weights(y.shape))).sum().backward()
        return y.detach(), first.grad

    return run


def opset(code: str) -> int:
    """OPSET, or where lines of ONNX text have an operator that is newer, its opset."""
    from onnx import defs

    named = OPERATOR.findall(code)
    newer = [name for name in named if not defs.has(name, max_inclusive_version=OPSET)]
    return max([OPSET, *(defs.get_schema(name).since_version for name in newer)])


def model(code: str, inputs: Arrays) -> Any:
    """The ONNX model of which `code` is the graph's body."""
    import onnx

    def typed(name: str, array: np.ndarray) -> str:
        return f"float[{','.join(map(str, array.shape))}] {name}"

    declared = ", ".join(typed(name, array) for name, array in inputs.items())
    header = HEADER.format(opset=opset(code))
    return onnx.parser.parse_model(f"{header} activation ({declared}) => (float y) {{ {code} }}")


def of_onnx(code: str, inputs: Arrays) -> tuple[Any, Any]:
    from onnx.reference import ReferenceEvaluator

    with np.errstate(all="ignore"):  # some inputs are to overflow
        return ReferenceEvaluator(model(code, inputs)).run(["y"], dict(inputs))[0], None


def of_onnxruntime(code: str, inputs: Arrays) -> tuple[Any, Any]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    graph = model(code, inputs).SerializeToString()
    return onnxruntime.InferenceSession(graph, options).run(["y"], dict(inputs))[0], None


def runners(framework: str, code: str, space: Mapping[str, Any]) -> dict[str, Run]:
    """Who computes the framework's code: itself; of other packages the one that the code imports;
    for ONNX two programs, the second where it knows the operators."""
    if framework == "onnx":
        second: dict[str, Run] = {"onnxruntime": of_onnxruntime} if opset(code) == OPSET else {}
        return {"onnx": of_onnx, **second}
    if framework == "packages":
        return {package(code): of_torch(space)}
    make = {"tensorflow": of_tensorflow, "keras2": of_tensorflow, "mlx": of_mlx}
    make |= {"transformers": of_torch, "timm": of_torch}
    return {framework: make.get(framework, of_jax)(space)}


def signature(framework: str, code: str, space: Mapping[str, Any]) -> str:
    """How what the code calls first is declared; empty where that cannot be told.

    An ONNX operator is told with its opset and the attributes that have a default.
    """
    if framework == "onnx":
        return operator(code.splitlines()[-1])
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    named = [call for call in calls if re.fullmatch(r"[\w.]+", ast.unparse(call.func))]
    for call in sorted(named, key=lambda call: (call.lineno, call.col_offset)):
        name = ast.unparse(call.func)
        if name.partition(".")[0] not in space or name.endswith("swapaxes"):
            continue
        if name in ("get_act_fn", "create_act_layer"):
            break
        with contextlib.suppress(ValueError, TypeError):
            parameters = inspect.signature(eval(name, dict(space))).parameters.values()
            return f"{name}({', '.join(map(_parameter, parameters))})"
    found = re.match(r"y = ((?:ACT2FN|get_act_fn|create_act_layer)[\[(].*?[\])])", code)
    if not found:
        return ""
    thing = eval(found[1], dict(space))
    kind = thing if inspect.isroutine(thing) else type(thing)
    return f"{kind.__module__}.{kind.__qualname__}"


def _parameter(parameter: inspect.Parameter) -> str:
    """The name and the default, without an object's address."""
    text = str(parameter.replace(annotation=parameter.empty))
    return re.sub(r"<.*", "…", text)


def operator(line: str) -> str:
    """`LeakyRelu(X; alpha = 0.01), opset 16` of the operator in a line of ONNX text."""
    from onnx import defs, helper

    name = OPERATOR.findall(line)[0]
    schema = defs.get_schema(name, opset(line))
    given = [
        f"{key} = {_short(helper.get_attribute_value(attribute.default_value))}"
        for key, attribute in sorted(schema.attributes.items())
        if attribute.default_value.name
    ]
    inputs = ", ".join(port.name for port in schema.inputs)
    listed = f"{inputs}; {', '.join(given)}" if given else inputs
    return f"{name}({listed}), opset {schema.since_version}"


def _short(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def package(code: str) -> str:
    """The package from which Python code first imports, by the name under which it is installed."""
    module = re.findall(r"^from (\w+)", code, re.M)[0]
    return packages_distributions()[module][0]


def flat(array: Any) -> list[float] | None:
    """The numbers in order; None for no array."""
    return None if array is None else np.asarray(array, np.float32).reshape(-1).tolist()


def results(
    framework: str, code: str, sets: Mapping[str, Arrays], space: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """One result for each runner: output and slope of each set, or what was raised."""
    for runner, run in runners(framework, code, space).items():
        named = PACKAGES.get(runner, (runner,))
        versions = {name: version(name).partition("+")[0] for name in named}
        found: dict[str, Any] = {"runner": runner, "versions": versions}
        try:
            answers = {name: run(code, inputs) for name, inputs in sets.items()}
            found["signature"] = signature(framework, code, space)
            found |= {n: {"y": flat(y), "slope": flat(slope)} for n, (y, slope) in answers.items()}
        except Exception as error:
            text = " ".join(str(error).split())[:300]
            found["raises"] = f"{type(error).__name__}: {text}"
        yield found


def report(cases: Iterable[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    """The results of each case."""
    spaces: dict[str, dict[str, Any]] = {}
    answers = []
    for case in cases:
        framework = case["framework"]
        if framework not in spaces:
            spaces[framework] = {"np": np}
            exec(IMPORTS[framework], spaces[framework])
        sets = {
            name: {k: np.asarray(v, np.float32) for k, v in inputs.items()}
            for name, inputs in case["inputs"].items()
        }
        answers.append(list(results(framework, case["code"], sets, spaces[framework])))
    return answers


if __name__ == "__main__":
    printed, sys.stdout = sys.stdout, sys.stderr  # what a framework prints is no answer
    json.dump(report(json.load(sys.stdin)), printed)
