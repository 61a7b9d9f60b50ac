"""The paper list's LaTeX as plain text; what plain text cannot say is refused.

Each ValueError says what is wrong and, after a semicolon, the fix.
"""

import functools
import re
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexGroupNode, LatexWalker, LatexWalkerError

MATH = re.compile(r"(?<!\\)\$[^$]*\$")
SCRIPT = re.compile(r"(?<!\\)([_^])(?:\{([^{}\\]+)\}|([^\s{}\\]))")
SCRIPTS = {
    "^": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "_": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}
HTML = re.compile(r"&(#\w+|\w{2,});|</?[a-zA-Z][^<>]*>")
BARE = re.compile(r"(?<!\\)[%&#^_]|\\$")
ESCAPED = re.compile(r"\{?\\(?:([_%&#$~])(?:\{\})?|textasciitilde(?:\{\}|\s+)?)\}?")
STYLES = (
    "emph", "mbox", "text", "textbf", "textit", "textrm", "textsc", "textsl", "texttt", "textup",
    "bf", "em", "it", "protect", "relax", "rm", "sc", "sl", "tt",
)  # fmt: skip
READS_FILES_OR_CLOCKS = ("input", "include", "today")


def _unknown(node: Any) -> str:
    raise ValueError(
        f"nothing here prints {node.latex_verbatim().strip()}; write what it stands for, and an"
        " address as url = {…}"
    )


UNKNOWN = MacroTextSpec("", simplify_repl=_unknown)
KNOWN = get_default_latex_context_db().filter_context(
    keep_categories=["latex-base", "nonascii-specials", "advanced-symbols"]
)
OWN = [MacroTextSpec(name, discard=False) for name in STYLES]
OWN += [MacroTextSpec(name, simplify_repl=_unknown) for name in READS_FILES_OR_CLOCKS]
KNOWN.add_context_category("own", macros=OWN, prepend=True)
KNOWN.set_unknown_macro_spec(UNKNOWN)
KNOWN.set_unknown_environment_spec(UNKNOWN)
READER = LatexNodes2Text(KNOWN, strict_latex_spaces="except-in-equations")


def plain(latex: str) -> str:
    """LaTeX as plain text: accents, quotes and simple formulas decoded, protecting braces gone."""
    return "".join(text for text, _ in pieces(latex))


@functools.cache
def pieces(latex: str) -> tuple[tuple[str, bool], ...]:
    """The plain text in pieces, each with whether braces keep its case; an accent's keep none."""
    if html := HTML.search(latex.replace("\\", "")):
        raise ValueError(f"{html[0]} is HTML; write it in LaTeX")
    source = MATH.sub(lambda math: SCRIPT.sub(_script, math[0]), latex)
    if bare := BARE.search(source):
        raise ValueError(rf"LaTeX prints no bare {bare[0]}; write \{bare[0]}, or take it out")
    try:
        nodes = LatexWalker(source, tolerant_parsing=False).get_latex_nodes()[0]
        texts = [READER.nodelist_to_text([node]) for node in nodes]
    except (LatexWalkerError, IndexError) as error:
        said = str(error).partition("\n")[0]
        raise ValueError(f"{said}; mend its braces, dollars and backslashes") from None
    kept = [isinstance(n, LatexGroupNode) and len(t) > 1 for n, t in zip(nodes, texts, strict=True)]
    seen = [text.replace("\xa0", " ").replace("\xad", "") for text in texts]
    return tuple(zip(seen, kept, strict=True))


def _script(found: re.Match[str]) -> str:
    """A superscript or subscript in Unicode's letters, or as it stands where one is missing."""
    text = (found[2] or found[3]).translate(SCRIPTS[found[1]])
    return found[0] if re.search("[ -~]", text) else text


def address(latex: str) -> str:
    """An address or number that is used as it stands, without the backslashes meant for LaTeX."""
    return ESCAPED.sub(lambda found: found[1] or "~", latex)
