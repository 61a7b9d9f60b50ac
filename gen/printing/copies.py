"""Every formula and fact of an entry as LaTeX, MathML, SymPy and Python, by its address.

What stands in `/activations/<slug>/forms.json`, and what the copy control of a page offers.
"""

import json
from collections.abc import Mapping, Sequence

from activations._entry import Activation

from .. import cache, node
from ..facts import values
from ..facts.family import Row
from . import python_code, sympy_code
from .statements import Statement


def text(entry: Activation, stated: Sequence[Statement], rows: Sequence[Row]) -> str:
    """The text of forms.json: anchor -> {"name", "latex", "mathml", "sympy", "python"}, the
    formulas first; `name` is what the SymPy and the Python snippet define.
    """
    formulas = (*(s.latex for s in stated), *(values.latex(row.value) for row in rows))
    written: dict[str, str] = cache.found(_mathml, formulas)
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
    found |= {row.key: fact(entry, row, written) for row in rows}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


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


def _mathml(formulas: Sequence[str]) -> dict[str, str]:
    return {tex: _of(tex) for tex in formulas}


def _of(tex: str) -> str:
    """Presentation MathML with the LaTeX as an annotation."""
    reply = node.ask({"mathml": tex})
    if "error" in reply:
        raise ValueError(f"MathJax cannot write this formula as MathML: {reply['error']}\n  {tex}")
    return str(reply["mathml"])
