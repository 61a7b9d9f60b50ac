"""What changed in torch: what is measured, how versions are compared, and the page's parts."""

import copy
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from gen.measure import files
from gen.measure.probes import torch_release
from gen.measure.torch_versions import VERSIONS, packed, unpacked
from gen.pages import torch_changes
from gen.pages.torch_changes import changes

FILE = files.read("torch_versions")
MEASURED = unpacked(FILE["versions"])
GRID = FILE["grid"]
NEWEST = MEASURED[-1][1]
PINNED = version("torch").split("+")[0]
ELU = "torch.nn.ELU"


def after(name: str, **fields: str) -> list[tuple[str, str, str]]:
    """(kind, what, means) of the changes where `fields` of one name differ, _ read as a space."""
    new = copy.deepcopy(dict(NEWEST))
    new[name] = {**new[name], **{key.replace("_", " "): text for key, text in fields.items()}}
    found = changes([("1", NEWEST), ("2", new)], GRID)
    assert {change.name for change in found} <= {name}
    return [(change.kind, change.what, change.means) for change in found]


def moved(text: str, x: float, value: str) -> str:
    """The values on the grid with that at x replaced."""
    numbers = text.split()
    numbers[GRID.index(x)] = value
    return " ".join(numbers)


def test_every_listed_version_is_measured_and_the_pinned_one_is_listed() -> None:
    stale = "run make measure-torch and commit"
    assert [name for name, _ in MEASURED] == list(VERSIONS), stale
    assert PINNED in VERSIONS, f"list the pinned version, and {stale}"


def test_the_file_is_what_this_torch_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond rounding, so that another processor's last digits do not matter.

    It adds up attention's matrix products in another order, which costs float32 one digit more.
    """
    report = torch_release.report()
    assert list(report["grid"]) == GRID
    versions = [("file", dict(MEASURED)[PINNED]), ("here", report["names"])]
    found = [c for c in changes(versions, GRID) if "attention" not in c.name.lower()]
    monkeypatch.setitem(torch_changes.ROUNDING, "float32", 10 * torch_changes.ROUNDING["float32"])
    found += [c for c in changes(versions, GRID) if "attention" in c.name.lower()]
    assert not [change for change in found if change.kind != "special"], found


def test_packed_is_undone_by_unpacked() -> None:
    names: list[dict[str, Any]] = [
        {"a": {"f": "1", "g": "2"}, "b": {"f": "3"}},
        {"a": {"f": "1", "g": "4"}},
        {"a": {"f": "1", "g": "4"}, "b": {"f": "5"}},
    ]
    reports = [
        {"torch": str(n), "capability": "", "names": record} for n, record in enumerate(names)
    ]
    short = packed(reports)
    assert short[1]["names"] == {"a": {"g": "4"}, "b": None}
    assert unpacked(short) == [(r["torch"], r["names"]) for r in reports]


@pytest.mark.parametrize(
    ("signature", "what"),
    [
        ("alpha=2.0, inplace=False", "the default of `alpha` is `2.0`, was `1.0`"),
        ("alpha=1, inplace=False", "the default of `alpha` is `1`, was `1.0`"),
        ("alpha=1.0", "lost the parameter `inplace`"),
        ("alpha=1.0, inplace=False, *, beta", "has a new parameter `beta`"),
        ("alpha, inplace=False", "the default of `alpha` is `required`, was `1.0`"),
    ],
)
def test_signatures(signature: str, what: str) -> None:
    ((kind, told, _),) = after(ELU, signature=signature)
    assert (kind, told) == ("signature", what)


def test_values_and_slopes_beyond_rounding() -> None:
    value, slope = NEWEST[ELU]["float64 value"], NEWEST[ELU]["float64 slope"]
    assert not after(ELU, float64_value=moved(value, 2.0, "2.00000000001"))
    ((_, told, means),) = after(ELU, float64_value=moved(value, 2.0, "2.0001"))
    assert told == "the value at x = 2 is 2.0001, was 2 (float64, in a tensor of 32)"
    assert "5·10⁻⁵" in means
    ((_, told, _),) = after(
        ELU,
        float64_slope=moved(slope, 1.0, "0.5"),
        float32_slope=moved(NEWEST[ELU]["float32 slope"], 1.0, "0.5"),
    )
    assert told == "the slope at x = 1 is 0.5, was 1 (in a tensor of 32)"


def test_changes_that_are_known() -> None:
    """From torch's own history: half precision on the CPU, Hardswish at −3, Softshrink of NaN."""
    found = {(c.version, c.name.rpartition(".")[2], c.what) for c in changes(MEASURED, GRID)}
    assert any(n == "relu" and "`float16` is answered in `float16`" in what for _, n, what in found)
    assert any(n == "hardswish" and "the slope at x = −3 is 0, was −0.5" in w for _, n, w in found)
    assert any(n == "Softshrink" and w == "the value at NaN is NaN, was 0" for _, n, w in found)
    at_3 = {(v, what) for v, n, what in found if n == "hardswish" and "x = 3" in what}
    assert at_3 == {
        ("2.7.1", "the slope at x = 3 is 1.5, was 1 (in a tensor of 32)"),
        ("2.8.0", "the slope at x = −3 is 0, was −0.5; the slope at x = 3 is 1, was 1.5"),
    }


def test_what_holds_in_some_tensors_only_says_in_which() -> None:
    together, alone = NEWEST[ELU]["float32 slope"], NEWEST[ELU]["float32 slope alone"]
    ((_, told, _),) = after(ELU, float32_slope_alone=moved(alone, 1.0, "0.5"))
    assert told == "the slope at x = 1 is 0.5, was 1 (float32, alone)"
    ((_, told, _),) = after(
        ELU,
        float32_slope=moved(together, 1.0, "0.5"),
        float32_slope_alone=moved(alone, 1.0, "0.5"),
    )
    assert told == "the slope at x = 1 is 0.5, was 1 (float32)"
    assert "float32 value alone" not in NEWEST["torch.nn.Softmax"]


def test_the_table_is_newest_first_and_links_to_pages(generated: Path) -> None:
    table = (generated / "torch_changes/changes.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) >= 5 and all(len(row) == 4 for row in rows)
    listed = [VERSIONS.index(row[0].removeprefix("| ")) for row in rows]
    assert listed == sorted(listed, reverse=True)
    for link in re.findall(r"\(/(activations/\w+\.md)\)", table):
        assert (ROOT / "docs" / link).is_file()
    assert "`torch.nn." not in re.sub(r"\(`.*?`\)", "", table), "a name has no page"
