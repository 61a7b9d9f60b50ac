"""What the site ships that others wrote, and under which licence: a table and the texts."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from .. import cache, markdown

PACKAGES = cache.ROOT / "node_modules"
GLYPHS = "@mathjax/mathjax-newcm-font"
# bundled inside the theme's scripts, which name their sources but not their licences
IN_THEME = {
    "clipboard": "MIT",
    "escape-html": "MIT",
    "focus-visible": "W3C",
    "lunr": "MIT",
    "rxjs": "Apache-2.0",
    "tslib": "0BSD",
}
SOURCE = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/")


@dataclass(frozen=True)
class Part:
    """A work of others: its name and version, SPDX identifier, what of it is shipped, and its
    licence's text where it comes with one."""

    name: str
    licence: str
    use: str
    text: str = ""


def parts(bundled: Sequence[str]) -> list[Part]:
    """Every such work; `bundled` are the npm packages inside the site's own scripts.

    Raises ValueError for a package whose licence is not known.
    """
    theme = distribution("mkdocs-material")
    templates = Path(str(files("material"))) / "templates"
    icons = (templates / ".icons" / "material" / "LICENSE").read_text(encoding="utf-8")
    return [
        Part(
            f"Material for MkDocs {theme.version}",
            str(theme.metadata["License-Expression"]),
            "templates, scripts, styles",
            theme.read_text("licenses/LICENSE") or "",
        ),
        *(Part(name, _known(name), "inside Material's scripts") for name in in_theme(templates)),
        Part("Material Design Icons", "Apache-2.0", "icons", icons),
        *(_npm(name, "inside this site's scripts") for name in bundled),
        _npm(GLYPHS, "outlines of the signs in formulas", "@mathjax/src"),
    ]


def in_theme(templates: Path) -> list[str]:
    """The npm packages inside the theme's scripts, as their source maps tell."""
    maps = (templates / "assets" / "javascripts").rglob("*.js.map")
    sources = [name for path in maps for name in json.loads(path.read_text("utf-8"))["sources"]]
    return sorted({found[1] for name in sources if (found := SOURCE.search(name))})


def _known(name: str) -> str:
    if name not in IN_THEME:
        raise ValueError(
            f"gen/pages/licences.py: Material's scripts hold the npm package {name}, whose"
            " licence is not in IN_THEME; add the one that the package states"
        )
    return IN_THEME[name]


def _npm(name: str, use: str, beside: str = "") -> Part:
    """An installed npm package; its text may lie in the package `beside` it."""
    told = json.loads((PACKAGES / name / "package.json").read_text(encoding="utf-8"))
    text = next((PACKAGES / (beside or name)).glob("LICENSE*")).read_text(encoding="utf-8")
    return Part(f"{name} {told['version']}", told["license"], use, text)


def table(found: Sequence[Part]) -> str:
    """A Markdown table of the parts."""
    rows = [(part.name, part.licence, part.use) for part in found]
    return markdown.table(("Part", "Licence", "What is shipped"), rows)


def texts(found: Sequence[Part]) -> str:
    """The licences' texts, one after another, each under the name of its part."""
    return "\n".join(
        f"{part.name}\n{'=' * len(part.name)}\n\n{part.text.strip()}\n\n"
        for part in found
        if part.text
    )
