"""python -m gen: read the catalogue and the pages, compute, check, and write docs/generated/.

The steps are in `main`, in the order in which things flow: entries, pages, papers, output. What
has not changed since the last run is taken from the cache, and nothing heavy is imported for it.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import bundle, cache, catalogue, compare, data, guide, jobs, measured, pages

ROOT = cache.ROOT
DOCS = ROOT / "docs"
OUTPUT = DOCS / "generated"
BIBLIOGRAPHY = (
    "bibliography.py",
    "csl.py",
    "imprint.py",
    "paper_rules.py",
    "papers.py",
    "render.mjs",
    "structured.py",
)
PART_NAMES = (
    "lead.md",
    "definition.md",
    "plot.md",
    "facts.md",
    "torch.md",
    "numerics.md",
    "tile.md",
)


def main() -> int:
    """Run the build; return 0, or 1 after printing what to change."""
    try:
        build()
    except Exception as error:
        if os.environ.get("GEN_TRACEBACK"):
            raise
        print(f"gen: {error}", file=sys.stderr)
        print("gen: nothing was written; the last good output stands", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    program = cache.program()
    slugs = sorted(p.stem for p in (ROOT / "activations").glob("[!_]*.py"))
    hand_written = pages.read(DOCS)

    entry_keys = {
        slug: cache.digest(
            program,
            (ROOT / "activations" / f"{slug}.py").read_bytes(),
            json.dumps(measured.numerics_of(slug)).encode(),
        )
        for slug in slugs
    }
    jobs.run(
        "activations", [jobs.Job(slug, jobs.entry, slug, key) for slug, key in entry_keys.items()]
    )
    card_key = cache.digest(program, b"site card")
    jobs.run("card", [jobs.Job("site", jobs.site_card, "Activation\nFunctions", card_key)])
    folders = {slug: cache.folder(key) for slug, key in entry_keys.items()}
    records = [json.loads((folders[s] / "record.json").read_text(encoding="utf-8")) for s in slugs]

    gains, gains_key = initialization(records, hand_written, program)

    template = pages.Page(
        "activations/_template.md", (DOCS / "activations/_template.md").read_text(encoding="utf-8")
    )
    pages.check(hand_written, slugs, template, {r["slug"]: r["papers"] for r in records})
    parts = {
        f"{slug}/{name}": (folder / name).read_text(encoding="utf-8")
        for slug, folder in folders.items()
        for name in PART_NAMES
    }
    snippet_keys = check_snippets(hand_written, parts)

    references_key = bibliography(hand_written, records)

    listed = cache.folder(references_key)
    papers = json.loads((listed / "citations.json").read_text(encoding="utf-8"))
    years = {key: paper["year"] for key, paper in papers.items()}

    choose = next(page for page in hand_written if page.path == "choose.md")
    comparing = next(page for page in hand_written if page.path == "compare.md")
    errors = {s: measured.numerics_of(s).get("cpu", {}).get("errors", {}) for s in slugs}

    torch_version = version("torch").split("+")[0]
    texts = {
        **parts,
        **gains,
        "catalogue.md": catalogue.table(records, years),
        "choose/guide.md": f"{guide.form(choose.text, slugs)}\n{guide.data(records, errors)}",
        "compare/tool.md": compare.form(comparing.text, records),
        "compare/facts.md": compare.table(),
        "data/fields.md": data.field_tables(),
        "data/anchors.md": data.anchors(records),
        "public/activations.json": catalogue.published(records, torch_version),
        "public/activations.schema.json": data.schema_text(),
        "public/forms.schema.json": data.FORMS_SCHEMA.read_text(encoding="utf-8"),
        "public/activations.csv": data.table(records),
    }
    files = {f"public/cards/{slug}.png": folder / "card.png" for slug, folder in folders.items()}
    files |= {f"public/plots/{slug}.svg": folder / "plot.svg" for slug, folder in folders.items()}
    files |= {
        f"public/activations/{slug}/forms.json": folder / "forms.json"
        for slug, folder in folders.items()
    }
    files |= {
        f"public/samples/{slug}.csv": folder / "samples.csv"
        for slug, folder in folders.items()
        if (folder / "samples.csv").is_file()
    }
    scripts = bundle_scripts(records, folders, program)
    files |= {f"public/assets/{p.relative_to(scripts)}": p for p in scripts.rglob("*.*")}
    files["public/cards/site.png"] = cache.folder(card_key) / "card.png"
    files |= {p.relative_to(listed).as_posix(): p for p in listed.rglob("*") if p.is_file()}
    publish(texts, files)
    keys = [card_key, gains_key, references_key, scripts.name]
    cache.keep_only([*entry_keys.values(), *keys, *snippet_keys])


def initialization(
    records: list[dict[str, Any]], hand_written: list[pages.Page], program: bytes
) -> tuple[dict[str, str], str]:
    """The parts of the page on initialization, and their key in the cache.

    The plots are those of the functions that a page includes.
    """
    sources = [
        {"slug": r["slug"], "name": r["name"], "family": r["family"], **r["facts"]["gaussian"]}
        for r in records
        if "gaussian" in r["facts"]
    ]
    measured = (ROOT / "measured" / "initialization.json").read_text(encoding="utf-8")
    included = {name for page in hand_written for name in pages.INCLUDE.findall(page.text)}
    drawn = [r["slug"] for r in sources if f"initialization/{r['slug']}.md" in included]
    key = cache.digest(program, json.dumps([sources, drawn]).encode(), measured.encode())
    source = (sources, drawn, measured)
    jobs.run("initialization", [jobs.Job("gains", jobs.initialization, source, key)])
    written = sorted(cache.folder(key).glob("*.md"))
    return {f"initialization/{p.name}": p.read_text(encoding="utf-8") for p in written}, key


def bibliography(hand_written: list[pages.Page], records: list[dict[str, Any]]) -> str:
    """Check the papers and write the bibliography; return its key in the cache."""
    citing = [(page.path, page.title, page.citations) for page in hand_written]
    entries = {f"activations/{r['slug']}.py": r["papers"] for r in records}
    titles = {page.path: page.title for page in hand_written} | pages.notebook_titles(DOCS)
    source = (citing, entries, titles)
    key = cache.digest(
        *((ROOT / "gen" / name).read_bytes() for name in BIBLIOGRAPHY),
        *((ROOT / name).read_bytes() for name in ("package-lock.json", "CITATION.cff")),
        (ROOT / "activations" / "papers.bib").read_bytes(),
        json.dumps(source).encode(),
    )
    jobs.run("bibliography", [jobs.Job("papers", jobs.bibliography, source, key)])
    return key


def bundle_scripts(
    records: list[dict[str, Any]], folders: Mapping[str, Path], program: bytes
) -> Path:
    """The folder of what pages load: web/ and the entries' printed functions, bundled."""
    modules = {
        f"js/activations/{slug}.js": (folder / "module.js").read_text("utf-8")
        for slug, folder in folders.items()
        if (folder / "module.js").is_file()
    }
    modules["js/entries.js"] = compare.module(records)
    for slug, folder in folders.items():
        if (folder / "vector.js").is_file():
            modules[f"js/activations/{slug}.js"] = (folder / "vector.js").read_text("utf-8")
    recipe = [(ROOT / "gen" / name).read_bytes() for name in ("bundle.py", "bundle.mjs")]
    theme = version("mkdocs-material")
    texts = json.dumps([bundle.sources(), modules, theme]).encode()
    key = cache.digest(program, *recipe, texts)
    jobs.run("scripts", [jobs.Job("bundle", jobs.scripts, modules, key)])
    return cache.folder(key)


