"""What a newcomer meets: three usual mistakes, the form for a wrong fact, the pull request."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, run

Edit = Callable[[str, str, str], None]
GITHUB = ROOT / ".github"

# the slip, and what the message must say: where it is, what is wrong, what to do
SLIPS: dict[str, tuple[tuple[str, str, str], list[str]]] = {
    "a parameter that stands for another default": (
        ("activations/leaky_relu.py", "(alpha * x, x <= 0)", "(alpha * x / 10, x <= 0)"),
        ["activations/leaky_relu.py: the formula and torch disagree on the value at x = ",
         "torch says ", "the formula ", "correct the formula"],
    ),
    "a page without one of its headings": (
        ("docs/activations/elu.md", "## See also\n", ""),
        ["docs/activations/elu.md lacks the heading '## See also'", "_template.md"],
    ),
    "a key with a typo": (
        ("docs/activations/elu.md", "[@trottier2017parametric]", "[@trotier2017parametric]"),
        ["docs/activations/elu.md, line ", "cites trotier2017parametric",
         "did you mean trottier2017parametric?"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_newcomers_mistake_is_told_in_two_lines(name: str, project: Path, edit: Edit) -> None:
    """The message, then that nothing was lost; apart from the progress there is nothing else."""
    change, wanted = SLIPS[name]
    edit(*change)
    done = run("gen", cwd=project)
    assert done.returncode == 1
    message, standing = [line for line in done.stderr.splitlines() if line.startswith("gen: ")]
    for part in wanted:
        assert part in message, done.stderr
    assert len(message) < 400, "nobody reads more"
    assert standing == "gen: nothing was written; the last good output stands"
    rest = [line for line in done.stderr.splitlines() if not line.startswith("gen: ")]
    assert all(re.search(r"\d+/\d+ \d:\d\d:\d\d", line) for line in rest if line.strip()), rest
    if name == "a key with a typo":
        done = run("mkdocs", "build", "--site-dir", ".site-new", cwd=project)
        assert done.returncode != 0
        assert all(part in done.stderr for part in wanted)
        assert "Traceback" not in done.stderr


def test_the_form_for_a_wrong_fact_asks_for_the_evidence() -> None:
    """The shape is that of GitHub's issue forms: a name, a description and a body of fields."""
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE/wrong-fact.yml").read_text(encoding="utf-8"))
    assert form["name"] and form["description"] and form["labels"]
    asked = {field["id"]: field for field in form["body"]}
    assert list(asked) == ["page", "says", "holds", "evidence"]
    for field in asked.values():
        assert field["type"] in ("input", "textarea")
        assert field["attributes"]["label"]
        assert field["validations"] == {"required": True}
    evidence = asked["evidence"]["attributes"]["description"]
    for word in ("paper", "page", "snippet", "printed", "versions"):
        assert word in evidence
    contributing = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    assert f"“{form['name']}”" in contributing or f'"{form["name"]}"' in contributing


def test_a_pull_request_is_asked_four_things() -> None:
    lines = (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert all(line.startswith("- ") for line in lines)
    assert "evidence" in "".join(lines) and "make test" in "".join(lines)
