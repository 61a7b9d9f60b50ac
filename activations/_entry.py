"""What an activation is made of, and the checks that keep an entry honest."""

import inspect
import math
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import UnionType
from typing import Any, get_args, get_origin

import torch
import torch.nn.functional
from sympy import Expr, Symbol
from torch import Tensor, nn

from ._families import FAMILIES

# arguments that mean the same everywhere, and that no entry has to explain
UNIVERSAL = ("input", "logits", "inplace", "device", "dtype")

LINE = r"\S(.*\S)?"


# what an entry's code elsewhere may be for, and its name; Keras 2 lives on as tf_keras, and the
# other packages, which run on torch, are imported by the code
FRAMEWORKS = {
    "jax": "JAX",
    "flax": "Flax",
    "keras": "Keras 3",
    "keras2": "Keras 2",
    "tensorflow": "TensorFlow",
    "onnx": "ONNX",
    "mlx": "MLX",
    "transformers": "transformers",
    "timm": "timm",
    "packages": "other packages",
}


class EntryError(ValueError):
    """An entry that cannot be published; the message says what to change."""


def fits(value: Any, hint: Any) -> bool:
    """Whether the value is of the type that a field is annotated with."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if origin is UnionType:
        return any(fits(value, choice) for choice in inner)
    if origin is Callable:
        return callable(value)
    if origin is Mapping:
        items = value.items() if isinstance(value, Mapping) else [(value, None)]
        return all(fits(k, inner[0]) and fits(v, inner[1]) for k, v in items)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        hints = inner[:1] * len(value) if inner[-1] is ... else inner
        return len(value) == len(hints) and all(map(fits, value, hints))
    return isinstance(value, hint)


def _spelt(hint: Any) -> str:
    return hint.__name__ if inspect.isclass(hint) else re.sub(r"\b(\w+\.)+(?=\w)", "", str(hint))


@dataclass(frozen=True)
class Typed:
    """A dataclass that refuses values of another type than its fields are annotated with."""

    def __post_init__(self) -> None:
        for problem in self._mistyped():
            raise EntryError(problem)

    def _mistyped(self) -> Iterator[str]:
        """Each field that has a value of another type, with the fix."""
        kind = "" if isinstance(self, Activation) else f"{type(self).__name__}."
        for one in fields(self):
            value, wanted = getattr(self, one.name), _spelt(one.type)
            if not fits(value, one.type):
                hint = ""
                if "Expr" in wanted:
                    hint = "; an Expr is a SymPy expression in the symbols of _notation.py"
                elif wanted.startswith("tuple") and not isinstance(value, tuple):
                    hint = "; a tuple of one item ends in a comma: (item,)"
                shown = textwrap.shorten(repr(value), 80)
                yield f"{kind}{one.name} must be {wanted}, not {shown}{hint}"


@dataclass(frozen=True)
class Parameter(Typed):
    """One argument of the torch callable that the formula depends on."""

    symbol: Symbol
    meaning: str
    learnable: bool = False


@dataclass(frozen=True)
class Variant(Typed):
    """Another definition that torch computes when an argument is set."""

    settings: Mapping[str, Any]
    formula: Expr
    note: str


@dataclass(frozen=True)
class Tolerance(Typed):
    """A known gap between torch and the formula in float64, and its reason."""

    of: str
    at_most: float
    reason: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.of not in ("value", "slope"):
            raise EntryError(f'Tolerance.of must be "value" or "slope", not {self.of!r}')


@dataclass(frozen=True)
class Noise(Typed):
    """The random part of an activation.

    `evaluation` is the value that takes the noise's place in evaluation mode, if there is one.
    """

    symbol: Expr
    law: str
    evaluation: Expr | None = None


@dataclass(frozen=True)
class Run:
    """One run of a layer: the formula's inputs and sizes, and what torch returned for them.

    `outputs` has one axis for each name in `indices`; `picture` is what the page draws of it,
    a matrix or a row of numbers, with the names of its axes. `weights` is how many weights the
    layer has.
    """

    inputs: Mapping[str, Any]
    sizes: Mapping[Symbol, int]
    indices: tuple[str, ...]
    outputs: Tensor
    picture: Tensor
    labels: tuple[str, str]
    weights: int


@dataclass(frozen=True)
class Textbook(Typed):
    """The formula typed as it stands in textbooks, and a form of it that stays accurate.

    Both are the body of a function of the tensor `x`, in torch; the first is measured, the second
    is tested and shown.
    """

    code: str
    stable: str

    @staticmethod
    def function(body: str, name: str = "f") -> str:
        """The source of a function of this name with `body`."""
        return f"def {name}(x):\n{textwrap.indent(body, '    ')}\n"

    @classmethod
    def run(cls, body: str, x: Tensor) -> Tensor:
        """What `body` returns for `x`."""
        space: dict[str, Any] = {"torch": torch}
        exec(cls.function(body), space)
        return space["f"](x)


@dataclass(frozen=True)
class Elsewhere(Typed):
    """Code of another framework that computes the function at the settings which its page shows.

    `framework` is a key of FRAMEWORKS. `code` is an expression, or lines of which the last begins
    with `y = `, in Python or ONNX's text form; its input is `x`, and `x` and `g` for random noise
    `g`, and a layer's inputs by name.
    """

    framework: str
    code: str

    def __post_init__(self) -> None:
        super().__post_init__()
        kind = type(self).__name__
        if self.framework not in FRAMEWORKS:
            known = ", ".join(FRAMEWORKS)
            raise EntryError(f"{kind}.framework {self.framework!r} is unknown; use one of {known}")
        object.__setattr__(self, "code", self._leaving_y(self.code))

    def _leaving_y(self, code: str) -> str:
        """The code as statements that leave `y`, as it is run and published."""
        if code and "\n" not in code and not code.startswith("y = "):
            return f"y = {code}"
        if not (code.splitlines() or [""])[-1].startswith("y = "):
            raise EntryError(
                f"{type(self).__name__}.code {code!r} must be an expression, or end in a line that"
                " begins with y ="
            )
        return code


@dataclass(frozen=True)
class Counterpart(Elsewhere):
    """A function, layer or operator of the framework that has the activation's name.

    `own` is the same call at the framework's own settings where these are not torch's, and
    `computes` what it then gives: torch's settings for the same, or a formula. Without `own`,
    `computes` says that `code`, in spite of its name, is another function.
    """

    own: str | None = None
    computes: Mapping[str, Any] | Expr | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.own is None:
            return
        if self.computes is None:
            raise EntryError(f"Counterpart {self.own!r} must say what it computes; add computes=")
        object.__setattr__(self, "own", self._leaving_y(self.own))


@dataclass(frozen=True)
class Composition(Elsewhere):
    """What gives the function where the framework has none of its name."""


@dataclass(frozen=True, kw_only=True)
class Activation(Typed):
    """One entry of the catalogue. `slug` is given by the module's name."""

    name: str
    title: str
    family: str
    summary: str
    formula: Expr
    torch: Callable[..., Any]
    papers: tuple[str, ...]
    kind: str = "elementwise"
    models: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    derivative: Expr | None = None
    second_derivative: Expr | None = None
    forms: tuple[Expr, ...] = ()
    where: Mapping[Expr, Expr] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    sweep: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    shown: Mapping[str, float] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    noise: Noise | None = None
    runs: Callable[..., list[Run]] | None = None
    textbook: Textbook | None = None
    issues: Mapping[int, str] = field(default_factory=dict)
    tolerances: tuple[Tolerance, ...] = ()
    window: tuple[float, float] = (-6, 6)
    functional: str | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    left: str | None = None
    elsewhere: tuple[Counterpart | Composition, ...] = ()
    notes: tuple[str, ...] = ()
    slug: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for problem in self._problems():
            raise EntryError(problem)

    def _problems(self) -> Iterator[str]:
        """Each problem with its remedy."""
        for name in ("name", "title", "summary"):
            if not re.fullmatch(LINE, getattr(self, name)):
                yield f"{name} must be one line of text without spaces around it"
        for name in self.models:
            if not re.fullmatch(LINE, name):
                yield f"models names {name!r}; write one line of text without spaces around it"
        if not re.fullmatch(r"\w[\w -]*", self.name):
            yield "name stands in formulas; write it in letters, digits, spaces and hyphens"
        if self.family not in FAMILIES:
            yield f"family {self.family!r} is unknown; use one of {', '.join(FAMILIES)}"
        if not self.summary.endswith("."):
            yield "summary must be one sentence that ends with a full stop"
        if not self.papers:
            yield "papers is empty; name at least the paper that introduced the function"
        if not self.window[0] < self.window[1] or not all(map(math.isfinite, self.window)):
            yield f"window is {self.window}; write two finite numbers, the smaller first"
        if self.functional and not hasattr(torch.nn.functional, self.functional):
            yield f"functional {self.functional!r} is not in torch.nn.functional; correct it"
        if not inspect.isroutine(self.torch) and not inspect.isclass(self.torch):
            yield (
                f"torch must be a class of torch.nn or a function, not {self.torch}; write nn.ELU"
                " without parentheses after it"
            )
            return
        try:
            known = self.signature
        except ValueError:
            yield (
                f"torch is {self.torch.__name__}, whose arguments Python cannot see; use the class"
                " of torch.nn, or a short module of your own"
            )
            return
        for argument in self.parameters:
            if argument not in known:
                yield (
                    f"parameter {argument!r} is not an argument of {self.torch.__name__};"
                    f" its arguments are {', '.join(known)}"
                )
        for argument in self.arguments:
            if argument not in known:
                yield (
                    f"arguments explains {argument!r}, which {self.torch.__name__} does not take;"
                    f" its arguments are {', '.join(known)}"
                )
        explained = {*self.parameters, *self.arguments, *UNIVERSAL}
        explained |= {name for variant in self.variants for name in variant.settings}
        for argument, found in known.items():
            if argument not in explained and found.kind not in (
                found.VAR_POSITIONAL,
                found.VAR_KEYWORD,
            ):
                yield f"{self.torch.__name__} takes {argument!r}; explain it in arguments"
        for argument in (*self.sweep, *self.shown):
            if argument not in self.parameters:
                yield f"{argument!r} is swept or shown but is not in parameters; declare it there"
        for argument, given in self.defaults.items():
            if given is None and argument not in self.shown:
                yield f"torch has no default for {argument!r}; give one in shown"
            if given is not None and argument in self.shown:
                yield f"torch has a default for {argument!r}; take it out of shown"

    @cached_property
    def signature(self) -> Mapping[str, inspect.Parameter]:
        """The arguments of the torch callable by name."""
        return inspect.signature(self.torch).parameters

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """torch's own default of each parameter; None where torch has none."""
        found = {}
        for argument in self.parameters:
            default = self.signature[argument].default
            found[argument] = None if default is inspect.Parameter.empty else default
        return found

    @property
    def setting(self) -> dict[str, Any]:
        """The parameter values that the page shows: torch's defaults, and `shown` elsewhere."""
        return {**self.defaults, **self.shown}

    @property
    def settings(self) -> list[dict[str, Any]]:
        """The shown setting, then each swept value with the rest as shown."""
        swept = [
            {**self.setting, argument: value}
            for argument, values in self.sweep.items()
            for value in values
        ]
        return [self.setting, *(s for s in swept if s != self.setting)]

    @property
    def module_name(self) -> str | None:
        """`torch.nn.ELU`, or None where torch has no module for it."""
        is_module = inspect.isclass(self.torch) and self.torch.__module__.startswith("torch.nn")
        return f"torch.nn.{self.torch.__name__}" if is_module else None

    @property
    def functional_name(self) -> str | None:
        """`torch.nn.functional.leaky_relu` of `LeakyReLU`, or None where torch has no such form."""
        if self.is_ours and not self.functional:
            return None
        wanted = self.functional or self.torch.__name__.lower()
        names = (name for name in dir(torch.nn.functional) if name == name.strip("_"))
        found = next((name for name in names if wanted in (name, name.replace("_", ""))), None)
        return found and f"torch.nn.functional.{found}"

    @property
    def inplace_name(self) -> str | None:
        """`torch.nn.functional.elu_`, or None."""
        name = f"{self.functional_name}_"
        return name if hasattr(torch.nn.functional, name.rpartition(".")[2]) else None

    @property
    def is_ours(self) -> bool:
        """Whether the torch callable is written in this catalogue, since torch has none."""
        return not self.torch.__module__.startswith("torch")

    @property
    def operator(self) -> str:
        """The name that stands before the formula."""
        return self.name.replace(" ", "").replace("-", "")

    def call(self, setting: Mapping[str, Any]) -> Callable[..., Any]:
        """The torch callable at `setting`, ready for tensors.

        An argument at torch's default is not passed, so that a wrong default cannot hide.
        """
        arguments = {k: v for k, v in setting.items() if self.defaults.get(k) != v}
        if inspect.isclass(self.torch) and issubclass(self.torch, nn.Module):
            return self.torch(**arguments)
        return lambda *tensors, **more: self.torch(*tensors, **arguments, **more)
