"""Reads the hand-written pages and checks what a reader relies on, before anything is built."""

import difflib
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import cache, markdown, messages
from ..bibliography.cited import CITATION, cited_keys
from ..messages import InputError

INCLUDE = re.compile(r'^[ \t]*--8<-- "([^"]+)"[ \t]*$', re.M)
ATTEMPT = re.compile(r"^[ \t]*-+8<-+.*$", re.M)  # what the builder takes for an include
CITING = re.compile(r"\[\s*@(?:[^\]\n]|\n(?!\n))*\]?")  # what its author took for a citation
FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*\n", re.S | re.M)
TO_ENTRY = re.compile(r"\]\((\w+)\.md[#)]")
# the section that says what else to use -> the link to it, alone and after such links
ADVICE = {
    "When to use it": (
        "[when to use it](#when-to-use-it)",
        "[when to use which](#when-to-use-it)",
    ),
    "See also": ("[see also](#see-also)", "[and why](#see-also)"),
}
MOST = 4  # alternatives at the top of a page
FENCE = re.compile(r"^(?P<indent> *)```python[^\n]*\n(?P<code>.*?)^(?P=indent)```", re.S | re.M)


@dataclass(frozen=True)
class Page:
    """A Markdown page: its path below docs/ and its text."""

    path: str
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"^# (.+?)\s*$", messages.without_blocks(self.text), re.M)
        if not found:
            raise InputError(f"docs/{self.path} has no title; begin it with a line '# Title'")
        return found.group(1)

    @property
    def headings(self) -> list[str]:
        """The second-level headings, without code blocks."""
        plain = messages.without_blocks(self.text)
        return re.findall(r"^## (.+?)\s*(?:\{.*\})?$", plain, re.M)

    @property
    def description(self) -> str:
        """What the front matter tells search engines; the empty string where it tells nothing."""
        front = FRONT.match(self.text)
        if self.text.startswith("---") and not front:
            raise InputError(
                f"docs/{self.path}, line 1: the front matter has no end; close it with a line ---"
            )
        found = messages.fields(front[1], f"docs/{self.path}", 2) if front else {}
        described = found.get("description")
        return described if isinstance(described, str) else ""

    @property
    def slug(self) -> str:
        return Path(self.path).stem

    @property
    def citations(self) -> dict[str, list[tuple[str, str]]]:
        """Each key that the page cites, with the headings above it as (heading, anchor)."""
        found: dict[str, list[tuple[str, str]]] = {}
        heading = ("", "")
        for part in re.split(r"^(?=#{2,3} )", self.text, flags=re.M):
            if line := re.match(r"#+ (.+?)\s*(?:\{:?\s*#(\S+)\s*\})?\s*$", part, re.M):
                heading = (line[1], line[2] or _anchor(line[1]))
            for key in cited_keys(part):
                places = found.setdefault(key, [])
                if heading not in places:
                    places.append(heading)
        return found


def read(docs: Path) -> list[Page]:
    """Every hand-written page below docs/, the templates (names with _) left out.

    So is what gen writes.
    """
    return [
        Page(name, messages.text(path))
        for name, path in cache.below(docs).items()
        if name.endswith(".md") and not name.startswith("generated/") and path.name[0] != "_"
    ]


def templates(docs: Path) -> list[Page]:
    """The shapes that an activation's page can have, the long one first."""
    paths = sorted((docs / "activations").glob("_*.md"), reverse=True)
    return [Page(path.relative_to(docs).as_posix(), messages.text(path)) for path in paths]


def shape(page: Page, templates: Sequence[Page]) -> Page:
    """The template that shares the most headings with the page."""
    return max(templates, key=lambda one: len({*one.headings} & {*page.headings}))


def named(path: str, pages: Iterable[Page]) -> Page:
    """The page of this path below docs/, which the build needs."""
    found = next((page for page in pages if page.path == path), None)
    if found is None:
        raise InputError(f"docs/{path} is missing; the site needs it: restore it with git")
    return found


def alternatives(pages: Iterable[Page], names: Mapping[str, str]) -> dict[str, str]:
    """The row "Alternatives" at the top of each activation's page, by the part's name: what its
    section "When to use it", or of a short page "See also", links to first. `names` has the name of
    each slug."""
    found = {}
    for slug, page in of_entries(pages).items():
        title = next(title for title in ADVICE if title in page.headings)
        section = page.text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        named = [*dict.fromkeys(TO_ENTRY.findall(section))][:MOST]
        links = ", ".join(markdown.link(names[other], other) for other in named)
        when = ADVICE[title][bool(links)]
        found[f"{slug}/instead.md"] = f"Alternatives\n:   {links}{': ' if links else ''}{when}\n"
    return found


def notebook_titles(docs: Path) -> dict[str, str]:
    """The title of each notebook below docs/: its first heading."""
    found = {}
    notebooks = {n: path for n, path in cache.below(docs).items() if n.endswith(".ipynb")}
    for name, path in notebooks.items():
        remedy = "save the notebook again in Jupyter"
        found_in = messages.data(path, remedy)
        with messages.refused(f"docs/{name}", "where its cells are read", remedy):
            cells = [c for c in found_in["cells"] if c["cell_type"] == "markdown"]
            text = "\n".join("".join(cell["source"]) for cell in cells)
        found[name] = Page(name, text).title
    return found


def _anchor(heading: str) -> str:
    """The id that Python-Markdown gives the heading."""
    from markdown.extensions.toc import slugify

    return slugify(heading, "-")


def of_entries(pages: Iterable[Page]) -> dict[str, Page]:
    """The pages of activations by slug."""
    return {p.slug: p for p in pages if p.path.startswith("activations/") and p.slug != "index"}


