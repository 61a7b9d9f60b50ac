"""python -m gen.measure.frameworks [slug …]: run the code of entries in other frameworks.

What it computes, by `probes/framework.py` in each environment of `environments.PACKAGES`, and what
torch computes here, is compared and written to measured/<slug>.json: of entries that are named, or
else of those that changed since. The first time takes minutes and 6 GB of disk. The earlier file
stays where something cannot be installed or run, or where code does not compute what its entry
says.
"""

import argparse
import datetime
import functools
import itertools
import math
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import mpmath
import torch
from torch import Tensor, nn

import activations
from activations._entry import Activation, Counterpart, Elsewhere
from activations._notation import x as x_symbol

from .. import kinds
from ..evaluation import formula
from ..evaluation.agreement import ROUNDING
from ..evaluation.torch_side import torch_version
from . import digests, files
from .environments import PACKAGES, InstallError, ask, environment, newest
from .probes import framework

METHOD = 2  # raised by hand when the same entry would come out with other numbers

PROBE = Path(__file__).with_name("probes") / "framework.py"

BOUND, STEP = 20, 1 / 32  # the grid of numbers: from −20 to 20
SPECIAL = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan, "100": 100.0, "-100": -100.0}
SPREAD = 3  # standard deviation of the random rows and images
COPIES = 64  # equal elements in which ±inf and NaN are tried, so many that vector code takes all

Inputs = Mapping[str, Mapping[str, Tensor]]  # "grid" or a special input -> name -> tensor
Results = Mapping[str, Any]  # "grid" or a special input -> "y" or "slope" -> numbers, or None
Code = tuple[str, str, str]  # slug, framework, code
Answers = Mapping[Code, Sequence[Results]]  # by each that runs the code


# what is asked


def inputs(entry: Activation) -> Inputs:
    """What goes into the entry's code, in float32; the slope is by the first tensor."""
    kind = kinds.of(entry)
    if runs := kind.own_inputs():
        return {"grid": {name: _batch([r.inputs[name] for r in runs]) for name in runs[0].inputs}}
    return _shared()[kind.inputs_elsewhere()]


@functools.cache
def _shared() -> dict[str, Inputs]:
    """The inputs of all kinds that have none of their own."""
    torch.manual_seed(0)
    numbers = torch.arange(-BOUND, BOUND + STEP, STEP).reshape(-1, 1)
    rows, images = SPREAD * torch.randn(64, 16), SPREAD * torch.randn(2, 4, 3, 3)
    row = {name: torch.tensor([[x, 0, 1, 2]]) for name, x in SPECIAL.items()}
    pair = {name: torch.tensor([[x, 1, 2, x]]) for name, x in SPECIAL.items()}
    number = {name: torch.full((COPIES, 1), x) for name, x in SPECIAL.items()}
    image = {name: x.reshape(1, -1, 1, 1) for name, x in row.items()}
    found = {
        "numbers": {"grid": numbers, **number},
        "halves": {"grid": rows, **pair},
        "rows": {"grid": rows, **row},
        "images": {"grid": images, **image},
    }
    noisy = {name: {"x": x, "g": _gumbel(x)} for name, x in found["rows"].items()}
    plain = {key: {name: {"x": x} for name, x in each.items()} for key, each in found.items()}
    return {**plain, "noisy rows": noisy}


def _gumbel(x: Tensor) -> Tensor:
    """The noise that F.gumbel_softmax draws for `x` after the seed 0."""
    torch.manual_seed(0)
    return -torch.empty_like(x).exponential_().log()


def _batch(tensors: Sequence[Tensor]) -> Tensor:
    """One run's tensor in float32, or those of several as the heads of one example."""
    found = [t.detach().float() for t in tensors]
    return found[0] if len(found) == 1 else torch.stack(found)[None]


def _grid() -> list[float]:
    """The inputs of functions of one number."""
    return _shared()["numbers"]["grid"]["x"].flatten().tolist()


