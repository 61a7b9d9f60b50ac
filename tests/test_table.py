"""The catalogue's table: what it says, and how it sorts and filters in Chromium."""

import copy
import gzip
import json
import math
import random
import re
from pathlib import Path
from typing import Any

import markdown
import pytest
from bs4 import BeautifulSoup
from conftest import PHONE
from markdown.extensions import Extension
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from activations._families import FAMILIES
from gen.bibliography.citations import Citations
from gen.drawing.plots import thumbnail
from gen.pages import catalogue
from gen.site.typesetting import Typesetter


@pytest.fixture(scope="session")
def cells(site: Path) -> dict[str, dict[str, str]]:
    """slug -> key of the column -> the value that the table sorts and filters by."""
    text = (site / "activations" / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    keys = str(soup.select_one(".af-filter")["data-columns"]).split()  # type: ignore[index]
    found = {}
    for row in soup.select(".af-catalogue tbody tr:not(.af-group)"):
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
    names = page.locator(".af-catalogue tbody tr:visible [scope=row] a")
    return names.evaluate_all("all => all.map(a => a.textContent)")


def test_a_heading_sorts_by_mouse_and_by_keys(page: Page, address: str) -> None:
    page.goto(f"{address}activations/")
    gain = page.get_by_role("button", name="Gain")
    heading = page.get_by_role("columnheader", name="Gain")
    gain.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    gains = page.locator(".af-catalogue tbody tr :nth-child(12) data")
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
    page.get_by_role("button", name="Function", exact=True).click()
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


def test_families_fold_and_what_is_looked_for_is_found_in_them(page: Page, address: str) -> None:
    page.goto(f"{address}activations/")
    everything, headings = shown(page), page.locator(".af-group:visible")
    count = headings.count()
    assert count == len({entry.family for entry in CATALOGUE.values()})
    family = page.get_by_role("button", name="Linear")
    family.press("Enter")
    expect(family).to_have_attribute("aria-expanded", "false")
    assert shown(page) == [name for name in everything if name != "Identity"]
    expect(headings).to_have_count(count)
    page.get_by_label("Filter by name").fill("identity")
    assert shown(page) == ["Identity"] and headings.count() == 1
    page.get_by_role("button", name="Gain").click()
    assert shown(page) == ["Identity"] and headings.count() == 0
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == everything and headings.count() == count
    expect(family).to_have_attribute("aria-expanded", "true")


def test_the_first_filter_is_whether_torch_has_it(page: Page, address: str) -> None:
    page.goto(f"{address}activations/")
    assert page.locator(".af-filter select").first.get_attribute("name") == "torch"
    page.get_by_role("combobox", name="In torch").select_option("no")
    assert shown(page) == [e.name for e in CATALOGUE.values() if e.is_ours]


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_widest_table_fits_and_its_headings_stay(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}activations/")
    wrap = page.locator(".af-catalogue > .md-typeset__scrollwrap")
    assert wrap.evaluate("e => e.scrollWidth <= e.clientWidth")
    cut = page.locator(".af-catalogue :is(td, th)").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    )
    assert not cut
    row = page.locator(".af-catalogue tbody tr").nth(25)
    row.evaluate("e => e.scrollIntoView({block: 'center'})")
    header, heading = (
        page.locator(f"{e}").first.bounding_box() for e in (".md-header", ".af-name")
    )
    assert header and heading and abs(heading["y"] - header["height"]) < 2
    link = page.get_by_role("button", name="Gain")
    link.click()  # nothing covers it
    expect(page.get_by_role("columnheader", name="Gain")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_on_a_phone_the_filters_fold_and_names_and_headings_stay(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}activations/")
    first = page.locator(".af-catalogue tbody tr:not(.af-group)").first
    box = first.bounding_box()
    assert box and box["y"] + box["height"] < 600 and box["y"] < 500
    menu, more = page.get_by_label("Smooth"), page.get_by_role("button", name="Filters")
    expect(menu).to_be_hidden()
    more.press("Enter")
    menu.select_option("analytic")
    more.press("Enter")
    expect(menu).to_be_hidden()
    expect(more).to_have_text("Filters: 1")
    page.get_by_role("button", name="Show all").click()
    wrap = page.locator(".af-catalogue > .md-typeset__scrollwrap")
    wrap.evaluate("e => { e.scrollIntoView(); e.scrollTo(500, 900); }")
    frame, corner = wrap.bounding_box(), page.locator("th.af-name").bounding_box()
    name = page.get_by_role("rowheader", name="Mish").bounding_box()
    assert frame and corner and name
    assert frame["width"] == PHONE["width"] and name["x"] == corner["x"] == frame["x"]
    assert corner["y"] == frame["y"]


# the catalogue as it grows


@pytest.fixture(scope="session")
def grown(site: Path, public: Path) -> str:
    """The catalogue's page with made-up functions beside ours, 250 in all."""
    data = json.loads((public / "activations.json").read_text(encoding="utf-8"))["activations"]
    years = {p["id"]: str(p["issued"]["date-parts"][0][0]) for p in papers(public)}
    chance = random.Random(1)

    def word() -> str:
        return "".join(chance.choices("aeioubcdfghlmnprstvwxz", k=chance.randint(4, 9)))

    def drawn() -> str:
        a, b, c = (chance.uniform(-2, 2) for _ in range(3))
        xs = [n / 8 for n in range(-32, 33)]
        return thumbnail([[(x, a * math.tanh(b * x) + c * math.sin(x)) for x in xs]]).svg

    def made(like: dict[str, Any]) -> dict[str, Any]:
        aliases = [f"{word()} {word()} unit" for _ in range(chance.randint(0, 3))]
        facts = copy.deepcopy(like["facts"])
        if "gaussian" in facts:
            facts["gaussian"]["gain"] = chance.uniform(0.5, 3)
        low = chance.uniform(-2, 0)
        return {
            **like,
            "slug": word(),
            "name": word().upper(),
            "aliases": aliases,
            "facts": facts,
            "papers": [chance.choice(list(years))],
            "thumbnail": drawn(),
            "told": {"range": ("Range", rf"$\approx [{low:.5g}, \infty)$")},
        }

    records = [made(chance.choice(list(data.values()))) for _ in range(250)]
    extensions: list[str | Extension] = ["attr_list", "md_in_html", "pymdownx.arithmatex"]
    extensions += [Citations(public.parent / "citations.json")]
    body = markdown.markdown(
        catalogue.table(records, years),
        extensions=extensions,
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )
    body = Typesetter().page(wrapped(body))
    text = (site / "activations" / "index.html").read_text(encoding="utf-8")
    start, end = text.index('<div role="search" aria-label="Filter'), text.index('<h2 id="what-the')
    link = '<li class="md-nav__item"><a href="{0}/" class="md-nav__link">{1}</a></li>'
    more = "".join(link.format(r["slug"], r["name"]) for r in records)
    head, nav = text[:start].rsplit("</nav>", 1)
    return f"{head}<ul>{more}</ul></nav>{nav}{body}{text[end:]}"


def papers(public: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((public / "papers.json").read_text(encoding="utf-8"))
    return found


def wrapped(body: str) -> str:
    """As the hook wraps tables."""
    wrap = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
    return body.replace("<table>", f"{wrap}<table>").replace("</table>", "</table></div></div>")


def test_with_250_functions_it_stays_light(grown: str) -> None:
    soup = BeautifulSoup(grown, "html.parser")
    assert len(soup.select(".af-catalogue tbody tr:has(svg.af-thumb)")) == 250
    assert len(gzip.compress(grown.encode(), 9)) < 100_000


AT_ONCE = """async () => {
  const input = document.querySelector('.af-filter input');
  const rows = '.af-catalogue tbody tr:not(.af-group, [hidden])';
  const shown = () => document.querySelectorAll(rows).length;
  const ask = (text) => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    return shown();
  };
  const nothing = ask('no such function');
  const first = ask('');
  for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
  return [nothing, first, shown()];
}"""


def test_with_250_functions_filters_answer_in_a_frame(page: Page, address: str, grown: str) -> None:
    """What is near the top comes at once, what is far down in the frames that follow."""
    page.route(f"{address}activations/", lambda r: r.fulfill(body=grown, content_type="text/html"))
    page.goto(f"{address}activations/")
    expect(page.locator(".af-filter output")).to_have_text("250 functions")
    assert page.evaluate(AT_ONCE) == [0, 30, 250]
