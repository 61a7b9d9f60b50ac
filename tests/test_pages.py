"""The hand-written pages: their shape, their sources, their code."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

from activations import CATALOGUE
from gen import messages
from gen.drawing.plots import Drawing
from gen.pages import written
from gen.pages.activation import parts
from gen.pages.written import Page, PageError

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


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.path)
def test_pages_are_in_our_voice(page: Page) -> None:
    for word in FORBIDDEN:
        assert not re.search(rf"\b{word}\b", page.text, re.I), f"{page.path} says {word!r}"
    for heading in page.headings:
        assert not heading.endswith("?"), f"{page.path}: the heading {heading!r} is a question"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.path)
def test_no_line_of_a_sentence_becomes_an_item_of_a_list(page: Page) -> None:
    """A number that wrapping puts first, as in "goes to / 1.", is read as an item's and lost."""
    plain = messages.without_blocks(page.text)
    assert not re.findall(r"[\w,]\n *\d+[.)] .*", plain)


@pytest.mark.parametrize("slug", CATALOGUE)
def test_pages_of_activations_say_enough(slug: str) -> None:
    page = written.of_entries(PAGES)[slug]
    prose = re.sub(r"^( *)```.*?^\1```", "", page.text, flags=re.S | re.M)
    prose = re.sub(r"<[^>]+>|--8<--.*|\[@[^\]]+\]", "", prose)
    assert 250 <= len(prose.split()) <= 1000
    assert page.text.count("```python") >= 1, "show how it is called in torch"
    see_also = page.text.split("## See also")[1]
    assert 2 <= len(re.findall(r"^- ", see_also, re.M)) <= 4


def test_snippets_are_found_with_their_lines() -> None:
    text = '# T\n\n--8<-- "swish/torch.md"\n\n```python\nx = 1\n```\n\n```text\nno\n```\n'
    found = written.snippets(Page("t.md", text), {"swish/torch.md": "```python\ny = 2\n```\n"})
    assert found == [(3, "y = 2\n"), (5, "x = 1\n")]


def test_a_snippet_that_fails_names_page_and_line(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"docs/t\.md, line 7: .*ZeroDivisionError"):
        written.run(("t.md", [(3, "x = 0\n"), (7, "1 / x\n")]), tmp_path)


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
