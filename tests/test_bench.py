"""What `make bench` measures with: the table's verdicts, the index of many pages, the bare page."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from bench import generating, project, reading, searching
from bench.server import compressed
from bench.table import Row, text
from bs4 import BeautifulSoup


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("part", "a median under its bound", "ms", [1, 2, 30], 2), True),
        (Row("part", "a median over its bound", "ms", [1, 3, 3], 2), False),
        (Row("part", "a score", "", [99, 99, 100], 100, bound="least"), False),
        (Row("part", "a ratio", "s", [3, 3, 3], 1.5, "twice as quick", [2, 2, 2]), True),
        (Row("part", "a ratio", "s", [3, 3, 3], 1.4, "twice as quick", [2, 2, 2]), False),
        (Row("part", "no target", "s", [3]), None),
    ],
)
def test_a_row_tells_whether_its_target_is_met(row: Row, met: bool | None) -> None:
    assert row.met is met
    assert row.record()["met"] is met
    assert ("missed" in text([row])) == (met is False)


def test_the_index_is_repeated_up_to_the_pages_asked_for(site: Path, tmp_path: Path) -> None:
    index = tmp_path / "search_index.json"
    shutil.copy(site / "search" / "search_index.json", index)
    searching.repeat(index, 400)
    docs = json.loads(index.read_text(encoding="utf-8"))["docs"]
    assert len({entry["location"].partition("#")[0] for entry in docs}) == 400
    assert len({entry["location"] for entry in docs}) == len(docs)


def test_the_stripped_page_has_the_themes_parts_alone(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    path = reading.strip(folder, "activations/elu/")
    page = BeautifulSoup((folder / path / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert not page.select("figure, .af-math, script[type='application/ld+json']")
    with compressed(folder) as server:
        for part in page.select("link[rel=stylesheet], script[src]"):
            address = str(part.get("href") or part.get("src"))
            assert "assets/javascripts" in address or "assets/stylesheets" in address
            with urllib.request.urlopen(f"{server.address}{path}{address}") as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
        assert server.sent > 0


@pytest.mark.parametrize(
    "code",
    ["import bench.steps", "import bench.drawings", "import bench.images", generating.IMPORTS],
)
def test_what_runs_in_a_copy_finds_all_it_needs_there(generated: Path, code: str) -> None:
    with project.copied() as copy:
        env = {**os.environ, "PYTHONPATH": "tests"}
        done = subprocess.run([sys.executable, "-c", code], cwd=copy, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
