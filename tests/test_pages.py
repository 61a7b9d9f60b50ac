"""The hand-written pages: their shape, their sources, their code."""

import re
from collections.abc import Iterator
from pathlib import Path

from conftest import ROOT

from activations import CATALOGUE
from gen import messages
from gen.drawing.plots import Drawing
from gen.pages import written
from gen.pages.activation import parts
from gen.pages.written import Page

DOCS = ROOT / "docs"
PAGES = written.read(DOCS)
TEMPLATE = Page(
    "activations/_template.md", (DOCS / "activations/_template.md").read_text(encoding="utf-8")
)
FORBIDDEN = (
    "popular", "powerful", "state-of-the-art", "simple yet", "worth noting", "in the realm of",
    "delve", "TODO", "lorem",
)  # fmt: skip


def test_pages_and_entries_match() -> None:
    papers = {slug: list(entry.papers) for slug, entry in CATALOGUE.items()}
    written.check(PAGES, CATALOGUE, TEMPLATE, papers)


def faults(page: Page) -> Iterator[str]:
    """A number that wrapping puts first, as in "goes to / 1.", is read as an item's and lost."""
    yield from (f"says {w!r}" for w in FORBIDDEN if re.search(rf"\b{w}\b", page.text, re.I))
    yield from (f"asks in a heading: {h}" for h in page.headings if h.endswith("?"))
    plain = messages.without_blocks(page.text)
    yield from (f"has an item in {text!r}" for text in re.findall(r"[\w,]\n *\d+[.)] .*", plain))


def short_of(page: Page) -> Iterator[str]:
    """What the page of an activation must say more of, or less."""
    prose = re.sub(r"^( *)```.*?^\1```", "", page.text, flags=re.S | re.M)
    prose = re.sub(r"<[^>]+>|--8<--.*|\[@[^\]]+\]", "", prose)
    if not 250 <= len(prose.split()) <= 1000:
        yield f"has {len(prose.split())} words"
    if "```python" not in page.text:
        yield "does not show how it is called in torch"
    if not 2 <= len(re.findall(r"^- ", page.text.split("## See also")[1], re.M)) <= 4:
        yield "has not two to four functions under See also"


def test_pages_are_in_our_voice_and_say_enough() -> None:
    found = [(page.path, fault) for page in PAGES for fault in faults(page)]
    of_entries = written.of_entries(PAGES)
    found += [(slug, fault) for slug in CATALOGUE for fault in short_of(of_entries[slug])]
    assert not found, "\n".join(f"{name} {fault}" for name, fault in found)


def test_snippets_are_found_with_their_lines() -> None:
    text = '# T\n\n--8<-- "swish/torch.md"\n\n```python\nx = 1\n```\n\n```text\nno\n```\n'
    found = written.snippets(Page("t.md", text), {"swish/torch.md": "```python\ny = 2\n```\n"})
    assert found == [(3, "y = 2\n"), (5, "x = 1\n")]


def test_headings_inside_code_do_not_count() -> None:
    assert Page("t.md", "# T\n\n## One\n\n```python\n## no\n```\n").headings == ["One"]


def test_what_a_killed_run_leaves_is_no_page(tmp_path: Path) -> None:
    for name in ("index.md", "generated/top.md", ".generated-new/elu/top.md", "_template.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# Home", encoding="utf-8")
    assert [page.path for page in written.read(tmp_path)] == ["index.md"]


def test_templates_escape_what_is_put_into_html() -> None:
    drawing = Drawing("name", '<svg width="1"></svg>', 'a "<b>"', "<i>")
    html = parts.figure(drawing, "af-hero", {"data-axes": '{"low": 0}'})
    assert 'aria-label="a &#34;&lt;b&gt;&#34;" width="1"></svg>' in html
    assert 'data-axes="{&#34;low&#34;: 0}"' in html
    assert "<figcaption>&lt;i&gt;</figcaption>" in html
