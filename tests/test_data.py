"""What programs read: the JSON and its schema, the CSV table, the samples, the page's examples."""

import copy
import csv
import io
import json
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, served

from activations import CATALOGUE
from activations._entry import Activation
from gen.evaluation import torch_side
from gen.facts import words

SCALAR = [s for s, e in CATALOGUE.items() if e.kind == "elementwise"]
PAGE = ROOT / "docs" / "data.md"
CLOSE = 1e-9
STEP = 1e-4

Data = dict[str, Any]


@pytest.fixture(scope="session")
def data(public: Path) -> Data:
    return read(public / "activations.json")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


# the published files by their schemas
FITTING = {
    "activations": "activations.json",
    "equivalents": "equivalents.json",
    "models": "models.json",
    "forms": "activations/*/forms.json",
}


@pytest.mark.parametrize("name", FITTING)
def test_what_is_published_fits_its_schema(name: str, public: Path) -> None:
    schema = read(public / f"{name}.schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    paths = [*public.glob(FITTING[name])]
    assert paths
    for path in paths:
        problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(read(path))]
        assert not problems, f"{path}:\n" + "\n".join(problems)


@pytest.fixture(scope="session")
def validator(public: Path) -> Any:
    return jsonschema.Draft202012Validator(read(public / "activations.schema.json"))


def facts_of(data: Data, slug: str) -> Data:
    return data["activations"][slug]["facts"]


ONE_OF_EACH = ("relu", "prelu", "glu", "softmax", "multihead_attention")


def breaking(node: Any, path: str = "") -> Iterator[str]:
    """Break the data in one place after another, and yield each place while it is broken."""
    if isinstance(node, dict):
        node["undescribed"] = 1
        yield f"{path}/undescribed"
        del node["undescribed"]
        for key in [*node] if path != "/activations" else []:
            part = node.pop(key)
            yield f"{path} without {key}"
            node[key] = part
    for key, part in [*node.items()] if isinstance(node, dict) else [*enumerate(node)]:
        node[key] = {"of": "another type"}
        yield f"{path}/{key} of another type"
        node[key] = part
        if isinstance(part, dict | list):
            yield from breaking(part, f"{path}/{key}")


def test_the_schema_refuses_what_lacks_or_is_too_much(validator: Any, data: Data) -> None:
    records = {slug: data["activations"][slug] for slug in ONE_OF_EACH}
    broken = copy.deepcopy({**data, "activations": records})
    assert validator.is_valid(broken)
    accepted = [place for place in breaking(broken) if validator.is_valid(broken)]
    assert accepted == ["/activations/relu/facts/minimum without interval"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("ELU", {}),
        ("elu/papers", []),
        ("elu/torch", "nn.ELU"),
        ("elu/facts/value_at_zero", "0"),
        ("elu/facts/range/upper", "Infinity"),
        ("elu/facts/lipschitz", "-inf"),
        ("elu/facts/slope_at_zero", [1.0]),
        ("elu/facts/gaussian/variance", -1.0),
        ("relu/facts/zero_slope_fraction", 1.5),
        ("softmax/facts", "elu"),
        ("rrelu/facts", "glu"),
        ("softmax/facts/order", "sorted"),
        ("glu/facts/shape_in", [0]),
    ],
)
def test_the_schema_refuses(place: str, value: Any, validator: Any, data: Data) -> None:
    """For the facts of an entry, those of another kind, too."""
    broken = copy.deepcopy(data)
    *way, last = place.split("/")
    node = broken["activations"]
    for key in way:
        node = node[key]
    node[last] = facts_of(data, value) if last == "facts" else value
    assert not validator.is_valid(broken)


def properties(node: Any) -> Iterator[tuple[str, Data]]:
    """Every property and every place of a pair in the schema, with its name."""
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        yield from ((item["title"], item) for item in node.get("prefixItems", []))
        node = [part for key, part in node.items() if key not in ("if", "then")]
    for part in node if isinstance(node, list) else []:
        yield from properties(part)


