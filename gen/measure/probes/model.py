"""Asks an installed transformers or timm which activation each model family uses by default.

Reads the name of the package as JSON and prints a report as JSON; needs nothing of the site.
"""

import ast
import collections
import importlib.metadata
import inspect
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# the fields of a configuration that name the activation of its blocks, the first that is set wins
FIELDS = (
    "hidden_activation", "hidden_act", "activation_function", "dense_act_fn", "mlp_hidden_act",
    "ffn_act_fn", "ff_activation", "activation_fn", "act_fn", "afn", "activation",
    "encoder_hidden_act", "encoder_activation_function", "encoder_feedforward_activation",
    "stem_act_func",
)  # fmt: skip
FIRST = ("text_config", "decoder", "decoder_config")  # parts that are read before the others
GATED = re.compile(r"gated|glu")  # in the name of a switch for a gated block
INPUTS = {
    "pixel_values": "image",
    "pixel_values_videos": "video",
    "input_values": "audio",
    "input_features": "audio",
    "past_values": "time",
}
PARTS = {"vision": "Vision|Image|Video", "sound": "Audio|Speech", "text": "Text"}
# modules of timm.layers that multiply an activation by another projection
GATES = ("GluMlp", "SwiGLU")
APART = ("Softmax", "LogSoftmax", "Softmin", "Softmax2d", "MultiheadAttention")


def transformers() -> dict[str, Any]:
    """Family -> its record, for every folder of transformers.models that has a configuration."""
    from transformers.activations import ACT2FN
    from transformers.configuration_utils import PreTrainedConfig
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES

    families: dict[str, dict[str, type]] = {}
    for kind in CONFIG_MAPPING_NAMES:
        found = CONFIG_MAPPING[kind]
        families.setdefault(found.__module__.split(".")[-2], {})[kind] = found
    return {
        name: _family(name, kinds, set(ACT2FN), PreTrainedConfig)
        for name, kinds in sorted(families.items())
    }


def _family(
    name: str, kinds: Mapping[str, type], known: Iterable[str], base: type
) -> dict[str, Any]:
    """What one folder says: the activation of its main configuration and where that stands."""
    kind = next((k for k in kinds if k.replace("-", "_") == name), next(iter(kinds)))
    folder = Path(inspect.getfile(kinds[kind])).parent
    record: dict[str, Any] = {
        "modalities": sorted(modalities(_sources(folder))),
        "year": year([*_sources(folder), _text(inspect.getfile(kinds[kind]))]),
    }
    try:
        config = kinds[kind]()
    except Exception as error:
        return {**record, "failed": type(error).__name__}
    stated = next(_stated(config, base, ()), None)
    if stated is None:
        return record
    path, owner, given = stated
    record |= {"activation": given, "field": ".".join(path)}
    if given.lower() not in known:
        return record
    home = Path(inspect.getfile(type(owner))).parent
    if home != folder:
        record["from"] = home.name
    aliases = [a for a, of in getattr(owner, "attribute_map", {}).items() if of == path[-1]]
    read = [gated(t, {path[-1], *aliases}, type(owner).__name__) for t in _sources(home)]
    off = [k for k, v in vars(owner).items() if v is False and GATED.search(k)]
    told = [answer for answer in read if answer is not None]
    record["gated"] = any(told) and not off if told else None
    return record


def _stated(
    config: Any, base: type, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, str]]:
    """(path to the field, configuration that holds it, value), the one that counts first."""
    own = vars(config)
    for field in FIELDS:
        value = own.get(field)
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield (*path, field), config, value
    parts = [name for name, value in own.items() if isinstance(value, base)]
    for name in sorted(parts, key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST)):
        yield from _stated(own[name], base, (*path, name))


def _sources(folder: Path) -> list[str]:
    return [_text(path) for path in sorted(folder.glob("modeling_*.py"))]


def _text(path: str | Path) -> str:
    return Path(path).read_text(encoding="utf-8")


