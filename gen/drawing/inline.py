"""matplotlib's SVG as a page takes it in: ids of its own, the colours of its scheme, few bytes."""

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from .ink import INK, colour

SILENT = dict.fromkeys(("Date", "Creator", "Format", "Type"))
MEASURES = ("d", "x", "y", "width", "height", "transform")
POINT = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
LINES = re.compile(f"(?:{POINT.pattern})+")
SHORTER = (
    (re.compile(r"font-family: [^;]+"), "font-family: var(--af-font, sans-serif)"),
    (re.compile(r"; stroke-dashoffset: 0"), ""),
)
ROLES = {value: role for role, value in INK.items()}
COLOUR = re.compile("|".join(ROLES))


def svg(figure: Figure, prefix: str) -> str:
    """The drawing; its ids begin with `prefix`."""
    for line in (line for ax in figure.axes for line in ax.lines):
        line.get_path().should_simplify = True  # even if its points are few
    raw = io.StringIO()
    FigureCanvasSVG(figure).print_svg(raw, metadata=dict(SILENT))
    whole = ElementTree.fromstring(raw.getvalue())
    marks = {f"#{element.get('id')}": element.get("d", "") for element in whole.iter()}
    (root,) = _kept(whole, marks)
    # matplotlib says how lines join in a style sheet, which would hold for the whole page
    kept = {name: root.attrib[name] for name in ("width", "height", "viewBox")}
    root.attrib = {"xmlns": "http://www.w3.org/2000/svg", **kept, "style": "stroke-linejoin: round"}
    text = ElementTree.tostring(root, encoding="unicode")
    text = re.sub(r'(?<= id=")|(?<=url\(#)', f"{prefix}-", text)
    return COLOUR.sub(lambda found: colour(ROLES[found[0]]), text)


def _kept(element: Element, marks: Mapping[str, str]) -> list[Element]:
    """The element in few bytes; of a group that says nothing, what it holds; of what draws nothing,
    nothing. A mark is drawn where it is used: Material's scripts stumble over `use`."""
    tag = element.tag.rpartition("}")[2]
    given = {name.rpartition("}")[2]: text for name, text in element.attrib.items()}
    content = [found for child in element for found in _kept(child, marks)]
    if tag == "use":
        place = f"translate({given.pop('x')} {given.pop('y')})"
        tag, given = "path", {"d": marks[given.pop("href")], "transform": place, **given}
    elif tag == "g":
        given.pop("id", None)
    elif (
        tag in ("metadata", "style")
        or (tag == "path" and ("id" in given or given["style"] == "fill: none"))
        or (tag == "defs" and not content)
    ):
        return []
    if tag == "g" and not given:
        return content
    turned = {n: t for n, t in given.items() if not t.startswith("rotate(-0 ")}
    kept = Element(tag, {name: _short(name, text) for name, text in turned.items()})
    kept.text = element.text if tag == "text" else None
    kept.extend(content)
    return [kept]


def _short(name: str, text: str) -> str:
    """An attribute with numbers rounded to hundredths, and without what goes without saying."""
    if name in MEASURES:
        text = re.sub(r"-?\d+\.\d+", lambda number: f"{round(float(number[0]), 2):g}", text)
        text = re.sub(r"\s*([MLCz]|$)\s*", r"\1", text)
    if name == "d" and LINES.fullmatch(text):
        text = _steps(text)
    for pattern, shorter in SHORTER if name == "style" else ():
        text = pattern.sub(shorter, text)
    return text


def _steps(path: str) -> str:
    """Straight lines by their steps in hundredths, which take a third fewer bytes than places."""
    found, left, top = "", 0, 0
    for letter, *place in POINT.findall(path):
        x, y = (round(100 * float(number)) for number in place)
        if letter == "M":
            found += f"M{x / 100:g} {y / 100:g}"
        elif y == top:
            found += f"h{(x - left) / 100:g}"
        elif x == left:
            found += f"v{(y - top) / 100:g}"
        else:
            found += f"l{(x - left) / 100:g} {(y - top) / 100:g}".replace(" -", "-")
        left, top = x, y
    return found
