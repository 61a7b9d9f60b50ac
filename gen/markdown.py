"""Markdown that many pages need: tables, and links to the pages of activations."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], rules: Sequence[str] = ()) -> str:
    """A table with one cell for each heading; a column's rule is `---`, or `--:` for numbers."""
    lines = [head, rules or ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def link(name: str, slug: str, anchor: str = "") -> str:
    """A link to the page of an activation, or to an anchor on it, such as `numerics`."""
    return f"[{name}](/activations/{slug}.md{'#' if anchor else ''}{anchor})"
