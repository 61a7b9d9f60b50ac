"""Which models use which activation: what is measured, how gates are read, the page."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import DESKTOP, PHONE, ROOT, run
from playwright.sync_api import Page, expect

from gen.measure import files, models
from gen.measure.environments import PACKAGES, InstallError
from gen.measure.probes import model
from gen.pages import models as page

FILE = files.read("models")
TRANSFORMERS = FILE["transformers"]["families"]
TIMM = FILE["timm"]["families"]
STALE = "run make measure-models and commit"


SMALL: dict[str, Any] = {
    "date": "2026-01-01",
    "transformers": {
        "versions": {"transformers": "1.0", "torch": "2.0"},
        "families": {"alpha": {"activation": "silu"}},
    },
    "timm": {
        "versions": {"timm": "1.0", "torch": "2.1"},
        "families": {"zeta": {"activation": "GELU"}},
    },
}


# what is measured


def test_the_file_is_of_the_pinned_versions() -> None:
    for package in models.ASKED:
        pins = dict(pin.split("==") for pin in PACKAGES[package])
        for name, version in FILE[package]["versions"].items():
            assert pins[name] == version, STALE


def test_what_is_known_of_famous_families() -> None:
    """From their papers, which the pages cite."""
    assert TRANSFORMERS["bert"]["activation"] == "gelu" and not TRANSFORMERS["bert"]["gated"]
    assert TRANSFORMERS["llama"]["activation"] == "silu" and TRANSFORMERS["llama"]["gated"]
    assert TRANSFORMERS["gpt2"]["activation"] == "gelu_new"
    assert TRANSFORMERS["t5"]["activation"] == "relu"
    assert TRANSFORMERS["mobilenet_v2"]["activation"] == "relu6"
    assert TIMM["efficientnet"]["activation"] == "SiLU"
    assert TIMM["mobilenetv3"]["activation"] == "Hardswish"
    assert TRANSFORMERS["whisper"]["modalities"] == ["audio", "text"]


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the measured file, which holds the small one."""
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    files.write("models", SMALL)
    return tmp_path / "models.json"


def test_a_run_writes_the_file(draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = copy.deepcopy(SMALL)
    new["timm"]["families"]["zeta"]["activation"] = "ReLU"
    monkeypatch.setattr(models, "ask", lambda packages, script, package: new[package])
    assert models.main() == 0
    found = json.loads(draft.read_text(encoding="utf-8"))
    assert {**found, "date": ""} == {**new, "date": ""} and found["date"] > new["date"]


def test_a_failure_names_the_package_and_leaves_the_file(
    draft: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = draft.read_text(encoding="utf-8")

    def fail(packages: Any, script: Path, package: str) -> Any:
        if package == "timm":
            raise InstallError(f"{' '.join(packages)}: pip install failed:\nno such version")
        return SMALL[package]

    monkeypatch.setattr(models, "ask", fail)
    assert models.main() == 1
    assert draft.read_text(encoding="utf-8") == before
    told = capsys.readouterr().err
    assert f"{PACKAGES['timm'][-1]}: pip install failed" in told and "nothing was written" in told


# how a gate is read

MLP = """
class MLP(nn.Module):
    def __init__(self, config{annotation}):
        self.act = {looked_up}

    def forward(self, x, mask=None):
        {body}
"""


def source(body: str, looked_up: str = "ACT2FN[config.hidden_act]", annotation: str = "") -> str:
    lines = "\n        ".join(body.split("; "))
    return MLP.format(body=lines, looked_up=looked_up, annotation=annotation)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.down(self.act(self.gate(x)) * self.up(x))", True),
        ("return self.up(x) * self.act(self.gate(x))", True),
        ("a = self.act(self.gate(x)); b = self.up(x); return self.down(a * b)", True),
        ("gate, up = self.both(x).chunk(2, dim=-1); return self.act(gate) * up", True),
        ("gate, up = x[..., ::2], x[..., 1::2]; return self.act(gate) * up", True),
        ("both = torch.chunk(self.both(x), 2); return self.act(both[0]) * both[1]", True),
        ("return self.act(x @ self.w.T) * (x @ self.v.T)", True),
        ("return self.act(self.gate(x)) * (self.up(x) * self.scale)", True),
        ("return self.act(self.gate(x)).to(x.dtype) * self.drop(self.up(x))", True),
        ("return self.down(self.act(self.up(x)))", False),
        ("return self.act(self.up(x)) * 0.5", False),
        ("return self.act(self.up(x)) * mask", False),
        ("x = self.act(self.up(x)); x = self.down(x); return x * mask", False),
        ("return self.act(self.up(x)) + self.down(x)", False),
        ("return self.gate(x) * self.up(x)", False),
    ],
)
def test_a_gate_is_a_product_with_another_projection(body: str, expected: bool) -> None:
    assert model.gated(source(body), {"hidden_act"}, "SomeConfig") is expected


