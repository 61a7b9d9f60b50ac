"""The same function elsewhere: the entries' code, what was measured of it, pages and data."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from activations import CATALOGUE
from activations._entry import FRAMEWORKS, Composition, Counterpart
from gen import kinds
from gen.measure import digests, environments, files, frameworks
from gen.measure.probes import framework
from gen.pages import porting
from gen.pages.activation import elsewhere

CODES = [(slug, code) for slug, entry in CATALOGUE.items() for code in entry.elsewhere]
STALE = "run make measure-frameworks and commit"
VERSIONS = {p: v for s in CATALOGUE for p, v in files.section(s, "frameworks")["versions"].items()}


def records(public: Path) -> dict[str, Any]:
    return json.loads((public / "equivalents.json").read_text("utf-8"))["activations"]


@pytest.mark.parametrize("slug", CATALOGUE)
def test_every_function_of_torch_has_code_for_every_framework(slug: str) -> None:
    """transformers and timm run on torch, Flax on JAX; they need no code of their own."""
    found = {code.framework for code in CATALOGUE[slug].elsewhere}
    assert CATALOGUE[slug].is_ours or found >= {"jax", "keras", "tensorflow", "onnx", "mlx"}
    codes = [(code.framework, code.code) for code in CATALOGUE[slug].elsewhere]
    assert len(codes) == len(set(codes)), "a code is given twice"


@pytest.mark.parametrize("slug", CATALOGUE)
def test_the_file_holds_what_the_entry_says(slug: str) -> None:
    entry, block = CATALOGUE[slug], files.section(slug, "frameworks")
    assert block, STALE
    for code in entry.elsewhere:
        own = code.own if isinstance(code, Counterpart) else None
        found = [
            r
            for r in block["elsewhere"]
            if (r["framework"], r["code"], r.get("own")) == (code.framework, code.code, own)
        ]
        both = code.framework == "onnx" and framework.opset(code.code) == framework.OPSET
        assert len(found) == (2 if both else 1), f"{code}: {STALE}"
        same = own is not None or getattr(code, "computes", None) is None
        for record in found:
            assert (record["code_gap"]["value"]["max"] <= frameworks.ROUNDING) or not same, code
    assert {r["code"] for r in block["elsewhere"]} == {c.code for c in entry.elsewhere}, STALE
    assert not digests.is_due("frameworks", entry), STALE


@pytest.mark.parametrize("slug", CATALOGUE)
def test_the_file_is_of_the_pinned_versions(slug: str) -> None:
    pinned = dict(
        re.sub(r"\[.*\]", "", package).split("==")
        for packages in environments.PACKAGES.values()
        for package in packages
    )
    block = files.section(slug, "frameworks")
    assert block["versions"] == {name: pinned[name] for name in block["versions"]}, STALE
    everyone = {"jax", "keras", "tensorflow", "onnx", "onnxruntime", "mlx"}
    assert CATALOGUE[slug].is_ours or everyone <= set(block["versions"])
    required = (ROOT / "requirements.txt").read_text("utf-8")
    assert f"\ntorch=={block['torch_version']}\n" in required, STALE


@pytest.fixture(scope="session")
def live() -> frameworks.Answers:
    """ONNX's answers, asked here and now."""
    packages = environments.environment("onnx")
    asked = {k: c for e in CATALOGUE.values() for k, c in frameworks.cases(e, packages).items()}
    return dict(zip(asked, framework.report(asked.values()), strict=True))


@pytest.mark.parametrize("slug", CATALOGUE)
def test_onnx_computes_here_what_the_file_says(slug: str, live: frameworks.Answers) -> None:
    """What infinities give depends on the processor; values and slopes within rounding do not."""
    entry = CATALOGUE[slug]
    here = frameworks.reference(entry)
    known = {(r["runner"], r["code"]): r for r in files.section(slug, "frameworks")["elsewhere"]}
    for code in (c for c in entry.elsewhere if c.framework == "onnx"):
        for there in live[slug, "onnx", code.code]:
            assert "raises" not in there, there
            now = frameworks.gaps(entry, here, there)["value"]["max"]
            was = known[there["runner"], code.code]
            assert now <= was["code_gap"]["value"]["max"] + frameworks.ROUNDING
            assert there["signature"] == was["signature"]
            own = code.own if isinstance(code, Counterpart) else None
            for bare in live[slug, "onnx", own] if own else []:
                off = frameworks.gaps(entry, here, bare)["value"]["max"]
                assert off == pytest.approx(was["own_gap"]["value"]["max"], rel=1e-3)


