"""The newest releases: what is compared, what the report says, and every workflow's permissions."""

import copy
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

from gen.measure import newest
from gen.measure.differences import lines

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WRITES = {
    ("site", "publish"): {"pages", "id-token"},
    ("newest", "report"): {"issues"},
    ("frameworks", "report"): {"issues"},
}
PINNED = r"[\w-]+/[\w/-]+@[0-9a-f]{40}"


@pytest.fixture(scope="session")
def published(generated: Path) -> dict[str, Any]:
    return json.loads((generated / "public" / "activations.json").read_text(encoding="utf-8"))


def doctored(published: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> list[str]:
    """The differences after `change` of the activations."""
    new = copy.deepcopy(published)
    change(new["activations"])
    return lines(published, new)


def test_a_fact_a_default_and_a_name_that_changed_are_told_by_page(
    published: dict[str, Any],
) -> None:
    def change(found: dict[str, Any]) -> None:
        found["elu"]["facts"]["minimum"] = {"x": 1.0, "y": -2.0}
        found["elu"]["facts"]["range"]["lower"] = "-inf"
        found["elu"]["facts"]["slope_at_zero"][1] = 0.5
        found["elu"]["parameters"][0]["default"] = 2.0
        found["gelu"]["functional"] = None
        del found["relu"]["facts"]["lipschitz"]
        del found["tanh"]
        found["relu7"] = {}

    assert sorted(doctored(published, change)) == [
        'docs/activations/elu.md: minimum was null, is {"x": 1.0, "y": -2.0}',
        "docs/activations/elu.md: parameters, alpha, default was 1.0, is 2.0",
        'docs/activations/elu.md: range, lower was -1.0, is "-inf"',
        "docs/activations/elu.md: slope_at_zero, 2 was 1.0, is 0.5",
        'docs/activations/gelu.md: functional was "torch.nn.functional.gelu", is null',
        "docs/activations/relu.md: lipschitz was 1.0, is absent",
        "docs/activations/relu7.md: the activation is new",
        "docs/activations/tanh.md: the activation is gone",
    ]


def test_rounding_and_typesetting_are_no_differences(published: dict[str, Any]) -> None:
    def change(found: dict[str, Any]) -> None:
        found["gelu"]["facts"]["minimum"]["y"] *= 1 + 1e-12
        found["elu"]["facts"]["gaussian"]["mean"] += 1e-14
        found["elu"]["formula"] += r"\,"

    assert doctored(published, change) == []
    assert doctored(published, lambda found: None) == []


def test_only_what_computes_and_builds_is_loosened() -> None:
    old = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    new = newest.loosened("\n".join(old)).splitlines()
    changed = [line for line, before in zip(new, old, strict=True) if line != before]
    assert sorted(re.split(">=", line)[0] for line in changed) == sorted(newest.LOOSE)
    with pytest.raises(ValueError, match="does not pin torch"):
        newest.loosened("sympy==1\n")


def test_the_report_names_pages_and_tests(published: dict[str, Any]) -> None:
    new = copy.deepcopy(published)
    new["activations"]["elu"]["facts"]["lipschitz"] = 2.0
    output = "…\nFAILED tests/test_facts.py::test_a[elu] - assert 1 == 2\nERROR tests/test_b.py\n"
    text = newest.report(["torch 3.0"], published, new, False, output)
    assert text.startswith("Tried with torch 3.0.\n")
    assert "- docs/activations/elu.md: lipschitz was 1.0, is 2.0\n" in text
    assert "- `tests/test_b.py`\n- `tests/test_facts.py::test_a[elu]`" in text
    assert newest.report(["torch 3.0"], published, published, True, "") == ""
    typed = newest.report([], published, published, False, "gen/a.py:1: error: wrong\n")
    assert "failed outside of the tests" in typed and "gen/a.py:1: error: wrong" in typed
    stopped = newest.report([], published, None, False, "gen: activations/elu.py: disagree")
    assert "does not build" in stopped and "gen: activations/elu.py: disagree" in stopped


def test_a_step_that_fails_does_not_hide_the_next(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("test:\n\tfalse\n\techo reached\n", encoding="utf-8")
    command = ["make", "--ignore-errors", "test"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert "reached" in done.stdout and not newest.passed(done)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_do_no_more_than_they_must(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(workflow["permissions"].values()) <= {"read"}, (
        "permissions of the whole are too wide"
    )
    for name, job in workflow["jobs"].items():
        given = job.get("permissions", {})
        writing = {scope for scope, level in given.items() if level != "read"}
        assert writing == WRITES.get((path.stem, name), set()), f"{name} may write {writing}"
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            used = step.get("uses")
            assert used is None or re.fullmatch(PINNED, used), f"pin {used} by its commit"
            assert "${{" not in step.get("run", ""), "give what is computed by env"
        if writing & {"issues"}:
            assert all("uses" not in step for step in job["steps"]), "who writes runs no action"


@pytest.mark.parametrize(
    ("name", "job", "command"),
    [
        ("newest", "compare", "make compare-newest"),
        ("frameworks", "measure", "gen.measure.frameworks gen.measure.models"),
    ],
)
def test_the_newest_are_tried_on_a_schedule_and_on_demand(
    name: str, job: str, command: str
) -> None:
    workflow = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads the key `on` as true
    assert re.fullmatch(r"\d+ \d+ (\d+ \* \*|\* \* \d)", triggers["schedule"][0]["cron"])
    assert "workflow_dispatch" in triggers
    assert any(command in step.get("run", "") for step in workflow["jobs"][job]["steps"])
