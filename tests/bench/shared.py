"""What the tests have that measurements need too: the browser, and what a copy is made of."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# importable only now that the path is set
from conftest import FILES, TAKEN, chromium, launched, until

__all__ = ["FILES", "TAKEN", "chromium", "launched", "until"]