def test_a_code_that_is_another_function_is_refused(live: frameworks.Answers) -> None:
    """A wrong code, a wrong claim, and a code that cannot run, each told by entry and version."""
    entry = CATALOGUE["softshrink"]
    onnx = next(code for code in entry.elsewhere if code.framework == "onnx")

    def wrong(code: Any, said: Any = live) -> str:
        return "\n".join(frameworks.measure(replace(entry, elsewhere=(code,)), said)[1])

    doubled = Composition("onnx", "Concat<axis: int = 0>(x, x)")
    asked = frameworks.cases(replace(entry, elsewhere=(doubled,)), environments.PACKAGES["onnx"])
    twice = dict(zip(asked, framework.report(asked.values()), strict=True))
    assert wrong(onnx) == ""
    bare = wrong(Composition("onnx", "Shrink(x)"))
    assert "activations/softshrink.py, onnx 1." in bare and "differs from torch by 0.5" in bare
    claim = wrong(Counterpart("onnx", onnx.code, own="Shrink(x)", computes={"lambd": 1}))
    assert "differs from what computes says" in claim
    more = wrong(doubled, twice)
    assert "gives 2562 numbers, torch 1281" in more
    gone = {"runner": "onnxruntime", "versions": {"onnxruntime": "9"}, "raises": "TypeError: gone"}
    broken = {("softshrink", "onnx", "y = Shrink(x)"): [gone]}
    told = wrong(Composition("onnx", "Shrink(x)"), broken)
    assert "onnxruntime 9: 'y = Shrink(x)' raises TypeError: gone" in told


def test_what_is_wrong_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live: frameworks.Answers
) -> None:
    known = files.read("softshrink")
    entry = replace(
        CATALOGUE["softshrink"],
        elsewhere=tuple(c for c in CATALOGUE["softshrink"].elsewhere if c.framework == "onnx"),
    )
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    files.write("softshrink", known)
    bare = dict.fromkeys(live, live["softshrink", "onnx", "y = Shrink(x)"])
    told = frameworks.write([entry], bare)
    assert "differs from torch by 0.5" in told[0]
    assert told[-1] == "measured/softshrink.json was left as it was"
    assert files.read("softshrink") == known
    assert frameworks.write([entry], live) == []
    written = files.read("softshrink")
    assert {r["runner"] for r in written["frameworks"]["elsewhere"]} == {"onnx", "onnxruntime"}
    assert {**written, "frameworks": 0} == {**known, "frameworks": 0}, "other sections stay"


def test_a_failed_install_leaves_the_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(packages: Any, *_: Any) -> None:
        raise environments.InstallError(f"{' '.join(packages)}: pip install failed:\nno such")

    monkeypatch.setattr(frameworks, "ask", fail)
    monkeypatch.setattr(files, "write", lambda *_: pytest.fail("it was written"))
    assert frameworks.main(["relu"]) == 1
    told = capsys.readouterr().err
    assert f"jax=={VERSIONS['jax']}" in told and "nothing was written" in told
    with pytest.raises(SystemExit):
        frameworks.main(["nothing"])
    assert "no entry nothing in activations/" in capsys.readouterr().err


