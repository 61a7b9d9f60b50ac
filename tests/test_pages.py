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
from gen.pages.written import Page

DOCS = ROOT / "docs"
PAGES = written.read(DOCS)
TEMPLATES = written.templates(DOCS)


def test_pages_and_entries_match() -> None:
    papers = {slug: list(entry.papers) for slug, entry in CATALOGUE.items()}
    written.check(PAGES, CATALOGUE, TEMPLATES, papers)


def words_of(page: Page) -> int:
    """How many words of prose: without headings, code, includes and what links lead to."""
    prose = re.sub(r"^(?:#|--8<--).*$|\]\(\S+\)|\[@[^\]]*\]", "", page.text, flags=re.M)
    return len(messages.without_blocks(prose).split())


def test_pages_are_long_or_short() -> None:
    """Beyond torch a page may have the short shape, and then has 80 to 250 words."""
    long, short = TEMPLATES
    found = written.of_entries(PAGES)
    shapes = {slug: written.shape(page, TEMPLATES) for slug, page in found.items()}
    assert all(shapes[slug] == long for slug in found if not CATALOGUE[slug].is_ours)
    lengths = {slug: words_of(found[slug]) for slug, its in shapes.items() if its == short}
    assert all(80 <= length <= 250 for length in lengths.values()), lengths
    assert (
        words_of(Page("t.md", '# T\n\n--8<-- "t"\n\na [b c](d.md) [@e].\n\n```\nf g\n```\n')) == 4
    )


def test_a_page_is_told_what_it_lacks_of_the_shape_that_it_nearly_has() -> None:
    long, short = TEMPLATES
    for template, lost in ((long, "## Weaknesses\n"), (short, "## Where it comes from\n")):
        page = Page("activations/elu.md", template.text.replace(lost, ""))
        with pytest.raises(messages.InputError, match=f"'{lost.strip()}'.*{template.path}"):
            written.check([page], ["elu"], TEMPLATES, {"elu": []})


def test_a_short_page_takes_its_alternatives_from_see_also() -> None:
    page = Page("activations/elu.md", f"{TEMPLATES[1].text}\n- [ReLU](relu.md): with a kink.\n")
    (part,) = written.alternatives([page], {"relu": "ReLU"}).values()
    assert part == "Alternatives\n:   [ReLU](/activations/relu.md): [and why](#see-also)\n"


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
