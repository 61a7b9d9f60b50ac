"""python -m bench.drawings: draws all that `gen` draws of each function.

Curves with f and f′, f″, a plot for each parameter, the thumbnail, the rounding errors and the card
for sharing; the facts are taken from the cache of the last `gen`, since the analysis is not part of
drawing. Prints the CPU time per function in ms, imports left out.
"""

import json
import time
from typing import Any

import torch

import activations
from activations._entry import Activation
from gen import cache
from gen.drawing import cards
from gen.kinds import KINDS
from gen.measure import files
from gen.pages.activation import rounding


def main() -> None:
    torch.set_num_threads(1)
    known = {}
    for path in cache.FOLDER.glob("*/record.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        known[record["slug"]] = record["facts"]
    entries = [(activations.load(slug), facts) for slug, facts in sorted(known.items())]
    start = time.process_time()
    for entry, facts in entries:
        draw(entry, facts)
    print(1000 * (time.process_time() - start) / len(entries))


def draw(entry: Activation, facts: dict[str, Any]) -> None:
    kind = KINDS[entry.kind]
    thumbnail = kind.thumbnail(entry)
    kind.drawings(entry, facts)
    rounding.part(entry, files.numerics_of(entry.slug))
    cards.card(entry.name, entry.summary, thumbnail.curves)


if __name__ == "__main__":
    main()
