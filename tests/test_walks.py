"""What a change costs, in files: adding what is new touches its own files alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
from conftest import ROOT

LERP = """
from sympy import Symbol
from torch import Tensor, nn

from ._entry import Activation
from ._notation import a, b

c = Symbol("c", real=True)


class Lerp(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        a, b, c = x.chunk(3, dim=-1)
        return a + c * (b - a)


lerp = Activation(
    name="Lerp",
    title="Linear interpolation",
    family="gate",
    kind="thirds",
    summary="A third of the input that chooses between the two others.",
    formula=a + c * (b - a),
    torch=Lerp,
    papers=("clevert2016fast",),
)
"""


THIRD = """
    third_derivative_at_zero: Annotated[
        float | None,
        Fact(
            "Third derivative at 0",
            lambda it: None if len({*it.one_sided(3)}) > 1 else number(it.one_sided(3)[0]),
        ),
    ]
    \"\"\"f‴(0); null where the two sides differ\"\"\"
    minimum: Annotated["""


# what is made of two entries, one of them the one that is named
MADE = """
import json, sys
from gen import __main__ as program, cache
from gen.pages import catalogue, data, porting
slugs = (sys.argv[1], "elu")
made = cache.results([program.entry(slug) for slug in slugs])
records = [json.loads(found["record.json"]) for found in made]
texts = {name: content.decode() for found in made for name, content in found.items()
         if name.endswith((".md", ".json"))}
years = {key: "2020" for record in records for key in record["papers"]}
print(json.dumps({
    **texts,
    "schema": data.schema(records),
    "matrix.md": porting.matrix(records),
    "catalogue.md": catalogue.table(records, years),
    "activations.json": catalogue.published(records, "1.0.0"),
    "activations.csv": data.table(records),
    "fields.md": data.field_tables(records),
}))
"""


def made(project: Path, slug: str) -> dict[str, Any]:
    """The texts by name; what is made of all entries is made of two, which takes seconds."""
    code = [sys.executable, "-c", MADE, slug]
    done = subprocess.run(code, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    data = json.loads(found["activations.json"])
    jsonschema.Draft202012Validator(found["schema"]).validate(data)
    return {**found, **data["activations"]}


def test_a_new_fact_is_one_field_of_one_file(
    project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("gen/facts/number.py", "\n    minimum: Annotated[", THIRD)
    found = made(project, "tanh")
    name, anchor = "third_derivative_at_zero", "third-derivative-at-zero"
    assert found["tanh"]["facts"][name] == -2
    assert found["elu"]["facts"][name] is None
    assert f"#{anchor}" in found["tanh/top.md"]
    forms = json.loads(found["public/activations/tanh/forms.json"])
    assert forms[anchor]["latex"] == "-2"
    assert name in found["schema"]["$defs"]["scalar_facts"]["required"]
    assert f",{name}," in found["activations.csv"]
    assert "f‴(0); null where the two sides differ" in found["fields.md"]


def test_a_new_kind_is_one_file_beside_its_entry(project: Path) -> None:
    shutil.copy(ROOT / "tests/thirds.py", project / "gen/kinds/thirds.py")
    (project / "activations/lerp.py").write_text(LERP, encoding="utf-8")
    found = made(project, "lerp")
    assert found["lerp"]["kind"] == "thirds"
    assert found["lerp"]["facts"] == {"thirds": 3}
    assert "Facts of a function of three thirds" in found["fields.md"]
    assert "three thirds of one tensor" in found["lerp/top.md"]
    assert "[Lerp](/activations/lerp.md)" in found["catalogue.md"]
    assert "[Lerp](/activations/lerp.md)" in found["matrix.md"]
