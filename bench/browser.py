"""The tests' browser and file server, for measurements."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

# importable only now that the path is set
from conftest import chromium, launched, served

__all__ = ["chromium", "launched", "served"]
