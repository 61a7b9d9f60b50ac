"""What search engines and reference managers read of a page: schema.org as JSON-LD.

The vocabulary is at schema.org; addresses in the results are absolute.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from . import formats
from .imprint import Imprint
from .latex import plain
from .papers import Paper

TYPES = {"thesis": "Thesis", "report": "Report"}


def paper(paper: Paper) -> dict[str, Any]:
    """A paper as a ScholarlyArticle, a Thesis or a Report, without its @id."""
    item = formats.item(paper)
    place = item.get("container-title")
    found = {
        "@type": TYPES.get(item["type"], "ScholarlyArticle"),
        "name": paper.field("title"),
        "author": [{"@type": "Person", "name": _name(str(person))} for person in paper.authors],
        "datePublished": paper.year,
        "isPartOf": {"@type": "PublicationIssue", "name": place} if place else None,
        "url": paper.url,
        "sameAs": f"https://doi.org/{paper.doi}" if paper.doi else None,
    }
    return {name: value for name, value in found.items() if value}


def _name(written: str) -> str:
    """`Djork-Arné Clevert` from `Clevert, Djork-Arné`."""
    family, _, given = plain(written).partition(", ")
    return f"{given} {family}".strip()


def activation(
    entry: Mapping[str, Any],
    papers: Mapping[str, dict[str, Any]],
    trail: Iterable[tuple[str, str]],
    site: str,
    imprint: Imprint,
) -> dict[str, Any]:
    """An activation's page: the article, the term that it defines, its papers, the way to it.

    `entry` is its record in /activations.json, `papers` maps the keys that the page cites to
    what `paper` made of them, `trail` the (title, address) pairs from the home page to this one,
    `site` the site's address.
    """
    steps = list(trail)
    title, url = steps[-1]
    names = {entry["title"], *entry["aliases"]} - {entry["name"]}
    term = {
        "@type": "DefinedTerm",
        "@id": f"{url}#definition",
        "name": entry["name"],
        "alternateName": sorted(names),
        "description": entry["summary"],
        "url": url,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": imprint.title,
            "url": f"{site}activations/",
        },
    }
    cited = [{**found, "@id": f"{site}bibliography/#{key}"} for key, found in papers.items()]
    article = {
        "@type": "TechArticle",
        "@id": url,
        "name": title,
        "headline": title,
        "url": url,
        "description": entry["summary"],
        "author": [{"@type": "Organization", "name": name} for name in imprint.authors],
        "version": imprint.version,
        "dateModified": imprint.date.isoformat(),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "mainEntity": {"@id": term["@id"]},
        "citation": [{"@id": found["@id"]} for found in cited],
        "isPartOf": {"@type": "WebSite", "name": imprint.title, "url": site},
    }
    breadcrumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }
    return {"@context": "https://schema.org", "@graph": [article, term, breadcrumbs, *cited]}