def test_every_field_is_described(validator: Any) -> None:
    found = list(properties(validator.schema))
    assert len(found) > 60
    assert not [name for name, part in found if not part.get("description")]


# CSV


@pytest.fixture(scope="session")
def lines(public: Path) -> list[list[str]]:
    """The table's cells, read as RFC 4180 has it."""
    text = (public / "activations.csv").read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


ENDS = {"-inf": "minus_inf", "+inf": "plus_inf"}
PAIRS = {"slope_at_zero": ("left", "right"), "minimum_interval": ("low", "high")}


def leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Column and value of everything below a value of the JSON, by the rule on the page."""
    if name in PAIRS:
        value = dict(zip(PAIRS[name], value, strict=True))
    if not isinstance(value, dict):
        yield name, value
        return
    for key, part in value.items():
        step = ENDS[key] if key in ENDS else str(key)
        yield from leaves(part, f"{name}_{step}" if name else step)


def written(value: str | bool | None) -> str:
    """What the table has for a value that is no list and no number."""
    return value if isinstance(value, str) else {None: "", True: "true", False: "false"}[value]


def test_the_table_says_what_the_json_says(data: Data, lines: list[list[str]]) -> None:
    header, *rows = lines
    assert len(set(header)) == len(header)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in header)
    assert [row[0] for row in rows] == list(data["activations"])
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        record = dict(data["activations"][cells.pop("slug")])
        del record["summary"]
        for column, value in [*leaves(record.pop("facts"), ""), *leaves(record, "")]:
            if value is None and column not in cells:
                assert [c for c in cells if c.startswith(f"{column}_")], column
                continue
            cell = cells.pop(column)
            if isinstance(value, list):
                assert len(cell.split("; ")) == len(value) or (not value and not cell), column
            elif isinstance(value, float | int) and not isinstance(value, bool):
                assert float(cell) == value, column
            else:
                assert cell == written(value), column
        assert not [column for column, cell in cells.items() if cell]


def test_lists_are_one_cell(data: Data, lines: list[list[str]]) -> None:
    rows = {row[0]: dict(zip(lines[0], row, strict=True)) for row in lines[1:]}
    assert rows["threshold"]["parameters"] == "threshold=1; value=0"
    assert rows["hardtanh"]["kinks"] == "-1.0; 1.0"
    assert rows["relu"]["zeros"] == "(-inf, 0.0]"
    assert rows["relu"]["fixed_points"] == "[0.0, inf)"
    assert rows["glu"]["shape_in"] == "; ".join(map(str, facts_of(data, "glu")["shape_in"]))


# samples


def samples(public: Path, slug: str) -> list[list[float | None]]:
    """The rows of a table of samples; None for an empty cell."""
    text = (public / "samples" / f"{slug}.csv").read_bytes().decode("utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["x", "f", "df", "d2f"]
    return [[float(cell) if cell else None for cell in row] for row in rows]


def gap(entry: Activation, of: str) -> float:
    return max([CLOSE, *(t.at_most for t in entry.tolerances if t.of == of)])


def test_samples_are_there_for_functions_of_one_number(public: Path) -> None:
    assert sorted(p.stem for p in (public / "samples").iterdir()) == sorted(SCALAR)


@pytest.mark.parametrize("slug", SCALAR)
def test_a_page_links_its_samples_and_shows_seven(slug: str, generated: Path, public: Path) -> None:
    """Wherever a derivative does not exist, and at whole numbers."""
    text = (generated / slug / "measured.md").read_text(encoding="utf-8")
    part = text.partition(f"[`{slug}.csv`](/samples/{slug}.csv)")[2]
    rows = [row.strip("| ").split(" | ") for row in part.splitlines() if row.startswith("|")]
    shown = {float(x.replace("−", "-")): cells for x, *cells in rows[2:]}
    every = {x: values for x, *values in samples(public, slug)}
    assert len(shown) == 7
    assert {x for x, values in every.items() if None in values} <= {*shown}
    for x, cells in shown.items():
        assert cells == ["–" if v is None else words.plain(v, 6) for v in every[x]]


@pytest.mark.parametrize("slug", SCALAR)
def test_samples_agree_with_torch(slug: str, public: Path, data: Data) -> None:
    """The second derivative with differences of torch's slopes; where its cell is empty, those have
    two different slopes of their own, or jump.
    """
    entry, rows = CATALOGUE[slug], samples(public, slug)
    xs = [float(row[0] or 0) for row in rows]
    kinks = {kink["x"] for kink in facts_of(data, slug)["kinks"]}
    assert xs == sorted(set(xs))
    assert {tenths / 10 for tenths in range(-60, 61)} | kinks <= set(xs)
    assert {x for x, row in zip(xs, rows, strict=True) if row[2] is None} == kinks

    values = torch_side.values(entry, entry.setting, xs)
    around = [
        torch_side.slopes(entry, entry.setting, [x + shift for x in xs])
        for shift in (-STEP, 0, STEP)
    ]
    for (x, f, df, d2f), value, low, slope, high in zip(rows, values, *around, strict=True):
        assert f is not None and math.isclose(f, value, abs_tol=gap(entry, "value")), x
        if df is not None:
            assert math.isclose(df, slope, abs_tol=gap(entry, "slope")), x
        if d2f is not None:
            assert math.isclose(d2f, (high - low) / (2 * STEP), abs_tol=1e-7), x
        elif df is not None:
            assert abs((high - slope) - (slope - low)) / STEP > 1e-2, x


# the page


@pytest.fixture(scope="session")
def address(public: Path) -> Iterator[str]:
    """The published files, served on this machine."""
    with served(public) as found:
        yield found


def examples() -> dict[str, tuple[str, str]]:
    """The page's programs by language, each with what the page says that it prints."""
    found = re.findall(
        r"^```(py|js)\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M
    )
    return {language: (program, prints) for language, program, prints in found}


