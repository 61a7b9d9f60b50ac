"""python -m gen: read the catalogue and the pages, compute, check, and write docs/generated/.

The steps are in `main`, in the order in which things flow: entries, pages, papers, output. What
has not changed since the last run is taken from the cache, and nothing heavy is imported for it.
"""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from . import cache, jobs, lock, messages, node, requirements
from .drawing import ink
from .measure import files
from .node import bundle
from .pages import catalogue, compare, data, licences, overviews, written
from .swap import swap

ROOT = cache.ROOT
DOCS = ROOT / "docs"
OUTPUT = DOCS / "generated"
DRAFT = DOCS / ".generated-new"
# what a result depends on: folders of gen/, of which what makes it imports nothing but these
ENTRY = (
    "messages.py", "templates.py", "node", "evaluation", "facts", "drawing", "printing", "kinds",
    "measure/probes", "pages/markdown.py", "pages/activation",
)  # fmt: skip
BIBLIOGRAPHY = ("messages.py", "templates.py", "node", "bibliography")
SCRIPTS = ("node",)
PAGES = (*ENTRY, "measure", "pages", "bibliography")
# what the pages on versions and models read: measured files, fields of the records
COMPARED = ("torch_versions", "models", "models_read")
COMPARED_FIELDS = (
    "slug", "name", "aliases", "family", "random", "counted", "thumbnail", "torch", "functional",
    "formulas", "parameters", "models", "elsewhere",
)  # fmt: skip
PART_NAMES = ("top.md", "torch.md", "measured.md", "tile.md")
CARD = (
    "Activation\nFunctions",
    "Definitions, derivatives, plots, facts and papers, each checked against torch.",
)
# what is published of an entry: its address, the file in the entry's result
PUBLISHED = {
    "cards/{}.png": "card.png",
    "plots/{}.svg": "plot.svg",
    "activations/{}/forms.json": "forms.json",
    "samples/{}.csv": "samples.csv",
}


def main() -> int:
    """Run the build; return 0, or 1 after printing what to change."""
    try:
        build()
    except Exception as error:
        if os.environ.get("GEN_TRACEBACK"):
            raise
        print(f"gen: {messages.advice(error) or _told(error)}", file=sys.stderr)
        print("gen: nothing was written; the last good output stands", file=sys.stderr)
        return 1
    return 0


def _told(error: Exception) -> str:
    """The message; of an error that nobody foresaw, also what it is and how to find its place."""
    if messages.teaches(error):
        return str(error)
    kind = type(error).__name__
    return f"{kind}: {error}; nobody foresaw this: set GEN_TRACEBACK=1 to see where it arose"


def build() -> None:
    requirements.check()
    with lock.held(lock.BUILD), jobs.Workers() as workers:
        write(workers)


