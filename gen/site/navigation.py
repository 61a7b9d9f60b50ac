"""The navigation that the files give, with the catalogue grouped by family."""

import itertools
from collections.abc import Mapping
from typing import Any

from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from activations._families import FAMILIES

from ..pages.catalogue import is_beyond_torch

Entries = Mapping[str, Mapping[str, Any]]  # slug -> record


def slug_of(page: Page) -> str:
    """The activation that the page is about; the empty string for other pages."""
    parent, _, name = page.file.src_uri.rpartition("/")
    name = name.removesuffix(".md")
    return name if parent == "activations" and name != "index" else ""


def arrange(nav: Navigation, entries: Entries) -> None:
    """Group the pages of entries by family, and have previous and next stay in each group.

    Home is no section: the site's name leads there.
    """
    nav.items.remove(nav.homepage)
    for section in filter(lambda item: item.is_section, nav.items):
        _group(section, entries)
    for page in nav.pages:
        page.previous_page = page.next_page = None
    for page in nav.pages:
        beside = _pages(page.parent) if page.parent else []
        for before, after in itertools.pairwise(beside):
            before.next_page, after.previous_page = after, before


def _pages(section: Section) -> list[Page]:
    return [item for item in section.children if isinstance(item, Page)]


def _group(section: Section, entries: Entries) -> None:
    """Put the pages of each family into a section of its own, torch's functions first."""
    pages = {slug: page for page in _pages(section) if (slug := slug_of(page))}
    for family, (title, _) in FAMILIES.items():
        slugs = [slug for slug in pages if entries[slug]["family"] == family]
        slugs.sort(key=lambda slug: is_beyond_torch(entries[slug]))
        if slugs:
            own = Section(title, [pages[slug] for slug in slugs])
            own.parent = section
            section.children.append(own)
        for slug in slugs:
            section.children.remove(pages[slug])
            pages[slug].parent = own
