"""What a change costs, in files: adding what is new touches its own files alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
from conftest import ROOT, run

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


def test_what_is_new_touches_its_own_files_alone(
    project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """A kind is one file beside its entry and its page; a fact is one field of one file."""
    shutil.copy(ROOT / "tests/thirds.py", project / "gen/kinds/thirds.py")
    (project / "activations/lerp.py").write_text(LERP, encoding="utf-8")
    template = (project / "docs/activations/_template.md").read_text(encoding="utf-8")
    page = template.replace("SLUG", "lerp").replace(
        "## History and papers\n", "## History and papers\n\n[@clevert2016fast]\n"
    )
    (project / "docs/activations/lerp.md").write_text(page, encoding="utf-8")
    edit("gen/facts/number.py", "\n    minimum: Annotated[", THIRD)
    done = run("mkdocs", "build", "--strict", "--site-dir", "site", cwd=project)
    assert done.returncode == 0, done.stderr

    site = project / "site"
    data = json.loads((site / "activations.json").read_text(encoding="utf-8"))
    schema = json.loads((site / "activations.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    fields = (site / "data/index.html").read_text("utf-8")

    assert data["activations"]["lerp"]["kind"] == "thirds"
    assert data["activations"]["lerp"]["facts"] == {"thirds": 3}
    assert "Facts of a function of three thirds" in fields
    assert "three thirds of one tensor" in (site / "activations/lerp/index.html").read_text("utf-8")

    name, anchor = "third_derivative_at_zero", "third-derivative-at-zero"
    assert data["activations"]["tanh"]["facts"][name] == -2
    assert data["activations"]["elu"]["facts"][name] is None
    assert f",{name}," in (site / "activations.csv").read_text("utf-8")
    assert "f‴(0); null where the two sides differ" in fields
    assert f'id="{anchor}"' in (site / "activations/tanh/index.html").read_text("utf-8")
    forms = json.loads((site / "activations/tanh/forms.json").read_text(encoding="utf-8"))
    assert forms[anchor]["latex"] == "-2"
