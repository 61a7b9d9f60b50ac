"""Every number in prose has a witness: a generated part of its page, a fact of an entry linked in
its paragraph, an assertion of the page as sharp as the digits printed, or a citation.

Looked at is each with three significant digits or more, an exponent or a per cent sign.
"""

import ast
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch

from gen import messages
from gen.bibliography.cited import CITATION
from gen.pages import written

DOCS = Path(__file__).parent.parent / "docs"
ROOMS = ("activations/", "porting/", "concepts.md", "choose.md", "initialization.md")
PAGES = {page.path: page for page in written.read(DOCS) if page.path.startswith(ROOMS)}

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RAISED = "⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
LETTER = "[A-Za-zα-ωΑ-Ω]"
NUMBER = re.compile(
    rf"(?P<sign>(?<!\w)[−-])?(?:10(?P<power>{RAISED})"
    r"|(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
    rf"(?:\s?[·×]\s?10(?P<raised>{RAISED})|[eE](?P<e>[+-]?\d+))?"
    r"(?P<percent>\s?%)?(?P<million>\s+million)?)"
)
UNPRINTED = re.compile(  # front matter, comments, tags, mathematics, addresses, attributes
    r"\A---\n.*?\n---\n|<!--.*?-->|<[^>]+>|\$\$.+?\$\$|\$(?:[^$\n]|\n(?!\n))+\$"
    r"|(?<=\])\([^)\s]*\)|\{:? ?[#.:a-z][^}\n]*\}",
    re.S,
)
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |\| |!!!|\?\?\?))")
SENTENCE = re.compile(r"(?<=[.!?])[)*\"”]*\s+(?=[^\s\w]*[A-Z])")
PRODUCT = r"(?:[Tt]orch|JAX|Flax|Keras|[Oo]nnx\w*|MLX|transformers|timm|Python|[Vv]ersion)"
RESULT = "".join(f"(?<!\\b{word} )" for word in ("from", "near", "above", "below", "beyond", "to"))
BEFORE = re.compile(
    rf"[A-Za-z_#/]-?$|\b{PRODUCT} $"  # identifiers, denominators, versions
    rf"|(?<![\w)′]){RESULT}(?:{LETTER}|\|{LETTER}\|) = [±∓]?$"  # inputs: at x = 3, for α = 0.25
)
# coefficients, versions, dates
AFTER = re.compile(rf"{LETTER}|[√(⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]|·{LETTER}|\.\d|-\d\d-")
FORMATS = [torch.finfo(d) for d in (torch.float16, torch.bfloat16, torch.float32, torch.float64)]
LIMITS = [limit for f in FORMATS for limit in (f.max, f.tiny, f.eps, f.tiny * f.eps)]


@dataclass(frozen=True)
class Number:
    """A printed number with the unit of its last digit, or a witness with its tolerance."""

    value: float
    unit: float = 0
    sharp: bool = False  # whether it is looked at

    def is_told_by(self, witness: "Number") -> bool:
        value = witness.value if self.value < 0 else abs(witness.value)
        rounded = abs(value - self.value) <= 0.5000001 * self.unit
        return rounded and witness.unit <= 1.01 * self.unit


def number(found: re.Match[str]) -> Number:
    """What a match of NUMBER says."""
    sign = -1 if found["sign"] else 1
    if found["power"]:
        unit = float(f"1e{found['power'].translate(SUPERSCRIPT)}")
        return Number(sign * unit, unit, True)
    whole, decimals = found["whole"].replace(",", ""), found["decimals"] or ""
    exponent = int((found["raised"] or "").translate(SUPERSCRIPT) or found["e"] or 0)
    exponent += 6 * bool(found["million"]) - 2 * bool(found["percent"])
    digits = (whole + decimals).lstrip("0") if decimals else whole.strip("0")
    sharp = len(digits) >= 3 or bool(found["raised"] or found["percent"])
    unit = float(f"1e{exponent - len(decimals)}")
    return Number(sign * float(f"{whole}.{decimals}e{exponent}"), unit, sharp)


def exempt(found: re.Match[str], text: str) -> bool:
    """Whether it is an identifier, a version, an input, a coefficient, a date, a dtype's limit."""
    lead, it = re.sub(r"\s+", " ", text[max(0, found.start() - 60) : found.start()]), number(found)
    if found["percent"] or BEFORE.search(lead):
        return not found["percent"]
    limit = any(it.is_told_by(Number(limit)) for limit in LIMITS)
    year = re.fullmatch(r"(?:1[89]\d|20[0-3])\d", found[0])
    return bool(AFTER.match(text, found.end()) or year or limit)


def unwitnessed(page: written.Page, parts: dict[str, str], facts: dict[str, Any]) -> list[str]:
    """The place and the text of each number of the page that nothing bears out."""
    shown = messages.without_blocks("\n\n".join(parts.values()))
    given = [*flat(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", shown, flags=re.S))]
    given += [n for _, code in written.snippets(page, parts) for n in asserted(code)]
    given += flat(facts.get(page.slug))
    prose = messages.without_code(page.text)
    for unread in (written.INCLUDE, UNPRINTED):
        prose = unread.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), prose)
    missing = []
    for start, paragraph in pieces(PARAGRAPH, prose):
        if paragraph.lstrip().startswith("#"):
            continue
        linked = re.findall(r"\]\((?:[\w.]+/)*(\w+)\.md", page.text[start : start + len(paragraph)])
        known = given + [n for slug in linked for n in flat(facts.get(slug))]
        for at, sentence in pieces(SENTENCE, paragraph):
            for found in NUMBER.finditer(paragraph, at, at + len(sentence)):
                it = number(found)
                exempted = not it.sharp or exempt(found, paragraph) or CITATION.search(sentence)
                if not exempted and not any(map(it.is_told_by, known)):
                    line = messages.line_of(page.text, start + found.start())
                    missing.append(f"docs/{page.path}, line {line}: {' '.join(found[0].split())}")
    return missing


