"""What the style file says, by role: each colour and line style has one meaning, on every plot and
in both colour schemes. Read without matplotlib, which takes long to load.
"""

import json
import re
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("af.mplstyle")
STYLE = dict(re.findall(r"^([\w.]+): (.+)$", FILE.read_text(encoding="utf-8"), re.M))
CYCLE = re.findall(r"'(\w+)'", STYLE["axes.prop_cycle"])
INK = {
    "f": f"#{CYCLE[0]}",
    "df": f"#{CYCLE[1]}",
    "ddf": f"#{CYCLE[2]}",
    "ink": f"#{STYLE['text.color']}",
    "muted": f"#{STYLE['axes.edgecolor']}",
    "grid": f"#{STYLE['grid.color']}",
    "paper": f"#{STYLE['figure.facecolor']}",
}
Look = dict[str, Any]  # how a line or an area is drawn, as arguments of matplotlib's


def pen(role: str, **more: Any) -> Look:
    """A line in the colour of a role."""
    return {"color": INK[role], **more}


DASHES = ("-", "--", ":", "-.")  # of the curves of one role; their lengths are in the style file
LOOK = {
    "f": pen("f", linestyle="-"),
    "df": pen("df", linestyle="--"),
    "ddf": pen("ddf", linestyle=":"),
}


def colour(role: str) -> str:
    """The page's colour of a role; the light scheme's where a file stands alone."""
    return f"var(--af-{role}, {INK[role]})"


def look() -> str:
    """The module that tells scripts how plots look."""
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
    dashes = {
        role: " ".join(f"{known['width'] * float(part):g}" for part in STYLE[key].split(","))
        for role, key in (("df", "lines.dashed_pattern"), ("ddf", "lines.dotted_pattern"))
    }
    exports = {"ink": INK, "dashes": dashes, **known}
    return "".join(f"export const {name} = {json.dumps(v)};\n" for name, v in exports.items())
