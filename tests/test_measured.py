"""The files in measured/: what is noted of each entry, when it is due again, how it is written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from activations import CATALOGUE
from activations._entry import Textbook
from gen.measure import __main__ as command
from gen.measure import depth, digests, facts, files

ELU = CATALOGUE["elu"]
MEASURED = {"rounding", "exhaustive", "depth", "frameworks"}


class Other(CATALOGUE["swish"].torch):  # type: ignore[misc]
    """Swish in other code."""


@pytest.fixture(scope="session")
def published(generated: Path) -> dict[str, Any]:
    return facts.published(generated / "public" / "activations.json")


@pytest.mark.parametrize("slug", CATALOGUE)
def test_the_facts_are_those_that_are_noted(slug: str, published: dict[str, Any]) -> None:
    told = facts.differences(files.section(slug, "facts"), published[slug])
    lines = "\n".join(f"measured/{slug}.json: {line}" for line in told)
    again = f"if what is now is right, run: python -m gen.measure {slug}"
    assert not lines, f"{lines}\n{again}"


def test_a_difference_is_told_by_field() -> None:
    old = {"facts": {"range": {"lower": 0.0}, "zeros": [0.0], "even": None}, "name": "A"}
    new = {
        "facts": {"range": {"lower": -1.0}, "zeros": [1e-13], "even": 1},
        "name": "A",
        "kind": "v",
    }
    assert list(facts.differences(old, new)) == [
        "facts, range, lower was 0.0, is -1.0",
        "facts, even was null, is 1",
        'kind was absent, is "v"',
    ]
    assert not [*facts.differences({"x": [1.0, "inf"]}, {"x": [1 + 1e-10, "inf"]})]
    assert [*facts.differences({"x": [1.0]}, {"x": [1.0, 2.0]})] == ["x, 2 was absent, is 2.0"]
    assert [*facts.differences({"x": True}, {"x": 1})] == ["x was true, is 1"]


def test_each_entry_has_its_file_and_nothing_else_has() -> None:
    known = {path.stem for path in (ROOT / "measured").glob("*.json")}
    assert known == {*CATALOGUE, "models", "models_read", "torch_versions"}


@pytest.mark.parametrize("name", [*CATALOGUE, "models", "torch_versions"])
def test_a_file_is_written_as_it_is_read(name: str) -> None:
    text = (ROOT / f"measured/{name}.json").read_text(encoding="utf-8")
    assert files.text(json.loads(text)) + "\n" == text


def test_what_is_not_of_the_function_makes_nothing_due() -> None:
    other = replace(ELU, summary="Another.", papers=("another",), aliases=("E",), issues={1: "a"})
    assert not any(digests.is_due(section, other) for section in MEASURED)


def test_what_a_section_depends_on_makes_it_due(monkeypatch: pytest.MonkeyPatch) -> None:
    def due(entry: Any) -> set[str]:
        return {section for section in MEASURED if digests.is_due(section, entry)}

    assert ELU.textbook
    assert due(replace(ELU, formula=2 * ELU.formula)) == MEASURED
    assert due(replace(CATALOGUE["swish"], torch=Other)) == MEASURED
    textbook = Textbook(ELU.textbook.code + " + 0", ELU.textbook.stable)
    assert due(replace(ELU, textbook=textbook)) == {"rounding"}
    assert due(replace(ELU, elsewhere=ELU.elsewhere[1:])) == {"frameworks"}
    with monkeypatch.context() as patch:
        patch.setattr(depth, "METHOD", 2)
        assert due(ELU) == {"depth"}
    monkeypatch.setattr(digests, "torch_version", lambda: "9.9")
    assert due(ELU) == MEASURED


def test_one_entry_is_measured_into_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    files.update("glu", {"facts": {"name": "kept"}, "frameworks": {"digest": "old"}})
    command.measure("glu", anew=False)
    found = files.read("glu")
    assert list(found) == ["facts", "rounding", "frameworks"], "a gate has no depth"
    assert found["facts"] == {"name": "kept"} and found["rounding"]["cpu"]["date"]
    assert [path.name for path in tmp_path.iterdir()] == ["glu.json"]
    (tmp_path / "glu.json").write_text("{", encoding="utf-8")
    (told,) = command.attempt("glu", anew=True)
    assert "glu.json, line 1" in told and "delete it and measure again" in told
    assert (tmp_path / "glu.json").read_text(encoding="utf-8") == "{"


def test_dates_and_versions_that_differ_are_told_as_a_range() -> None:
    assert files.span(["2026-11-24", "2026-11-24"]) == "2026-11-24"
    assert files.span(["2.10.0", "2.9.1", "2.9.1"]) == "2.9.1 to 2.10.0"
    assert files.newest(["2.10.0", "2.9.1"]) == "2.10.0"
