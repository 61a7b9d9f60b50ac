"""The contract: every entry agrees with torch, and every activation of torch has an entry."""

from collections.abc import Iterator
from dataclasses import replace

import mpmath
import pytest
import sympy
import torch
import torch.nn.functional as F
from shapes import ENTRIES
from torch import nn

from activations import CATALOGUE
from activations._entry import Activation
from activations._notation import NAMED, Named, x
from gen import kinds
from gen.evaluation.agreement import DisagreementError, all_settings
from gen.evaluation.formula import numeric
from gen.measure.probes.torch_release import functions_of_torch


@pytest.mark.parametrize("slug", CATALOGUE)
def test_formula_and_torch_agree(slug: str) -> None:
    """At the shown setting and, where there are parameters, at two more."""
    entry = CATALOGUE[slug]
    assert kinds.of(entry).check() >= 12
    assert not entry.parameters or len(all_settings(entry)) >= 3


def slightly_off(entry: Activation) -> Iterator[tuple[str, Activation]]:
    """The entry with one expression changed, and what the message must speak of."""
    little = sympy.Rational(1, 10**7)
    if entry.kind == "elementwise":
        yield "value at x = ", replace(entry, formula=entry.formula + little, forms=())
    else:
        yield "the formula and torch", replace(entry, formula=entry.formula * (1 + little))
    if entry.derivative is not None:
        yield "", replace(entry, derivative=2 * entry.derivative)
    if entry.second_derivative is not None:
        yield "second derivative", replace(entry, second_derivative=-entry.second_derivative)


EVERY = {**CATALOGUE, **ENTRIES}


@pytest.mark.parametrize("slug", [s for s, e in EVERY.items() if e.kind != "layer"])
def test_what_is_slightly_off_is_refused(slug: str) -> None:
    for told, wrong in slightly_off(EVERY[slug]):
        with pytest.raises(DisagreementError, match=rf"activations/{slug}\.py.*{told}"):
            kinds.of(wrong).check()


def test_a_wrong_form_is_refused() -> None:
    wrong = replace(CATALOGUE["tanh"], forms=(2 * sympy.tanh(x) - sympy.tanh(x / 2),))
    with pytest.raises(DisagreementError, match="form"):
        kinds.of(wrong).check()


def test_defaults_are_torchs_own() -> None:
    """A default that differs from the formula's must fail: torch is called without ours."""
    assert CATALOGUE["leaky_relu"].setting == {"negative_slope": 0.01}
    layer = CATALOGUE["leaky_relu"].call(CATALOGUE["leaky_relu"].setting)
    assert isinstance(layer, nn.LeakyReLU)

    class OtherDefault(nn.LeakyReLU):
        def __init__(self, negative_slope: float = 0.01) -> None:
            super().__init__(0.02 if negative_slope == 0.01 else negative_slope)

    with pytest.raises(DisagreementError):
        kinds.of(replace(CATALOGUE["leaky_relu"], torch=OtherDefault)).check()


def modules_of_torch() -> set[type]:
    names = torch.nn.modules.activation.__all__
    extra = [nn.Identity, nn.AdaptiveLogSoftmaxWithLoss]
    return {getattr(nn, name) for name in names} | set(extra)


def test_every_module_of_torch_has_an_entry() -> None:
    missing = modules_of_torch() - {entry.torch for entry in CATALOGUE.values()}
    assert not missing, f"write an entry for {sorted(m.__name__ for m in missing)}"


def test_every_entry_is_torchs_or_ours() -> None:
    for slug, entry in CATALOGUE.items():
        known = entry.torch in modules_of_torch() or entry.torch in vars(F).values()
        assert known or entry.is_ours, f"{slug}: torch has no {entry.torch.__name__} any more"


def test_every_function_of_torch_has_an_entry() -> None:
    ours = {
        entry.functional_name.rpartition(".")[2]
        for entry in CATALOGUE.values()
        if entry.functional_name
    }
    missing = functions_of_torch() - ours
    assert not missing, f"write an entry for torch.nn.functional.{sorted(missing)}"
    unseen = ours - functions_of_torch() - {"scaled_dot_product_attention"}
    assert not unseen, f"torch.nn.functional has no activation {sorted(unseen)}"


def test_the_name_of_a_file_hides_nothing_of_torch() -> None:
    for slug, entry in CATALOGUE.items():
        other = replace(entry, slug=f"{slug.replace('_', '')}_1")
        assert other.functional_name == entry.functional_name
        assert other.inplace_name == entry.inplace_name
    assert CATALOGUE["leaky_relu"].inplace_name == "torch.nn.functional.leaky_relu_"
    assert CATALOGUE["swish"].functional_name is None


@pytest.mark.parametrize("slug", [s for s, e in CATALOGUE.items() if e.inplace_name])
def test_in_place_forms_do_the_same(slug: str) -> None:
    entry = CATALOGUE[slug]
    assert entry.inplace_name and entry.functional_name
    scores = torch.linspace(-3, 3, 25)
    arguments = list(entry.shown.values())
    inplace = getattr(F, entry.inplace_name.rpartition(".")[2])
    function = getattr(F, entry.functional_name.rpartition(".")[2])
    changed = scores.clone()
    inplace(changed, *arguments)
    torch.testing.assert_close(changed, function(scores, *arguments))


@pytest.mark.parametrize("named", NAMED, ids=lambda f: f.__name__)
def test_named_functions_are_what_they_say(named: type[Named]) -> None:
    """Definition, value, derivative and the definition shown to readers agree."""
    t = sympy.Symbol("t", real=True)
    definition = numeric(named.elementary(t), t)
    with mpmath.workdps(30):
        for point in (mpmath.mpf(n) / 3 for n in (-10, -1, 0, 2, 7)):
            value = named.mp(point)
            assert mpmath.almosteq(definition(point), value, 1e-25)
            shown = sympy.N(
                named.shown(t).subs(t, sympy.Rational(str(point)).limit_denominator(9)), 25
            )
            assert mpmath.almosteq(mpmath.mpf(str(shown)), value, 1e-15)
            slope = numeric(named(t).diff(t), t)
            assert mpmath.almosteq(mpmath.diff(definition, point), slope(point), 1e-12)


def test_aliases_are_unique() -> None:
    seen: dict[str, str] = {}
    for slug, entry in CATALOGUE.items():
        names = [entry.title.lower(), *(alias.lower() for alias in entry.aliases)]
        assert len(names) == len(set(names)), f"{slug}: a title or alias stands twice"
        for name in {entry.name.lower(), *(alias.lower() for alias in entry.aliases)}:
            assert seen.setdefault(name, slug) == slug, f"{name} names {seen[name]} and {slug}"


def test_tolerances_are_needed() -> None:
    """Each declared gap is real: without it the entry fails."""
    for slug, entry in CATALOGUE.items():
        for tolerance in entry.tolerances:
            rest = tuple(t for t in entry.tolerances if t is not tolerance)
            with pytest.raises(DisagreementError, match=slug):
                kinds.of(replace(entry, tolerances=rest)).check()
