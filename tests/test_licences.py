"""The page on licences: it names all that the site ships of others, with the texts."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from gen.pages import licences


def listed(site: Path) -> dict[str, str]:
    """Part, without its version -> licence, as the page shows them."""
    page = BeautifulSoup((site / "licences/index.html").read_text(encoding="utf-8"), "html.parser")
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr")]
    return {re.sub(r" [\d.]+$", "", name): licence for name, licence, _ in rows}


def test_every_package_that_a_script_imports_is_listed(site: Path) -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "web").rglob("*.js"))
    imported = set(re.findall(r"from '([^./'][^/']*)", scripts))
    found = listed(site)
    assert len(imported) >= 3
    for name in imported:
        told = json.loads((ROOT / "node_modules" / name / "package.json").read_text("utf-8"))
        assert found[name] == told["license"]


def test_the_theme_and_what_it_holds_are_listed(site: Path) -> None:
    found = listed(site)
    assert found["Material for MkDocs"] == "MIT"
    assert found["rxjs"] == "Apache-2.0"


def test_the_texts_are_published(site: Path) -> None:
    text = (site / "licences.txt").read_text(encoding="utf-8")
    for sign in (
        "Martin Donath",
        "Mike Bostock",
        "Nicolas DUBIEN",
        "Apache License",
        "Pictogrammers",
    ):
        assert sign in text, sign


def test_a_package_without_a_known_licence_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(licences.IN_THEME, "rxjs")
    with pytest.raises(ValueError, match=r"licences\.py: .* rxjs, .* add the one"):
        licences.parts([])


def test_no_script_is_shipped_that_no_page_loads(site: Path) -> None:
    for name in ("lunr", "workers"):  # of Material's search
        assert not (site / "assets/javascripts" / name).exists()
