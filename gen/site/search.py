"""What the search knows: of each page its names, of each section its heading and first sentences.

Material's plugin `search` makes its index of what it is told here; `web/js/search/` asks it.
"""

import html
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag

UNTOLD = re.compile(r"<(svg|table|pre)\b.*?</\1>", re.S)
ASIDE = (
    "figure, fieldset, [hidden], .headerlink, .tabbed-set, .af-aliases, .af-provenance, .af-paper"
)
TRAPS = "what-to-watch-for"
HEADINGS = ["h1", "h2", "h3", "h4"]
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[^\Wa-z])")  # where one ends and another begins
MISSING = "missing"  # the framework has no such function: its code calls others
CALLED = re.compile(r"[A-Za-z_][\w.]*(?=\()|(?<=[\"'])\w+(?=[\"'])")  # jax.nn.gelu(x), "gelu_new"


def told(content: str) -> str:
    """A page's HTML without tables, code and drawings: the headings, the first sentence of each
    section, and how the items of its lists begin."""
    soup = BeautifulSoup(UNTOLD.sub("", content), "html.parser")
    for aside in soup.select(ASIDE):
        aside.decompose()
    for formula in soup.select("span.af-math"):
        formula.string = "…"
    parts, section, begun = [], "", False
    for found in soup.find_all([*HEADINGS, "p", "li"]):
        if found.name in HEADINGS:
            section, begun = str(found.get("id", "")), False
            parts.append(f'<{found.name} id="{section}">{_text(found)}</{found.name}>')
        elif found.name == "li":
            parts.append(_paragraph(_begins(found, whole=section == TRAPS)))
        elif not (begun or found.find_parent("li")):
            begun = True
            parts.append(_paragraph(_sentence(found)))
    return "".join(parts)


def _begins(item: Tag, whole: bool) -> str:
    """The words in bold type with which an item of a list begins, or its whole first sentence."""
    bold = item.select_one(
        ":scope > strong:first-child, :scope > p:first-child > strong:first-child"
    )
    return _sentence(item) if whole else _text(bold) if bold else ""


def _sentence(found: Tag) -> str:
    return SENTENCE.split(_text(found), 1)[0]


def _text(found: Tag) -> str:
    return html.escape(" ".join(found.get_text().split()), quote=False)


def _paragraph(text: str) -> str:
    return f"<p>{text}</p>" if text else ""


def names(public: Path) -> dict[str, dict[str, list[str]]]:
    """By the page's file below docs/, what it is found by beside its text.

    Of a function its other names, and those it has in code; of the page on models the families and
    what they call functions that have no page; of the page on porting the packages.
    """
    records, equivalents, models = (
        json.loads((public / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("activations", "equivalents", "models")
    )
    families = models["transformers"]["families"] | models["timm"]["families"]
    others = [one["name"] for one in families.values() if one["name"] and not one["activation"]]
    named = {
        "models.md": {"codes": list(dict.fromkeys([*families, *others]))},
        "porting/index.md": {"codes": [*equivalents["versions"]]},
    }
    for slug, record in records["activations"].items():
        told = equivalents["activations"][slug]["elsewhere"]
        code = [
            one[way] or "" for one in told if one["status"] != MISSING for way in ("code", "own")
        ]
        called = [name for text in code for name in CALLED.findall(text)]
        in_torch = [name for name in (record["torch"], record["functional"]) if name]
        named[f"activations/{slug}.md"] = {
            "names": [record["title"], *record["aliases"]],
            "codes": list(dict.fromkeys([slug, *in_torch, *called])),
        }
    return named