def check_snippets(hand_written: list[pages.Page], parts: Mapping[str, str]) -> list[str]:
    """Run the Python blocks of each page that changed; return the keys of all."""
    found = []
    for page in hand_written:
        blocks = pages.snippets(page, parts)
        if blocks:
            key = cache.digest(cache.libraries(), page.path.encode(), json.dumps(blocks).encode())
            found.append(jobs.Job(page.path, jobs.snippets, (page.path, blocks), key))
    jobs.run("snippets", found)
    return [job.key for job in found]


def publish(texts: Mapping[str, str], files: Mapping[str, Path]) -> None:
    """Write everything beside the old output and swap it in whole; leave equal output alone."""
    contents = {name: text.encode() for name, text in texts.items()}
    contents |= {name: path.read_bytes() for name, path in files.items()}
    if OUTPUT.is_dir() and _same(contents):
        return
    draft = Path(tempfile.mkdtemp(dir=DOCS, prefix=".generated-"))
    try:
        for name, content in sorted(contents.items()):
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chmod(draft, 0o755)
        old = draft.with_name(draft.name + "-old")
        if OUTPUT.exists():
            OUTPUT.rename(old)
        draft.rename(OUTPUT)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _same(contents: Mapping[str, bytes]) -> bool:
    present = {p.relative_to(OUTPUT).as_posix(): p for p in OUTPUT.rglob("*") if p.is_file()}
    return present.keys() == contents.keys() and all(
        path.read_bytes() == contents[name] for name, path in present.items()
    )


if __name__ == "__main__":
    sys.exit(main())
