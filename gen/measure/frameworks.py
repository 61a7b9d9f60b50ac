"""python -m gen.measure.frameworks: run all code for elsewhere; write measured/frameworks.json.

Each environment of `environments.PACKAGES` is installed, asked by `probes/framework.py` what the
entries' code computes there, and deleted: minutes, and 6 GB of disk on the way. Torch computes the
same here. Nothing is written where something cannot be installed or run, where code does not
compute what its entry says, or where a difference has grown (see --accept).
"""

import argparse
import datetime
import functools
import itertools
import json
import math
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpmath
import torch
from torch import Tensor, nn

from activations import CATALOGUE
from activations._entry import Activation, Counterpart, Elsewhere, Run
from activations._notation import x as x_symbol

from .. import kinds
from ..evaluation import formula
from ..evaluation.agreement import ROUNDING
from . import files
from .environments import PACKAGES, InstallError, ask, newest

PROBE = Path(__file__).with_name("probes") / "framework.py"
FILE = Path(__file__).resolve().parent.parent.parent / "measured" / "frameworks.json"

# where each framework is installed, of those that share an environment with another
SHARED = {"flax": "jax", "keras": "jax", "keras2": "tensorflow"}

BOUND, STEP = 20, 1 / 32  # the grid of numbers: from −20 to 20
SPECIAL = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan, "100": 100.0, "-100": -100.0}
SPREAD = 3  # standard deviation of the random rows and images
COPIES = 8  # equal elements in which ±inf and NaN are tried

Set = dict[str, dict[str, Tensor]]  # "grid" or a special input -> name -> tensor


@functools.cache
def sets() -> dict[str, Set]:
    """Every set of inputs, in float32; of a set, the slope is by its first tensor."""
    torch.manual_seed(0)
    numbers = torch.arange(-BOUND, BOUND + STEP, STEP).reshape(-1, 1)
    rows, images = SPREAD * torch.randn(64, 16), SPREAD * torch.randn(2, 4, 3, 3)
    row = {name: torch.tensor([[x, 0, 1, 2]]) for name, x in SPECIAL.items()}
    pair = {name: torch.tensor([[x, 1, 2, x]]) for name, x in SPECIAL.items()}
    own = {slug: kinds.of(entry).own_inputs() for slug, entry in CATALOGUE.items()}
    layers = {slug: {"grid": _inputs(runs)} for slug, runs in own.items() if runs}
    return {
        "numbers": {
            "grid": {"x": numbers},
            **{name: {"x": torch.full((COPIES, 1), x)} for name, x in SPECIAL.items()},
        },
        "halves": {"grid": {"x": rows}, **{name: {"x": x} for name, x in pair.items()}},
        "rows": {"grid": {"x": rows}, **{name: {"x": x} for name, x in row.items()}},
        "images": {
            "grid": {"x": images},
            **{name: {"x": x.reshape(1, -1, 1, 1)} for name, x in row.items()},
        },
        "noisy rows": {
            "grid": {"x": rows, "g": _gumbel(rows)},
            **{name: {"x": x, "g": _gumbel(x)} for name, x in row.items()},
        },
        **layers,
    }


def _grid() -> list[float]:
    """The inputs of functions of one number."""
    return [x for (x,) in sets()["numbers"]["grid"]["x"].tolist()]


def _gumbel(x: Tensor) -> Tensor:
    """The noise that F.gumbel_softmax draws for `x` after the seed 0."""
    torch.manual_seed(0)
    return -torch.empty_like(x).exponential_().log()


def _batch(tensors: Sequence[Tensor]) -> Tensor:
    """One run's tensor in float32, or those of several as the heads of one example."""
    found = [t.detach().float() for t in tensors]
    return found[0] if len(found) == 1 else torch.stack(found)[None]


def _inputs(runs: Sequence[Run]) -> dict[str, Tensor]:
    return {name: _batch([run.inputs[name] for run in runs]) for name in runs[0].inputs}


Results = Mapping[str, Mapping[str, list[float] | None]]  # input set -> "y" or "slope" -> numbers