def write(workers: jobs.Workers) -> None:
    shared = cache.rooms(*ENTRY) + cache.entries()
    slugs = sorted(p.stem for p in (ROOT / "activations").glob("[!_]*.py"))
    hand_written = written.read(DOCS)

    made = []
    for slug in slugs:
        source = (slug, files.numerics_of(slug), files.frameworks_of(slug))
        text = (ROOT / "activations" / f"{slug}.py").read_bytes()
        key = cache.digest(shared, text, json.dumps(source).encode())
        made.append(jobs.Job(slug, "gen.pages.activation.entry:write", source, key))
    workers.run("activations", made)
    folders = {job.name: cache.folder(job.key) for job in made}
    card_key = cache.digest(cache.rooms("drawing"), json.dumps(CARD).encode())
    workers.run("card", [jobs.Job("site", "gen.drawing.cards:write", CARD, card_key)])
    records = [json.loads((folders[s] / "record.json").read_text(encoding="utf-8")) for s in slugs]

    gains, gains_key = initialization(workers, records, hand_written)

    template = written.Page(
        "activations/_template.md", messages.text(DOCS / "activations/_template.md")
    )
    written.check(hand_written, slugs, template, {r["slug"]: _papers(r) for r in records})
    parts = {
        f"{slug}/{name}": folder / name for slug, folder in folders.items() for name in PART_NAMES
    }
    snippet_keys = check_snippets(workers, hand_written, parts)

    references_key = bibliography(workers, hand_written, records)

    listed = cache.files(references_key)
    papers = json.loads(listed["citations.json"].read_text(encoding="utf-8"))
    years = {key: paper["year"] for key, paper in papers.items()}

    overall, overall_key = overview(workers, records, years, hand_written)
    compared, compared_key = comparisons(workers, records)
    torch_version = version("torch").split("+")[0]
    sources: dict[str, str | Path] = {
        **parts,
        **gains,
        **listed,
        **compared,
        **overall,
        "data/fields.md": data.field_tables(records),
        "data/families.md": data.model_fields(),
        "data/anchors.md": data.anchors(records),
        "public/activations.json": catalogue.published(records, torch_version),
        "public/activations.csv": data.table(records),
        **{f"public/{name}": text for name, text in data.schemas(records).items()},
    }
    for slug, folder in folders.items():
        for name, file in PUBLISHED.items():
            if (folder / file).is_file():
                sources[f"public/{name.format(slug)}"] = folder / file
    sources["public/cards/site.png"] = cache.folder(card_key) / "card.png"
    scripts_key = bundle_scripts(workers, records, folders)
    bundled = cache.files(scripts_key)
    shipped = licences.parts(json.loads(bundled.pop(bundle.PACKAGES).read_text(encoding="utf-8")))
    sources["licences.md"] = licences.table(shipped)
    sources["public/licences.txt"] = licences.texts(shipped)
    for name, path in bundled.items():
        sources[name if name.startswith("offline/") else f"public/assets/{name}"] = path
    written.check_includes(hand_written, sources, ROOT)
    publish(sources)
    keys = [card_key, gains_key, overall_key, compared_key, references_key, scripts_key]
    found = [key for record in records for key in record["known"]]
    cache.keep_only([*(job.key for job in made), *found, *keys, *snippet_keys])


def _papers(record: Mapping[str, Any]) -> list[str]:
    """The papers that an entry names: of the function, and of the models that made it known."""
    return [*record["papers"], *(model["paper"] for model in record["models"])]


def initialization(
    workers: jobs.Workers,
    records: list[dict[str, Any]],
    hand_written: list[written.Page],
) -> tuple[dict[str, Path], str]:
    """The parts of the page on initialization, and their key in the cache.

    The plots are those of the functions that a page includes.
    """
    sources = [
        {"slug": r["slug"], "name": r["name"], "family": r["family"], **r["moments"]}
        for r in records
        if r["moments"]
    ]
    measured = {r["slug"]: files.depth_of(r["slug"]) for r in sources}
    included = {name for page in hand_written for name in written.INCLUDE.findall(page.text)}
    drawn = [r["slug"] for r in sources if f"initialization/{r['slug']}.md" in included]
    source = (sources, drawn, measured)
    key = cache.digest(cache.rooms(*PAGES), cache.entries(), json.dumps(source).encode())
    workers.run(
        "initialization", [jobs.Job("gains", "gen.pages.initialization:write", source, key)]
    )
    return {f"initialization/{name}": path for name, path in cache.files(key).items()}, key


def overview(
    workers: jobs.Workers,
    records: list[dict[str, Any]],
    years: Mapping[str, str],
    hand_written: list[written.Page],
) -> tuple[dict[str, Path], str]:
    """The catalogue, the guided choice and the comparison, and their key in the cache."""
    read = [{field: record[field] for field in overviews.FIELDS} for record in records]
    slugs = [record["slug"] for record in records]
    errors = {s: files.numerics_of(s).get("cpu", {}).get("errors", {}) for s in slugs}
    texts = [written.named(name, hand_written).text for name in ("choose.md", "compare.md")]
    source = (read, years, errors, *texts)
    key = cache.digest(cache.rooms(*PAGES), cache.entries(), json.dumps(source).encode())
    workers.run("overviews", [jobs.Job("lists", "gen.pages.overviews:write", source, key)])
    return cache.files(key), key


