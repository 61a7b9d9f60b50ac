"""python -m gen.measure [name …]: measure again, and write measured/<name>.json."""

import importlib
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "measured"
# the file below measured/ -> the module here whose `measure()` returns what to write
MEASUREMENTS = {"initialization": "depth", "numerics": "rounding"}


def main(names: list[str]) -> int:
    """Measure what is named, or everything; a failure leaves the earlier file as it was."""
    unknown = sorted(set(names) - set(MEASUREMENTS))
    if unknown:
        print(f"measure: no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        return 1
    for name in names or MEASUREMENTS:
        result = importlib.import_module(f"gen.measure.{MEASUREMENTS[name]}").measure()
        text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        draft = FOLDER / f".{name}.json"
        draft.write_text(text, encoding="utf-8")
        draft.replace(FOLDER / f"{name}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
