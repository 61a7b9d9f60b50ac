"""The drawn plots: ticks, paths, and a look at each drawing for texts that do not fit."""

import itertools
import json
import math
import random
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT
from playwright.sync_api import Browser

from gen import node
from gen.drawing import scales, svg


def test_ticks_are_those_of_the_interactive_plots() -> None:
    chance = random.Random(0)
    ranges = []
    for _ in range(500):
        low = chance.gauss(0, 10 ** chance.uniform(-2, 3))
        high = low + 10 ** chance.uniform(-2, 4)
        ranges.append((low, high, chance.randint(2, 9)))
    ranges += [(-6, 6, 7), (-1.4174, 6.4199, 7), (0, 1, 5), (-0.3, 0.3, 6)]
    drawn = json.loads(node.run(ROOT / "tests" / "ticks.mjs", text=json.dumps(ranges)))
    for (low, high, count), wanted in zip(ranges, drawn, strict=True):
        found = scales.rounded(low, high, count)
        assert [label for _, label in found] == [label for _, label in wanted], (low, high, count)
        assert [value for value, _ in found] == pytest.approx([value for value, _ in wanted])


def points(d: str) -> list[tuple[float, float]]:
    """The corners of a path."""
    found: list[tuple[float, float]] = []
    for letter, rest in re.findall(r"([Mlhv])([^Mlhv]*)", d):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        x, y = found[-1] if letter != "M" else (0.0, 0.0)
        dx, dy = {"h": (numbers[0], 0.0), "v": (0.0, numbers[0])}.get(letter, tuple(numbers))
        found.append((x + dx, y + dy))
    return found


def off(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """The distance of a point from a stretch."""
    (x, y), (a, b), (c, d) = point, start, end
    length = (c - a) ** 2 + (d - b) ** 2
    t = max(0, min(1, ((x - a) * (c - a) + (y - b) * (d - b)) / length)) if length else 0
    return math.hypot(x - a - t * (c - a), y - b - t * (d - b))


@pytest.mark.parametrize(
    "curve",
    [
        [(x / 2, 100 + 80 * math.sin(x / 20)) for x in range(400)],
        [(x, 100.0 if x < 50 else 20.0) for x in range(100)],
        [(x, abs(x - 33.3)) for x in range(80)],
        [(50 + 40 * math.cos(t / 9), 50 + 40 * math.sin(t / 9)) for t in range(57)],
        [(1.0, 2.0), (3.0, 4.0)],
    ],
    ids=["wave", "step", "kink", "circle", "two points"],
)
def test_a_path_stays_on_its_points(curve: list[tuple[float, float]]) -> None:
    drawn = points(svg.path(curve))
    near = 1.5 * svg.SAME
    assert drawn[0] == pytest.approx(curve[0], abs=0.006)
    assert drawn[-1] == pytest.approx(curve[-1], abs=0.02)
    for point in curve:
        assert min(off(point, a, b) for a, b in itertools.pairwise(drawn)) < near
    for corner in drawn:
        assert min(math.dist(corner, point) for point in curve) < near


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.001, "0"), (0.25, ".25"), (-0.5, "-.5"), (10.5, "10.5"), (-20, "-20")],
)  # fmt: skip
def test_numbers_are_short(value: float, text: str) -> None:
    assert svg.number(value) == text


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