def test_an_environment_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One without pins is made anew, and so is one that was left half made."""
    ran: list[str] = []

    def run(told: str, command: Any, given: str = "") -> str:
        ran.append(command[2])
        return "null" if given else "jax 1.0\n"

    def created(home: Path, **_: Any) -> None:
        home.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments, "KEPT", tmp_path)
    monkeypatch.setattr(environments.venv, "create", created)
    monkeypatch.setattr(environments, "_run", run)
    script = tmp_path / "probe.py"
    for packages, installs in ((["jax==1.0"], 1), (["jax==1.0"], 0), (["jax"], 1), (["jax"], 1)):
        ran.clear()
        assert environments.ask(packages, script) is None
        assert ran.count("pip") == installs, packages
    (environments.folder(["jax==1.0"]) / environments.INSTALLED).unlink()
    assert environments.install(["jax==1.0"], environments.folder(["jax==1.0"])) == "jax 1.0"
    environments.remove(["jax==1.0"])
    assert not environments.folder(["jax==1.0"]).exists()


def test_what_is_known_of_frameworks(generated: Path) -> None:
    """From their own documentation, so that the measuring is held to something outside of it."""
    found = records(generated / "public")
    matrix = {slug: block["matrix"] for slug, block in found.items()}
    assert matrix["gelu"]["jax"] == "matched" and matrix["gelu"]["tensorflow"] == "same"
    assert matrix["leaky_relu"]["tensorflow"] == "matched"
    assert matrix["hardsigmoid"]["onnx"] == "matched" and matrix["hardsigmoid"]["keras"] == "same"
    assert matrix["rrelu"]["flax"] == "missing" and matrix["rrelu"]["timm"] == "torch's"
    gelu = next(c for c in found["gelu"]["elsewhere"] if c["framework"] == "jax")
    gap = gelu["measured"][0]["own_gap"]["value"]
    assert gap["max"] == pytest.approx(4.73e-4, rel=0.01) and abs(gap["x"]) == pytest.approx(
        2.7, abs=0.05
    )


def test_the_traps_are_worst_first_and_complete(generated: Path) -> None:
    table = (generated / "porting/outputs.md").read_text("utf-8")
    rows = table.splitlines()[2:]
    places = re.findall(r"^\| \*\*.+?\*\* at x = \S+: (\S+), in torch (\S+) \|", table, re.M)
    pairs = [(_read(there), _read(here)) for there, here in places]
    sizes = [abs(a - b) / max(1, abs(a), abs(b)) for a, b in pairs]
    assert len(sizes) == len(rows)
    assert sizes == sorted(sizes, reverse=True)
    assert "**0.29 for each unit of x, without bound** at x = −20: −6, in torch −0.2" in table
    assert "**1 for each unit of x, without bound** at x = 20: 10, in torch 20" in table
    assert "**0.5** at x = −20: −20, in torch −19.5" in table
    for slug, block in records(generated / "public").items():
        for code in block["elsewhere"]:
            gap = "own_gap" if code["own"] else "code_gap"
            if any(r[gap]["value"]["max"] > frameworks.ROUNDING for r in code["measured"]):
                call = (code["own"] or code["code"]).removeprefix("y = ")
                assert f"`{call}`" in table, f"{slug}: {call} is not among the traps"


def _read(text: str) -> float:
    """The number that `words.plain` wrote."""
    raised = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
    return float(text.replace("·10", "e").translate(raised))


def test_what_torch_gives_in_some_places_is_no_trap(generated: Path) -> None:
    table = (generated / "porting/specials.md").read_text("utf-8")
    rows = [line for line in table.splitlines() if "| NaN | **slope" in line]
    dependent = ("ReLU6", "Hardtanh", "Hardshrink", "Softshrink", "ELU", "CELU", "SELU")
    assert not [row for row in rows if row.startswith(tuple(f"| [{n}](" for n in dependent))]


@pytest.mark.parametrize("slug", CATALOGUE)
def test_the_section_tells_each_difference(slug: str, generated: Path) -> None:
    text = (generated / slug / "measured.md").read_text("utf-8")
    found = files.section(slug, "frameworks")
    assert "Not measured yet" not in text
    for row in elsewhere.rows(kinds.of(CATALOGUE[slug]), found, files.numerics(slug)):
        assert row["code"].splitlines()[-1].removeprefix("y = ") in text
        for one in row["differences"]:
            if row["status"] != "different" or one["kind"] not in ("value", "slope"):
                assert elsewhere.sentence(one) in text


def test_beyond_torch_a_page_names_its_second_witness_or_says_that_there_is_none() -> None:
    kind = kinds.of(CATALOGUE["relu2"])
    found = files.section("relu2", "frameworks")
    rows = elsewhere.rows(kind, found, {})
    named = [
        f"{p} {found['versions'][p]}" for p in ("mlx", "transformers", "timm", "x-transformers")
    ]
    assert elsewhere.witnesses(rows, found) == named
    assert f"**Second witness**: {named[0]}, {named[1]}" in elsewhere.part(kind, rows, found)
    alone = kinds.of(replace(kind.entry, elsewhere=()))
    assert "**No second witness**" in elsewhere.part(alone, [], {})
    torchs = kinds.of(CATALOGUE["elu"])
    assert "witness" not in elsewhere.part(torchs, elsewhere.rows(torchs, {}, {}), {})


def test_an_operator_that_onnxruntime_does_not_run_yet_is_run_by_onnx_alone() -> None:
    newer = "y = SwiGLU(x, x)"
    assert framework.opset(newer) == 28 and framework.opset("y = Celu(x)") == framework.OPSET
    assert list(framework.runners("onnx", newer, {})) == ["onnx"]
    assert list(framework.runners("onnx", "y = Celu(x)", {})) == ["onnx", "onnxruntime"]
    (result,) = framework.results("onnx", newer, {"grid": {"x": np.array([0, 1], np.float32)}}, {})
    assert result["signature"] == "SwiGLU(A, B; alpha = 1), opset 28"
    assert result["grid"]["y"] == pytest.approx([0, 0.7310586])


def test_code_of_other_packages_is_told_by_the_package_that_it_imports_from() -> None:
    code = "from onnx import defs\ny = x"
    assert list(framework.runners("packages", code, {})) == ["onnx"]


def test_a_second_witness_that_disagrees_is_told_with_both_values_and_the_point() -> None:
    entry = CATALOGUE["relu2"]
    here = frameworks.reference(entry)
    off = [
        y + (0.5 if x == 2 else 0)
        for x, y in zip(frameworks._grid(), here["grid"]["y"], strict=True)
    ]
    there = {"grid": {**here["grid"], "y": off}}
    (told,) = frameworks._unlike(entry, entry.elsewhere[-1], here, there, there)
    assert "by 0.5: at x = 2 it gives 4.5, torch 4;" in told


def test_a_code_that_was_not_measured_is_not_shown() -> None:
    elu = kinds.of(CATALOGUE["elu"])
    text = elsewhere.part(elu, elsewhere.rows(elu, {}, {}), {})
    assert "Not measured yet" in text and "jax.nn" not in text


def test_every_framework_of_the_matrix_is_known() -> None:
    known = {code.framework for _, code in CODES}
    assert set(porting.COLUMNS) < known == set(FRAMEWORKS)
