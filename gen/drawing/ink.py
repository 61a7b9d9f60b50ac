"""What the style file says, by role: each colour and line style has one meaning, on every plot and
in both colour schemes. Read without matplotlib, which takes long to load.
"""

import ast
import json
import re
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("af.mplstyle")
STYLE = dict(re.findall(r"^([\w.]+): (.+)$", FILE.read_text(encoding="utf-8"), re.M))
CYCLE = {
    word.arg: ast.literal_eval(word.value)
    for word in ast.walk(ast.parse(STYLE["axes.prop_cycle"]))
    if isinstance(word, ast.keyword)
}
INK = {
    role: f"#{value}"
    for role, value in {
        **dict(zip(("f", "df", "ddf"), CYCLE["color"], strict=True)),
        "ink": STYLE["text.color"],
        "muted": STYLE["axes.edgecolor"],
        "grid": STYLE["grid.color"],
        "paper": STYLE["figure.facecolor"],
    }.items()
}
Look = dict[str, Any]  # how a line or an area is drawn, as arguments of matplotlib's


def ink(role: str, **more: Any) -> Look:
    """A line in the colour of a role."""
    return {"color": INK[role], **more}


LOOK = {r: ink(r, linestyle=s) for r, s in zip(INK, CYCLE["linestyle"], strict=False)}
"""How f, f′ and f″ are drawn."""


def colour(role: str) -> str:
    """The page's colour of a role; the light scheme's where a file stands alone."""
    return f"var(--af-{role}, {INK[role]})"


def look() -> str:
    """The module that tells scripts how plots look."""
    width = float(STYLE["lines.linewidth"])
    dashes = {
        role: " ".join(f"{width * part:g}" for part in look["linestyle"][1])
        for role, look in LOOK.items()
        if look["linestyle"] != "-"
    }
    sizes = {
        "width": "lines.linewidth",
        "thin": "axes.linewidth",
        "hair": "grid.linewidth",
        "letter": "font.size",
        "tick": "xtick.major.size",
        "pad": "xtick.major.pad",
        "dot": "lines.markersize",
        "edge": "lines.markeredgewidth",
        "key": "legend.handlelength",
        "gap": "legend.handletextpad",
    }
    known = {name: float(STYLE[key]) for name, key in sizes.items()}
    for name in ("key", "gap"):  # in letters
        known[name] *= known["letter"]
    exports = {"ink": INK, "dashes": dashes, **known}
    return "".join(f"export const {name} = {json.dumps(v)};\n" for name, v in exports.items())