def pieces(between: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text, each with its place and with what separates it from the next."""
    start = 0
    for end in [*(found.end() for found in between.finditer(text)), len(text)]:
        yield start, text[start:end]
        start = end


def flat(found: Any) -> Iterator[Number]:
    """Every number in a value of JSON or Python; one in a text as it is printed there."""
    if isinstance(found, dict | list | tuple):
        for item in found.values() if isinstance(found, dict) else found:
            yield from flat(item)
    elif isinstance(found, str):
        yield from (Number(n.value, n.unit / 2) for n in map(number, NUMBER.finditer(found)))
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield Number(found)


def asserted(code: str) -> Iterator[Number]:
    """The constants of a block's assertions, and the whole numbers, sizes, of its other lines."""
    nodes = list(ast.walk(ast.parse(code)))
    tested = {id(n) for node in nodes if isinstance(node, ast.Assert) for n in ast.walk(node)}
    for node in nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in tested:
            yield Number(node.value)
        elif isinstance(node, ast.Assert):
            for test in node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]:
                yield from compared(test) if isinstance(test, ast.Compare) else close(test)
        elif isinstance(node, ast.Expr):
            yield from close(node.value)


def compared(test: ast.Compare) -> Iterator[Number]:
    """a == 2.5, f"{a:.2f}" == "2.50", 2.4 < a < 2.5 and abs(a - 2.5) < 0.1."""
    sides = [constants(side) for side in (test.left, *test.comparators)]
    if all(isinstance(operator, ast.Eq) for operator in test.ops):
        yield from chain(*sides)
    elif len(sides) == 3 and sides[0] and sides[2]:
        ends = sides[0][0].value, sides[2][0].value
        yield from (Number(end, max(ends) - min(ends)) for end in ends)
    elif isinstance(test.ops[0], ast.Lt) and sides[1]:
        inner: Any = test.left
        while isinstance(inner, ast.Call):  # abs(…), (…).abs().max().item()
            inner = inner.args[0] if ast.unparse(inner.func) == "abs" else inner.func
            inner = inner.value if isinstance(inner, ast.Attribute) else inner
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub):
            sign = -1 if isinstance(inner.op, ast.Add) else 1
            for n in constants(inner.left) + constants(inner.right):
                yield Number(sign * n.value, sides[1][0].value)


def close(test: ast.expr) -> Iterator[Number]:
    """torch.allclose(a, 2.5, atol=0.1), math.isclose and torch.testing.assert_close."""
    if isinstance(test, ast.Call) and ast.unparse(test.func).endswith("close"):
        said = {str(k.arg)[0]: n.value for k in test.keywords for n in constants(k.value)}
        for n in chain(*map(constants, test.args)):
            yield Number(n.value, said.get("a", 1e-5) + said.get("r", 1e-5) * abs(n.value))


def constants(node: ast.AST) -> list[Number]:
    """The numbers of an expression that has no names, such as torch.tensor([1 / 3, 2])."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.tensor":
        return constants(node.args[0])
    try:
        return list(flat(eval(ast.unparse(node), {"__builtins__": {}, "math": math})))
    except Exception:
        return []


@pytest.fixture(scope="session")
def facts(public: Path) -> Any:
    entries = json.loads((public / "activations.json").read_text("utf-8"))["activations"]
    return {slug: entry["facts"] for slug, entry in entries.items()}


@pytest.mark.parametrize("path", PAGES)
def test_every_number_has_a_witness(path: str, generated: Path, facts: dict[str, Any]) -> None:
    names = written.INCLUDE.findall(PAGES[path].text)
    parts = {name: (generated / name).read_text("utf-8") for name in names}
    missing = unwitnessed(PAGES[path], parts, facts)
    assert not missing, (
        "\n".join(missing) + "\nNothing bears this out. Put it into an assert of the page's Python,"
        ' as sharp as its digits (assert f"{x:.2f}" == "0.13"), link the entry that has it as a'
        " fact, cite who found it, or leave the number out."
    )


def test_what_is_a_witness() -> None:  # in brackets is what has none
    code = """assert f"{z:.3f}" == "0.123" and abs(z - 2.345) < 1e-3 and abs(z + 3.456) < 0.01
assert 4.5e-6 < z < 4.6e-6 and z < 5.67 and torch.allclose(z, torch.tensor([6.78]))
"""
    prose = """0.123 [−0.123], 12.3 %, 2.345, [3.456], 4.5 · 10⁻⁶, [5.67], 6.78, [6.780001], [7 %],
and 1.134 of [two](two.md); at x = 8.88, in torch 2.13, as 9.99x.

Others found 1.134 and 9.99 [@key2020]. Not [1.134], nor [10⁻⁵]."""
    page = written.Page("a.md", f"\n{prose}\n\n```python\n{code}```\n")
    found = unwitnessed(page, {}, {"two": {"lipschitz": 1.13434}})
    assert [text.split(": ")[1] for text in found] == re.findall(r"\[([^\]a-z]+)\]", prose)
    assert found[-1] == "docs/a.md, line 5: 10⁻⁵"
