"""python -m bench [PART ...]: measure, print one table, write bench.json; run by `make bench`.

Every part measures itself beside its peer or floor, in turns, in one run: the wall clock of a
shared machine is noisy, so read the ratios. Without a name all parts run.
"""

import argparse
from pathlib import Path

from . import building, generating, growing, reading, table

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = {
    "reading": reading.rows,
    "generating": generating.rows,
    "building": building.rows,
    "growing": growing.rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"one of {', '.join(PARTS)}; all by default")
    chosen = parser.parse_args().part or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(PARTS)}")
    rows = [row for name in chosen for row in PARTS[name](ROOT / "site")]
    table.save(rows, ROOT / "bench.json")
    print(table.text(rows))


if __name__ == "__main__":
    main()
