"""The published pages, styles and drawings, read by the Nu HTML checker."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
FAULTLESS = "Property “vector-effect” doesn't exist."
"""The one error that is the checker's own: SVG 2 defines the property, its CSS rules lack it."""

missing = shutil.which("java") is None
if missing and os.environ.get("CI"):
    pytest.fail("java must be installed where CI runs: see tests/install_java.sh")
pytestmark = pytest.mark.skipif(
    missing, reason="not installed: java (tests/install_java.sh installs it)"
)


def errors(*paths: Path) -> list[str]:
    """What the checker calls an error in the files, each with its place."""
    options = ["--errors-only", "--also-check-css", "--also-check-svg", "--format", "json"]
    jar = str(CHECKER.relative_to(ROOT))  # Java may know no letters but those of ASCII
    command = ["java", "-jar", jar, *options, "--stdout", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    return [
        f"{said['url']}, line {said.get('lastLine')}: {said['message']} {said.get('extract', '')}"
        for said in json.loads(done.stdout)["messages"]
        if FAULTLESS not in said["message"]
    ]


def test_the_checker_finds_no_error(site: Path) -> None:
    pages, drawings = sorted(site.rglob("*.html")), sorted(site.rglob("*.svg"))
    assert len(pages) > 40 and len(drawings) > 30
    found = errors(*pages, *drawings, site / "assets" / "site.css")
    assert not found, "\n".join(found[:20])
