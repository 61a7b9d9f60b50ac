"""Virtual environments for packages that the build does not use, and what a script prints in them.

Each is made in a temporary folder, asked, and deleted. A question and its answer are JSON.
"""

import json
import subprocess
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# environment -> what pip installs into it; timm needs torchvision, which fits one torch only
PACKAGES = {
    "jax": ("jax==0.10.2", "flax==0.12.8", "keras==3.15.1"),
    "tensorflow": ("tensorflow==2.21.0", "tf_keras==2.21.0"),
    "onnx": ("onnx==1.23.2", "onnxruntime==1.32.0"),
    "mlx": ("mlx[cpu]==0.32.4", "numpy==2.4.6"),
    "transformers": ("torch==2.13.0", "transformers==5.24.0"),
    "timm": ("torch==2.14.1", "torchvision==0.29.1", "timm==1.0.31"),
}


class InstallError(RuntimeError):
    """Packages that cannot be installed or asked; the message holds the last that was said."""


def newest(packages: Sequence[str]) -> list[str]:
    """The packages without their pins, but for torch's: others are built for one torch only."""
    return [p if p.startswith("torch") else p.partition("==")[0] for p in packages]


def ask(packages: Sequence[str], script: Path, question: Any = None) -> Any:
    """The answer of `script` in a fresh environment that holds `packages`; raises InstallError."""
    with tempfile.TemporaryDirectory(prefix=f"{script.stem}-") as folder:
        venv.create(folder, with_pip=True)
        python = f"{folder}/bin/python"
        install = (python, "-m", "pip", "install", "--quiet", "--no-cache-dir", *packages)
        _run(" ".join(packages), install, "")
        return answer(python, script, question, " ".join(packages))


def answer(python: str, script: Path, question: Any = None, told: str = "") -> Any:
    """What `script` answers when `python` runs it; errors name what was asked as `told`."""
    return json.loads(_run(told, (python, "-I", str(script)), json.dumps(question)))


def _run(told: str, command: Sequence[str], given: str) -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-5:])
        doing = "pip install" if "pip" in command else Path(command[-1]).name
        raise InstallError(f"{told}: {doing} failed:\n{last}")
    return done.stdout
