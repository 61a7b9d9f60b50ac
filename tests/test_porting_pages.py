"""Names with several definitions: what the pages say of ONNX, of torch's exporter and of models."""

import contextlib
import io
import re
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from bs4 import BeautifulSoup
from conftest import ROOT
from onnx.reference import ReferenceEvaluator
from playwright.sync_api import Page, expect
from torch import nn

from activations import CATALOGUE
from gen.measure import files
from gen.pages import porting

PORTING = ROOT / "docs" / "porting"
GELU, HARD, SILU, SOFTMAX = (
    (PORTING / f"{name}.md").read_text(encoding="utf-8")
    for name in ("gelu", "hard_sigmoid", "silu_swish", "softmax_axis")
)
FAMILIES = files.read("models")["transformers"]["families"]


def graph(body: str, opset: int, shape: tuple[int, ...] = (2, 3, 4), first: str = "") -> Any:
    """The model that computes y from x by `body`, after the nodes of `first`."""
    sizes = ",".join(map(str, shape))
    head = f'<ir_version: 8, opset_import: ["" : {opset}]> g (float[{sizes}] x) => (float y)'
    return onnx.parser.parse_model(f"{head} {{ {first} y = {body} }}")


def run(model: Any, x: torch.Tensor) -> torch.Tensor:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    return torch.tensor(session.run(None, {"x": x.numpy()})[0])


def scores() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(2, 3, 4)


@pytest.mark.parametrize("opset", [11, 12, 13])
@pytest.mark.parametrize("name", ["Softmax", "LogSoftmax", "Hardmax"])
def test_softmax_changed_its_axis_at_opset_13(name: str, opset: int) -> None:
    x = scores()
    flat = x if opset >= 13 else x.flatten(1)
    there = run(graph(f"{name}(x)", opset), x)
    here = {
        "Softmax": lambda t: t.softmax(-1),
        "LogSoftmax": lambda t: t.log_softmax(-1),
        "Hardmax": lambda t: nn.functional.one_hot(t.argmax(-1), t.shape[-1]).float(),
    }[name](flat)
    torch.testing.assert_close(there, here.reshape(x.shape))


def test_what_the_wrong_axis_costs() -> None:
    x = scores()
    old = run(graph("Softmax(x)", 11), x)
    error = (old - x.softmax(-1)).abs().max().item()
    assert f"largest error is {error:.2f}," in " ".join(SOFTMAX.split())
    low, high = old.sum(-1).min().item(), old.sum(-1).max().item()
    assert f"between {low:.2f} and {high:.2f}" in " ".join(SOFTMAX.split())
    middle = (run(graph("Softmax<axis: int = 1>(x)", 11), x) - x.softmax(1)).abs().max().item()
    assert f"largest error is {middle:.2f}." in " ".join(SOFTMAX.split())
    last = run(graph("Softmax<axis: int = 2>(x)", 11), x)
    torch.testing.assert_close(last, x.softmax(-1))


def test_the_reference_implementation_ignores_the_opset() -> None:
    x = scores()
    found = ReferenceEvaluator(graph("Softmax(x)", 11)).run(None, {"x": x.numpy()})[0]
    same = np.allclose(found, x.softmax(-1).numpy(), atol=1e-6)
    assert same, "onnx.reference follows the opset now; say so in docs/porting/softmax_axis.md"
    assert f"onnx {onnx.__version__}" in SOFTMAX
    assert f"onnxruntime {onnxruntime.__version__}" in SOFTMAX


def test_the_default_of_hard_sigmoid_is_the_older_one() -> None:
    x = torch.linspace(-4, 4, 65).reshape(-1, 1)
    bare = run(graph("HardSigmoid(x)", 22, (65, 1)), x)
    torch.testing.assert_close(bare, (0.2 * x + 0.5).clamp(0, 1))
    (given,) = set(re.findall(r"`(HardSigmoid<.*?>\(x\))`", HARD))
    torch.testing.assert_close(run(graph(given, 22, (65, 1)), x), nn.Hardsigmoid()(x))


@pytest.mark.parametrize("opset", [7, 9, 16, 22])
def test_the_slope_of_prelu_belongs_to_the_last_axis_in_onnx(opset: int) -> None:
    """As docs/activations/prelu.md says."""
    shape, slopes = (2, 3, 4, 3), torch.tensor([0.1, 0.2, 0.3])
    x = -torch.rand(shape)

    def there(sizes: str) -> torch.Tensor:
        first = f"a = Constant<value: tensor = float[{sizes}] {{0.1, 0.2, 0.3}}>()"
        return run(graph("PRelu(x, a)", opset, shape, first), x)

    torch.testing.assert_close(there("3"), x * slopes)
    torch.testing.assert_close(there("3, 1, 1"), nn.functional.prelu(x, slopes))