def cases(entry: Activation, packages: Sequence[str]) -> dict[Code, dict[str, Any]]:
    """What the probe is asked of the entry in the environment of these packages."""
    given = {
        key: {name: tensor.tolist() for name, tensor in tensors.items()}
        for key, tensors in inputs(entry).items()
    }
    return {
        (entry.slug, one.framework, code): {
            "framework": one.framework,
            "code": code,
            "inputs": given,
        }
        for one in entry.elsewhere
        for code in (one.code, getattr(one, "own", None))
        if code and environment(one.framework) == packages
    }


def answers(entries: Sequence[Activation], latest: bool) -> Answers:
    """The answers of all environments that the entries need; raises InstallError."""
    found: dict[Code, Sequence[Results]] = {}
    for pinned in PACKAGES.values():
        asked = {key: case for entry in entries for key, case in cases(entry, pinned).items()}
        if asked:
            packages = newest(pinned) if latest else pinned
            print(" ".join(packages), file=sys.stderr, flush=True)
            found |= zip(asked, ask(packages, PROBE, list(asked.values())), strict=True)
    return found


# torch's side


def reference(entry: Activation) -> Results:
    """What torch computes, in the form in which the probe answers; of a layer, no slopes."""
    if runs := kinds.of(entry).own_inputs():
        outputs = _batch([run.outputs for run in runs])
        return {"grid": {"y": outputs.reshape(-1).tolist(), "slope": None}}
    function = entry.call(entry.setting)
    if isinstance(function, nn.Module):
        function.eval()
    run = framework.of_torch({"function": function})
    found = {}
    for name, tensors in inputs(entry).items():
        torch.manual_seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # softmax asks for dim; rows need none
            y, slope = run("y = function(x)", {"x": tensors["x"].numpy()})
        found[name] = {"y": framework.flat(y), "slope": framework.flat(slope)}
    return found


# the comparison


def measure(entry: Activation, said: Answers) -> tuple[dict[str, Any], list[str]]:
    """The section of the entry's file, and what is wrong with it, each with the fix."""
    here = reference(entry)
    records, wrong = [], []
    versions: dict[str, str] = {}
    for one in entry.elsewhere:
        own = getattr(one, "own", None)
        found = said[entry.slug, one.framework, one.code]
        bare = said[entry.slug, one.framework, own] if own else [None] * len(found)
        for there, there_own in zip(found, bare, strict=True):
            versions |= there["versions"]
            package, version = next(iter(there["versions"].items()))
            where = f"activations/{entry.slug}.py, {package} {version}"
            if problem := _unusable(one, here, there, there_own):
                wrong.append(f"{where}: {problem}; correct the code")
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
            records.append(record)
            wrong += [
                f"{where}: {text}" for text in _unlike(entry, one, here, there, there_own or there)
            ]
    section = {
        "digest": digests.of("frameworks", entry),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "torch_version": torch_version(),
        "versions": dict(sorted(versions.items())),
        "grid": {"from": -BOUND, "to": BOUND, "step": STEP, "rounding": ROUNDING},
        "torch": _edges(entry, here),
        "elsewhere": records,
    }
    return section, wrong


def _unusable(one: Elsewhere, here: Results, *there: Results | None) -> str:
    """Why the code, or its bare call, cannot be compared; empty where it can."""
    for found in filter(None, there):
        if "raises" in found:
            return f"{one.code!r} raises {found['raises']}"
        counts = [len(side["grid"]["y"]) for side in (found, here)]
        if counts[0] != counts[1]:
            return f"{one.code!r} gives {counts[0]} numbers, torch {counts[1]}"
    return ""


def _unlike(
    entry: Activation, one: Elsewhere, here: Results, there: Results, claim: Results
) -> Iterator[str]:
    """Where the code is not torch's function though the entry says so, or not what it claims."""
    claims = isinstance(one, Counterpart) and one.computes is not None
    own = getattr(one, "own", None)
    torch_, code = here["grid"]["y"], there["grid"]["y"]
    place, gap = _farthest(torch_, code)
    if not gap <= ROUNDING and (own or not claims):
        where = f"x = {_grid()[place]:g}" if _is_of_a_number(entry) else f"output {place + 1}"
        yield (
            f"{one.code!r} differs from torch by {gap:.3g}: at {where} it gives"
            f" {code[place]:.7g}, torch {torch_[place]:.7g}; correct the code, or say in computes"
            " what it is"
        )
    if claims:
        f = formula.numeric(formula.claimed(entry, one))
        exact = [float(f(mpmath.mpf(x))) for x in _grid()]
        _, off = _farthest(exact, claim["grid"]["y"])
        if not off <= ROUNDING:
            yield f"{(own or one.code)!r} differs from what computes says by {off:.3g}; correct it"


