"""The catalogue's table: what it says, and how it sorts and filters in Chromium."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from activations._families import FAMILIES


@pytest.fixture(scope="session")
def cells(site: Path) -> dict[str, dict[str, str]]:
    """slug -> key of the column -> the value that the table sorts and filters by."""
    text = (site / "activations" / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    keys = str(soup.select_one(".af-filter")["data-columns"]).split()  # type: ignore[index]
    found = {}
    for row in soup.select(".af-catalogue tbody tr"):
        slug = str(row.select_one("a")["href"]).strip("/")  # type: ignore[index]
        found[slug] = dict(zip(keys, (str(d["value"]) for d in row.select("data")), strict=True))
    return found


def test_the_table_says_what_the_data_say(cells: dict[str, dict[str, str]], site: Path) -> None:
    data = json.loads((site / "activations.json").read_text(encoding="utf-8"))["activations"]
    assert cells.keys() == data.keys() == CATALOGUE.keys()
    for slug, record in data.items():
        row, facts = cells[slug], record["facts"]
        assert row["family"] == FAMILIES[record["family"]][0] and row["kind"] == record["kind"]
        assert row["torch"] == ("yes" if record["torch"] or record["functional"] else "no")
        learned = any(p["learnable"] for p in record["parameters"])
        wanted = "learned" if learned else "set" if record["parameters"] else "none"
        assert row["parameters"] == wanted
        if "gaussian" not in facts:
            assert row["gain"] == row["bounded"] == row["smooth"] == row["centred"] == ""
            continue
        assert float(row["gain"]) == facts["gaussian"]["gain"]
        assert row["centred"] == ("yes" if abs(facts["gaussian"]["mean"]) < 1e-12 else "no")
        assert row["monotone"] == facts["monotone"]
        ends = [isinstance(facts["range"][end], float) for end in ("lower", "upper")]
        assert row["bounded"] == ["no", "below", "above", "yes"][ends[0] + 2 * ends[1]]
    assert cells["gelu"]["year"] == "2016" and cells["relu"]["year"] == "1969"


def shown(page: Page) -> list[str]:
    names = page.locator(".af-catalogue tbody tr:visible td:nth-child(2) a")
    return names.evaluate_all("all => all.map(a => a.textContent)")


def test_a_heading_sorts_by_mouse_and_by_keys(page: Page, address: str) -> None:
    page.goto(f"{address}activations/")
    gain = page.get_by_role("button", name="Gain")
    heading = page.get_by_role("columnheader", name="Gain")
    gain.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    gains = page.locator(".af-catalogue tbody tr td:nth-child(12) data")
    values = [float(v) for v in gains.evaluate_all("all => all.map(d => d.value)") if v]
    assert values == sorted(values) and len(values) > 20
    assert shown(page)[-1] in ("GLU", "Multi-head attention", "Softmax", "Softmin", "LogSoftmax",
                               "Softmax2d", "Gumbel-Softmax", "Adaptive log-softmax")  # fmt: skip
    gain.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert shown(page)[0] == "Tanhshrink"
    expect(page).to_have_url(re.compile("sort=-gain"))


def test_filters_narrow_the_table_and_the_address_keeps_them(page: Page, address: str) -> None:
    page.goto(f"{address}activations/")
    everything = shown(page)
    assert len(everything) == len(CATALOGUE)
    page.get_by_role("combobox", name="Family").select_option("Sigmoidal functions")
    page.get_by_label("Smooth").select_option("analytic")
    page.get_by_role("button", name="Function").click()
    assert shown(page) == ["Sigmoid", "Tanh"]
    expect(page.locator(".af-filter output")).to_have_text(f"2 of {len(CATALOGUE)} functions")
    expect(page).to_have_url(re.compile("smooth=analytic"))
    page.reload()
    expect(page.get_by_role("combobox", name="Family")).to_have_value("Sigmoidal functions")
    assert shown(page) == ["Sigmoid", "Tanh"]
    page.get_by_label("Filter by name").fill("logistic")
    assert shown(page) == ["Sigmoid"]
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == everything
    expect(page).to_have_url(f"{address}activations/")