def reference(entry: Activation) -> Results:
    """What torch computes, in the form in which the probe answers; of a layer, no slopes."""
    kind = kinds.of(entry)
    if runs := kind.own_inputs():
        outputs = _batch([run.outputs for run in runs])
        return {"grid": {"y": outputs.reshape(-1).tolist(), "slope": None}}
    given = sets()[kind.inputs_elsewhere()]
    return {name: _torch(entry, tensors["x"]) for name, tensors in given.items()}


def _torch(entry: Activation, inputs: Tensor) -> dict[str, list[float] | None]:
    x = inputs.clone().requires_grad_()
    function = entry.call(entry.setting)
    if isinstance(function, nn.Module):
        function.eval()
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # softmax asks for dim; rows need none
        y = function(x)
    (y * (1 + torch.arange(y.numel()).reshape(y.shape) % 2)).sum().backward()
    assert x.grad is not None
    return {"y": y.detach().reshape(-1).tolist(), "slope": x.grad.reshape(-1).tolist()}


def cases() -> dict[str, list[dict[str, str]]]:
    """Environment -> the probe's cases in it: every code of the entries, and every `own`, once."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in PACKAGES}
    for entry in CATALOGUE.values():
        for one in entry.elsewhere:
            for code in filter(None, (one.code, getattr(one, "own", None))):
                case = {
                    "framework": one.framework,
                    "code": code,
                    "set": kinds.of(entry).inputs_elsewhere(),
                }
                environment = found[SHARED.get(one.framework, one.framework)]
                if case not in environment:
                    environment.append(case)
    return found


def question(asked: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the probe is asked: the cases, and the sets that they need, as lists."""
    needed = {case["set"] for case in asked}
    listed = {
        key: {
            name: {k: t.tolist() for k, t in given.items()} for name, given in sets()[key].items()
        }
        for key in sorted(needed)
    }
    return {"sets": listed, "cases": list(asked)}


@dataclass(frozen=True)
class Answers:
    """What all environments said: package -> version, and (framework, code, set) -> results."""

    versions: Mapping[str, str]
    results: Mapping[tuple[str, str, str], Sequence[Mapping[str, Any]]]

    @classmethod
    def of(
        cls, asked: Sequence[tuple[Sequence[Mapping[str, str]], Mapping[str, Any]]]
    ) -> "Answers":
        """From each environment's cases and its answer."""
        versions: dict[str, str] = {}
        results = {}
        for given, said in asked:
            versions |= {name: text.split("+")[0] for name, text in said["versions"].items()}
            for case, found in zip(given, said["results"], strict=True):
                results[case["framework"], case["code"], case["set"]] = found
        return cls(versions, results)


def measure(entry: Activation, answers: Answers) -> tuple[dict[str, Any], list[str]]:
    """The entry's block of the file, and what is wrong with it, each with the fix."""
    here = reference(entry)
    block: dict[str, Any] = {"torch": _edges(entry, here), "elsewhere": []}
    wrong: list[str] = []
    for one in entry.elsewhere:
        own = one.own if isinstance(one, Counterpart) else None
        found = answers.results[one.framework, one.code, kinds.of(entry).inputs_elsewhere()]
        found_own = (
            answers.results[one.framework, own, kinds.of(entry).inputs_elsewhere()]
            if own
            else [None] * len(found)
        )
        for there, there_own in zip(found, found_own, strict=True):
            where = f"activations/{entry.slug}.py, {_named(there['runner'], answers.versions)}"
            raised = [r["raises"] for r in (there, there_own) if r and "raises" in r]
            if raised:
                wrong.append(f"{where}: {one.code!r} raises {raised[0]}; correct the code")
                continue
            counts = [len(r["grid"]["y"] or []) for r in (here, there, there_own) if r]
            if len(set(counts)) > 1:
                wrong.append(
                    f"{where}: {one.code!r} gives {counts[-1]} numbers, torch {counts[0]}; correct"
                    " the code"
                )
                continue
            record = {
                "framework": one.framework,
                "runner": there["runner"],
                "code": one.code,
                "signature": there["signature"],
                "code_gap": gaps(entry, here, there),
                **_edges(entry, there),
            }
            if there_own:
                record |= {"own": own, "own_gap": gaps(entry, here, there_own)}
            block["elsewhere"].append(record)
            wrong += [
                f"{where}: {text}" for text in _unlike(entry, one, record, there_own or there)
            ]
    return block, wrong


