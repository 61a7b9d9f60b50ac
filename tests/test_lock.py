"""constraints.txt: the version of every Python package that the site and its tests use."""

from importlib.metadata import distribution

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version


def pinned(name: str) -> dict[str, str]:
    """Package -> version in a requirements file, of the lines that hold for this Python."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    here = [r for r in found if r.marker is None or r.marker.evaluate()]
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in here}


def needed(name: str, seen: set[str]) -> set[str]:
    """The package and all that it needs here, added to `seen`."""
    if name not in seen:
        seen.add(name)
        for line in distribution(name).requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed(canonicalize_name(requirement.name), seen)
    return seen


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_all_that_is_installed_is_locked(name: str) -> None:
    locked, asked = pinned("constraints.txt"), pinned(name)
    assert asked and {package: locked.get(package) for package in asked} == asked, "run make lock"
    seen: set[str] = set()
    for package in asked:
        needed(package, seen)
    assert len(seen) > len(asked)
    # a local version, as in 2.13.0+cpu, tells a build of the same release
    found = {package: Version(distribution(package).version).public for package in sorted(seen)}
    assert {package: locked.get(package) for package in found} == found, "run make lock"
