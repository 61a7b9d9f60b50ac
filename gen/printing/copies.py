"""Every formula and fact of an entry as LaTeX, MathML, SymPy and Python, by its address.

What stands in `/activations/<slug>/forms.json`, and what the copy control of a page offers.
"""

import json
from collections.abc import Mapping, Sequence

from activations._entry import Activation

from .. import cache, node
from ..facts import values
from ..facts.fact import Row
from . import python_code, sympy_code
from .statements import Statement


def forms(
    entry: Activation, stated: Sequence[Statement], rows: Sequence[Row]
) -> dict[str, dict[str, str]]:
    """Anchor -> {"name", "latex", "mathml", "sympy", "python"}, in the order of the page.

    `name` is what the SymPy and the Python snippet define.
    """
    written = mathml([*(s.latex for s in stated), *(values.latex(row.value) for row in rows)])
    found = {
        s.anchor: {
            "name": s.name,
            "latex": s.latex,
            "mathml": written[s.latex],
            "sympy": sympy_code.source(s),
            "python": python_code.source(entry, s),
        }
        for s in stated
    }
    return found | {row.key: fact(entry, row, written) for row in rows}


def fact(entry: Activation, row: Row, written: Mapping[str, str]) -> dict[str, str]:
    """The five texts of a fact; its name in code begins with the entry's."""
    name = f"{entry.slug}_{row.key.replace('-', '_')}"
    tex = values.latex(row.value)
    plain = f"{name} = {values.python(row.value)}\n"
    return {
        "name": name,
        "latex": tex,
        "mathml": written[tex],
        "sympy": sympy_code.with_import([f"{name} = {values.sympy(row.value)}"]),
        "python": f"import math\n\n{plain}" if "math.inf" in plain else plain,
    }


def mathml(formulas: Sequence[str]) -> dict[str, str]:
    """Each formula in LaTeX -> presentation MathML, with its LaTeX as an annotation."""
    found: dict[str, str] = cache.found(_mathml, tuple(formulas))
    return found


def _mathml(formulas: Sequence[str]) -> dict[str, str]:
    return {tex: _of(tex) for tex in formulas}


def _of(tex: str) -> str:
    reply = node.ask({"mathml": tex})
    if "error" in reply:
        raise ValueError(f"MathJax cannot write this formula as MathML: {reply['error']}\n  {tex}")
    return str(reply["mathml"])


def text(entry: Activation, stated: Sequence[Statement], rows: Sequence[Row]) -> str:
    """The text of the entry's forms.json."""
    return json.dumps(forms(entry, stated, rows), ensure_ascii=False, indent=1) + "\n"