def _named(runner: str, versions: Mapping[str, str]) -> str:
    package = {"keras2": "tf_keras"}.get(runner, runner)
    return f"{package} {versions[package]}"


def _unlike(
    entry: Activation, one: Elsewhere, record: Mapping[str, Any], claim: Results
) -> Iterator[str]:
    """Where the code is not torch's function though the entry says so, or not what it claims."""
    claims = isinstance(one, Counterpart) and one.computes is not None
    gap = float(record["code_gap"]["value"]["max"])
    if not gap <= ROUNDING and not (claims and not record.get("own")):
        yield (
            f"{one.code!r} differs from torch by {gap:.3g}; correct the code, or say in computes"
            " what it is"
        )
    if not claims:
        return
    assert isinstance(one, Counterpart)
    xs = _grid()
    f = formula.numeric(formula.claimed(entry, one))
    exact = [float(f(mpmath.mpf(x))) for x in xs]
    off = float(_gap(exact, claim["grid"]["y"] or [], xs)["max"])
    if not off <= ROUNDING:
        yield f"{one.own or one.code!r} differs from what computes says by {off:.3g}; correct it"


def gaps(entry: Activation, here: Results, there: Results) -> dict[str, Any]:
    """The largest differences from torch on the grid: of values, and of slopes beside kinks."""
    xs = _grid()
    scalar = kinds.of(entry).inputs_elsewhere() == "numbers"
    found: dict[str, Any] = {}
    for key, name in (("value", "y"), ("slope", "slope")):
        one, other = here["grid"][name], there["grid"][name]
        if one is None or other is None:
            found[key] = None
            continue
        if key == "slope" and scalar:
            kinks = _kinks(entry)
            pairs = zip(_unweighted(one), _unweighted(other), xs, strict=True)
            kept = [(a, b, x) for a, b, x in pairs if x not in kinks]
            found[key] = _gap(*(list(column) for column in zip(*kept, strict=True)))
        else:
            found[key] = _gap(one, other, xs if scalar else None)
    return found


def _unweighted(slopes: Sequence[float]) -> list[float]:
    """The slopes of single outputs; see `framework_probe.weights`."""
    return [slope / (1 + place % 2) for place, slope in enumerate(slopes)]


def _gap(
    here: Sequence[float], there: Sequence[float], xs: Sequence[float] | None
) -> dict[str, Any]:
    """The largest difference, and where there is an x: that, and both numbers there."""
    gaps = [abs(a - b) for a, b in zip(here, there, strict=True)]
    if any(map(math.isnan, gaps)):
        return {"max": "nan"}
    place = max(range(len(gaps)), key=gaps.__getitem__)
    found = {"max": _short(gaps[place])}
    if xs is not None and gaps[place] > ROUNDING:
        found |= {"x": xs[place], "torch": _short(here[place]), "there": _short(there[place])}
    return found


def _kinks(entry: Activation) -> list[float]:
    """Where the formula has a kink, at the settings shown."""
    return sorted(
        float(end.lower)
        for left, end in itertools.pairwise(formula.pieces(formula.at(entry, entry.setting)))
        if left.diff().expr.subs(x_symbol, end.lower) != end.diff().expr.subs(x_symbol, end.lower)
    )


def _edges(entry: Activation, found: Results) -> dict[str, Any]:
    """The slope at each kink, and what ±inf, NaN and ±100 give: value and slope, or a row."""
    if "inf" not in found:
        return {"kinks": {}, "special": {}}
    scalar = kinds.of(entry).inputs_elsewhere() == "numbers"
    kinks = {}
    slopes = found["grid"]["slope"]
    if scalar and slopes is not None:
        each = dict(zip(_grid(), _unweighted(slopes), strict=True))
        kinks = {f"{x:g}": _short(each[x]) for x in _kinks(entry)}
    special = {}
    for name in SPECIAL:
        y, slope = found[name]["y"] or [], found[name]["slope"]
        if scalar:
            special[name] = [_short(y[0]), None if slope is None else _short(slope[0])]
        else:
            special[name] = [_short(number) for number in y]
    return {"kinks": kinks, "special": special}


