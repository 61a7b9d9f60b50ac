"""The generator: the same input gives the same bytes, and bad input gives a message, not a mess."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Once, run

Edit = Callable[[str, str, str], None]


def bytes_below(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_runs_give_the_same_bytes(generated: Path, project: Path) -> None:
    """A run without cache in another folder writes what the first run wrote."""
    before = bytes_below(generated)
    for old in (project / "docs/generated").rglob("*.md"):
        old.unlink()
    kept = sorted((project / ".cache/joblib/gen/cache/_kept").iterdir())
    for result in kept[:: len(kept) // 12]:
        shutil.rmtree(result)
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert bytes_below(project / "docs/generated") == before


def test_an_unchanged_project_computes_nothing(project: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (project / "docs/generated").rglob("*")}
    code = (
        "import sys, gen.__main__ as g; g.build();"
        "heavy = ('torch', 'matplotlib', 'sympy', 'joblib', 'pydantic', 'jinja2');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = run_code(code, project)
    assert done.strip() == "[]"
    assert {p: p.stat().st_mtime_ns for p in (project / "docs/generated").rglob("*")} == before


LEFT = (".#{}", "._{}", "{}~", ".{}.swp", "#{}#", "{}.orig", ".DS_Store", "Thumbs.db")
INPUTS = """
import activations, gen.__main__ as g
from gen.node import bundle
from mkdocs.config import load_config
from mkdocs.structure.files import get_files, set_exclusions

print(activations.slugs(), g.cache.digest(g.cache.inputs()), *bundle.sources())
print(*(page.path for page in g.written.read(g.DOCS)), *g.written.notebook_titles(g.DOCS))
config = load_config("mkdocs.yml")
files = get_files(config)
set_exclusions(files, config)
print(*sorted(file.src_uri for file in files if file.inclusion.is_included()))
"""


def test_what_editors_and_systems_leave_is_no_input(project: Path) -> None:
    before = run_code(INPUTS, project)
    for name in (
        "activations/elu.py",
        "docs/activations/elu.md",
        "docs/index.md",
        "web/js/main.js",
    ):
        path = project / name
        for text in LEFT:
            path.with_name(text.format(path.name)).write_bytes(b"\0")
        path.with_name(f".#{path.name}").unlink()
        path.with_name(f".#{path.name}").symlink_to("somebody@nowhere.1")
    checkpoints = project / "docs/notebooks/.ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "hands_on-checkpoint.ipynb").write_text("{}", encoding="utf-8")
    assert run_code(INPUTS, project) == before


def run_code(code: str, project: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_processes_that_start_together_install_once(project: Path) -> None:
    """Two at once, on a fresh clone, must not install over each other."""
    (project / "node_modules").unlink()
    code = "from gen import node; node.install(); print(node.ask({'tex': 'x', 'display': False}))"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=project, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0 and "'speech': 'x'" in out


NEW_ENTRY = """
from sympy import Abs
from torch import Tensor, nn

from ._entry import Activation
from ._notation import cases, x


class Absolute(nn.Module):
    def forward(self, input: Tensor) -> Tensor:
        return input.abs()


