"""What `mkdocs build` costs beyond Material's own work on the same Markdown.

The peer is the same configuration without our hook and our templates (`project.bare`): the same
pages with their generated parts, the same theme, plugins and Markdown extensions. The notebook was
executed before and comes from its cache in both.
"""

from pathlib import Path

from . import cost
from .project import BARE, copied
from .table import Row

ROUNDS = 5


def rows(site: Path) -> list[Row]:
    """CPU time of a build, with every process that it starts, and of the peer's, in turns."""
    warm, cold, bare = [], [], []
    with copied() as project:
        build(project, "mkdocs.yml")
        build(project, BARE)
        for _ in range(ROUNDS):
            warm.append(build(project, "mkdocs.yml"))
            bare.append(build(project, BARE))
            (project / ".cache" / "formulas.json").unlink()
            cold.append(build(project, "mkdocs.yml"))
    peer = "Material over the same Markdown"
    return [
        Row("building", "mkdocs build, formulas in the cache", "s CPU", warm, 1.15, peer, bare),
        Row("building", "mkdocs build, no formula in the cache", "s CPU", cold, 2, peer, bare),
    ]


def build(project: Path, config: str) -> float:
    """The CPU time of one build, in s."""
    target = str(project.parent / f"site-{config}")
    return cost.of("-m", "mkdocs", "build", "-q", "-f", config, "-d", target, cwd=project).cpu