def _short(value: float) -> float | str:
    """Seven digits; what is no JSON number as text."""
    return float(f"{value:.7g}") if math.isfinite(value) else str(value)


def grown(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Where a difference from torch is larger than in the file, by more than rounding."""
    lines = []
    for slug, key, before, after in _pairs(old, new):
        for gap in ("code_gap", "own_gap"):
            for what in ("value", "slope"):
                one, other = ((r.get(gap) or {}).get(what) or {"max": 0} for r in (before, after))
                was, now = float(one["max"]), float(other["max"])
                if not now <= was + ROUNDING:
                    code = after["own" if gap == "own_gap" else "code"]
                    lines.append(
                        f"activations/{slug}.py, {key}: the largest difference of {code!r} from"
                        f" torch in {what} is {now:.3g}, was {was:.3g}"
                    )
    return lines


def _pairs(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """(slug, runner, record, record) of the codes that both files have."""
    for slug, block in new.get("activations", {}).items():
        known = old.get("activations", {}).get(slug, {"elsewhere": []})["elsewhere"]
        by_code = {(r["runner"], r["code"]): r for r in known}
        for record in block["elsewhere"]:
            before = by_code.get((record["runner"], record["code"]))
            if before:
                yield slug, record["runner"], before, record


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two files, as lines of Markdown."""
    lines = [
        f"{name} {text}, was {old.get('versions', {}).get(name, 'absent')}"
        for name, text in new["versions"].items()
        if old.get("versions", {}).get(name) != text
    ]
    lines += grown(old, new)
    for slug, runner, before, after in _pairs(old, new):
        for field in ("signature", "kinks", "special"):
            if before[field] != after[field]:
                lines.append(
                    f"activations/{slug}.py, {runner}: {field} of `{after['code']}` is"
                    f" `{json.dumps(after[field])}`, was `{json.dumps(before[field])}`"
                )
    return lines


def results(answers: Answers) -> tuple[dict[str, Any], list[str]]:
    """The file's content, and what is wrong with it."""
    blocks, wrong = {}, []
    for slug, entry in CATALOGUE.items():
        blocks[slug], problems = measure(entry, answers)
        wrong += problems
    found = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "torch": torch.__version__.split("+")[0],
        "versions": dict(sorted(answers.versions.items())),
        "grid": {"from": -BOUND, "to": BOUND, "step": STEP, "rounding": ROUNDING},
        "activations": blocks,
    }
    return found, wrong


def write(found: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all."""
    draft = FILE.with_name(".frameworks.json")
    draft.write_text(json.dumps(found, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    draft.replace(FILE)


def main(arguments: Sequence[str]) -> int:
    """Measure everything; return 0, or 1 after saying what is wrong and with which version."""
    parser = argparse.ArgumentParser(prog="python -m gen.measure.frameworks")
    parser.add_argument("--accept", action="store_true", help="keep differences that have grown")
    parser.add_argument("--newest", action="store_true", help="ask the newest releases")
    chosen = parser.parse_args(arguments)
    asked, wrong = [], []
    for environment, each in cases().items():
        if not each:
            continue
        packages = newest(PACKAGES[environment]) if chosen.newest else PACKAGES[environment]
        print(" ".join(packages), file=sys.stderr, flush=True)
        try:
            asked.append((each, ask(packages, PROBE, question(each))))
        except InstallError as error:
            wrong.append(str(error))
    old = files.frameworks()
    if not wrong:
        new, wrong = results(Answers.of(asked))
        if not chosen.accept:
            wrong += [f"{line}; see why, then --accept it" for line in grown(old, new)]
    if wrong:
        for line in wrong:
            print(f"measure-frameworks: {line}", file=sys.stderr)
        print("measure-frameworks: nothing was written", file=sys.stderr)
        return 1
    write(new)
    for line in changed(old, new):
        print(f"- {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