@pytest.mark.parametrize("opset", [7, 13, 14, 22])
def test_hardswish_before_and_after_opset_14(opset: int) -> None:
    """As docs/activations/hardswish.md says."""
    text = (ROOT / "docs" / "activations" / "hardswish.md").read_text(encoding="utf-8")
    (gate,) = re.findall(r"`HardSigmoid<(.*?)>\(x\)`", text)
    first = f"s = HardSigmoid<{gate.replace(' =', ': float =')}>(x)"
    x = torch.linspace(-4, 4, 65).reshape(-1, 1)
    torch.testing.assert_close(run(graph("Mul(x, s)", opset, (65, 1), first), x), nn.Hardswish()(x))
    assert "from opset 14 on" in text
    if opset < 14:
        with pytest.raises(Exception, match="HardSwish"):
            run(graph("HardSwish(x)", opset, (65, 1)), x)
    else:
        torch.testing.assert_close(run(graph("HardSwish(x)", opset, (65, 1)), x), nn.Hardswish()(x))


def test_how_torch_exports_prelu_and_hardswish(tmp_path: Path) -> None:
    for newer in (False, True):
        model = written(nn.PReLU(3), 18, tmp_path, newer)
        torch.testing.assert_close(run(model, scores()), nn.PReLU(3)(scores()))
    nodes = {o: exported(nn.Hardswish(), o, tmp_path) for o in (13, 14)}
    assert [node.op_type for node in nodes[13]] == ["HardSigmoid", "Mul"]
    assert [node.op_type for node in nodes[14]] == ["HardSwish"]


class Quick(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(1.702 * x)


def written(module: nn.Module, opset: int, folder: Path, newer: bool) -> Any:
    """The model that torch's newer or older exporter writes."""
    path = folder / "model.onnx"
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (scores(),), path, input_names=["x"], opset_version=opset, dynamo=newer
        )
    return onnx.load(path)


def exported(module: nn.Module, opset: int, folder: Path, newer: bool = False) -> list[Any]:
    """The nodes of the model, constants left out."""
    nodes = written(module, opset, folder, newer).graph.node
    return [node for node in nodes if node.op_type != "Constant"]


def attributes(node: Any) -> dict[str, Any]:
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


@pytest.mark.parametrize(
    ("opset", "newer"), [(9, False), (13, False), (20, False), (18, True), (20, True)]
)
def test_what_torch_exports(opset: int, newer: bool, tmp_path: Path) -> None:
    def operators(module: nn.Module) -> list[str]:
        return [node.op_type for node in exported(module, opset, tmp_path, newer)]

    (hard,) = exported(nn.Hardsigmoid(), opset, tmp_path, newer)
    assert hard.op_type == "HardSigmoid" and f"{attributes(hard)['alpha']:.8f}" == "0.16666667"
    for module, sign in ((nn.GELU(), "Erf"), (nn.GELU("tanh"), "Tanh"), (Quick(), "Sigmoid")):
        names = operators(module)
        assert names == ["Gelu"] if opset >= 20 and sign != "Sigmoid" else sign in names
    assert operators(nn.SiLU()) == ["Sigmoid", "Mul"]
    if not newer:
        (*_, last) = exported(nn.Softmax(-1), opset, tmp_path)
        assert attributes(last)["axis"] == (2 if opset < 13 else -1)
        older = ["Transpose", "Softmax", "Transpose"]
        assert operators(nn.Softmax(1)) == (older if opset < 13 else ["Softmax"])


def test_torchs_newer_exporter_is_wrong_before_opset_13(tmp_path: Path) -> None:
    """Where this fails, torch has mended it: say so in docs/porting/softmax_axis.md."""
    x = scores()
    model = written(nn.Softmax(1), 11, tmp_path, newer=True)
    assert [o.version for o in model.opset_import if not o.domain] == [11]
    error = (run(model, x) - x.softmax(1)).abs().max().item()
    assert f"the largest error is {error:.2f}." in " ".join(SOFTMAX.split())
    last = run(written(nn.Softmax(-1), 11, tmp_path, newer=True), x)
    torch.testing.assert_close(last, x.softmax(-1))
    newer = run(written(nn.Softmax(1), 13, tmp_path, newer=True), x)
    torch.testing.assert_close(newer, x.softmax(1))
    older = run(written(nn.Softmax(1), 11, tmp_path, newer=False), x)
    torch.testing.assert_close(older, x.softmax(1))
    assert f"onnxscript {version('onnxscript')}" in " ".join(SOFTMAX.split())


