"""The drawn plots: colours, ids, and a look at each drawing for texts that do not fit."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT
from playwright.sync_api import Browser
from shapes import ENTRIES

from activations import CATALOGUE
from activations._entry import Activation
from gen import kinds
from gen.drawing import ink


def test_the_light_scheme_has_the_style_files_colours() -> None:
    css = (ROOT / "web" / "styles" / "base.css").read_text(encoding="utf-8")
    light = re.search(r":root {(.*?)}", css, re.S)
    assert light
    assert dict(re.findall(r"--af-(\w+): (#[0-9a-f]{6});", light[1])) == ink.INK
    assert len(set(ink.INK.values())) == len(ink.INK)  # or a role cannot be told from its colour


def drawings(generated: Path) -> dict[str, str]:
    """Every drawing of the site: file and name -> SVG."""
    found = {}
    for path in sorted(generated.rglob("*.md")):
        for name, drawn in re.findall(
            r'<figure class="af-plot[^>]* id="plot-([^"]+)".*?(<svg role="img".*?</svg>)',
            path.read_text(encoding="utf-8"),
            re.S,
        ):
            found[f"{path.relative_to(generated)} {name}"] = drawn
    return found


def test_ids_and_colours(generated: Path) -> None:
    """On one page no id comes twice, and no colour stands outside the palette."""
    by_page: dict[str, list[str]] = {}
    for name, drawn in drawings(generated).items():
        root = ElementTree.fromstring(drawn)
        ids = by_page.setdefault(name.partition("/")[0], [])
        ids += [i for element in root.iter() if (i := element.get("id"))]
        bare = re.sub(r"var\(--af-[a-z]+, #[0-9a-f]{6}\)", "none", drawn)
        assert not re.search(r"(fill|stroke): (?!none)", bare), name
    assert len(by_page) > 30
    for page, ids in by_page.items():
        assert len(ids) == len(set(ids)), page


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (CATALOGUE["glu"], "a is columns 1, 2, 3 and 4, b columns 5, 6, 7 and 8"),
        (ENTRIES["clipped"], "a is columns 1, 3, 5 and 7, b columns 2, 4, 6 and 8"),
    ],
    ids=("halves", "interleaved"),
)
def test_the_picture_shows_which_columns_are_which_half(entry: Activation, told: str) -> None:
    kind = kinds.of(entry)
    found = {drawing.name: drawing for drawing in kind.drawings(kind.facts())}
    assert told in found["packing"].alt and told in found["packing"].caption


def test_texts_fit(generated: Path, browser: Browser) -> None:
    """No text is cut off at the edge of its drawing, and no two lie on each other."""
    page = browser.new_page()
    page.set_content("<style>svg {display: block}</style>" + "".join(drawings(generated).values()))
    trouble = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap((svg) => {
          const boxOf = (element) => element.getBoundingClientRect();
          const frame = boxOf(svg);
          const texts = [...svg.querySelectorAll('text')].map((text) => [text, boxOf(text)]);
          const isCut = (b) => b.left < frame.left - 0.5 || b.right > frame.right + 0.5
            || b.top < frame.top - 0.5 || b.bottom > frame.bottom + 0.5;
          const meet = (a, b) => a.left < b.right && b.left < a.right
            && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
          const wrong = texts.filter(([, a], n) =>
            isCut(a) || texts.slice(n + 1).some(([, b]) => meet(a, b)));
          return wrong.map(([text]) => `${svg.getAttribute('aria-label')}: ${text.textContent}`);
        })"""
    )
    page.close()
    assert not trouble, trouble
