"""Reads the hand-written pages and checks what a reader relies on, before anything is built."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

INCLUDE = re.compile(r'^[ \t]*--8<-- "([^"]+)"[ \t]*$', re.M)
CITATION = re.compile(r"\[@([\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")
FENCE = re.compile(r"^(?P<indent> *)```python[^\n]*\n(?P<code>.*?)^(?P=indent)```", re.S | re.M)


class PageError(ValueError):
    """A page that cannot be published; the message names it and says what to change."""


@dataclass(frozen=True)
class Page:
    """A Markdown page: its path below docs/ and its text."""

    path: str
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"^# (.+?)\s*$", self.text, re.M)
        if not found:
            raise PageError(f"docs/{self.path} has no title; begin it with a line '# Title'")
        return found.group(1)

    @property
    def headings(self) -> list[str]:
        """The second-level headings, without code blocks."""
        plain = re.sub(r"^( *)```.*?^\1```", "", self.text, flags=re.S | re.M)
        return re.findall(r"^## (.+?)\s*(?:\{.*\})?$", plain, re.M)

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
    """Every hand-written page below docs/, the templates (names with _) left out."""
    found = []
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        if not name.startswith("generated/") and not path.name.startswith("_"):
            found.append(Page(name, path.read_text(encoding="utf-8")))
    return found


def notebook_titles(docs: Path) -> dict[str, str]:
    """The title of each notebook below docs/: its first heading."""
    found = {}
    for path in sorted(docs.glob("notebooks/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        name = path.relative_to(docs).as_posix()
        found[name] = Page(name, text).title
    return found


def _anchor(heading: str) -> str:
    """The id that Python-Markdown gives the heading."""
    from markdown.extensions.toc import slugify

    return slugify(heading, "-")


def of_entries(pages: Iterable[Page]) -> dict[str, Page]:
    """The pages of activations by slug."""
    return {p.slug: p for p in pages if p.path.startswith("activations/") and p.slug != "index"}


def cited_keys(text: str) -> list[str]:
    """The keys that a Markdown text cites: [@clevert2016fast] or [@one; @two]."""
    plain = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.S | re.M)
    plain = re.sub(r"`[^`\n]*`", "", plain)
    return [
        key.strip().lstrip("@")
        for found in CITATION.finditer(plain)
        for key in found.group(1).split(";")
    ]


def check(
    pages: list[Page], slugs: Iterable[str], template: Page, papers: Mapping[str, list[str]]
) -> None:
    """Raise PageError unless entries and pages match one to one and every page has its shape.

    `papers` maps a slug to the papers that its entry names; its page must cite each.
    """
    known, found = set(slugs), of_entries(pages)
    for slug in sorted(known - set(found)):
        raise PageError(
            f"activations/{slug}.py has no page; copy docs/activations/_template.md to"
            f" docs/activations/{slug}.md and fill it in"
        )
    for slug in sorted(set(found) - known):
        raise PageError(
            f"docs/activations/{slug}.md has no entry; write activations/{slug}.py or"
            " remove the page"
        )
    for slug, page in found.items():
        if page.headings != template.headings:
            raise PageError(_headings(page, template))
        for name in INCLUDE.findall(template.text):
            wanted = name.replace("SLUG", slug)
            if wanted not in INCLUDE.findall(page.text):
                raise PageError(
                    f'docs/{page.path} does not include its part: add --8<-- "{wanted}"'
                )
        missing = set(papers[slug]) - set(cited_keys(page.text))
        if missing:
            raise PageError(
                f"docs/{page.path} does not cite {', '.join(sorted(missing))}, which its"
                " entry names;"
                " cite it under History and papers"
            )
    for page in pages:
        front = re.match(r"---\n(.*?)\n---\n", page.text, re.S)
        described = front and re.search(r"^description: \S", front.group(1), re.M)
        if page.slug not in found and not described:
            raise PageError(
                f"docs/{page.path} has no description for search engines; begin it with"
                " front matter that holds 'description: one sentence'"
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
            f"docs/{page.path} has the heading '## {extra[0]}', which docs/{template.path} has not"
        )
    return f"docs/{page.path} has its headings in another order than docs/{template.path}"


def snippets(page: Page, generated: Mapping[str, str]) -> list[tuple[int, str]]:
    """The page's Python blocks with their line numbers, generated parts put in.

    `generated` maps the name of a part to its text; a block of a part has the line of its include.
    """
    found: list[tuple[int, str]] = []
    for match in re.finditer(f"{FENCE.pattern}|{INCLUDE.pattern}", page.text, re.S | re.M):
        line = page.text.count("\n", 0, match.start()) + 1
        if match["code"] is not None:
            found.append((line, _dedent(match)))
        else:
            part = generated.get(match.group(match.lastindex or 0), "")
            found += [(line, _dedent(block)) for block in FENCE.finditer(part)]
    return [(line, code) for line, code in found if "--8<--" not in code]


def _dedent(match: "re.Match[str]") -> str:
    return re.sub(f"^{match['indent']}", "", match["code"], flags=re.M)


def run(path: str, blocks: list[tuple[int, str]]) -> None:
    """Run a page's Python blocks in order, in one namespace; raise PageError where one fails."""
    import contextlib
    import io
    import warnings

    space: dict[str, object] = {"__name__": "snippet"}
    for line, code in blocks:
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(code, f"docs/{path}", "exec"), space)
        except Exception as error:
            raise PageError(
                f"docs/{path}, line {line}: the Python block does not run:"
                f" {type(error).__name__}: {error}"
            ) from error