def test_the_pages_name_the_versions_that_are_pinned() -> None:
    torch_version = torch.__version__.split("+")[0]
    for text in (GELU, HARD, SILU, SOFTMAX):
        assert set(re.findall(r"torch (\d[\d.]*\d)", text)) == {torch_version}
    versions = files.read("models")["transformers"]["versions"]
    for text in (GELU, SILU):
        found = re.findall(r"transformers (\d[\d.]*\d)", text)
        assert set(found) == {versions["transformers"]}


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("gelu_new", ("gpt2", "gptj", "albert", "mt5")),
        ("gelu_pytorch_tanh", ("gemma", "siglip", "starcoder2")),
        ("quick_gelu", ("clip", "owlvit")),
        ("gelu_fast", ("vivit",)),
        ("gelu", ("bert",)),
        ("swish", ("efficientnet",)),
    ],
)
def test_models_say_what_the_pages_say(name: str, families: tuple[str, ...]) -> None:
    assert {FAMILIES[family]["activation"] for family in families} == {name}
    assert f"`{name}`" in GELU + SILU


def test_how_many_families_say_swish() -> None:
    said = [record.get("activation") for record in FAMILIES.values()]
    assert said.count("swish") == 4 and "Four families" in " ".join(SILU.split())
    assert said.count("silu") > 4


def test_a_cell_leads_to_the_tab_of_its_framework(page: Page, address: str) -> None:
    """Or to another's whose code is the same, or to the section where it has none."""
    for column, name, tab in (("Keras 3", "GELU", "Keras 3"), ("MLX", "Mish", "MLX"),
                              ("Flax", "Threshold", "JAX"),
                              ("transformers", "Hardshrink", None)):  # fmt: skip
        page.goto(f"{address}porting/")
        heads = page.locator(".af-catalogue thead th").all_inner_texts()
        place = next(n for n, head in enumerate(heads) if head.startswith(column))
        cell = page.get_by_role("row", name=name).first.locator(f":nth-child({place + 1})").first
        page.goto(cell.locator("a").evaluate("link => link.href"))
        expect(page.locator("h1")).to_contain_text(name)
        if tab:
            expect(page.get_by_role("radio", name=tab)).to_be_checked()
            expect(page.locator(".tabbed-labels")).to_be_in_viewport()


def test_the_address_keeps_the_place_that_a_cell_leads_to(page: Page, address: str) -> None:
    """After a click, which changes the page without reloading it, and on the way back."""
    page.goto(f"{address}porting/")
    cell = page.get_by_role("row", name="GELU").get_by_role("link", name="matched").first
    place = cell.evaluate("link => link.href")
    cell.click()
    page.wait_for_url(place)
    page.wait_for_timeout(600)
    assert page.url == place
    page.go_back()
    page.wait_for_url(f"{address}porting/")
    page.wait_for_timeout(600)
    assert page.url == f"{address}porting/"


def test_every_cell_has_a_place_on_its_page(pages: dict[str, BeautifulSoup]) -> None:
    cells = pages["porting/"].select(".af-port")
    assert len(cells) == len(CATALOGUE) * len(porting.COLUMNS)
    for cell in cells:
        path, _, anchor = str(cell["href"]).removeprefix("../").partition("#")
        assert pages[path].find(id=anchor), cell["href"]


def test_the_legend_has_every_sign_of_the_matrix(pages: dict[str, BeautifulSoup]) -> None:
    soup = pages["porting/"]
    told = [item.get_text() for item in soup.select(".af-legend li")]
    assert [text.partition(":")[0] for text in told] == [
        f"{sign} {name}" for name, (sign, _) in porting.STATUS.items()
    ]
    cells = [cell.get_text() for cell in soup.select(".af-port")]
    for text in told:
        start, _, rest = text.partition(":")
        assert cells.count(start) == int(rest.rpartition(", ")[2])
    assert sum(int(text.rpartition(", ")[2]) for text in told) == len(cells)
