"""python -m gen.measure [name …]: measure again, and write measured/<name>.json.

Each name is a module beside this one with a function `measure()` that returns what to write.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "measured"


def main(names: list[str]) -> int:
    """Measure what is named, or everything; a failure leaves the earlier file as it was."""
    known = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name[0] != "_"]
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"measure: no measurement {', '.join(unknown)}; there are {', '.join(known)}")
        return 1
    for name in names or known:
        result = importlib.import_module(f"gen.measure.{name}").measure()
        text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        draft = FOLDER / f".{name}.json"
        draft.write_text(text, encoding="utf-8")
        draft.replace(FOLDER / f"{name}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
