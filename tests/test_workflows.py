"""The workflows: what each may do, and what runs without a person."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
WRITES = {("site", "publish"): {"pages", "id-token"}, ("frameworks", "report"): {"issues"}}
README = (ROOT / "README.md").read_text(encoding="utf-8")
PINNED = r"[\w-]+/[\w/-]+@[0-9a-f]{40}"
OURS = {f"./{path.parent.relative_to(ROOT).as_posix()}" for path in ACTIONS}


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
            check(step)
        if writing & {"issues"}:
            assert all("uses" not in step for step in job["steps"]), "who writes runs no action"


def check(step: dict[str, Any]) -> None:
    used = step.get("uses")
    assert used in {None, *OURS} or re.fullmatch(PINNED, str(used)), f"pin {used} by its commit"
    assert "${{" not in step.get("run", ""), "give what is computed by env"


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.parent.name)
def test_our_actions_use_what_is_pinned(path: Path) -> None:
    for step in yaml.safe_load(path.read_text(encoding="utf-8"))["runs"]["steps"]:
        check(step)


def test_the_tests_run_on_each_python_that_the_readme_promises() -> None:
    """Their virtual environments and results are kept apart."""
    workflow = yaml.safe_load((WORKFLOWS[0].parent / "site.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["test"]
    promised = re.findall(
        r"3\.\d+", README.partition("the workflow tests with")[2].partition("\n")[0]
    )
    assert job["strategy"]["matrix"]["python"] == promised == ["3.11", "3.12", "3.13"]
    assert {"python": "${{ matrix.python }}"} in [step.get("with") for step in job["steps"]]
    steps = yaml.safe_load(ACTIONS[0].read_text(encoding="utf-8"))["runs"]["steps"]
    keys = [step["with"]["key"] for step in steps if "key" in step["with"]]
    assert len(keys) == 2 and all("${{ inputs.python }}" in key for key in keys)
