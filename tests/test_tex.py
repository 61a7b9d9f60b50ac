"""The published paper list in a LaTeX document, compiled by the real BibTeX and Biber."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gen.bibliography import formats, papers, rules

ODD = r"""@string{jour = {J.~of Odd Things \& Others}}
@Article{odd2020, Author = "Bo van der S{\o}nderby and King, Jr., Martin Luther and {{A\_B Lab}}",
  Title = {$\beta$-{VAE}: {\em How} \emph{{ReLU}$^2$} saves 50\% of $\{$X$\}$ for Mart{\'{\i}}n},
  Journal = jour, Year = 2020, pages = {1-12}, month = {10--15 Jul}, Volume = 3, ISSN = {0893-6080},
  file = {:C$\backslash$:/Users/me/50% done.pdf:pdf}, Doi = {10.1007/978-3\_1},
  Url = {https://a.org/{\textasciitilde}x/a\_b\%20c?d=1\&e#f}}
"""
STYLES = ("plain", "unsrt", "abbrv", "alpha", "ieeetr")
BIBTEX = r"""\documentclass{article}
\begin{document}
TEXT
\bibliographystyle{STYLE}
\bibliography{papers}
\end{document}
"""
BIBLATEX = r"""\documentclass{article}
\usepackage[backend=biber,style=authoryear]{biblatex}
\addbibresource{papers.bib}
\begin{document}
TEXT
\printbibliography
\end{document}
"""
missing = [name for name in ("latex", "bibtex", "biber") if not shutil.which(name)]
if missing and os.environ.get("CI"):
    pytest.fail(f"{', '.join(missing)} must be installed where CI runs: see tests/install_tex.sh")
pytestmark = pytest.mark.skipif(
    bool(missing),
    reason=f"not installed: {', '.join(missing)} (tests/install_tex.sh installs them)",
)


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


def latex(folder: Path) -> str:
    run(folder, "latex", "-interaction=nonstopmode", "-halt-on-error", "all.tex")
    return (folder / "all.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def document(generated: Path, tmp_path: Path) -> tuple[Path, list[str], str]:
    """A folder with the published list and an odd record, their keys, and text that cites each."""
    (tmp_path / "odd.bib").write_text(ODD)
    odd = papers.read(tmp_path / "odd.bib")
    assert rules.problems(odd) == []
    whole = (generated / "public" / "papers.bib").read_text(encoding="utf-8")
    (tmp_path / "papers.bib").write_text(whole + formats.bundle(odd.values())["bib"])
    keys = list(papers.read(tmp_path / "papers.bib"))
    return tmp_path, keys, "\n".join(rf"\cite{{{key}}}" for key in keys)


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_sets_every_paper_without_a_warning(
    document: tuple[Path, list[str], str], style: str
) -> None:
    folder, keys, text = document
    (folder / "all.tex").write_text(BIBTEX.replace("TEXT", text).replace("STYLE", style))
    latex(folder)
    said = run(folder, "bibtex", "all")
    assert "Warning" not in said and "error" not in said, said
    items = re.findall(r"\\bibitem(?:\[[^\]]*\])?\{([^}]+)\}", (folder / "all.bbl").read_text())
    assert sorted(items) == sorted(keys)
    latex(folder)
    assert "undefined" not in latex(folder)


def test_biber_sets_every_paper_without_a_warning(document: tuple[Path, list[str], str]) -> None:
    folder, keys, text = document
    (folder / "all.tex").write_text(BIBLATEX.replace("TEXT", text))
    latex(folder)
    said = run(folder, "biber", "--validate-datamodel", "all")
    assert "WARN" not in said and "ERROR" not in said, said
    entries = re.findall(r"\\entry\{([^}]+)\}", (folder / "all.bbl").read_text(encoding="utf-8"))
    assert sorted(set(entries)) == sorted(keys)
    latex(folder)
    assert "undefined" not in latex(folder)