absolute = Activation(
    name="Absolute",
    title="Absolute value",
    family="rectifier",
    summary="The size of the input.",
    formula=Abs(x),
    derivative=cases((-1, x < 0), (1, x > 0)),
    torch=Absolute,
    papers=("jarrett2009what",),
)
"""


def test_a_new_activation_is_two_files(project: Path) -> None:
    """One entry and one page, and it is everywhere: catalogue, JSON, plots."""
    (project / "activations/absolute.py").write_text(NEW_ENTRY, encoding="utf-8")
    page = (project / "docs/activations/relu.md").read_text(encoding="utf-8")
    page = page.replace('--8<-- "relu/', '--8<-- "absolute/').replace("# ReLU", "# Absolute", 1)
    page = page.replace("## History and papers\n", "## History and papers\n\n[@jarrett2009what]\n")
    (project / "docs/activations/absolute.md").write_text(page, encoding="utf-8")
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    catalogue = (project / "docs/generated/catalogue.md").read_text(encoding="utf-8")
    assert "[Absolute](/activations/absolute.md)" in catalogue
    assert '"absolute"' in (project / "docs/generated/public/activations.json").read_text()
    assert (project / "docs/generated/public/plots/absolute.svg").is_file()


# what breaks: (file, old text, new text), and what the message must say
BROKEN: dict[str, tuple[tuple[str, str, str], str]] = {
    "page without its heading": (
        ("docs/activations/elu.md", "## Weaknesses\n", ""),
        r"docs/activations/elu\.md lacks the heading '## Weaknesses'",
    ),
    "heading that others lack": (
        ("docs/activations/elu.md", "## Weaknesses\n", "## Weaknesses\n\n## Opinions\n"),
        r"docs/activations/elu\.md has the heading '## Opinions', which .*_template\.md has not",
    ),
    "headings out of order": (
        ("docs/activations/elu.md", "## Strengths", "## Weaknesses\n\n## Strengths"),
        r"docs/activations/elu\.md has its headings in another order",
    ),
    "page without a generated part": (
        ("docs/activations/elu.md", '--8<-- "elu/top.md"', ""),
        r'does not include its part: add --8<-- "elu/top\.md"',
    ),
    "include of no part": (
        ("docs/activations/elu.md", "## Weaknesses\n", '## Weaknesses\n\n--8<-- "elu/more.md"\n'),
        r"docs/activations/elu\.md, line \d+ includes elu/more\.md, which is neither",
    ),
    "page without its entry's paper": (
        ("activations/elu.py", '"clevert2016fast",', '"clevert2016fast", "he2015delving",'),
        r"docs/activations/elu\.md does not cite he2015delving, which activations/elu\.py names",
    ),
    "page without description": (
        ("docs/choose.md", "description:", "subject:"),
        r"docs/choose\.md has no description",
    ),
    "unknown paper": (
        ("docs/activations/elu.md", "[@trottier2017parametric]", "[@trottier2017parametrik]"),
        r"elu\.md, line \d+ cites trottier2017parametrik.*mean trottier2017parametric\?",
    ),
    "uncited paper": (
        (
            "activations/papers.bib", "@misc{barron2017continuously",
            "@misc{nobody2020,\n  author = {No, B.},\n  title = {T},\n  year = {2020}\n}\n\n"
            "@misc{barron2017continuously",
        ),
        r"papers\.bib lists nobody2020, which nothing cites",
    ),
    "malformed bib": (
        ("activations/papers.bib", "year          = {2016},", "year          = 2016},"),
        r"papers\.bib, line \d+: .*check the braces above it",
    ),
    "bib that BibTeX cannot read": (
        ("activations/papers.bib", "year          = {2016},", "year          = {2016}"),
        r"papers\.bib, line \d+: .*mend the BibTeX",
    ),
    "formula that disagrees": (
        ("activations/elu.py", "exp(x) - 1), x <= 0", "exp(x) - 2), x <= 0"),
        r"activations/elu\.py: the formula and torch disagree on the value at x = .*"
        r"torch says -?\d.*, the formula -?\d",
    ),
    "wrong derivative": (
        ("activations/elu.py", "alpha * exp(x), x < 0", "2 * alpha * exp(x), x < 0"),
        r"activations/elu\.py: the derivative .* is not equal to",
    ),
    "torch callable that fails": (
        ("activations/tanh.py", "torch=nn.Tanh", "torch=lambda input: input.broken"),
        r"activations/tanh\.py: AttributeError while the formula was held against torch",
    ),
    "torch callable that gives NaN": (
        (
            "activations/tanh.py", "torch=nn.Tanh",
            "torch=lambda input: input.exp().log().tanh() + 0 * input.exp()",
        ),
        r"activations/tanh\.py: .*disagree.* torch says nan, the formula",
    ),
    "entry that does not import": (
        ("activations/elu.py", "from torch import nn", "from torch import nnn"),
        r"activations/elu\.py does not import: ImportError",
    ),
    "entry under another name": (
        ("activations/elu.py", "elu = Activation", "elo = Activation"),
        r"activations/elu\.py must define an Activation named elu",
    ),
    "entry of an unknown family": (
        ("activations/elu.py", '"exponential"', '"exponentials"'),
        r"activations/elu\.py: family 'exponentials' is unknown; use one of rectifier",
    ),
    "facts that cannot be determined": (
        (
            "activations/identity.py", "formula=x,\n    torch=nn.Identity,",
            "formula=x * __import__('sympy').cos(x),\n    torch=lambda input: input * input.cos(),",
        ),
        r"activations/identity\.py: a fact cannot be determined: the limit of x\*cos\(x\)",
    ),
    "snippet that does not run": (
        ("docs/activations/elu.md", "import torch\n", "import torch\nassert torch.nope\n"),
        r"docs/activations/elu\.md, line \d+: the Python block does not run: AttributeError",
    ),
}  # fmt: skip


# one process builds after each change, for its imports take longer than most builds
CHANGES = """
import contextlib, io, json, sys
from pathlib import Path
from gen import __main__ as program
told = {}
for change, (name, old, new) in json.load(sys.stdin).items():
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with contextlib.redirect_stderr(io.StringIO()) as said:
        status = program.main()
    told[change] = [status, said.getvalue()]
    path.write_text(text, encoding="utf-8")