@pytest.mark.parametrize("language", ["py", "js"])
def test_an_example_prints_what_the_page_says(language: str, address: str, tmp_path: Path) -> None:
    program, prints = examples()[language]
    name = {"py": "example.py", "js": "example.mjs"}[language]
    node = shutil.which("node", path=Path(sys.executable).parent)
    command = {"py": sys.executable, "js": str(node)}[language]
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    published = re.findall(r'^site_url: !ENV \[SITE_URL, "(.*)"\]$', config, re.M)
    assert re.findall('SITE = "(.*)"', program) == published
    local = program.replace(published[0], address)
    (tmp_path / name).write_text(local, encoding="utf-8")
    done = subprocess.run([command, name], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    assert printed == prints.splitlines()


def test_the_page_names_every_column(generated: Path, lines: list[list[str]]) -> None:
    text = (generated / "data/fields.md").read_text(encoding="utf-8")
    shown = [row.split("|")[2].strip(" `") for row in text.splitlines() if row.startswith("| `")]
    assert set(shown) - {""} == set(lines[0]) - {"slug"}


def test_the_page_names_every_anchor_of_a_fact(generated: Path) -> None:
    text = (generated / "data/anchors.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\[`#([a-z-]+)`\]", text))
    found = {
        anchor
        for part in generated.glob("*/top.md")
        for anchor in re.findall(r"\{ #([a-z-]+) \.af-fact \}", part.read_text(encoding="utf-8"))
    }
    assert found and shown == found


def test_what_was_published_first_is_still_true_of_the_data(data: Data) -> None:
    """Who knows the schema of the first version finds every field where it was; some are new."""
    text = (ROOT / "tests/published.schema.json").read_text(encoding="utf-8")
    grown = text.replace('"additionalProperties": false', '"additionalProperties": true')
    jsonschema.Draft202012Validator(json.loads(grown)).validate(data)