def comparisons(
    workers: jobs.Workers, records: list[dict[str, Any]]
) -> tuple[dict[str, Path], str]:
    """What is made of other versions of torch, other frameworks and models, and its key."""
    read = [{field: record[field] for field in COMPARED_FIELDS} for record in records]
    frameworks = {record["slug"]: files.frameworks_of(record["slug"]) for record in records}
    key = cache.digest(
        cache.rooms(*PAGES),
        cache.entries(),
        *(files.contents(name) for name in COMPARED),
        json.dumps([read, frameworks]).encode(),
    )
    source = (read, frameworks)
    workers.run("comparisons", [jobs.Job("measured", "gen.pages.comparisons:write", source, key)])
    return cache.files(key), key


def bibliography(
    workers: jobs.Workers, hand_written: list[written.Page], records: list[dict[str, Any]]
) -> str:
    """Check the papers and write the bibliography; return its key in the cache."""
    citing = [(page.path, page.title, page.citations) for page in hand_written]
    entries = {f"activations/{r['slug']}.py": _papers(r) for r in records}
    titles = {page.path: page.title for page in hand_written} | written.notebook_titles(DOCS)
    source = (citing, entries, titles)
    key = cache.digest(
        cache.rooms(*BIBLIOGRAPHY),
        (ROOT / "CITATION.cff").read_bytes(),
        (ROOT / "activations" / "papers.bib").read_bytes(),
        json.dumps(source).encode(),
    )
    workers.run("bibliography", [jobs.Job("papers", "gen.bibliography.listing:write", source, key)])
    return key


def bundle_scripts(
    workers: jobs.Workers,
    records: list[dict[str, Any]],
    folders: Mapping[str, Path],
) -> str:
    """Bundle what pages load, web/ and the entries' printed functions; return the key of the bundle
    in the cache."""
    modules = {
        f"js/activations/{slug}.js": (folder / "module.js").read_text("utf-8")
        for slug, folder in folders.items()
        if (folder / "module.js").is_file()
    }
    modules["js/entries.js"] = compare.module(records)
    modules["js/look.js"] = ink.look()
    texts = json.dumps([bundle.sources(), modules, version("mkdocs-material")]).encode()
    key = cache.digest(cache.rooms(*SCRIPTS), texts)
    workers.run("scripts", [jobs.Job("bundle", "gen.node.bundle:write", modules, key)])
    return key


def check_snippets(
    workers: jobs.Workers, hand_written: list[written.Page], parts: Mapping[str, Path]
) -> list[str]:
    """Run the Python blocks of each page that changed; return the keys of all."""
    found = []
    for page in hand_written:
        included = [name for name in written.INCLUDE.findall(page.text) if name in parts]
        blocks = written.snippets(page, {n: parts[n].read_text(encoding="utf-8") for n in included})
        if blocks:
            key = cache.digest(cache.libraries(), page.path.encode(), json.dumps(blocks).encode())
            found.append(jobs.Job(page.path, "gen.pages.written:run", (page.path, blocks), key))
    workers.run("snippets", found)
    return [job.key for job in found]


def publish(sources: Mapping[str, str | Path]) -> None:
    """Put texts and copies of files, by their names, in place of the old output, all at once.

    What is as it was keeps its file, with its time; if all is, nothing is written. No more than
    one file is held in memory.
    """
    cache.remove(DRAFT)  # of a run that was killed
    present = cache.below(OUTPUT)
    kept = {
        name: present[name]
        for name, source in sources.items()
        if name in present and present[name].read_bytes() == _content(source)
    }
    if kept.keys() == present.keys() == sources.keys():
        return
    try:
        for name, source in sorted(sources.items()):
            path = DRAFT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name in kept:
                _keep(kept[name], path)
            else:
                path.write_bytes(_content(source))
        swap(DRAFT, OUTPUT)
    finally:
        cache.remove(DRAFT)


def _content(source: str | Path) -> bytes:
    return source.encode() if isinstance(source, str) else source.read_bytes()


def _keep(old: Path, new: Path) -> None:
    """The same file under a new name; a copy of it, with its time, where links are not known."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


def leave(status: int) -> NoReturn:
    """End at once: to take torch down module by module costs 0.4 s and gains nothing."""
    node.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