def year(sources: Iterable[str]) -> int | None:
    """The first year of a copyright line above the code, of the first source that has one."""
    for source in sources:
        found = re.search(r"copyright\W+(?:\(c\)\W+)?(20\d\d)", source[:4000], re.I)
        if found:
            return int(found[1])
    return None


def modalities(sources: Iterable[str]) -> set[str]:
    """What the models take: their `input_modalities`, else their `main_input_name`, else text."""
    stated: dict[str, set[str]] = {"input_modalities": set(), "main_input_name": set()}
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            if node.targets[0].id in stated:
                texts = [c.value for c in ast.walk(node.value) if isinstance(c, ast.Constant)]
                stated[node.targets[0].id] |= {t for t in texts if isinstance(t, str)}
    inputs = {INPUTS[name] for name in stated["main_input_name"] if name in INPUTS}
    return stated["input_modalities"] or inputs or {"text"}


def gated(source: str, fields: set[str], config: str) -> bool | None:
    """Whether the source multiplies the activation of `fields` by another projection.

    Asked are the classes that look the activation up by one of the fields and belong to the part
    of the model whose configuration has the name `config`; without any, those that are handed its
    name, if they agree. None where neither tells.
    """
    classes = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and _parts(_names(node)) <= _parts(config)
    ]
    by_field = _answers(classes, lambda key: _is_field(key, fields))
    if by_field:
        return any(by_field)
    by_argument = set(_answers(classes, lambda key: isinstance(key, ast.Name)))
    return by_argument.pop() if len(by_argument) == 1 else None


def _answers(classes: Iterable[ast.ClassDef], looks_up: Callable[[ast.AST], bool]) -> list[bool]:
    """Whether each class gates, of those that hold an activation whose key `looks_up` accepts."""
    found = []
    for node in classes:
        if attributes := _activations(node, looks_up):
            functions = [f for f in node.body if isinstance(f, ast.FunctionDef)]
            found.append(any(Gate(attributes).found_in(f) for f in functions))
    return found


def _parts(name: str) -> set[str]:
    """The parts of a model that tell of one kind of data, by the words in the name of a class."""
    return {part for part, words in PARTS.items() if re.search(words, name)}


def _names(node: ast.ClassDef) -> str:
    """The name of the class and of the configurations that its `config` is annotated with."""
    names = [node.name]
    for function in node.body:
        if isinstance(function, ast.FunctionDef) and function.name == "__init__":
            for argument in function.args.args:
                if argument.arg == "config" and argument.annotation:
                    names.append(ast.unparse(argument.annotation))
    return " ".join(names)


def _activations(node: ast.ClassDef, looks_up: Callable[[ast.AST], bool]) -> set[str]:
    """The attributes of self that hold an activation whose key `looks_up` accepts."""
    found = set()
    for statement in ast.walk(node):
        if isinstance(statement, ast.Assign) and any(map(looks_up, _keys(statement.value))):
            found |= {
                t.attr for t in statement.targets if isinstance(t, ast.Attribute) and _is_self(t)
            }
    return found


def _is_self(node: ast.Attribute) -> bool:
    return ast.unparse(node.value) == "self"


def _keys(node: ast.AST) -> Iterator[ast.AST]:
    """The keys by which an expression looks activations up: ACT2FN[key], get_activation(key)."""
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript) and ast.unparse(part.value) in ("ACT2FN", "ACT2CLS"):
            yield part.slice
        elif isinstance(part, ast.Call) and ast.unparse(part.func) == "get_activation":
            yield from part.args


def _is_field(key: ast.AST, fields: set[str]) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in fields for n in ast.walk(key))


