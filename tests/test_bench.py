"""What `make bench` measures with: the table's verdicts, the bare page, the copy."""

import shutil
import urllib.request
from pathlib import Path

import pytest
from bench import cost, generating, project, reading
from bench.server import compressed
from bench.table import Row, text
from bs4 import BeautifulSoup
from mkdocs.config import load_config


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
    assert ("missed" in text([row])) == (met is False)


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


def test_what_a_run_imports_is_found(generated: Path) -> None:
    """And a copy of the project, bare of our parts, is one that MkDocs can read."""
    with project.copied() as copy:
        assert cost.of("-c", generating.IMPORTS, cwd=copy).cpu > 0
        config = load_config(str(copy / project.BARE))
        assert not config.hooks and config.theme.name == "material"
