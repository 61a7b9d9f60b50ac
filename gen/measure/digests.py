"""What a section of an entry's file depends on, as a digest that is noted in it: while it is the
same, the section need not be measured again. Summary, papers and prose have no part in it."""

import hashlib
import importlib
import inspect

from activations._entry import Activation

from .. import kinds
from ..evaluation.torch_side import torch_version
from . import files
from .environments import environment


def of(section: str, entry: Activation) -> str:
    """The digest of the entry's formulas, settings and code that is ours, of torch's version and
    the METHOD of the module of that name; of rounding the textbook's code too, of frameworks
    theirs."""
    shape, setting = kinds.of(entry).name, entry.setting
    depends = [shape, entry.formula, entry.derivative, entry.where, entry.noise, setting]
    ours = [entry.torch] if entry.is_ours else []
    depends += map(inspect.getsource, ours + ([entry.runs] if entry.runs else []))
    depends += [torch_version(), importlib.import_module(f".{section}", __package__).METHOD]
    if section == "rounding":
        depends += [entry.textbook]
    if section == "frameworks":
        depends += [(code, environment(code.framework)) for code in entry.elsewhere]
    return hashlib.sha256("\n".join(map(str, depends)).encode()).hexdigest()[:16]


def is_due(section: str, entry: Activation) -> bool:
    """Whether the section is missing, or of another digest."""
    return files.section(entry.slug, section).get("digest") != of(section, entry)