class Gate(ast.NodeVisitor):
    """Looks for a product of an activation and another projection in one function."""

    HALVES = ("chunk", "split", "unbind", "tensor_split")
    PRODUCTS = ("linear", "matmul", "bmm", "einsum")

    def __init__(self, activations: set[str]) -> None:
        self.activations = activations
        self.names: dict[str, str | None] = {}
        self.found = False

    def found_in(self, function: ast.FunctionDef) -> bool:
        self.visit(function)
        return self.found

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            match target, node.value:
                case ast.Tuple(elts=names), ast.Tuple(elts=values):
                    pairs = list(zip(names, values, strict=False))
                case ast.Tuple(elts=names), value:
                    pairs = [(name, value) for name in names]
                case _:
                    pairs = [(target, node.value)]
            for name, value in pairs:
                if isinstance(name, ast.Name):
                    self.names[name.id] = self.kind(value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Mult):
            kinds = {self.kind(node.left), self.kind(node.right)}
            self.found |= kinds == {"activation", "projection"}
        self.generic_visit(node)

    def kind(self, node: ast.AST) -> str | None:
        """What the expression is: "activation", "projection", or None for all else."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Call(func=ast.Attribute(attr=name) as function, args=arguments):
                if _is_self(function):
                    if name in self.activations:
                        return "activation"
                    passes = re.search(r"drop|norm", name)
                    return self.kind(arguments[0]) if passes and arguments else "projection"
                if name in (*self.HALVES, *self.PRODUCTS):
                    return "projection"
                return self.kind(function.value)
            case ast.Subscript(value=value, slice=place):
                whole = self.kind(value)
                return "projection" if whole is None and "..." in ast.unparse(place) else whole
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub()):
                return self.kind(left)
            case ast.BinOp(op=ast.MatMult()):
                return "projection"
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
                kinds = {self.kind(left), self.kind(right)} - {None}
                return kinds.pop() if len(kinds) == 1 else None
        return None


def timm() -> dict[str, Any]:
    """Module of timm.models -> its record, for every module that registers models."""
    from timm.models import list_models, list_modules, model_entrypoint

    return {
        name: _module(name, {m: model_entrypoint(m) for m in list_models(module=name)})
        for name in sorted(list_modules())
    }


def _module(name: str, builders: Mapping[str, Any]) -> dict[str, Any]:
    """What one module says: the activations of the first model that is named after it."""
    import torch

    source = inspect.getsource(sys.modules[f"timm.models.{name}"])
    ordered = sorted(builders, key=lambda m: source.index(f"def {m}("))
    model = next((m for m in ordered if m.startswith(name)), ordered[0])
    record: dict[str, Any] = {"model": model, "modalities": ["image"], "year": year([source])}
    try:
        with torch.device("meta"):
            built = builders[model](pretrained=False)
    except Exception as error:
        return {**record, "failed": type(error).__name__}
    counts: collections.Counter[str] = collections.Counter()
    inside: collections.Counter[str] = collections.Counter()
    for module in built.modules():
        kind = _activation(module)
        if kind:
            counts[kind] += 1
        if type(module).__name__ in GATES:
            inside.update(filter(None, map(_activation, module.children())))
    if counts:
        ((most, count),) = counts.most_common(1)
        record |= {"activation": most, "gated": 2 * inside[most] > count}
    return record


def _activation(module: Any) -> str | None:
    """The name of a module's class if it is an activation; GELU's tanh form is told apart."""
    kind = type(module)
    home = kind.__module__
    if kind.__name__ in APART:
        return None
    listed = home in ("torch.nn.modules.activation", "timm.layers.activations")
    own = kind.__name__.endswith("Act") and not any(module.children())
    if not (listed or own or home == "timm.layers.activations_me"):
        return None
    tanh = getattr(module, "approximate", "none") == "tanh"
    return f"{kind.__name__}Tanh" if tanh else kind.__name__


def main() -> None:
    """Print the report of the package that the question names."""
    warnings.simplefilter("ignore")
    os.environ["HF_HUB_OFFLINE"] = "1"
    package = json.load(sys.stdin)
    families = {"transformers": transformers, "timm": timm}[package]()
    stated = sum("activation" in record for record in families.values())
    names = (package, "torch")
    versions = {name: importlib.metadata.version(name).partition("+")[0] for name in names}
    if 2 * stated <= len(families):
        sys.exit(
            f"only {stated} of {len(families)} families state an activation; the names that"
            " gen/measure/probes/model.py reads have changed"
        )
    print(json.dumps({"versions": versions, "families": families}))


if __name__ == "__main__":
    main()