def gaps(entry: Activation, here: Results, there: Results) -> dict[str, Any]:
    """The largest differences from torch on the grid: of values, and of slopes beside kinks."""
    ys = here["grid"]["y"], there["grid"]["y"]
    slopes = here["grid"]["slope"], there["grid"]["slope"]
    if not _is_of_a_number(entry):
        return {"value": _gap(*ys), "slope": None if None in slopes else _gap(*slopes)}
    found = {"value": _gap(*ys, _grid()), "slope": None}
    if None not in slopes:
        kinks = _kinks(entry)
        each = zip(*map(_unweighted, slopes), _grid(), strict=True)
        found["slope"] = _gap(*zip(*(row for row in each if row[2] not in kinks), strict=True))
    return found


def _is_of_a_number(entry: Activation) -> bool:
    return kinds.of(entry).inputs_elsewhere() == "numbers"


def _unweighted(slopes: Sequence[float]) -> list[float]:
    """The slopes of single outputs; see `weights` in the probe."""
    return [slope / (1 + place % 2) for place, slope in enumerate(slopes)]


def _farthest(here: Sequence[float], there: Sequence[float]) -> tuple[int, float]:
    """The place of the largest difference, and its size; NaN counts as the largest."""
    gaps = [abs(a - b) for a, b in zip(here, there, strict=True)]
    place = max(range(len(gaps)), key=lambda n: (math.isnan(gaps[n]), gaps[n]))
    return place, gaps[place]


def _gap(
    here: Sequence[float], there: Sequence[float], xs: Sequence[float] | None = None
) -> dict[str, Any]:
    """The largest difference, and where there is an x: that, and both numbers there."""
    place, gap = _farthest(here, there)
    found = {"max": _short(gap)}
    if xs is not None and gap > ROUNDING:
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
    kinks, special = {}, {}
    slopes = found["grid"]["slope"]
    if slopes is not None and _is_of_a_number(entry):
        each = dict(zip(_grid(), _unweighted(slopes), strict=True))
        kinks = {f"{x:g}": _short(each[x]) for x in _kinks(entry)}
    for name in (name for name in SPECIAL if name in found):
        y, slope = found[name]["y"], found[name]["slope"]
        if _is_of_a_number(entry):
            special[name] = [_short(y[0]), None if slope is None else _short(slope[0])]
        else:
            special[name] = [_short(number) for number in y]
    return {"kinks": kinks, "special": special}


def _short(value: float) -> float | str:
    """Seven digits; what is no JSON number as text."""
    return float(f"{value:.7g}") if math.isfinite(value) else str(value)


# the command


def main(arguments: Sequence[str]) -> int:
    """Measure; return 0, or 1 after saying what is wrong and with which version."""
    parser = argparse.ArgumentParser(prog="python -m gen.measure.frameworks")
    parser.add_argument("--newest", action="store_true", help="ask the newest releases, of all")
    slugs, chosen = files.named(parser, arguments)
    entries = [activations.load(slug) for slug in slugs]
    if not (chosen.slugs or chosen.newest):
        entries = [entry for entry in entries if digests.is_due("frameworks", entry)]
    try:
        told = write(entries, answers(entries, chosen.newest))
    except InstallError as error:
        told = [f"{error}; nothing was written"]
    for line in told:
        print(f"measure-frameworks: {line}", file=sys.stderr)
    return 1 if told else 0


def write(entries: Sequence[Activation], said: Answers) -> list[str]:
    """Write the sections of the entries, but for those in which something is wrong: return that."""
    told = []
    for entry in entries:
        section, wrong = measure(entry, said)
        if wrong:
            told += [*wrong, f"measured/{entry.slug}.json was left as it was"]
        else:
            files.update(entry.slug, {"frameworks": section})
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