json.dump(told, sys.__stdout__)
"""


@pytest.fixture(scope="session")
def told(
    original: Path, tmp_path_factory: pytest.TempPathFactory, once: Once
) -> dict[str, tuple[int, str]]:
    """The status and the message of a build after each change, which left the output as it was."""

    def make(path: Path) -> None:
        project = tmp_path_factory.mktemp("broken") / "project"
        shutil.copytree(original, project, symlinks=True)
        before = bytes_below(project / "docs/generated")
        changes = {name: change for name, (change, _) in BROKEN.items()}
        done = subprocess.run(
            [sys.executable, "-c", CHANGES],
            cwd=project, input=json.dumps(changes), capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert bytes_below(project / "docs/generated") == before
        path.write_text(done.stdout, encoding="utf-8")

    return json.loads(once("broken", make).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", BROKEN)
def test_bad_input_gets_a_message_and_leaves_the_output(
    name: str, told: dict[str, tuple[int, str]]
) -> None:
    (_, message), (status, said) = BROKEN[name], told[name]
    assert status == 1
    assert re.search(message, said, re.S), said
    assert "Traceback" not in said
    assert "the last good output stands" in said


def test_an_entry_without_a_page(project: Path) -> None:
    (project / "docs/activations/elu.md").unlink()
    done = run("gen", cwd=project)
    assert done.returncode == 1
    assert "activations/elu.py has no page; copy docs/activations/_template.md" in done.stderr


def test_a_page_without_an_entry(project: Path) -> None:
    (project / "activations/elu.py").unlink()
    done = run("gen", cwd=project)
    assert done.returncode == 1
    assert "docs/activations/elu.md has no entry; write activations/elu.py" in done.stderr


# what only the site's builder can see
UNBUILDABLE: dict[str, tuple[tuple[str, str, str], str]] = {
    "formula that MathJax cannot parse": (
        ("docs/concepts.md", "## Why nonlinearity", "$\\frac{1}{$\n\n## Why nonlinearity"),
        r"docs/concepts\.md, line \d+: MathJax cannot parse this formula",
    ),
    "links to no page and to no anchor": (
        (
            "docs/activations/elu.md", "(celu.md): the same",
            "(celuu.md), [that](celu.md#nowhere): the same",
        ),
        r"activations/elu\.md' contains a link 'celuu\.md'.*celu\.md#nowhere",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNBUILDABLE)
def test_the_site_is_not_published_with(name: str, project: Path, edit: Edit) -> None:
    """`make site` builds beside site/ and swaps, so a failed build leaves it as it was."""
    change, message = UNBUILDABLE[name]
    edit(*change)
    done = run("mkdocs", "build", "--site-dir", ".site-new", cwd=project)
    assert done.returncode != 0
    assert re.search(message, done.stderr, re.S), done.stderr
