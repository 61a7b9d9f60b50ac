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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from conftest import ROOT, served

from activations import CATALOGUE
from activations._entry import Activation
from gen.evaluation import torch_side

SCALAR = [s for s, e in CATALOGUE.items() if e.kind == "elementwise"]
PAGE = ROOT / "docs" / "data.md"
CLOSE = 1e-9
STEP = 1e-4

Data = dict[str, Any]


@pytest.fixture(scope="session")
def public(generated: Path) -> Path:
    """The files that are published at the site's root."""
    return generated / "public"


@pytest.fixture(scope="session")
def data(public: Path) -> Data:
    return json.loads((public / "activations.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def validator(public: Path) -> Any:
    schema = json.loads((public / "activations.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_json_fits_its_schema(validator: Any, data: Data) -> None:
    problems = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(data)
    ]
    assert not problems, "\n".join(problems)


def facts_of(data: Data, slug: str) -> Data:
    return data["activations"][slug]["facts"]


# what a broken copy says; each names the part that must be refused
BROKEN: dict[str, Callable[[Data], None]] = {
    "no torch version": lambda d: d.pop("torch"),
    "a field at the top that nobody described": lambda d: d.update(extra=1),
    "a slug with a capital": lambda d: d["activations"].update(ELU=d["activations"]["elu"]),
    "a record without papers": lambda d: d["activations"]["elu"].update(papers=[]),
    "a record with another field": lambda d: d["activations"]["elu"].update(colour="red"),
    "an unknown kind": lambda d: d["activations"]["elu"].update(kind="pointwise"),
    "a torch name from elsewhere": lambda d: d["activations"]["elu"].update(torch="nn.ELU"),
    "a parameter without what is shown": lambda d: d["activations"]["elu"]["parameters"][0].pop(
        "shown"
    ),
    "a missing fact": lambda d: facts_of(d, "elu").pop("lipschitz"),
    "a fact that nobody described": lambda d: facts_of(d, "elu").update(nice=True),
    "a number as text": lambda d: facts_of(d, "elu").update(value_at_zero="0"),
    "another infinity": lambda d: facts_of(d, "elu")["range"].update(upper="Infinity"),
    "a negative Lipschitz constant": lambda d: facts_of(d, "elu").update(lipschitz="-inf"),
    "one slope at zero": lambda d: facts_of(d, "elu").update(slope_at_zero=[1.0]),
    "three slopes at zero": lambda d: facts_of(d, "elu").update(slope_at_zero=[1.0, 1.0, 1.0]),
    "a kink without autograd": lambda d: facts_of(d, "relu")["kinks"][0].pop("autograd"),
    "a kink of order 2": lambda d: facts_of(d, "relu")["kinks"][0].update(order=2),
    "an unknown smoothness": lambda d: facts_of(d, "elu").update(smoothness="smooth"),
    "a share above 1": lambda d: facts_of(d, "relu").update(zero_slope_fraction=1.5),
    "a negative variance": lambda d: facts_of(d, "elu")["gaussian"].update(variance=-1.0),
    "an asymptote without its slope": lambda d: facts_of(d, "relu")["asymptotes"]["+inf"].pop(
        "slope"
    ),
    "facts of another kind": lambda d: d["activations"]["softmax"].update(facts=facts_of(d, "elu")),
    "facts of no kind": lambda d: d["activations"]["rrelu"].update(facts=facts_of(d, "glu")),
    "a layer with a vector's facts": lambda d: d["activations"]["multihead_attention"].update(
        facts=facts_of(d, "softmax")
    ),
    "an order that none has": lambda d: facts_of(d, "softmax").update(order="sorted"),
    "a shape of no size": lambda d: facts_of(d, "glu").update(shape_in=[0]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_schema_refuses(name: str, validator: Any, data: Data) -> None:
    broken = copy.deepcopy(data)
    BROKEN[name](broken)
    assert not validator.is_valid(broken)


def properties(node: Any) -> Iterator[tuple[str, Data]]:
    """Every property and every place of a pair in the schema, with its name."""
    if isinstance(node, list):
        for part in node:
            yield from properties(part)
    if not isinstance(node, dict):
        return
    for key, part in node.items():
        if key in ("if", "then"):
            continue
        if key == "properties":
            yield from part.items()
        if key == "prefixItems":
            yield from ((item["title"], item) for item in part)
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


def test_pandas_reads_the_table(public: Path, data: Data) -> None:
    table = pd.read_csv(public / "activations.csv", index_col="slug")
    assert list(table.index) == list(data["activations"])
    for column in ("range_upper", "lipschitz", "minimum_y", "gaussian_gain"):
        assert table[column].dtype == "float64", column
    assert table.loc["elu", "range_upper"] == math.inf
    assert math.isnan(table.loc["elu", "minimum_y"])
    assert table.loc["gelu", "minimum_y"] == facts_of(data, "gelu")["minimum"]["y"]
    assert table.loc["relu", "convex"] is True


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
def test_samples_agree_with_torch(slug: str, public: Path, data: Data) -> None:
    entry, rows = CATALOGUE[slug], samples(public, slug)
    xs = [float(row[0] or 0) for row in rows]
    kinks = {kink["x"] for kink in facts_of(data, slug)["kinks"]}
    assert xs == sorted(set(xs))
    assert {tenths / 10 for tenths in range(-60, 61)} | kinks <= set(xs)
    assert {x for x, row in zip(xs, rows, strict=True) if row[2] is None} == kinks

    values = torch_side.values(entry, entry.setting, xs)
    slopes = torch_side.slopes(entry, entry.setting, xs)
    for (x, f, df, _), value, slope in zip(rows, values, slopes, strict=True):
        assert f is not None and math.isclose(f, value, abs_tol=gap(entry, "value")), x
        if df is not None:
            assert math.isclose(df, slope, abs_tol=gap(entry, "slope")), x


@pytest.mark.parametrize("slug", SCALAR)
def test_second_derivatives_agree_with_finite_differences(slug: str, public: Path) -> None:
    """Where the cell is empty, torch's slope has two different slopes of its own, or jumps."""
    entry, rows = CATALOGUE[slug], samples(public, slug)
    xs = [float(row[0] or 0) for row in rows]
    before, here, after = (
        torch_side.slopes(entry, entry.setting, [x + shift for x in xs])
        for shift in (-STEP, 0, STEP)
    )
    for row, low, middle, high in zip(rows, before, here, after, strict=True):
        _, _, df, d2f = row
        if d2f is not None:
            assert math.isclose(d2f, (high - low) / (2 * STEP), abs_tol=1e-7), row
        elif df is not None:
            assert abs((high - middle) - (middle - low)) / STEP > 1e-2, row


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
    local, count = re.subn(r'(SITE = )".*"', rf'\1"{address}"', program)
    assert count == 1, "the address stands once, at the top"
    (tmp_path / name).write_text(local, encoding="utf-8")
    done = subprocess.run([command, name], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    assert printed == prints.splitlines()


@pytest.mark.parametrize("language", ["py", "js"])
def test_an_example_has_the_address_of_the_site(language: str) -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    found = re.search(r'^site_url: !ENV \[SITE_URL, "(.*)"\]$', config, re.M)
    assert found
    assert f'SITE = "{found[1]}"' in examples()[language][0]


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


def test_what_was_published_first_is_still_true_of_the_data(generated: Path) -> None:
    """Who validates with the schema of the first version finds every field where it was."""
    schema = json.loads((ROOT / "tests/published.schema.json").read_text(encoding="utf-8"))
    data = json.loads((generated / "public/activations.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
