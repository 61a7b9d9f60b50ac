"""The hand-written pages: their shape, their sources, their code."""

import re
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
TEMPLATES = written.templates(DOCS)


def test_pages_and_entries_match() -> None:
    papers = {slug: list(entry.papers) for slug, entry in CATALOGUE.items()}
    written.check(PAGES, CATALOGUE, TEMPLATES, papers)


def test_no_number_in_a_sentence_begins_a_line() -> None:
    """One that wrapping puts first, as in "goes to / 1.", is read as an item's and lost."""
    plain = {page.path: messages.without_blocks(page.text) for page in PAGES}
    found = {path: re.findall(r"[\w,]\n *\d+[.)] .*", text) for path, text in plain.items()}
    assert not any(found.values()), found


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