GATED = "return self.act(self.gate(x)) * self.up(x)"
PLAIN = "return self.down(self.act(self.up(x)))"


def test_only_classes_that_read_the_field_are_asked() -> None:
    def asked(*sources: str, config: str = "SomeTextConfig") -> bool | None:
        return model.gated("\n".join(sources), {"hidden_act"}, config)

    assert asked(source(GATED, "ACT2FN[config.pooler_act]")) is None
    assert asked(source(GATED, 'ACT2FN["silu"]'), source(PLAIN)) is False
    vision = source(GATED, annotation=": SomeVisionConfig")
    assert asked(vision) is None and asked(vision, source(PLAIN)) is False
    assert asked(vision, config="SomeVisionConfig") is True
    assert asked(source(GATED, annotation=": SomeConfig")) is True
    assert asked(source(PLAIN), source(GATED)) is True
    handed = "ACT2FN[hidden_act]"
    assert asked(source(GATED, handed)) is True
    assert asked(source(GATED, handed), source(PLAIN, handed)) is None


# the parts of pages


def test_the_page_lists_the_fields_that_are_read() -> None:
    text = (ROOT / "docs/models.md").read_text(encoding="utf-8")
    listed = re.search(r"set of the fields (.*?), in\s+the configuration", text, re.S)
    assert listed and re.findall(r"`(\w+)`", listed[1]) == list(model.FIELDS)


def test_every_family_is_in_the_table_and_the_counts_add_up(generated: Path) -> None:
    table = (generated / "models/table.md").read_text(encoding="utf-8")
    assert table.count('<th scope="row"') == len(TRANSFORMERS) + len(TIMM)
    for name in ("counts", "modality", "years"):
        text = (generated / f"models/{name}.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| (.+?) \| (\d+) \| (.+) \|$", text, re.M)
        undated = re.search(r"(\d+) families have no year", text)
        more = -int(undated[1]) if undated else len(TIMM)
        assert sum(int(total) for _, total, _ in rows) == len(TRANSFORMERS) + more
        for first, total, cells in rows:
            counts = [int(n) for n in re.findall(r"(\d+)(?: \(\d+ %\))?(?: \||$)", cells)]
            assert sum(counts) == int(total) or first == page.NOT_STATED, first
    assert "**differs**" not in (generated / "models/checked.md").read_text(encoding="utf-8")


def test_the_published_file_fits_its_schema(generated: Path) -> None:
    public = generated / "public"
    data = json.loads((public / "models.json").read_text(encoding="utf-8"))
    schema = json.loads((public / "models.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    known = json.loads((public / "activations.json").read_text(encoding="utf-8"))["activations"]
    families = data["transformers"]["families"]
    assert families.keys() == TRANSFORMERS.keys()
    for record in families.values():
        assert record["activation"] is None or record["activation"] in known
    assert (families["gpt2"]["activation"], families["gpt2"]["name"]) == ("gelu", "gelu_new")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("models", '{"date": "2026-01-01"}'),
        ("models_read", '{"bert": {"activation": "gelu"}}'),
    ],
)
def test_a_damaged_file_is_named(name: str, text: str, project: Path) -> None:
    (project / f"measured/{name}.json").write_text(text, encoding="utf-8")
    done = run("gen", cwd=project)
    assert done.returncode == 1
    assert f"measured/{name}.json" in done.stderr and "restore the file" in done.stderr


# in a browser


def test_the_page_is_short_and_keeps_its_table_and_its_file(page: Page, address: str) -> None:
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        page.goto(f"{address}models/")
        expect(page.locator(".af-filter output")).not_to_be_empty()
        assert page.evaluate("document.documentElement.scrollHeight") <= 6000
    table = page.locator(".af-catalogue table")
    expect(table).to_be_hidden()
    page.get_by_text("Show the table").click()
    expect(table).to_be_visible()
    page.reload()
    page.get_by_label("Filter by family").fill("of llama")
    expect(page.locator(".af-catalogue tbody tr:visible").first).to_contain_text("llama")
    with page.expect_download() as download:
        page.get_by_role("link", name="models.json", exact=True).first.click()
    assert download.value.suggested_filename == "models.json"


def test_a_link_to_some_families_opens_the_table(page: Page, address: str) -> None:
    page.goto(f"{address}models/?activation=SiLU")
    expect(page.locator(".af-catalogue tbody tr:visible").first).to_contain_text("SiLU")