def check(
    pages: list[Page],
    slugs: Iterable[str],
    templates: Sequence[Page],
    papers: Mapping[str, list[str]],
) -> None:
    """Raise InputError unless entries and pages match one to one and every page has its shape.

    `papers` maps a slug to the papers that its entry names; its page must cite each.
    """
    known, found = set(slugs), of_entries(pages)
    for slug in sorted(known - set(found)):
        raise InputError(
            f"activations/{slug}.py has no page; copy docs/activations/_template.md to"
            f" docs/activations/{slug}.md and fill it in"
        )
    for slug in sorted(set(found) - known):
        raise InputError(
            f"docs/activations/{slug}.md has no entry; write activations/{slug}.py or"
            " remove the page"
        )
    for slug, page in found.items():
        template = shape(page, templates)
        if page.headings != template.headings:
            raise InputError(_headings(page, template))
        for name in INCLUDE.findall(template.text):
            wanted = name.replace("SLUG", slug)
            if wanted not in INCLUDE.findall(page.text):
                raise InputError(
                    f'docs/{page.path} does not include its part: add --8<-- "{wanted}"'
                )
        _check_cited(page, papers[slug])
    for page in pages:
        _check_syntax(page)
        if not page.description and page not in found.values():
            raise InputError(
                f"docs/{page.path} has no description for search engines; begin it with"
                " front matter that holds 'description: one sentence'"
            )


def _check_cited(page: Page, papers: Iterable[str]) -> None:
    """Refuse an activation's page that does not cite a paper of its entry."""
    cited = cited_keys(page.text)
    for key in sorted(set(papers) - set(cited)):
        near = difflib.get_close_matches(key, set(cited) - set(papers), n=1, cutoff=0.8)
        slip = f", or correct one of the two keys: the page cites {near[0]}" if near else ""
        raise InputError(
            f"docs/{page.path} does not cite {key}, which activations/{page.slug}.py names; cite"
            f" it{slip}"
        )


def _check_syntax(page: Page) -> None:
    """Refuse what the builder would print as it stands: slips in citations, includes and fences."""
    prose = messages.without_code(page.text)
    if opened := re.search(r"^ *(?:```|~~~)", messages.without_blocks(page.text), re.M):
        raise InputError(
            f"{_at(page, opened.start())}: the block of code that begins here has no end; close it"
            f" with a line {opened[0]}"
        )
    for found in CITING.finditer(prose):
        if not CITATION.fullmatch(found[0]):
            shown = textwrap.shorten(found[0], 60)
            raise InputError(
                f"{_at(page, found.start())}: {shown} is no citation; write [@key], or [@one; @two]"
                " for several, each key of letters, digits, _, : and -, without slashes or dots"
            )
    for found in ATTEMPT.finditer(page.text):
        if not INCLUDE.fullmatch(found[0]):
            raise InputError(
                f"{_at(page, found.start())}: {found[0].strip()} is no include; write --8<--"
                ' "name of a part", alone on its line'
            )


def _at(page: Page, position: int) -> str:
    return f"docs/{page.path}, line {messages.line_of(page.text, position)}"


def check_includes(pages: Iterable[Page], parts: Iterable[str], root: Path) -> None:
    """Raise InputError where a page includes neither one of the parts nor a file below `root`."""
    known = list(parts)
    for page in pages:
        for found in INCLUDE.finditer(page.text):
            if found[1] not in known and not (root / found[1]).is_file():
                near = difflib.get_close_matches(found[1], known, n=1)
                hint = f"; did you mean {near[0]}?" if near else "; correct the name"
                raise InputError(
                    f"{_at(page, found.start())} includes {found[1]}, which is neither a generated"
                    f" part nor a file{hint}"
                )


def _headings(page: Page, template: Page) -> str:
    for wanted in template.headings:
        if wanted not in page.headings:
            return (
                f"docs/{page.path} lacks the heading '## {wanted}'; every activation's page has the"
                f" headings of docs/{template.path}, in its order"
            )
    extra = [h for h in page.headings if h not in template.headings]
    if extra:
        return (
            f"docs/{page.path} has the heading '## {extra[0]}', which docs/{template.path} has not;"
            " take it out, or make it ###"
        )
    return (
        f"docs/{page.path} has its headings in another order than docs/{template.path}; put each"
        " once, in its order"
    )


def snippets(page: Page, generated: Mapping[str, str]) -> list[tuple[int, str]]:
    """The page's Python blocks with their line numbers, generated parts put in.

    `generated` maps the name of a part to its text; a block of a part has the line of its include.
    """
    found: list[tuple[int, str]] = []
    for match in re.finditer(f"{FENCE.pattern}|{INCLUDE.pattern}", page.text, re.S | re.M):
        name = match.group(match.lastindex or 0)
        text = generated.get(name, "") if match["code"] is None else match[0]
        line = messages.line_of(page.text, match.start())
        found += [(line, textwrap.dedent(block["code"])) for block in FENCE.finditer(text)]
    return [(line, code) for line, code in found if "--8<--" not in code]


def run(source: tuple[str, list[tuple[int, str]]]) -> dict[str, str]:
    """Run a page's Python blocks in order, in one namespace; raise InputError where one fails.

    `source` is the page's path and its blocks with their lines. There are no files of it.
    """
    import contextlib
    import io
    import warnings

    path, blocks = source
    space: dict[str, object] = {"__name__": "snippet"}
    for line, code in blocks:
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(code, f"docs/{path}", "exec"), space)
        except (Exception, SystemExit) as error:
            raise InputError(
                f"docs/{path}, line {line}: the Python block does not run:"
                f" {type(error).__name__}: {error}; mend the block"
            ) from error
    return {}
